"""Wordings of customers, read from their files; what they teach, kept from start to start."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from knowledge.askings import NOBODY, Asking, load_askings, with_askings
from knowledge.entry import Entry
from knowledge.errors import EntryError
from knowledge.learned import Learned, learn
from knowledge.lexicon import Lexicon
from knowledge.matching import Matcher
from knowledge.reading import Reader
from knowledge.remembering import remembered


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon)


def test_every_line_is_a_topic_and_what_is_asked(tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_text("pearl-care\t珍珠怎么戴\n", encoding="utf-8")
    (tmp_path / "a.tsv").write_text("NONE\t珍珠奶茶多少钱\n", encoding="utf-8")
    assert load_askings(tmp_path) == [
        Asking(NOBODY, "珍珠奶茶多少钱", "a.tsv", 1),
        Asking("pearl-care", "珍珠怎么戴", "b.tsv", 1),
    ]


@pytest.mark.parametrize("line", ["pearl-care", "pearl-care\t", "\t珍珠怎么戴", ""])
def test_half_a_line_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.tsv").write_text(f"pearl-care\t珍珠怎么戴\n{line}\n", encoding="utf-8")
    with pytest.raises(EntryError, match=r"a\.tsv:2: a line is a topic, a tab"):
        load_askings(tmp_path)


def test_wordings_stand_beside_the_entrys_own_ways() -> None:
    entry = Entry("pearl-care", "珍珠保养", ways=("珍珠怎么养",))
    (asked,) = with_askings([entry], [Asking("pearl-care", "珠链能天天戴吗")])
    assert (asked.ways, asked.askings) == (("珍珠怎么养",), ("珠链能天天戴吗",))
    assert asked.wordings == ("珍珠保养", "珍珠怎么养", "珠链能天天戴吗")


def test_a_wording_of_no_topic_is_refused_with_its_place() -> None:
    with pytest.raises(EntryError, match=r"a\.tsv:7: there is no topic pearls"):
        with_askings([], [Asking("pearls", "珍珠怎么戴", "a.tsv", 7)])


ENTRIES = [
    Entry("pearl-care", "珍珠保养", ways=("珍珠能碰水吗", "珍珠项链防辐射吗"), keywords=((("珍珠", "养护"), 0.9),)),
    Entry("gold-darken", "黄金发黑", askings=("金链子发黑了咋办",)),
]


def learned(reader: Reader) -> Learned:
    return learn(ENTRIES, reader, foreign=["牙齿发黑怎么办"])


def test_what_was_learned_is_kept_whole_and_used(reader: Reader, tmp_path: Path) -> None:
    kept = tmp_path / "var" / "learned.json"
    made = remembered(partial(learned, reader), kept)
    assert made == learned(reader)
    assert made.claimed[0] == {"防辐射"}
    assert remembered(lambda: pytest.fail("it was learned already"), kept) == made


def test_a_matcher_of_what_was_kept_says_the_same(reader: Reader, tmp_path: Path) -> None:
    kept = tmp_path / "learned.json"
    made, again = (Matcher(reader, ENTRIES, remembered(partial(learned, reader), kept)) for _ in range(2))
    question = reader.read("金手镯发黑了")
    assert again.rank(question) == made.rank(question)
    assert made.rank(question)[0].entry.id == "gold-darken"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "old", "asked": {}}', '{"asked": {}}'])
def test_a_broken_or_old_memory_is_made_anew(reader: Reader, tmp_path: Path, content: str) -> None:
    kept = tmp_path / "learned.json"
    kept.write_text(content, encoding="utf-8")
    made = remembered(partial(learned, reader), kept)
    assert remembered(lambda: pytest.fail("it was written"), kept) == made == learned(reader)


def test_half_a_memory_with_the_right_key_is_made_anew(reader: Reader, tmp_path: Path) -> None:
    kept = tmp_path / "learned.json"
    remembered(partial(learned, reader), kept)
    stored = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({"key": stored["key"], "asked": stored["asked"]}), encoding="utf-8")
    assert remembered(partial(learned, reader), kept) == learned(reader)


def test_without_a_place_to_write_it_learns_every_time(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    nowhere = tmp_path / "file" / "learned.json"
    assert remembered(partial(learned, reader), nowhere) == learned(reader)
