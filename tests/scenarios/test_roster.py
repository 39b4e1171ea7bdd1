"""The roster by message, and times in which no visits are taken."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from crm import db
from crm.models import Absence, Block, Staff, Store
from crm.services import appointments
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import booked, register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    register(shop)


@pytest.fixture
def chen(shop: Shop) -> Phone:
    return shop.member("chen.jing")


def away(shop: Shop, userid: str = "lin.yue") -> list[tuple[date, time | None, time | None]]:
    with db.reading(shop.parts.engine) as session:
        his = select(Absence).join(Staff).where(Staff.userid == userid, Absence.works.is_(False))
        return [(one.day, one.first, one.last) for one in session.scalars(his.order_by(Absence.day))]


def weekly(shop: Shop, userid: str = "lin.yue") -> list[int]:
    with db.reading(shop.parts.engine) as session:
        staff = session.scalars(select(Staff).where(Staff.userid == userid)).one()
        return appointments.weekly_rests(session, staff)


def blocks(shop: Shop) -> list[Block]:
    with db.reading(shop.parts.engine) as session:
        return list(session.scalars(select(Block).order_by(Block.starts_at)))


def is_on_duty(shop: Shop, day: date, userid: str = "lin.yue") -> bool:
    with db.reading(shop.parts.engine) as session:
        staff = session.scalars(select(Staff).where(Staff.userid == userid)).one()
        assert staff.store is not None
        return staff.id in [one.id for one in appointments.on_duty(session, staff.store, day)]


def test_one_wednesday_is_said_back_with_its_date(shop: Shop, lin: Phone) -> None:
    answer = lin.says("我周三休息")
    assert "11月25日 周三 您休息" in answer
    assert "每周三休息" in answer
    assert away(shop) == [(WEDNESDAY, None, None)]
    assert weekly(shop) == []


def test_every_wednesday_is_said_back_as_every_wednesday(shop: Shop, lin: Phone) -> None:
    assert "每周休：周三" in lin.says("我每周三休息")
    assert "每周休：周一、周三" in lin.says("我每周一也休息")
    assert weekly(shop) == [1, 3]
    assert "每周休：周一" in lin.says("我以后周三上班")
    assert weekly(shop) == [1]


def test_back_to_work_on_a_day_of_weekly_rest(shop: Shop, lin: Phone) -> None:
    lin.says("我每周三休息")
    assert not is_on_duty(shop, WEDNESDAY)
    assert "11月25日 周三 您上班" in lin.says("我周三上班")
    assert is_on_duty(shop, WEDNESDAY)
    assert not is_on_duty(shop, date(2026, 12, 2))


@pytest.mark.parametrize("words", ["我周三休息", "我每周三休息", "我周三上班"])
def test_it_can_be_taken_back(shop: Shop, lin: Phone, words: str) -> None:
    lin.says("我每周一休息")
    lin.says("我周三下午请假")
    before = (away(shop), weekly(shop))
    lin.says(words)
    assert (away(shop), weekly(shop)) != before
    assert "原来的样子" in lin.says("撤销")
    assert (away(shop), weekly(shop)) == before


def test_taking_back_much_later_changes_nothing(shop: Shop, lin: Phone) -> None:
    lin.says("我周三休息")
    shop.clock.move(minutes=30)
    assert "撤不回来" in lin.says("撤销")
    assert away(shop) == [(WEDNESDAY, None, None)]


def test_visits_of_that_day_are_listed_to_be_handed_over(shop: Shop, lin: Phone) -> None:
    number = booked(shop, at="2026-11-25T15:00+08:00")
    answer = lin.says("我周三休息")
    assert f"11月25日 周三 15:00 周芸（C0001）{number}" in answer
    assert f"转给 {number}" in answer
    assert "转给吴安" in lin.says(f"转给 {number} 吴安")


def test_an_afternoon_off_leaves_the_morning(shop: Shop, lin: Phone) -> None:
    booked(shop, at="2026-11-25T10:00+08:00")
    assert "周芸" not in lin.says("我周三下午请假")
    ((day, first, last),) = away(shop)
    assert (day, first, last) == (WEDNESDAY, time(13), time(18))


def test_his_reason_is_kept_and_said_back(lin: Phone) -> None:
    assert "孩子家长会" in lin.says("我周三下午请假，孩子家长会")


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("我要请假", "哪一天"),
        ("我周三请半天假", "上午还是下午"),
        ("我周三三点请假", "几点到几点"),
        ("我昨天请假", "已经过去"),
        ("我13月1日休息", "日历上没有这一天"),
        ("我下周请假三天", "是哪几天"),
    ],
)
def test_what_is_unclear_is_asked(shop: Shop, lin: Phone, words: str, asks: str) -> None:
    assert asks in lin.says(words)
    assert away(shop) == []


@pytest.mark.parametrize(
    "words",
    [
        "周三几点上班？",
        "客户说周三休息",
        "门店周三休息吗",
        "今天真忙",
        "我周三休息可以吗",
        "她周三不在",
        "休闲款有哪些",
    ],
)
def test_other_sentences_change_no_roster(shop: Shop, lin: Phone, words: str) -> None:
    lin.says(words)
    assert away(shop) == []
    assert weekly(shop) == []


def test_in_a_talk_it_is_said_to_the_customer(shop: Shop, mei: Phone, lin: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    mei.says("人工")
    lin.says("接待")
    lin.says("我周三休息，周四可以吗")
    lin.says("我周三休息")
    assert away(shop) == []
    assert "休息" in lin.says("/我周三休息")
    assert away(shop) == [(WEDNESDAY, None, None)]


def test_a_manager_plans_a_colleague_who_is_told(shop: Shop, chen: Phone) -> None:
    assert "11月25日 周三 林悦休息" in chen.says("林悦周三休息")
    assert away(shop) == [(WEDNESDAY, None, None)]
    assert "陈静登记了您的班表" in shop.words_for("lin.yue")[-1]
    chen.says("撤销")
    assert away(shop) == []
    assert "撤销了" in shop.words_for("lin.yue")[-1]


@pytest.mark.parametrize(("who", "words"), [("lin.yue", "吴安周三休息"), ("chen.jing", "孙黎周三休息")])
def test_nobody_plans_somebody_who_is_not_his_to_plan(shop: Shop, who: str, words: str) -> None:
    assert "只能登记自己的班" in shop.member(who).says(words)
    assert away(shop, "wu.an") == away(shop, "sun.li") == away(shop, who) == []


def test_the_own_roster_at_a_glance(shop: Shop, lin: Phone) -> None:
    booked(shop, at="2026-11-26T15:00+08:00")
    lin.says("我每周一休息")
    lin.says("我周三下午请假")
    shown = lin.says("我的班表")
    assert "每周休息：周一" in shown
    assert "11月23日 周一 休息" in shown
    assert "11月25日 周三 13:00–18:00 不在" in shown
    assert "11月26日 周四 在店，1 个预约" in shown


def test_a_manager_also_reads_who_is_there(chen: Phone) -> None:
    chen.says("林悦今天休息")
    assert "今天在岗：吴安、陈静" in chen.says("我的班表")


def test_a_manager_stops_visits_for_the_shop(shop: Shop, chen: Phone, lin: Phone) -> None:
    number = booked(shop, at="2026-12-05T14:00+08:00")
    answer = chen.says("停约 12月5日 14:00-16:00 设备检修")
    assert "湖滨店停约：12月5日 周六 14:00–16:00" in answer
    assert number in answer
    (made,) = blocks(shop)
    assert (made.advisor_id, made.note) == (None, "设备检修")
    assert made.starts_at == datetime.fromisoformat("2026-12-05T14:00+08:00")
    assert "停约" in lin.says("预约 C0002 12月5日下午三点")


def test_an_advisor_stops_visits_for_himself(shop: Shop, lin: Phone) -> None:
    assert "您停约" in lin.says("停约 周日下午")
    assert blocks(shop)[0].advisor_id is not None
    assert "吴安接待" in lin.says("预约 C0001 周日下午三点")


@pytest.mark.parametrize("words", ["停约 下周三", "停约 11月25日", "停约 下周三到周四 盘点"])
def test_whole_days_are_whole_days(shop: Shop, chen: Phone, words: str) -> None:
    chen.says(words)
    assert blocks(shop)[0].starts_at == datetime.fromisoformat("2026-11-25T00:00+08:00")
    assert blocks(shop)[0].ends_at.astimezone(shop.parts.settings.zone).time() == time(0)


def test_open_again(shop: Shop, chen: Phone) -> None:
    chen.says("停约 下周三 盘点")
    assert "已恢复" in chen.says("恢复 下周三")
    assert blocks(shop) == []
    assert "不用恢复" in chen.says("恢复 下周三")


def test_an_advisor_does_not_open_what_the_manager_closed(shop: Shop, chen: Phone, lin: Phone) -> None:
    chen.says("停约 下周三 盘点")
    assert "店长" in lin.says("恢复 下周三")
    assert len(blocks(shop)) == 1


def test_what_is_closed_is_listed(chen: Phone) -> None:
    assert "没有停约" in chen.says("停约")
    chen.says("停约 下周三 盘点")
    assert "11月25日 周三（全店）盘点" in chen.says("停约")


@pytest.mark.parametrize("words", ["停约 三点", "停约 设备检修", "停约 昨天下午"])
def test_without_an_end_nothing_is_closed(shop: Shop, chen: Phone, words: str) -> None:
    chen.says(words)
    assert blocks(shop) == []


def test_headquarters_names_the_shop(shop: Shop) -> None:
    ye = shop.member("ye.lan")
    assert "门店" in ye.says("停约 下周三")
    assert "静安店停约" in ye.says("停约 静安店 下周三 盘点")


@pytest.mark.parametrize("named", ["静安店", "静安", "SH01", "拾光里珠宝·静安店"])
def test_headquarters_says_only_what_stands_behind_the_brand(shop: Shop, named: str) -> None:
    with shop.parts.sessions.begin() as session:
        session.scalars(select(Store).where(Store.code == "SH01")).one().name = "拾光里珠宝·静安店"
    answer = shop.member("ye.lan").says(f"停约 {named} 周三下午 盘点")
    assert "拾光里珠宝·静安店停约：11月25日 周三 13:00–18:00" in answer
    assert f"发“恢复 {named} 周三下午”" in answer
    assert "已恢复" in shop.member("ye.lan").says(f"恢复 {named} 周三下午")
    assert blocks(shop) == []


def test_a_name_that_two_shops_have_is_nobodys(shop: Shop) -> None:
    with shop.parts.sessions.begin() as session:
        for store in session.scalars(select(Store)):
            store.name = f"{store.city}·万象店"
    assert "请在前面写门店" in shop.member("ye.lan").says("停约 万象店 周三下午")


@pytest.mark.parametrize("userid", ["lin.yue", "chen.jing"])
def test_the_time_of_another_shop_is_not_his_to_stop(shop: Shop, userid: str) -> None:
    answer = shop.member(userid).says("停约 静安店 周六")
    assert "没有改动：静安店" in answer
    assert "停的是湖滨店" in answer
    assert blocks(shop) == []


def test_his_own_shop_may_be_named(shop: Shop, chen: Phone) -> None:
    assert "湖滨店停约" in chen.says("停约 湖滨店 周三下午")
    assert "已恢复" in chen.says("恢复 湖滨店 周三下午")


@pytest.mark.parametrize("words", ["停约 2月30号", "停约 13月1日下午", "恢复 周八下午"])
def test_a_date_in_no_calendar_stops_nothing(shop: Shop, chen: Phone, words: str) -> None:
    assert "日历上没有这一天" in chen.says(words)
    assert blocks(shop) == []
