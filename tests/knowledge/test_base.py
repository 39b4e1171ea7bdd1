"""Bases of other trades: read or refused with line and reason, answered where sure, left alone where foreign."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import Decision, Turn
from knowledge.base import BaseKnowledge
from knowledge.base.calibrating import bar_of, shifted
from knowledge.base.rows import Topic, read_topics
from knowledge.base.words import Words
from knowledge.errors import EntryError

BAKERY = (
    "id\tquestion\tanswer\n"
    "open\t你们几点开门\t早上七点\n"
    "open\t营业时间\t\n"
    "cake\t可以订生日蛋糕吗\t提前一天预订\n"
    "bread\t面包怎么保存\t室温两天\n"
    "flour\t面包用的是什么面粉\t全麦面粉\n"
    "gluten\t有没有无麸质的面包\t每周三有\n"
    "card\t会员卡丢了怎么补办\t带手机号来\n"
)


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> BaseKnowledge:
    base = tmp_path_factory.mktemp("base") / "base.tsv"
    base.write_text(BAKERY, encoding="utf-8")
    return BaseKnowledge.from_tsv(base)


def test_rows_that_share_an_id_are_ways_of_asking_the_same(tmp_path: Path) -> None:
    base = tmp_path / "base.tsv"
    base.write_text(BAKERY, encoding="utf-8-sig")
    assert read_topics(base)[:2] == [
        Topic("open", ("你们几点开门", "营业时间"), "早上七点"),
        Topic("cake", ("可以订生日蛋糕吗",), "提前一天预订"),
    ]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("请问你们几点开门呀", "open"),
        ("我想订一个生日蛋糕，可以吗", "cake"),
        ("面包如何保存呢", "bread"),
        ("麵包怎麼保存", "bread"),
        ("面包怎么保纯", "bread"),
        ("会员卡弄丢了，如何补办", "card"),
        ("卡会员丢了怎么补办", "card"),
        ("有无麸质面包没有", "gluten"),
    ],
)
def test_a_question_in_other_words_is_answered(bakery: BaseKnowledge, question: str, topic: str) -> None:
    answer = bakery.answer(question, {})
    assert (answer.decision, answer.topics) == (Decision.ANSWER, (topic,)), answer


@pytest.mark.parametrize(
    "question",
    ["戒指怎么改圈", "牛奶怎么保存", "身份证丢了怎么补办", "可以订去北京的机票吗", "今天天气怎么样", "", "？？？"],
)
def test_a_foreign_question_is_never_answered_however_like_it_looks(bakery: BaseKnowledge, question: str) -> None:
    assert bakery.answer(question, {}).decision is not Decision.ANSWER


def test_greetings_are_small_talk_and_a_number_chooses_what_was_offered(bakery: BaseKnowledge) -> None:
    assert bakery.answer("你好", {}).small_talk == "greeting"
    chosen = bakery.answer("2", {}, Turn(offered=("bread", "cake")))
    assert (chosen.topics, chosen.text) == (("cake",), "提前一天预订")
    assert bakery.answer("1", {}, Turn(offered=("gone",))).decision is Decision.HANDOVER


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id\tanswer\na\tb\n", "needs the columns"),
        (b"\xff\xfe\x00", "can't be read"),
        (b"", "needs the columns"),
        (b"id\tquestion\tanswer\n", "no question in it"),
        (b"id\tquestion\tanswer\na\tb\tc\n\tq\tx\n", r"base\.tsv:3: the row has no id"),
        (b"id\tquestion\tanswer\na\tb\tc\nd\t\tx\n", r"base\.tsv:3: the row has no question"),
        (b"id\tquestion\tanswer\na\tb\tc\nd\te\t\nd\tf\t \n", r"base\.tsv:3: no row of the id d has an answer"),
        (b"id\tquestion\tanswer\na\tb\n", r"base\.tsv:2: no row of the id a has an answer"),
    ],
)
def test_a_broken_base_is_refused_with_line_and_reason(tmp_path: Path, content: bytes, message: str) -> None:
    base = tmp_path / "base.tsv"
    base.write_bytes(content)
    with pytest.raises(EntryError, match=message):
        read_topics(base)


def test_a_base_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntryError, match="can't be read"):
        BaseKnowledge.from_tsv(tmp_path / "absent.tsv")


def test_a_base_of_one_row_answers_it() -> None:
    one = BaseKnowledge([Topic("a", ("怎么退票",), "凭票退")])
    assert one.answer("怎么退票", {}).topics == ("a",)
    assert one.answer("怎么修车", {}).decision is not Decision.ANSWER


@pytest.mark.parametrize(
    ("near_foreign", "bar"),
    [([], 0.45), ([0.1] * 10, 0.45), ([0.1] * 8 + [0.5] * 2, 0.5), ([0.9] * 10, 0.65)],
)
def test_the_bar_follows_what_the_base_would_answer_wrongly(near_foreign: list[float], bar: float) -> None:
    assert bar_of(near_foreign) == bar


def test_a_likelihood_at_the_bar_becomes_the_threshold_and_the_order_stays() -> None:
    moved = [shifted(likelihood, 0.7, 0.55) for likelihood in (0.2, 0.7, 0.9)]
    assert moved == sorted(moved)
    assert moved[1] == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        ("请问一下，怎么退票？谢谢", "怎么退票"),
        ("你好，我想咨询一下退票", "退票"),
        ("亲怎么退票啊", "怎么退票"),
        ("谢谢", "谢谢"),
    ],
)
def test_politeness_says_nothing(raw: str, bare: str) -> None:
    assert Words().read(raw).text == bare
