"""What each class of error means for each purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.errors import (
    BadContent,
    Busy,
    Misconfigured,
    NotSent,
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    TokenRejected,
    Unreachable,
    WindowClosed,
)
from crm.models import DeliveryState, Purpose
from crm.services.claims import UNCLEAR, Claimed
from scheduler.outcomes import Again, End, OtherWay, final_state, in_words, needs_a_person, outcome_of

NOW = datetime(2026, 12, 8, 2, tzinfo=UTC)


def a_row(purpose: Purpose = Purpose.MARKETING, attempts: int = 1, reason: str = "") -> Claimed:
    return Claimed(
        id=1,
        key="k",
        job="j",
        due_on=date(2026, 12, 8),
        purpose=purpose,
        customer_id=1,
        staff_id=None,
        channel="",
        route="",
        account="",
        person="",
        body="",
        attempts=attempts,
        planned_at=NOW,
        not_after=None,
        send_id=None,
        receipt="",
        reason=reason,
        owner="me",
    )


def outcome(error: PlatformError, row: Claimed | None = None, route: str = "window") -> object:
    return outcome_of(error, row or a_row(), route, NOW, chance=0.5)


@pytest.mark.parametrize("error", [NotSent(None, "refused"), Busy(-1, "busy")])
@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 6), (3, 18), (4, 54)])
def test_what_was_not_done_is_tried_again_ever_later(error: PlatformError, attempts: int, seconds: int) -> None:
    found = outcome(error, a_row(attempts=attempts))
    assert isinstance(found, Again)
    assert found.at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "words",
    [
        "/cgi-bin/x: no customer, hint: [123], from ip: 10.0.0.1, more info at https://open.work.weixin.qq.com",
        "/cgi-bin/x: no customer rid: 1a2b3c4d-5e6f7a8b-9c0d1e2f",
    ],
)
def test_the_list_is_spared_the_platforms_trace(words: str) -> None:
    assert in_words(Unreachable(41048, words)) == "Unreachable: 41048: /cgi-bin/x: no customer"


def test_the_retries_of_many_are_spread() -> None:
    found = [outcome_of(Busy(-1, ""), a_row(), "window", NOW, chance=chance) for chance in (0, 0.5, 1)]
    assert {each.at for each in found if isinstance(each, Again)} == {
        NOW + timedelta(seconds=seconds) for seconds in (1, 2, 3)
    }


def test_after_five_attempts_it_failed() -> None:
    found = outcome(Busy(-1, "busy"), a_row(attempts=5))
    assert found == End(DeliveryState.FAILED, "given up after 5 attempts: Busy: -1: busy")


def test_a_quota_is_waited_for() -> None:
    found = outcome(RateLimited(45011, "slow down", 60), a_row(attempts=9))
    assert isinstance(found, Again)
    assert found.at == NOW + timedelta(seconds=60)


def test_a_quota_that_opens_too_late_means_another_way() -> None:
    row = replace(a_row(), not_after=NOW + timedelta(hours=1))
    assert isinstance(outcome(RateLimited(45009, "the day's", 7200), row), OtherWay)
    assert isinstance(outcome(RateLimited(45009, "the minute's", 60), row), Again)
    doubtful = replace(row, reason=f"{UNCLEAR}no answer")
    assert isinstance(outcome(RateLimited(45009, "the day's", 7200), doubtful), Again)


@pytest.mark.parametrize(
    ("error", "minutes"), [(Misconfigured(60020, "address"), 10), (TokenRejected(40001, "secret"), 1)]
)
def test_wrong_settings_wait_for_a_person(error: PlatformError, minutes: int) -> None:
    found = outcome(error)
    assert isinstance(found, Again)
    assert found.at == NOW + timedelta(minutes=minutes)
    assert needs_a_person(error)


@pytest.mark.parametrize("error", [Unreachable(43004, "left"), WindowClosed(45015, "over")])
def test_who_cannot_be_reached_is_tried_another_way(error: PlatformError) -> None:
    assert isinstance(outcome(error), OtherWay)


@pytest.mark.parametrize("error", [BadContent(44004, "empty"), PlatformError(99999, "unheard of")])
def test_what_the_platform_refuses_failed(error: PlatformError) -> None:
    found = outcome(error)
    assert isinstance(found, End)
    assert found.state is DeliveryState.FAILED


@pytest.mark.parametrize(
    ("purpose", "route", "again"),
    [
        (Purpose.MARKETING, "window", False),
        (Purpose.MARKETING, "advisor_mass_task", False),
        (Purpose.MARKETING, "mass_send", True),
        (Purpose.MARKETING, "kf_window", True),
        (Purpose.MARKETING, "advisor_task", True),
        (Purpose.SERVICE, "window", True),
        (Purpose.SERVICE, "template", True),
        (Purpose.REPLY, "reply", True),
        (Purpose.STAFF, "staff", True),
    ],
)
def test_an_unknown_outcome_is_repeated_only_where_it_may(purpose: Purpose, route: str, again: bool) -> None:
    found = outcome(OutcomeUnknown(None, "no answer"), a_row(purpose), route)
    assert isinstance(found, Again if again else End)
    assert found.reason.startswith(UNCLEAR)
    if isinstance(found, End):
        assert found.state is DeliveryState.UNKNOWN


def test_unknown_to_the_end_is_unknown() -> None:
    found = outcome(OutcomeUnknown(None, "no answer"), a_row(Purpose.REPLY, attempts=5), "reply")
    assert isinstance(found, End)
    assert found.state is DeliveryState.UNKNOWN


def test_marketing_that_may_have_arrived_takes_no_second_way() -> None:
    doubtful = a_row(reason=f"{UNCLEAR}no answer", attempts=2)
    found = outcome(WindowClosed(95001, "over"), doubtful, "kf_window")
    assert isinstance(found, End)
    assert final_state(doubtful, found.state) is DeliveryState.UNKNOWN


def test_a_clear_failure_later_does_not_clear_an_earlier_one() -> None:
    found = outcome(Busy(-1, "busy"), a_row(reason=f"{UNCLEAR}no answer", attempts=2), "mass_send")
    assert isinstance(found, Again)
    assert found.reason.startswith(UNCLEAR)


@pytest.mark.parametrize(
    ("reason", "state", "final"),
    [
        ("", DeliveryState.SKIPPED, DeliveryState.SKIPPED),
        (f"{UNCLEAR}x", DeliveryState.SKIPPED, DeliveryState.UNKNOWN),
        (f"{UNCLEAR}x", DeliveryState.FAILED, DeliveryState.UNKNOWN),
        (f"{UNCLEAR}x", DeliveryState.SENT, DeliveryState.SENT),
    ],
)
def test_doubt_stays_until_it_is_sent(reason: str, state: DeliveryState, final: DeliveryState) -> None:
    assert final_state(a_row(reason=reason), state) is final
