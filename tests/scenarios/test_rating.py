"""Did it help? Counted once per answer; staff see how the entries serve."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm import db
from crm.models import (
    EntryUse,
)
from tests.front_door import Phone, Shop
from tests.scenarios.school import (
    ANSWER,
    KIDS,
    SQLITE,
    addition_in,
    another_process,
    kept,
    teach,
    used,
)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A process that looks for what was taught before every message."""
    return another_process(shop, look_seconds=0)


@pytest.fixture
def chen(shop: Shop) -> Phone:
    """The manager 陈静."""
    return shop.member("chen.jing")


@SQLITE
@pytest.mark.parametrize("words", ["👍", "👍🏻", "有用", "/:strong", "[强]", "很有用。"])
def test_a_liked_answer_is_counted_once(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("珍珠项链怎么保养")
    assert "谢谢" in mei.says(words)
    mei.says("👍")
    assert used(shop, "pearl-care") == {"answered": 1, "liked": 1}


@SQLITE
@pytest.mark.parametrize("words", ["👎", "没用", "/:weak", "答非所问", "2"])
def test_a_disliked_answer_is_counted_kept_and_a_person_offered(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("珍珠项链怎么保养")
    assert "人工" in mei.says(words)
    mei.says("👎")
    assert used(shop, "pearl-care") == {"answered": 1, "disliked": 1}
    assert kept(shop) == [("open", 1, 1)]
    assert "珍珠日常保养" in shop.member("chen.jing").says("问题")


@SQLITE
def test_it_is_tapped_in_the_official_account_and_asked_for_once_in_a_while(shop: Shop, mei: Phone) -> None:
    tap = "rate:up:1"
    assert tap in mei.says("珍珠项链怎么保养")
    assert "rate:" not in mei.says("银手镯发黑了怎么办")
    assert "谢谢" in mei.taps(tap)
    assert used(shop, "pearl-care") == {"answered": 1}
    shop.clock.move(hours=3)
    assert "rate:up:3" in mei.says("珍珠项链怎么保养")
    mei.taps("rate:up:3")
    mei.taps("rate:down:3")
    assert used(shop, "pearl-care") == {"answered": 2, "liked": 1}


@SQLITE
@pytest.mark.parametrize("words", ["👍", "没用", "rate:down:x"])
def test_a_vote_for_nothing_is_only_words(shop: Shop, mei: Phone, words: str) -> None:
    mei.says(words)
    mei.taps("rate:down:9")
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(EntryUse)).all() == []


@SQLITE
def test_an_entry_is_looked_up_with_what_the_shop_added(shop: Shop, mei: Phone, chen: Phone, lin: Phone) -> None:
    mei.says(KIDS)
    number = addition_in(teach(chen))
    mei.says(KIDS)
    shown = lin.says("知识 儿童区")
    assert ANSWER in shown
    assert f"编号 {number}，陈静" in shown
    assert "答了 1 次" in shown
    assert "是哪一条" in lin.says("知识 珍珠")
    assert "珍珠" in lin.says("2")
    shop.clock.move(minutes=20)
    lin.says("知识 珍珠")
    shop.clock.move(minutes=20)
    assert "过去一会儿" in lin.says("2")


@SQLITE
def test_statistics_name_what_serves_and_what_does_not(shop: Shop, mei: Phone, chen: Phone) -> None:
    mei.says("珍珠项链怎么保养")
    mei.says("👎")
    told = chen.says("知识统计")
    assert "直接答上 1 次" in told
    assert "没帮上的：\n· 珍珠日常保养（1）" in told
    assert "一次也没用到" in told


@SQLITE
def test_the_same_question_again_is_another_answer_and_the_details_are_none(shop: Shop, mei: Phone) -> None:
    for words in ("珍珠项链怎么保养", "珍珠项链怎么保养", "详细", "说详细一点吧"):
        mei.says(words)
    assert used(shop, "pearl-care") == {"answered": 2}
    mei.says("👎")
    assert "珍珠项链怎么保养" in shop.member("chen.jing").says("问题")
