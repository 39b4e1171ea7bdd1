"""How much likelier an entry is asked so than all the others."""

from __future__ import annotations

import pytest

from knowledge.index import FOREIGN, Counts, Index, count, features
from knowledge.lexicon import Lexicon
from knowledge.reading import Reader, Reading

ASKED = [
    (0, "银项链发黑怎么洗"),
    (0, "银手镯变黑了咋办"),
    (1, "珍珠项链怎么收"),
    (1, "珍珠放盒子里行吗"),
    (2, "金戒指能回收吗"),
    (2, "旧首饰怎么卖给你们"),
    (FOREIGN, "牙齿发黑怎么办"),
    (FOREIGN, "旧手机能回收吗"),
]


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon)


@pytest.fixture(scope="module")
def counts(reader: Reader) -> Counts:
    return count([(entry, reader.read(words)) for entry, words in ASKED], reader.lexicon)


@pytest.fixture(scope="module")
def index(reader: Reader, counts: Counts) -> Index:
    return Index(reader.lexicon, counts, any_material={2})


def odds(index: Index, reader: Reader, question: str) -> dict[int, float]:
    return index.odds(features(reader.read(question), reader.lexicon))


@pytest.mark.parametrize(
    ("question", "likeliest"),
    [
        ("银链子黑了怎么弄", 0),
        ("珍珠平时怎么收着", 1),
        ("首饰能卖给你们吗", 2),
        ("牙齿黑了怎么办", FOREIGN),
        ("旧电脑能回收吗", FOREIGN),
    ],
)
def test_the_entry_that_is_asked_so_is_likeliest(index: Index, reader: Reader, question: str, likeliest: int) -> None:
    found = odds(index, reader, question)
    assert max(found, key=lambda entry: found[entry]) == likeliest


def test_a_material_nobody_asked_about_speaks_little_against_what_holds_for_any(
    index: Index, reader: Reader, counts: Counts
) -> None:
    found = odds(index, reader, "珍珠项链能回收吗")
    careful = Index(reader.lexicon, counts)
    assert found[2] > odds(careful, reader, "珍珠项链能回收吗")[2]


def test_what_nothing_shares_is_no_entrys(index: Index, reader: Reader) -> None:
    assert odds(index, reader, "hello world") == {}


def test_a_word_of_nobody_is_strange_all_the_same(index: Index) -> None:
    assert index.rarity("word:手机") == 0.0
    assert index.rarity("idea:珍珠") > 0.0


def test_further_wordings_count_at_once_and_change_no_other_entry(index: Index, reader: Reader) -> None:
    before = odds(index, reader, "玉佛摔成两半了")
    longer = index.extended([(1, reader.read("玉佛摔成两半了还能镶吗")), (3, reader.read("玉佛开光吗"))])
    after = odds(longer, reader, "玉佛摔成两半了")
    assert max(after, key=lambda entry: after[entry]) == 1
    assert 3 in after
    assert odds(index, reader, "玉佛摔成两半了") == before


def test_a_letter_is_no_word_and_half_a_sentence_no_question(lexicon: Lexicon) -> None:
    assert features(Reading("a b c", words=("a", "b", "c")), lexicon) == {}
    completed = features(Reading("蜜蜡呢", ("琥珀", "晒"), completed=True), lexicon)
    assert not any(feature.startswith(("char:", "made:")) for feature in completed)
