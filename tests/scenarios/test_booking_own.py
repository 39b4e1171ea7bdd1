"""Visits that stand are listed, moved, changed and cancelled by talking; the waiting list offers a place."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.models import AppointmentState, Customer, Role, Staff
from crm.services import appointments
from tests.front_door import Phone, Shop
from tests.scenarios.booking_shop import booked, customer_of_lin, fill, free_again, prepare, visits, wishes

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mei(shop: Shop) -> Phone:
    """She has a visit on Sunday at three."""
    prepare(shop)
    phone = customer_of_lin(shop)
    phone.says("约周日下午三点看手镯")
    phone.says("确认")
    return phone


@pytest.fixture
def later(shop: Shop, mei: Phone) -> Phone:
    """An hour after the booking: nothing is open between her and the bot."""
    shop.clock.move(hours=1)
    return mei


def second_visit(mei: Phone) -> None:
    mei.says("约周一下午四点看戒指")
    mei.says("确认")


def test_her_visits_are_listed_with_their_pages(later: Phone) -> None:
    listed = later.says("我的预约")
    assert "15:00" in listed
    assert "/a/" in listed


# Moving


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("改到周一三点", "周一 15:00 湖滨店"),
        ("把周日的改到周一下午四点", "周一 16:00 湖滨店"),
        ("预约改成周二吧", "周二 15:00 湖滨店"),
        ("推迟一小时", "周日 16:00 湖滨店"),
        ("提前到两点", "周日 14:00 湖滨店"),
        ("改到静安店", "周日 15:00 静安店"),
        ("周日来不了了，改周一吧", "周一 15:00 湖滨店"),
    ],
)
def test_a_visit_is_moved_by_a_sentence(shop: Shop, later: Phone, words: str, after: str) -> None:
    told = later.says(words)
    assert "改好了" in told
    assert "/a/" in told
    assert booked(shop) == [after]
    assert len(visits(shop)) == 1
    assert len(shop.planned("lin.yue")) + len(shop.planned("sun.li")) >= 2


def test_without_a_new_time_three_are_offered(shop: Shop, later: Phone) -> None:
    offered = later.says("改时间")
    assert "改到什么时候" in offered
    assert offered.count("booking:time:") == 3
    assert "booking:time:" in later.says("周二下午")
    assert "改好了" in later.says("2")
    assert booked(shop)[0].startswith("周二")


def test_a_full_time_leaves_the_visit_where_it_is(shop: Shop, later: Phone) -> None:
    fill(shop, "23T10:00", "23T20:00")
    assert "约满" in later.says("改到周一三点")
    assert booked(shop) == ["周日 15:00 湖滨店"]
    assert "照旧" in later.says("算了")


def test_right_after_booking_what_she_adds_is_about_it(shop: Shop, mei: Phone) -> None:
    assert "周一 15:00" in mei.says("改成周一吧")
    assert "婆婆" in mei.says("给婆婆看的")
    mei.says("也想看看项链")
    assert sorted(wishes(shop)) == ["手镯", "项链"]
    assert "见" in mei.says("好的")
    assert booked(shop) == ["周一 15:00 湖滨店"]


def test_right_after_booking_a_question_is_a_question(shop: Shop, mei: Phone) -> None:
    assert "珍珠" in mei.says("珍珠项链怎么保养")
    assert booked(shop) == ["周日 15:00 湖滨店"]


def test_her_wishes_are_changed_later(shop: Shop, later: Phone) -> None:
    assert "钻戒" in later.says("预约再加个钻戒")
    assert sorted(wishes(shop)) == ["手镯", "钻戒"]


# Cancelling


@pytest.mark.parametrize("words", ["取消预约", "取消周日的预约", "预约不要了", "周日不去了，取消吧"])
def test_a_visit_is_cancelled_by_a_sentence(shop: Shop, later: Phone, words: str) -> None:
    assert "已经取消" in later.says(words)
    assert booked(shop) == []
    assert any("取消" in words for words in shop.words_for("lin.yue"))


@pytest.mark.parametrize("words", ["周日来不了了", "有事去不了了", "取消", "帮我取消吧", "我想取消", "预约可以取消吗"])
def test_who_cannot_come_chooses_between_another_time_and_none(shop: Shop, later: Phone, words: str) -> None:
    assert "还是取消" in later.says(words)
    assert booked(shop) == ["周日 15:00 湖滨店"]
    assert "改到什么时候" in later.says("1")


@pytest.mark.parametrize(("words", "that_day"), [("我周日来不了了", False), ("周日三点来不了了", True)])
def test_the_day_on_which_she_cannot_come_is_not_offered(shop: Shop, later: Phone, words: str, that_day: bool) -> None:
    later.says(words)
    assert ("周日" in later.says("换个时间")) is that_day


def test_of_two_visits_she_says_which(shop: Shop, mei: Phone) -> None:
    second_visit(mei)
    shop.clock.move(hours=1)
    which = mei.says("取消预约")
    assert which.count("booking:cancel:") == 2
    assert "已经取消" in mei.says("2")
    assert booked(shop) == ["周日 15:00 湖滨店"]


def test_of_two_visits_the_named_one_is_meant(shop: Shop, mei: Phone) -> None:
    second_visit(mei)
    shop.clock.move(hours=1)
    mei.says("把周一的改到周三下午三点")
    assert booked(shop) == ["周日 15:00 湖滨店", "周三 15:00 湖滨店"]
    mei.says("取消周日的预约")
    assert booked(shop) == ["周三 15:00 湖滨店"]


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("改到周二下午四点", ["周二 16:00 湖滨店"]),
        ("取消吧", []),
        ("算了，还是照旧", ["周日 15:00 湖滨店"]),
        ("3", ["周日 15:00 湖滨店"]),
    ],
)
def test_the_choice_may_be_made_in_words(shop: Shop, later: Phone, words: str, after: list[str]) -> None:
    later.says("周日来不了了")
    later.says(words)
    assert booked(shop) == after


def test_which_one_may_be_said_in_words(shop: Shop, mei: Phone) -> None:
    second_visit(mei)
    shop.clock.move(hours=1)
    mei.says("取消预约")
    mei.says("周一的")
    assert booked(shop) == ["周日 15:00 湖滨店"]


def test_a_day_without_a_visit_is_asked_back(shop: Shop, later: Phone) -> None:
    assert "哪一个" in later.says("取消周二的预约")
    assert booked(shop) == ["周日 15:00 湖滨店"]


def test_who_has_none_is_told_and_other_sentences_are_not_taken(shop: Shop) -> None:
    prepare(shop)
    nobody = customer_of_lin(shop, "oNobody")
    assert "没有预约" in nobody.says("取消预约")
    assert "没有预约" in nobody.says("改时间")
    assert "预约" not in nobody.says("我不来了")


def test_somebody_elses_visit_is_nobodys_business(shop: Shop, mei: Phone) -> None:
    other = customer_of_lin(shop, "oOther")
    answer = other.taps(f"booking:cancel:{visits(shop)[0].id}")
    assert "不在了" in answer
    assert booked(shop) == ["周日 15:00 湖滨店"]


@pytest.mark.parametrize(
    "option",
    [
        "booking:",
        "booking:time:1",
        "booking:time:99:1",
        "booking:x:1",
        "booking:shop:a",
        "booking:time:1:999999999999999",
    ],
)
def test_taps_that_nobody_offered_do_nothing(shop: Shop, mei: Phone, option: str) -> None:
    mei.taps(option)
    assert booked(shop) == ["周日 15:00 湖滨店"]
    assert len(visits(shop)) == 1


# The waiting list


@pytest.fixture
def waiting(shop: Shop, mei: Phone) -> Phone:
    """She waits for Monday afternoon, and a place was just held for her."""
    shop.clock.move(minutes=20)
    fill(shop, "23T13:00", "23T18:00")
    assert "约满" in mei.says("约周一下午三点看戒指")
    assert "候补" in mei.says("排候补吧")
    free_again(shop)
    with shop.parts.sessions.begin() as session:
        assert len(appointments.offer_places(session, shop.parts.settings.zone, shop.clock.now())) == 1
    return mei


@pytest.mark.parametrize("yes", ["确认", "要"])
def test_a_firm_yes_counts_after_something_else_was_said(shop: Shop, waiting: Phone, yes: str) -> None:
    shop.clock.move(minutes=1)
    waiting.says("珍珠项链能碰水吗")
    shop.clock.move(minutes=1)
    assert "约好了" not in waiting.says("好的")
    assert booked(shop) == ["周日 15:00 湖滨店"]
    assert "约好了" in waiting.says(yes)


@pytest.mark.parametrize("yes", ["确认", "要", "好的", "1"])
def test_an_offered_place_is_taken(shop: Shop, waiting: Phone, yes: str) -> None:
    assert "约好了" in waiting.says(yes)
    assert booked(shop) == ["周日 15:00 湖滨店", "周一 15:00 湖滨店"]


@pytest.mark.parametrize("no", ["不要", "不用了", "算了", "不等了"])
def test_an_offered_place_is_refused(shop: Shop, waiting: Phone, no: str) -> None:
    assert "让给别人" in waiting.says(no)
    assert booked(shop) == ["周日 15:00 湖滨店"]


def test_an_offered_place_that_ran_out_may_still_be_free(shop: Shop, waiting: Phone) -> None:
    shop.clock.move(minutes=31)
    with shop.parts.sessions.begin() as session:
        appointments.lapse(session, shop.clock.now())
    assert "约好了" in waiting.says("确认")


def test_an_offered_place_that_went_to_somebody_else_is_said(shop: Shop, waiting: Phone) -> None:
    shop.clock.move(minutes=31)
    with shop.parts.sessions.begin() as session:
        appointments.lapse(session, shop.clock.now())
    fill(shop, "23T13:00", "23T18:00")
    assert "被约走" in waiting.says("确认")


def test_small_words_without_an_offered_place_stay_small_words(shop: Shop, mei: Phone) -> None:
    shop.clock.move(hours=1)
    assert "不客气" in mei.says("好的")
    assert len(visits(shop)) == 1


# Who hears of it


def test_where_nobody_receives_her_the_manager_hears_of_it(shop: Shop) -> None:
    prepare(shop)
    with shop.parts.sessions.begin() as session:
        for advisor in session.scalars(select(Staff).where(Staff.role == Role.ADVISOR)):
            advisor.left_at = shop.clock.now()
    nobody = shop.customer("oNobody")
    nobody.says("约周日下午三点湖滨店看戒指")
    nobody.says("确认")
    assert shop.words_for("chen.jing")


def test_what_she_types_is_shown_as_words(shop: Shop, mei: Phone) -> None:
    mei.says('给<a href="http://x">妈妈</a>看的')
    mei.says("{0.__class__}戒指")
    with shop.parts.sessions() as session:
        assert session.scalars(select(Customer)).first() is not None
    assert visits(shop)[0].state is AppointmentState.BOOKED
