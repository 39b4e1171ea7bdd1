"""What a question asks for in particular is said first: the price, how long, whether it is covered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import Decision, Knowledge
from knowledge.entry import Entry, Point
from knowledge.facts import fill_in
from knowledge.lexicon import Lexicon
from knowledge.points import asked_for, told
from knowledge.reading import Reader
from tests.knowledge.conftest import Ask

COST = Point((("多少钱",), ("免费",)), "要{shop.repair_fee}。")
DIAMOND = Point((("钻石", "保修"),), "钻石两年内包镶。", alone=True)
ENTRY = Entry("stone", "掉石", short="先停戴。", points=(COST, DIAMOND))
FACTS = {"repair_fee": "八十元"}


def points(reader: Reader, lexicon: Lexicon, question: str, whole: str = "") -> tuple[Point, ...]:
    return asked_for(ENTRY, reader.read(question), reader.read(whole or question), lexicon)


@pytest.mark.parametrize(
    ("question", "met"),
    [
        ("补一颗石头收费吗", (COST,)),
        ("掉了一颗石头", ()),
        ("钻石掉了保修吗", (DIAMOND,)),
        ("保修吗", ()),
        ("钻石掉了多少钱，保修吗", (COST, DIAMOND)),
    ],
)
def test_a_point_is_met_by_any_of_its_ideas_together(
    reader: Reader, lexicon: Lexicon, question: str, met: tuple[Point, ...]
) -> None:
    assert points(reader, lexicon, question) == met


def test_something_of_a_point_is_said_in_the_message_itself(reader: Reader, lexicon: Lexicon) -> None:
    assert points(reader, lexicon, "保修吗", "钻石保修吗") == (DIAMOND,)
    assert points(reader, lexicon, "能补吗", "钻石多少钱能补吗") == ()


def test_points_stand_before_the_answer_or_instead_of_it() -> None:
    assert told(ENTRY, [COST], FACTS) == "要八十元。\n先停戴。"
    assert told(ENTRY, [COST], FACTS, again=True) == "要八十元。"
    assert told(ENTRY, [DIAMOND], FACTS) == "钻石两年内包镶。"


def test_a_point_whose_fact_is_missing_is_left_out() -> None:
    assert told(ENTRY, [COST], {}) == "先停戴。"
    assert told(replace(ENTRY, short="到{shop.address}。"), [COST], FACTS) == ""


def test_a_price_asked_after_the_answer_is_told_alone(ask: Ask) -> None:
    first, then = ask("戒指上掉了一颗小钻"), ask("戒指上掉了一颗小钻", "免费补吗")
    assert first.topics == then.topics == ("stone-lost",)
    assert "«warranty»" not in first.text
    assert "«warranty»" in then.text
    assert "停戴" not in then.text


def test_a_chosen_reading_answers_what_was_asked(knowledge: Knowledge, facts: dict[str, str]) -> None:
    chosen = knowledge.by_topic("stone-lost", facts, "补一颗要钱吗")
    assert chosen is not None
    assert "«warranty»" in chosen.text


def test_what_follows_an_open_question_is_read_with_it(ask: Ask) -> None:
    assert ask("项链上的水晶珠子").decision is not Decision.ANSWER
    assert ask("绳子断了").decision is not Decision.ANSWER
    together = ask("项链上的水晶珠子", "绳子断了")
    assert together.decision is Decision.ANSWER
    assert together.turn.asked == ""


def test_a_place_that_the_answer_names_is_looked_up_in_it(knowledge: Knowledge) -> None:
    facts = {"hours": "湖滨店每天10:00–22:00，武林店每天10:00–21:30"}
    before = knowledge.answer("你们几点关门", facts).turn
    assert knowledge.answer("那武林店呢", facts, before).text == "武林店每天10:00–21:30。"
    assert knowledge.answer("隔壁火锅店呢", facts, before).decision is Decision.HANDOVER


def test_a_sum_is_said_where_the_question_names_a_weight(knowledge: Knowledge) -> None:
    facts = {
        "gold_price_today": "零售牌价每克1000元，回收价每克900元",
        "labor_fee": "每克20元",
        "buyback_policy": "按克",
    }
    assert "30克约30000元" in knowledge.answer("30克的金镯子今天多少钱", facts).text
    assert "20克约18000元" in knowledge.answer("20克旧金子能卖多少钱", facts).text


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("银怎么洗", "home-clean-soap"),
        ("银怎么收", "store-silver"),
        ("翡翠怎么收", "store-separate"),
        ("玛瑙怎么保养", "agate-nanhong"),
        ("铂金能回收吗", "buyback-18k"),
        ("珊瑚怎么看真假", "gem-fake"),
        ("玫瑰金断了怎么办", "chain-broken"),
    ],
)
def test_what_is_usually_asked_is_answered_for_every_material(ask: Ask, question: str, topic: str) -> None:
    assert ask(question).topics == (topic,)


def test_one_sentence_of_a_list_is_enough(ask: Ask, knowledge: Knowledge) -> None:
    facts = {"repair_fee": "改圈80元，焊接60元；保修期内不另收"}
    assert "焊接60元；保修期内不另收。" in knowledge.answer("金项链断了修一下多少钱", facts).text
    assert "改圈" not in knowledge.answer("金项链断了修一下多少钱", facts).text


def test_a_question_in_between_that_was_not_answered_loses_no_thread(ask: Ask) -> None:
    talk = ("珍珠项链断线了能重新穿吗", "那个怪怪的", "多少钱")
    assert ask(*talk[:2]).decision is not Decision.ANSWER
    assert ask(*talk).topics == ("pearl-restring",)
    assert "«repair_fee»" in ask(*talk).text


def test_no_fact_is_said_twice(reader: Reader, lexicon: Lexicon) -> None:
    twice = Point((("多少钱",),), "再说一遍：{shop.repair_fee}。")
    entry = replace(ENTRY, points=(COST, twice), short="费用：{shop.repair_fee}。先停戴。")
    reading = reader.read("补一颗石头收费吗")
    assert asked_for(entry, reading, reading, lexicon) == (COST,)
    assert told(entry, [COST], FACTS) == "要八十元。"


def test_of_two_whole_answers_the_first_is_enough(reader: Reader, lexicon: Lexicon) -> None:
    other = replace(DIAMOND, say="另一句。")
    reading = reader.read("钻石保修吗")
    assert asked_for(replace(ENTRY, points=(DIAMOND, other)), reading, reading, lexicon) == (DIAMOND,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{shop.fee:焊接}", "焊接60元；保修内不收；换扣另算"),
        ("{shop.fee:焊|改}", "改圈80元，焊接60元；保修内不收；换扣另算"),
        ("{shop.fee:换扣}", "换扣另算"),
        ("{shop.fee:换线}", "改圈80元，焊接60元；保修内不收；换扣另算"),
        ("{shop.fee}", "改圈80元，焊接60元；保修内不收；换扣另算"),
        ("{shop.other}", ""),
    ],
)
def test_an_item_of_a_fact_is_filled_in(text: str, said: str) -> None:
    assert fill_in(text, {"fee": "改圈80元，焊接60元；保修内不收；换扣另算"}) == said


def test_care_asked_after_a_stone_is_that_stones(ask: Ask) -> None:
    assert ask("祖母绿能用超声波吗", "那我自己在家怎么洗").topics == ("emerald-care",)
