"""Staff book, move and cancel visits by command."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from crm import db
from crm.models import Appointment, AppointmentState, AuditEntry, Delivery, Purpose
from crm.services import appointments
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import booked, only_visit, phone_of, register, visit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    register(shop)


@pytest.fixture
def chen(shop: Shop) -> Phone:
    return shop.member("chen.jing")


def visits(shop: Shop) -> list[Appointment]:
    with db.reading(shop.parts.engine) as session:
        return list(session.scalars(select(Appointment).order_by(Appointment.id)))


def told(shop: Shop) -> list[str]:
    """What customers are told by whichever service way is open when it goes out."""
    with db.reading(shop.parts.engine) as session:
        served = select(Delivery.body).where(Delivery.purpose == Purpose.SERVICE).order_by(Delivery.id)
        return list(session.scalars(served))


@pytest.mark.parametrize(
    "words",
    [
        "预约 C0001 周六下午三点 古法手镯",
        "预约 周芸 周六下午3点 古法手镯",
        "预约：周芸，周六下午三点 古法手镯",
        "/预约 1208 周六三点 古法手镯",
        "预约 C0001 古法手镯 周六下午三点",
    ],
)
def test_a_free_minute_is_booked_at_once(shop: Shop, lin: Phone, words: str) -> None:
    shop.clock.move(days=2)
    assert "约好了：周芸（C0001）" in lin.says(words)
    made = only_visit(shop)
    assert made.starts_at == datetime.fromisoformat("2026-11-28T15:00+08:00")
    assert [piece.words for piece in made.pieces] == ["古法手镯"]
    assert made.accepted_at is not None
    assert made.made_by == "staff:lin.yue"


def test_what_staff_do_for_a_customer_is_audited_and_what_she_does_is_not(shop: Shop, lin: Phone, chen: Phone) -> None:
    phone_of(shop).says("预约周六下午三点湖滨店")
    lin.says("预约 C0001 周日下午三点 古法手镯")
    number = next(one.number for one in visits(shop) if one.made_by == "staff:lin.yue")
    lin.says(f"改约 {number} 周日下午四点")
    chen.says(f"取消预约 {number} 店里装修")
    chen.says("确认")
    with db.reading(shop.parts.engine) as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action.endswith("-visit")).order_by(AuditEntry.id)
        )
        lines = [(one.actor, one.action, one.subject, one.detail) for one in entries]
    assert lines == [
        ("lin.yue", "book-visit", "C0001", number),
        ("lin.yue", "move-visit", "C0001", number),
        ("chen.jing", "cancel-visit", "C0001", number),
    ]


def test_she_is_told_by_the_service_way_with_a_notice_for_the_template(shop: Shop, lin: Phone) -> None:
    lin.says("预约 C0001 周日下午三点 古法手镯")
    (sent,) = told(shop)
    assert "约好了" in sent
    assert "appointment_reminder" in sent
    assert "/a/" in sent


def test_a_busy_time_brings_others_and_a_number_books(shop: Shop, lin: Phone) -> None:
    booked(shop, "C0004", "2026-11-22T15:00+08:00", "wu.an")
    answer = lin.says("预约 C0001 周日下午三点 古法手镯")
    assert "约满" in answer
    assert "3." in answer
    assert "约好了" in lin.says("2")
    assert [piece.words for piece in only_visit(shop).pieces] == ["古法手镯"]


def test_a_day_without_hour_brings_three_times_of_that_day(shop: Shop, lin: Phone) -> None:
    answer = lin.says("预约 C0001 周日")
    assert answer.count("11月22日 周日") == 3
    assert "约好了" in lin.says("周日下午四点")


def test_without_a_time_he_is_asked(lin: Phone) -> None:
    assert "几点" in lin.says("预约 C0001")
    assert "约好了" in lin.says("1")


@pytest.mark.parametrize("words", ["预约 C0003 周日三点", "预约 沈洁 周日三点", "预约 C9999 周日三点"])
def test_another_advisors_customer_is_no_such_customer(shop: Shop, lin: Phone, words: str) -> None:
    assert lin.says(words) == lin.says("预约 C9998 周日三点")
    assert "没有找到" in lin.says(words)


def test_two_customers_of_one_name_part_are_told_apart_by_card(lin: Phone) -> None:
    answer = lin.says("预约 周 周日三点")
    assert "C0001" in answer
    assert "C0002" in answer


def test_a_manager_books_for_the_shop_and_the_advisor_gets_a_card(shop: Shop, chen: Phone) -> None:
    assert "林悦接待" in chen.says("预约 C0001 周日下午三点")
    assert "新的试戴预约" in shop.words_for("lin.yue")[-1]


def test_headquarters_books_where_she_usually_goes(shop: Shop) -> None:
    assert "静安店" in shop.member("ye.lan").says("预约 C0003 周日下午三点")


def test_a_third_open_visit_is_refused_with_the_two_that_stand(lin: Phone) -> None:
    lin.says("预约 C0001 周日下午三点")
    lin.says("预约 C0001 周一下午三点")
    answer = lin.says("预约 C0001 周二下午三点")
    assert "2 个" in answer
    assert answer.count("湖滨店") == 2


def test_staff_may_book_for_somebody_who_cancelled_too_often(shop: Shop, lin: Phone) -> None:
    for day in (23, 24, 25):
        number = booked(shop, at=f"2026-11-{day}T15:00+08:00")
        with shop.parts.sessions.begin() as session:
            found = appointments.by_number(session, number)
            assert found is not None
            appointments.cancel(session, found, shop.clock.now(), by="customer")
    assert "约好了" in lin.says("预约 C0001 周日下午三点")


@pytest.mark.parametrize("who", ["周芸", "C0001", "1208"])
def test_a_visit_moves_by_customer(shop: Shop, lin: Phone, who: str) -> None:
    number = booked(shop)
    assert "改好了" in lin.says(f"改约 {who} 周日下午四点")
    assert visit(shop, number).starts_at == datetime.fromisoformat("2026-11-22T16:00+08:00")
    assert "已经帮您改好了" in told(shop)[-1]


def test_a_visit_moves_by_number_in_small_letters(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    assert "改好了" in lin.says(f"改约 {number.lower()} 周日下午四点")


def test_of_two_visits_he_chooses(shop: Shop, lin: Phone) -> None:
    first, second = booked(shop), booked(shop, at="2026-11-29T15:00+08:00")
    assert "找到 2 个预约" in lin.says("改约 周芸 周日下午四点")
    assert "改好了" in lin.says("2")
    assert visit(shop, first).moves == 0
    assert visit(shop, second).moves == 1


def test_another_advisors_visit_is_no_such_visit(shop: Shop) -> None:
    number = booked(shop)
    sun = shop.member("sun.li")
    for word in ("改约", "取消预约", "到店", "未到", "试戴结果", "转给", "接受"):
        assert "没有找到" in sun.says(f"{word} {number} 周日四点" if word != "接受" else f"接受 {number}")


def test_cancelling_is_asked_once_and_told_to_her(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    assert "要取消周芸" in lin.says(f"取消预约 {number} 客户出差")
    assert visit(shop, number).state is AppointmentState.BOOKED
    assert "已取消" in lin.says("确认")
    gone = visit(shop, number)
    assert (gone.state, gone.closed_by, gone.reason) == (AppointmentState.CANCELLED, "staff:lin.yue", "客户出差")
    assert "已经取消" in told(shop)[-1]
    assert "出差" not in told(shop)[-1]


def test_cancelling_may_be_thought_better_of(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    lin.says(f"取消预约 {number}")
    assert "保留" in lin.says("不取消")
    assert "没看懂" in lin.says("确认")
    assert visit(shop, number).state is AppointmentState.BOOKED


def test_a_yes_that_comes_too_late_cancels_nothing(shop: Shop, lin: Phone) -> None:
    number = booked(shop)
    lin.says(f"取消预约 {number}")
    shop.clock.move(minutes=30)
    assert "重新发一次" in lin.says("确认")
    assert visit(shop, number).state is AppointmentState.BOOKED


def test_a_manager_who_cancels_tells_the_advisor(shop: Shop, chen: Phone) -> None:
    number = booked(shop)
    chen.says(f"取消预约 {number} 店里装修")
    chen.says("确认")
    assert "取消了" in shop.words_for("lin.yue")[-1]
    assert "店里装修" in shop.words_for("lin.yue")[-1]


@pytest.mark.parametrize("words", ["今日预约", "取消预约 C0001", "我周三休息", "停约 周六", "到店 周芸", "门店预约"])
def test_a_customer_who_types_these_words_is_a_customer(shop: Shop, words: str) -> None:
    number = booked(shop, "C0002")
    answer = phone_of(shop).says(words)
    assert "周云" not in answer
    assert number not in answer
    assert visit(shop, number).state is AppointmentState.BOOKED


@pytest.mark.parametrize("words", ["预约", "改约", "取消预约", "转给", "接受", "到店", "未到", "试戴结果", "完成"])
def test_a_bare_command_says_how_it_is_written(lin: Phone, words: str) -> None:
    assert "例如" in lin.says(words)
