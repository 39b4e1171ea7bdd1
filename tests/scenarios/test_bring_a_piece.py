"""A piece that lies in another shop: both shops read what they have to do, and say when it is done."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.messages import Text
from crm import db
from crm.models import Appointment, Piece, PieceStatus, Store, Style, Task
from crm.services import appointments
from crm.services.appointments import Wish
from handlers.appointment_news import announce
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import booked, facts, register, visit
from wording import say

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def piece(shop: Shop) -> int:
    """A bangle in 静安店; the style's id."""
    register(shop)
    with shop.parts.sessions.begin() as session:
        other = session.scalars(select(Store).where(Store.code == "SH01")).one()
        style = Style(style_no="GF-01", name="古法素圈手镯")
        session.add(style)
        session.flush()
        session.add(Piece(barcode="B0001", style_id=style.id, store_id=other.id))
        return style.id


@pytest.fixture
def number(shop: Shop, piece: int) -> str:
    return booked(shop, wish=Wish(style_ids=(piece,)))


class Heard:
    """Stands for the outbox: who was told what."""

    def __init__(self) -> None:
        self.words: list[tuple[str, str]] = []

    def to_staff(self, staff: object, *replies: object, job: str = "") -> None:
        self.words += [(staff.userid, one.content) for one in replies if isinstance(one, Text)]  # type: ignore[attr-defined]

    def card_done(self, card: object, done: object) -> None:
        raise AssertionError("no card was sent")


def news(shop: Shop, number: str, what: str) -> list[tuple[str, str]]:
    heard = Heard()
    with shop.parts.sessions.begin() as session:
        found = appointments.by_number(session, number)
        assert isinstance(found, Appointment)
        announce(heard, session, found, what, say, facts(shop), shop.clock.now())  # type: ignore[arg-type]
    return heard.words


def tasks(shop: Shop) -> list[Task]:
    with db.reading(shop.parts.engine) as session:
        return list(session.scalars(select(Task).order_by(Task.id)))


def test_both_shops_are_told_with_the_number_to_answer(shop: Shop, number: str) -> None:
    told = dict(news(shop, number, "new"))
    send, expect = tasks(shop)
    assert f"完成 {send.id}" in told["sun.li"]
    assert "送到湖滨店" in told["sun.li"]
    assert "古法素圈手镯" in told["lin.yue"]
    assert f"完成 {expect.id}" in told["lin.yue"]
    assert "周芸" not in told["sun.li"]


def test_a_later_word_on_the_visit_does_not_ask_again(shop: Shop, number: str) -> None:
    shop.clock.move(minutes=5)
    assert news(shop, number, "changed") == []


def test_another_time_and_no_more_are_told_too(shop: Shop, number: str, lin: Phone) -> None:
    shop.clock.move(minutes=5)
    lin.says(f"改约 {number} 周五下午四点")
    assert "调货的时间变了" in shop.words_for("sun.li")[-1]
    lin.says(f"取消预约 {number}")
    lin.says("确认")
    assert "不用调了" in shop.words_for("sun.li")[-1]


def test_the_list_and_done(shop: Shop, number: str, lin: Phone) -> None:
    send, expect = tasks(shop)
    sun = shop.member("sun.li")
    assert f"{send.id}. 把古法素圈手镯" in sun.says("任务")
    assert "辛苦了" in sun.says(f"完成 {send.id}")
    assert "没有任务" in sun.says("任务")
    assert "没有" in sun.says(f"完成 {send.id}")
    assert "辛苦了" in lin.says(f"完成 {expect.id}")
    with db.reading(shop.parts.engine) as session:
        here = session.scalars(select(Piece)).one()
        assert (here.status, here.store_id) == (PieceStatus.RESERVED, visit(shop, number).store_id)


def test_another_shops_task_is_not_his_to_do(shop: Shop, number: str, lin: Phone) -> None:
    send, _ = tasks(shop)
    assert f"没有 {send.id} 号" in lin.says(f"完成 {send.id}")
    assert tasks(shop)[0].done_at is None


@pytest.mark.parametrize("words", ["完成 九", "完成 99999999999999999999", "完成 -1", "完成 0"])
def test_a_number_that_is_none_is_answered(lin: Phone, words: str) -> None:
    assert "任务" in lin.says(words)
