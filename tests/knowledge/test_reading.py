"""From what customers type to the ideas of the trade."""

from __future__ import annotations

import pytest

from knowledge.lexicon import Lexicon
from knowledge.reading import Reader


@pytest.mark.parametrize(
    ("typed", "ideas"),
    [
        ("砖石送动了", {"钻石", "松动"}),
        ("翡粹手卓", {"翡翠", "手镯"}),
        ("鑽石戒指", {"钻石", "戒指"}),
        ("lan baoshi怎么洗", {"红蓝宝", "清洗"}),
        ("pave setting的diamond", {"碎钻", "钻石"}),
        ("18 k的ring", {"K金", "戒指"}),
        ("pt950和925", {"铂金", "银"}),
        ("下海戴金行吗", {"海水泳池", "金"}),
        ("别家买嘅金都可以换吗", {"别家", "金", "换新"}),
        ("密腊珠子", {"琥珀", "珍珠"}),
        ("silver发黑", {"银", "变黑"}),
        ("镯子憋了", {"手镯", "变形"}),
    ],
)
def test_ideas_are_found_however_they_are_written(reader: Reader, typed: str, ideas: set[str]) -> None:
    assert ideas <= set(reader.read(typed).ideas)


@pytest.mark.parametrize("typed", ["金鱼缸变绿了", "珊瑚礁白化", "戒烟贴", "白金会员", "玉米", "建设银行"])
def test_the_trades_characters_in_other_words_are_no_ideas_of_it(reader: Reader, typed: str) -> None:
    reading = reader.read(typed)
    assert not reading.materials
    assert not reading.objects


@pytest.mark.parametrize("typed", ["和田玉要抹油吗", "用手去捡", "你有吗", "我妈的链子"])
def test_particles_are_never_half_of_a_misspelt_word(reader: Reader, typed: str) -> None:
    assert reader.read(typed).text == typed


def test_letters_beside_digits_stay_together(reader: Reader) -> None:
    assert reader.read("刻著P950").text == "刻着p950"


def test_foreign_words_are_kept_with_their_group(reader: Reader) -> None:
    assert "medicine" in reader.read("戴银能治湿疹吗").foreign.values()


def test_a_narrower_idea_knows_its_wider_ones(lexicon: Lexicon) -> None:
    assert list(lexicon.wider_ideas("千足金")) == ["足金", "金", "贵金属"]
    assert lexicon.related("金", "古法金")
    assert not lexicon.related("银", "足金")
