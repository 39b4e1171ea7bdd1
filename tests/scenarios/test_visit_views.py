"""Visits of a day and a week, and the load of shops, each by the reader's rights."""

from __future__ import annotations

import pytest

from crm.models import Store
from crm.services import customers
from handlers.advisor.appointments.views import bar_of
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import booked, register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    register(shop)
    with shop.parts.sessions.begin() as session:
        for store in session.query(Store):
            store.try_on_places = 2


@pytest.fixture
def week(shop: Shop) -> None:
    """Today 林悦 two, tomorrow 吴安 one, the other shop one, next Saturday one."""
    booked(shop, "C0001", "2026-11-21T14:00+08:00")
    booked(shop, "C0002", "2026-11-21T16:00+08:00")
    booked(shop, "C0004", "2026-11-22T11:00+08:00", "wu.an")
    booked(shop, "C0003", "2026-11-21T15:00+08:00", "sun.li")
    booked(shop, "C0004", "2026-11-28T11:00+08:00", "wu.an")


def test_an_advisor_sees_his_own(week: None, lin: Phone) -> None:
    day = lin.says("今日预约")
    assert "今天 11月21日 周六，2 个预约" in day
    assert day.index("14:00 周芸") < day.index("16:00 周云")
    assert "沈洁" not in day
    assert "还没有预约" in lin.says("明天预约")


def test_a_manager_sees_the_shop_by_advisor(shop: Shop, week: None) -> None:
    days = shop.member("chen.jing").says("本周预约")
    assert days.index("11月21日 周六") < days.index("【林悦】") < days.index("周芸") < days.index("11月22日 周日")
    assert days.index("【吴安】") < days.index("许宁")
    assert "沈洁" not in days
    assert "11月28日" not in days


def test_next_week_is_another_week(shop: Shop, week: None) -> None:
    assert "11月28日 周六" in shop.member("chen.jing").says("下周预约")


def test_headquarters_sees_every_shop(shop: Shop, week: None) -> None:
    day = shop.member("ye.lan").says("今日预约")
    assert "【湖滨店】" in day
    assert "【静安店】" in day
    assert "沈洁" in day


def test_a_cancelled_visit_is_not_shown(shop: Shop, lin: Phone) -> None:
    number = booked(shop, at="2026-11-21T14:00+08:00")
    lin.says(f"取消预约 {number}")
    lin.says("确认")
    assert "还没有预约" in lin.says("今日预约")


def test_a_full_weekend_fits_on_a_phone(shop: Shop) -> None:
    with shop.parts.sessions.begin() as session:
        store = session.query(Store).filter(Store.code == "HZ01").one()
        store.try_on_places = 3
        for number in range(54):
            code = f"X{number:02}"
            customers.register(session, shop.clock.now(), code=code, name="王小明", store_id=store.id)
    for number in range(54):
        day, hour = divmod(number % 18, 9)
        who = ("lin.yue", "wu.an", "chen.jing")[number // 18]
        booked(shop, f"X{number:02}", f"2026-11-{21 + day}T{11 + hour}:00+08:00", who)
    seen = shop.member("chen.jing").says("本周预约")
    assert len(seen.encode()) <= 2048
    assert "54 个预约" in seen
    assert "… 还有" in seen


def test_the_load_is_a_bar_a_day(shop: Shop, week: None) -> None:
    load = shop.member("chen.jing").says("门店预约")
    assert "【湖滨店】" in load
    assert "11月21日 周六 ▋░░░░░░░ 2/22" in load
    assert "【静安店】" not in load
    assert "【静安店】" in shop.member("ye.lan").says("预约负荷")


def test_one_visit_and_seven_look_different_where_there_are_many_places(shop: Shop) -> None:
    with shop.parts.sessions.begin() as session:
        session.query(Store).filter(Store.code == "HZ01").one().try_on_places = 6
    booked(shop, at="2026-11-22T15:00+08:00")
    bars = [line.split()[2] for line in shop.member("chen.jing").says("门店预约").splitlines() if "/66" in line]
    assert bars[:2] == ["░░░░░░░░", "▏░░░░░░░"]
    assert [bar_of(taken, 72) for taken in (1, 7, 36, 71, 72)] == [
        "▏░░░░░░░",
        "▊░░░░░░░",
        "████░░░░",
        "███████▉",
        "████████",
    ]


def test_a_closed_day_has_no_bar(shop: Shop) -> None:
    with shop.parts.sessions.begin() as session:
        session.query(Store).filter(Store.code == "HZ01").one().closed_weekdays = "1"
    assert "11月23日 周一 不营业" in shop.member("chen.jing").says("负荷")


def test_the_load_is_not_an_advisors(lin: Phone) -> None:
    assert "店长" in lin.says("门店预约")


def test_help_names_what_can_be_done_with_visits_and_fits_into_one_message(lin: Phone) -> None:
    told = lin.says("帮助")
    for word in ("今日预约", "预约 C0001", "改约", "取消预约", "接受", "转给", "到店", "试戴结果", "停约", "任务"):
        assert word in told
    assert len(told.encode()) <= 2048
