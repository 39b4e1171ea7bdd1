"""An advisor's day with one visit, from the card to the result, on both databases."""

from __future__ import annotations

from datetime import datetime

from bot.messages import Card, CardDone, Menu
from crm.models import AppointmentState, Outcome
from tests.front_door import Phone, Shop
from tests.scenarios.test_advisor_appointments import sent_card
from tests.scenarios.visit_desk import asked_after, booked, card, phone_of, register, tap, visit


def test_a_visit_is_proposed_declined_handed_over_moved_and_noted(shop: Shop, lin: Phone) -> None:
    register(shop)
    yun, wu = phone_of(shop), shop.member("wu.an")
    number = booked(shop, at="2026-11-22T15:00+08:00")
    made = card(shop, number)
    with shop.parts.sessions.begin() as session:
        session.add(sent_card(shop, made))

    assert tap(lin, made, "换个时间") == "正在换时间"
    lin.says("周日下午五点")
    asked = next(one for one in reversed(shop.planned()) if isinstance(one, Menu))
    assert "时间不变" in yun.taps(asked.options[1].id, asked.options[1].label)

    fresh = shop.planned("lin.yue")[-1]
    assert isinstance(fresh, Card)
    assert tap(lin, fresh, "转给同事") == "正在转给同事"
    assert "转给吴安" in lin.says("1")
    assert tap(lin, fresh, "接受", code="RC2") in ("卡片已失效", "由吴安接待")

    assert "改好了" in wu.says("改约 周芸 周日下午四点")
    assert visit(shop, number).starts_at == datetime.fromisoformat("2026-11-22T16:00+08:00")
    assert visit(shop, number).accepted_at is not None
    assert "周芸" in wu.says("我周日休息")
    assert "原来的样子" in wu.says("撤销")

    shop.clock.move(hours=31)
    assert "到店了" in wu.says(f"到店 {number}")
    shop.clock.move(hours=2)
    over = asked_after(shop, number, "wu.an")
    assert tap(wu, over, "喜欢，再看看") == "喜欢，再看看"
    assert (visit(shop, number).state, visit(shop, number).outcome) == (AppointmentState.DONE, Outcome.LIKED)
    assert sum(isinstance(one, CardDone) for one in shop.planned("lin.yue")) <= 1


def test_the_shops_time_and_load_on_both_databases(shop: Shop) -> None:
    register(shop)
    chen = shop.member("chen.jing")
    booked(shop, at="2026-11-22T15:00+08:00")
    assert "1 个预约" in chen.says("停约 周日下午 盘点")
    assert "1/11" in chen.says("门店预约")
    assert "【林悦】" in chen.says("明天预约")
    assert "已恢复" in chen.says("恢复 周日下午")
    assert "今天在岗：林悦、吴安、陈静" in chen.says("我的班表")
