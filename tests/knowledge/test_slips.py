"""Slips of the eye and the finger: what was meant is found, and what was typed on purpose stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge import Answer, Decision, Knowledge
from knowledge.lexicon import Lexicon, plain_lexicon
from knowledge.reading import Reader
from knowledge.segmenting import segmenter
from knowledge.slips import Slips
from knowledge.text import normalise


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # look-alikes
        ("戎指怎么清洗", "戒指怎么清洗"),
        ("钻石戍指松了", "钻石戒指松了"),
        ("项琏断了", "项链断了"),
        ("顶链断了", "项链断了"),
        ("手鐲能改圈口吗", "手镯能改圈口吗"),
        ("手烛碎了", "手镯碎了"),
        ("珍朱项练发黄", "珍珠项链发黄"),
        ("诊珠发黄", "珍珠发黄"),
        ("翡翆怎么保养", "翡翠怎么保养"),
        ("斐翠能晒吗", "翡翠能晒吗"),
        ("琥拍怕晒吗", "琥珀怕晒吗"),
        ("珊湖发白", "珊瑚发白"),
        ("玛恼能泡水吗", "玛瑙能泡水吗"),
        ("祖母禄能泡水吗", "祖母绿能泡水吗"),
        ("绿松右褪色", "绿松石褪色"),
        ("红宝右怎么洗", "红宝石怎么洗"),
        ("莫嗓石是真的吗", "莫桑石是真的吗"),
        ("吊坚断了", "吊坠断了"),
        ("耳盯掉了", "耳钉掉了"),
        ("银手镯发累", "银手镯发黑"),
        ("能用超声坡洗吗", "能用超声波洗吗"),
        # swapped
        ("指戒太大了", "戒指太大了"),
        ("祖绿母能泡水吗", "祖母绿能泡水吗"),
        ("瑚珊发白", "珊瑚发白"),
        ("链项断了", "项链断了"),
        ("环耳掉了", "耳环掉了"),
        ("超波声清洗行吗", "超声波清洗行吗"),
        # one too many, one too few
        ("戒子指变形了", "戒指变形了"),
        ("祖绿怎么洗", "祖母绿怎么洗"),
        ("坦石怎么保养", "坦桑石怎么保养"),
        # marks
        ("pt95O会变黑吗", "pt950会变黑吗"),
        ("ptt950会变黑吗", "pt950会变黑吗"),
        ("18kk金褪色吗", "18k金褪色吗"),
        ("l8k金褪色吗", "18k金褪色吗"),
        ("9Z5银发黑", "925银发黑"),
        ("s92S发黑", "s925发黑"),
    ],
)
def test_the_word_behind_a_slip_is_found(reader: Reader, typed: str, meant: str) -> None:
    assert reader.respell(normalise(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        # words of everyday language and of other trades
        "剃须刀",
        "戒烟",
        "戒备",
        "投戎",
        "食指",
        "指甲",
        "手指",
        "银行",
        "金鱼",
        "玉米",
        "百货",
        "右手",
        "拍照",
        "拍卖",
        "大拇指",
        "祖母",
        "顶楼",
        "诊所",
        "悲伤",
        "蝴蝶",
        "葫芦",
        "石榴汁",
        "狼狗",
        "密码",
        "酒精",
        "摩擦",
        "帕子",
        "湖州路",
        "古林公园",
        # phrases that are right as they are
        "王女士",
        "王佩",
        "王石的书",
        "拍金镯子",
        "全银的",
        "手坏了",
        "红石",
        "绿石",
        "贝珠",
        "抹油",
        "先停戴",
        "起红疹",
        "软布擦",
        "莫桑石比钻石闪",
        # codes, sizes, telephones
        "12k",
        "s20",
        "b4纸",
        "50ml",
        "1.5cm",
        "pt980",
        "a925b",
        "18x",
    ],
)
def test_what_is_no_slip_stays(reader: Reader, typed: str) -> None:
    assert reader.respell(typed) == typed


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("翡翆怎么保养", "jadeite-care"),
        ("琥拍怕晒吗", "amber-care"),
        ("祖绿怎么洗", "emerald-care"),
        ("指戒太大了", "resize-basic"),
        ("银手镯发累", "silver-tarnish"),
        ("钻石戎指松了", "stone-loose"),
        ("戒子指变形了", "gold-deform"),
    ],
)
def test_a_question_with_a_slip_is_answered(ask: Callable[..., Answer], typed: str, topic: str) -> None:
    answer = ask(typed)
    assert answer.decision is Decision.ANSWER
    assert answer.topics == (topic,)


def test_a_slip_between_two_meanings_is_left_alone() -> None:
    lexicon = Lexicon(surfaces={"王石": ("a",), "玉右": ("b",)}, lookalikes={"王": "玉", "右": "石"})
    assert Slips(lexicon).mend(["玉", "石"]) == "玉石"


def test_a_known_word_never_loses_its_idea(reader: Reader) -> None:
    assert "银" in reader.read("手银镯").ideas
    assert "玉" in reader.read("蓝玉石").ideas


def test_ways_of_asking_that_are_spelt_right_stay(knowledge: Knowledge, lexicon: Lexicon) -> None:
    cut, slips = segmenter(lexicon.own_words()), Slips(lexicon)
    ways = [normalise(way) for entry in knowledge.entries for way in entry.ways]
    # 冰糯 is written the other way round in the lexicon: the same idea.
    assert [way for way in ways if slips.mend(cut(way)) != way and "冰糯" not in way] == []


def test_another_trade_has_no_slips_of_ours() -> None:
    slips = Slips(plain_lexicon())
    assert slips.mend(["戎", "指"]) == "戎指"
    assert slips.mend_marks("pt95o") == "pt95o"
