"""What the platforms say later: rows go up their ladder, never down."""

from __future__ import annotations

import pytest

from crm.models import Delivery, DeliveryState
from crm.services.deliveries import receipt
from scheduler.confirmations import ask_about_tasks
from tests.scheduler.town import OA, Town

MORNING = "2026-12-08T10:00"
DELIVERED, FAILED = DeliveryState.DELIVERED, DeliveryState.FAILED


def tell(town: Town, platform_id: str, outcome: DeliveryState, reason: str = "success", account: str = OA) -> int:
    with town.sessions.begin() as session:
        return receipt(session, platform_id, account, outcome, reason, town.clock.now())


@pytest.fixture
def template_sent(town: Town) -> Delivery:
    town.buy("C2", "A1", "2025-12-08")
    town.at(MORNING).plan()
    town.deliver()
    return town.row("C2")


def test_a_template_that_arrived_is_delivered(town: Town, template_sent: Delivery) -> None:
    assert tell(town, template_sent.platform_id, DELIVERED) == 1
    assert town.row("C2").state is DELIVERED


def test_a_template_that_was_blocked_failed(town: Town, template_sent: Delivery) -> None:
    tell(town, template_sent.platform_id, FAILED, "failed:user block")
    assert (town.row("C2").state, town.row("C2").reason) == (FAILED, "failed:user block")


@pytest.mark.parametrize(("first", "second"), [(DELIVERED, FAILED), (FAILED, DELIVERED)])
def test_the_first_word_holds(town: Town, template_sent: Delivery, first: DeliveryState, second: DeliveryState) -> None:
    tell(town, template_sent.platform_id, first)
    assert tell(town, template_sent.platform_id, second) == 0
    assert town.row("C2").state is first


def test_another_accounts_number_is_another_message(town: Town, template_sent: Delivery) -> None:
    assert tell(town, template_sent.platform_id, DELIVERED, account="wxOther") == 0
    assert town.row("C2").state is DeliveryState.SENT


def test_a_word_that_comes_before_the_row_is_written_is_not_lost(town: Town) -> None:
    """The platform is quicker than our commit."""
    town.buy("C2", "A1", "2025-12-08")
    town.at(MORNING).plan()
    next_number = 2_400_000_000 + town.sandbox.world.serial() + 1
    for number in range(next_number, next_number + 5):
        assert tell(town, str(number), FAILED, "failed:user block") == 0
    town.deliver()
    assert (town.row("C2").state, town.row("C2").reason) == (FAILED, "failed:user block")


def test_the_end_of_a_mass_send_is_the_end_for_all_of_it(town: Town) -> None:
    town.consent("C1", "C2", "C3")
    town.at(MORNING).plan()
    town.deliver()
    assert tell(town, town.row("C1").platform_id, DELIVERED, "send success") == 3
    assert set(town.states("member_day").values()) == {"delivered"}


def a_waiting_task(town: Town) -> str:
    town.consent("C1")
    town.unfollow("oOne")
    town.at(MORNING).plan()
    town.deliver()
    assert town.row("C1").state is DeliveryState.WAITING_CONFIRM
    return town.row("C1").platform_id


def test_what_the_advisor_confirms_is_delivered(town: Town) -> None:
    task = a_waiting_task(town)
    assert ask_about_tasks(town.shop, town.platforms, town.clock.now()) == 0
    town.sandbox.post(f"/control/contact/tasks/{task}/confirm", userid="lin.yue")
    assert ask_about_tasks(town.shop, town.platforms, town.later(minutes=1).clock.now()) == 1
    assert (town.row("C1").state, town.row("C1").reason) == (DELIVERED, "confirmed by the advisor")


def test_who_is_no_friend_any_more_could_not_be_reached(town: Town) -> None:
    task = a_waiting_task(town)
    town.sandbox.act("contact", "oOne", "delete", userid="lin.yue")
    town.sandbox.post(f"/control/contact/tasks/{task}/confirm", userid="lin.yue")
    ask_about_tasks(town.shop, town.platforms, town.later(minutes=1).clock.now())
    assert (town.row("C1").state, town.row("C1").reason) == (FAILED, "no longer a friend of the advisor")


def test_a_task_that_nobody_confirms_ends_after_a_month(town: Town) -> None:
    a_waiting_task(town)
    assert ask_about_tasks(town.shop, town.platforms, town.later(days=31).clock.now()) == 1
    assert (town.row("C1").state, town.row("C1").reason) == (FAILED, "the advisor never confirmed it")


def test_while_wecom_is_busy_the_task_waits(town: Town) -> None:
    a_waiting_task(town)
    town.sandbox.switch(busy=1)
    assert ask_about_tasks(town.shop, town.platforms, town.clock.now()) == 0
    assert town.row("C1").state is DeliveryState.WAITING_CONFIRM
