"""She came or did not, and what came of it: by word, or in one tap on the card after the visit."""

from __future__ import annotations

import pytest

from bot.messages import Card
from crm.models import AppointmentState, Outcome
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import asked_after, booked, register, tap, visit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TODAY_AT_ELEVEN = "2026-11-21T11:00+08:00"


@pytest.fixture(autouse=True)
def people(shop: Shop) -> None:
    register(shop)


@pytest.fixture
def number(shop: Shop) -> str:
    return booked(shop, at=TODAY_AT_ELEVEN)


@pytest.fixture
def over(shop: Shop, number: str) -> Card:
    """The card of a visit that has just ended."""
    shop.clock.move(hours=2)
    return asked_after(shop, number)


@pytest.mark.parametrize("who", ["周芸", "C0001", "1208"])
def test_she_is_here(shop: Shop, lin: Phone, number: str, who: str) -> None:
    assert "到店了" in lin.says(f"到店 {who}")
    assert visit(shop, number).state is AppointmentState.ARRIVED
    assert "已经记过" in lin.says(f"到店 {number}")


def test_a_visit_of_another_day_is_no_arrival(shop: Shop, lin: Phone) -> None:
    number = booked(shop, at="2026-11-22T15:00+08:00")
    assert f"改约 {number}" in lin.says("到店 周芸")
    assert visit(shop, number).state is AppointmentState.BOOKED


def test_she_did_not_come(shop: Shop, lin: Phone, number: str) -> None:
    assert "还没到时间" in lin.says("未到 周芸")
    shop.clock.move(hours=2)
    assert "没有来" in lin.says("未到 周芸")
    assert visit(shop, number).state is AppointmentState.NO_SHOW


def test_who_came_has_not_missed_it(shop: Shop, lin: Phone, number: str) -> None:
    lin.says("到店 周芸")
    shop.clock.move(hours=2)
    assert "已经记过到店" in lin.says("未到 周芸")


@pytest.mark.parametrize(
    ("button", "outcome"),
    [
        ("成交了", Outcome.BOUGHT),
        ("喜欢，再看看", Outcome.LIKED),
        ("试过了", Outcome.TRIED),
        ("还没定", Outcome.NOT_YET),
    ],
)
def test_one_tap_notes_what_came_of_it(
    shop: Shop, lin: Phone, number: str, over: Card, button: str, outcome: Outcome
) -> None:
    assert tap(lin, over, button) == button
    assert (visit(shop, number).state, visit(shop, number).outcome) == (AppointmentState.DONE, outcome)


def test_the_first_tap_holds(shop: Shop, lin: Phone, number: str, over: Card) -> None:
    tap(lin, over, "成交了")
    assert tap(lin, over, "试过了", code="RC2") == "成交了"
    assert visit(shop, number).outcome == Outcome.BOUGHT
    assert "已经记过：成交了" in shop.words_for("lin.yue")[-1]


def test_a_later_word_corrects_it(shop: Shop, lin: Phone, number: str, over: Card) -> None:
    tap(lin, over, "试过了")
    assert "成交了" in lin.says(f"试戴结果 {number} 成交")
    assert visit(shop, number).outcome == Outcome.BOUGHT


def test_the_card_also_takes_that_nobody_came(shop: Shop, lin: Phone, number: str, over: Card) -> None:
    assert tap(lin, over, "没有来") == "没有来"
    assert visit(shop, number).state is AppointmentState.NO_SHOW


def test_why_not_yet_is_one_sentence(shop: Shop, lin: Phone, number: str, over: Card) -> None:
    tap(lin, over, "还没定")
    assert "因为什么" in shop.words_for("lin.yue")[-1]
    assert "想等年底的活动" in lin.says("想等年底的活动")
    assert visit(shop, number).outcome_note == "想等年底的活动"


def test_the_sentence_may_be_left_out(shop: Shop, lin: Phone, number: str, over: Card) -> None:
    tap(lin, over, "还没定")
    assert "只记" in lin.says("跳过")
    assert visit(shop, number).outcome_note == ""


def test_a_command_is_no_reason(shop: Shop, lin: Phone, number: str, over: Card) -> None:
    tap(lin, over, "还没定")
    assert "预约" in lin.says("今日预约")
    assert visit(shop, number).outcome_note == ""


@pytest.mark.parametrize("words", ["试戴结果 周芸 没买 圈口不合适", "结果 C0001 还没定，圈口不合适"])
def test_result_and_reason_in_one_line(shop: Shop, lin: Phone, number: str, over: Card, words: str) -> None:
    assert "还没定" in lin.says(words)
    assert visit(shop, number).outcome_note == "圈口不合适"


def test_without_a_result_it_is_asked_for(shop: Shop, lin: Phone, number: str, over: Card) -> None:
    assert "1. 成交了" in lin.says("试戴结果 周芸")
    assert "喜欢" in lin.says("2")
    assert visit(shop, number).outcome == Outcome.LIKED


def test_nothing_came_yet_of_a_visit_that_has_not_begun(shop: Shop, lin: Phone, number: str) -> None:
    assert "还没到时间" in lin.says("试戴结果 周芸 成交")
    assert visit(shop, number).outcome == ""


def test_somebody_elses_card_notes_nothing(shop: Shop, number: str, over: Card) -> None:
    assert tap(shop.member("sun.li"), over, "成交了") == "卡片已失效"
    assert visit(shop, number).outcome == ""


def test_the_day_shows_how_each_visit_stands(shop: Shop, lin: Phone, over: Card) -> None:
    booked(shop, "C0002", "2026-11-21T15:00+08:00")
    tap(lin, over, "成交了")
    day = lin.says("今日预约")
    assert "11:00 周芸 古法手镯 成交了" in day
    assert "15:00 周云 古法手镯 待接受" in day
