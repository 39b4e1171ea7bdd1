"""What an advisor does with the card of a visit: accept it, hand it over; late and wrong taps."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.messages import Card, CardDone
from crm.models import AppointmentState, Delivery
from crm.services import appointments
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import (
    SATURDAY_AT_THREE,
    booked,
    card,
    member,
    only_visit,
    phone_of,
    register,
    store,
    tap,
    visit,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    register(shop)


@pytest.fixture
def wu(shop: Shop) -> Phone:
    return shop.member("wu.an")


def test_the_card_tells_who_comes_when_and_for_what(shop: Shop) -> None:
    shown = str(card(shop, booked(shop)).body)
    for words in ("周芸（C0001）", "11月28日 周六 15:00", "湖滨店", "古法手镯", "138****1208"):
        assert words in shown
    assert "13800001208" not in shown


def test_the_phone_of_a_colleagues_customer_is_not_on_the_card(shop: Shop) -> None:
    number = booked(shop, "C0004", advisor="lin.yue")
    assert "****" not in str(card(shop, number).body)
    assert "138****1211" in str(card(shop, number, "chen.jing").body)


def test_accepting_turns_the_card_grey_and_tells_her_by_name(shop: Shop, lin: Phone) -> None:
    yun, number = phone_of(shop), booked(shop)
    assert tap(lin, card(shop, number), "接受") == "林悦已接受"
    assert visit(shop, number).accepted_at == shop.clock.now()
    assert "11月28日 周六 15:00 由林悦接待您，已经确认" in shop.words_for(yun.person)[-1]
    assert "已经告诉客户" in shop.words_for("lin.yue")[-1]


def test_she_is_told_once_however_often_he_taps(shop: Shop, lin: Phone) -> None:
    yun, number = phone_of(shop), booked(shop)
    made = card(shop, number)
    tap(lin, made, "接受")
    assert tap(lin, made, "接受", code="RC2") == "林悦已接受"
    assert "已经接受过" in shop.words_for("lin.yue")[-1]
    assert sum("已经确认" in words for words in shop.words_for(yun.person)) == 1


def test_without_an_open_chat_nobody_is_written_to(shop: Shop, lin: Phone) -> None:
    yun, number = phone_of(shop), booked(shop)
    shop.clock.move(hours=49)
    tap(lin, card(shop, number), "接受")
    assert shop.words_for(yun.person) == []
    assert "告诉客户" not in shop.words_for("lin.yue")[-1]


def test_a_card_of_a_cancelled_visit_says_so_and_does_nothing(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    made = card(shop, number)
    with shop.parts.sessions.begin() as session:
        found = appointments.by_number(session, number)
        assert found is not None
        appointments.cancel(session, found, shop.clock.now(), by="customer")
    assert tap(lin, made, "接受") == "预约已取消"
    assert "已经取消" in shop.words_for("lin.yue")[-1]
    assert visit(shop, number).accepted_at is None


def test_a_card_from_before_a_move_does_not_act(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    old = card(shop, number)
    shop.member("chen.jing").says(f"改约 {number} 周日下午四点")
    assert tap(lin, old, "接受") == "卡片已失效"
    assert f"发“接受 {number}”" in shop.words_for("lin.yue")[-1]
    assert visit(shop, number).accepted_at is None
    assert "由您接待" in lin.says(f"接受 {number}")


def test_a_card_of_a_visit_that_is_over_says_so(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    made = card(shop, number)
    shop.clock.move(days=8)
    assert tap(lin, made, "接受") == "时间已过"


def test_another_advisors_card_tells_nothing(shop: Shop, lin: Phone, wu: Phone) -> None:
    made = card(shop, booked(shop))
    assert tap(wu, made, "接受") == "卡片已失效"
    assert "周芸" not in shop.words_for("wu.an")[-1]
    assert visit(shop, made.task_id.split("-")[1]).accepted_at is None


def test_handing_over_lists_who_is_on_duty_and_free(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    assert tap(lin, card(shop, number), "转给同事") == "正在转给同事"
    asked = shop.words_for("lin.yue")[-1]
    listed = str(shop.planned("lin.yue")[-1])
    assert "转给谁" in listed or "转给谁" in asked
    assert "吴安" in listed
    assert "孙黎" not in listed


def test_the_chosen_colleague_gets_the_card_and_she_is_told(shop: Shop, lin: Phone, wu: Phone) -> None:
    yun, number = phone_of(shop), booked(shop)
    tap(lin, card(shop, number), "转给同事")
    assert "转给吴安" in lin.says("1")
    (received,) = (one for one in shop.planned("wu.an") if isinstance(one, Card))
    assert received.body["main_title"]["title"] == "同事转来的试戴预约"
    assert "改由吴安接待" in shop.words_for(yun.person)[-1]
    assert tap(wu, received, "接受") == "吴安已接受"
    assert visit(shop, number).advisor.name == "吴安"


def test_a_visit_that_comes_back_brings_a_card_that_acts(shop: Shop, lin: Phone, wu: Phone) -> None:
    number = booked(shop)
    lin.says(f"转给 {number} 吴安")
    wu.says(f"转给 {number} 林悦")
    back = shop.planned("lin.yue")[-1]
    assert isinstance(back, Card)
    assert tap(lin, back, "接受") == "林悦已接受"


def test_a_colleague_who_is_busy_then_is_not_listed(shop: Shop, lin: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        session.get_one(type(store(shop)), store(shop).id).try_on_places = 2
    booked(shop, "C0004", advisor="wu.an")
    tap(lin, card(shop, booked(shop)), "转给同事")
    assert "吴安" not in str(shop.planned("lin.yue")[-1])
    assert "陈静" in str(shop.planned("lin.yue")[-1])


def test_with_nobody_free_the_advisor_reads_what_else_he_can_do(shop: Shop, lin: Phone, wu: Phone) -> None:
    number = booked(shop)
    wu.says("我下周六休息")
    shop.member("chen.jing").says("我下周六休息")
    assert tap(lin, card(shop, number), "转给同事") == "没有空闲的同事"
    assert f"改约 {number}" in shop.words_for("lin.yue")[-1]


def test_sent_cards_turn_grey_when_a_manager_moves_the_visit(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    made = card(shop, number)
    with shop.parts.sessions.begin() as session:
        session.add(sent_card(shop, made))
    shop.member("chen.jing").says(f"改约 {number} 周日下午四点")
    assert CardDone("时间已改") in shop.planned("lin.yue")
    new = shop.planned("lin.yue")[-1]
    assert isinstance(new, Card)
    assert new.task_id != made.task_id


def sent_card(shop: Shop, made: Card) -> Delivery:
    """As the worker leaves a card behind that he has sent."""
    from bot.codec import to_json
    from crm.models import DeliveryState, Purpose

    now = shop.clock.now()
    return Delivery(
        key=f"card:{made.task_id}",
        job="visit",
        due_on=now.date(),
        purpose=Purpose.STAFF,
        channel="wecom",
        account=shop.parts.settings.wecom_corp_id,
        person="lin.yue",
        body=to_json(made),
        state=DeliveryState.SENT,
        receipt="RC-SENT",
        planned_at=now,
        not_before=now,
    )


def test_a_forged_button_does_nothing(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    made = card(shop, number)
    made.body["button_list"][0]["key"] = "visit:accept"
    made.body["button_list"][1]["key"] = f"visit:delete:{number}:1"
    assert tap(lin, made, 0) == "卡片已失效"
    assert tap(lin, made, 1) == "卡片已失效"
    assert visit(shop, number).state is AppointmentState.BOOKED


def test_a_cancelled_visit_is_handed_to_nobody(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    with shop.parts.sessions.begin() as session:
        found = appointments.by_number(session, number)
        assert found is not None
        appointments.cancel(session, found, shop.clock.now(), by="customer")
    for words in (f"转给 {number}", f"转给 {number} 吴安"):
        assert "已经取消" in lin.says(words)
    assert visit(shop, number).advisor_id != member(shop, "wu.an").id


@pytest.mark.parametrize("words", ["预约 C0001 2月30号下午三点 古法手镯", "改约 {} 周八四点", "改约 {} 11月31号"])
def test_a_date_in_no_calendar_books_and_moves_nothing(shop: Shop, lin: Phone, words: str) -> None:
    number = booked(shop)
    assert "日历上没有这一天" in lin.says(words.format(number))
    assert only_visit(shop).starts_at == visit(shop, number).starts_at == datetime.fromisoformat(SATURDAY_AT_THREE)


def test_a_date_in_no_calendar_is_no_answer_to_when(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    lin.says(f"改约 {number}")
    assert "日历上没有这一天" in lin.says("13月1日下午三点")
    assert "改好了" in lin.says("周日下午四点")
