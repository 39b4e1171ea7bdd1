"""The member day: who is invited, how, and why somebody is not."""

from __future__ import annotations

import pytest

from bot.messages import Channel
from crm.services.facts import set_fact
from tests.scheduler.past import marketing_sent
from tests.scheduler.town import OA, Town

MORNING = "2026-12-08T10:00"
JOB = "member_day"


def test_one_mass_send_reaches_the_followers_who_agreed(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states(JOB) == {"C1": "sent", "C2": "sent"}
    assert len(town.calls("/mass/send")) == 1
    assert "退订" in town.said("C1")[0]
    assert town.said("C3") == []


def test_the_invitation_tells_the_shops_own_benefit(town: Town) -> None:
    with town.sessions.begin() as session:
        set_fact(session, "member_day", "积分双倍、免费清洗。")
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    town.deliver()
    assert "积分双倍、免费清洗。\n" in town.said("C1")[0]
    assert town.log_of("C1") == town.said("C1")


@pytest.mark.parametrize("moment", ["2026-12-07T10:00", "2026-12-08T09:59", "2026-12-09T10:00"])
def test_no_other_moment_invites(town: Town, moment: str) -> None:
    town.consent("C1", "C2")
    assert town.at(moment).plan() == 0


def test_who_took_the_consent_back_before_the_day_is_not_even_planned(town: Town) -> None:
    town.consent("C1", "C2", "C3")
    town.withdraw("C2")
    town.at(MORNING).plan()
    assert set(town.states(JOB)) == {"C1", "C3"}


def test_who_takes_it_back_between_plan_and_call_gets_nothing(town: Town) -> None:
    town.consent("C1", "C2", "C3")
    town.at(MORNING).plan()
    town.withdraw("C2")
    town.deliver()
    assert town.states(JOB) == {"C1": "sent", "C2": "skipped", "C3": "sent"}
    assert town.row("C2").reason == "no live consent to marketing"
    assert town.said("C2") == []


def test_who_left_is_asked_through_the_advisor(town: Town) -> None:
    town.consent("C1", "C2", "C3")
    town.unfollow("oOne")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states(JOB) == {"C1": "waiting_confirm", "C2": "sent", "C3": "sent"}
    assert town.row("C1").channel == "contact"
    assert town.sandbox.last("wecom", "lin.yue")["type"] == "mass"


def test_who_is_nobodys_is_unreachable_with_a_reason(town: Town) -> None:
    town.consent("C6")
    town.at(MORNING).plan()
    assert town.states(JOB) == {"C6": "skipped"}
    assert town.row("C6").reason.startswith("unreachable, because not a follower")
    assert town.row("C6").ended_at is not None


def test_an_advisor_gets_the_words_to_copy_for_who_is_no_friend_yet(town: Town) -> None:
    town.consent("C5")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states(JOB) == {"C5": "sent"}
    task = town.sandbox.last("wecom", "wu.an")["content"]
    assert "顾言（C5）" in task
    assert "退订" in task
    assert town.log_of("C5") == []  # nothing was said to her by us


def test_an_open_window_is_cheaper_and_one_place_stays_for_a_person(town: Town) -> None:
    town.consent("C1", "C2", "C3")
    town.at("2026-12-08T09:30")
    town.write("C1")
    town.ledger("C2", Channel.OFFICIAL_ACCOUNT, OA, "oTwo", left=1)
    town.at(MORNING).plan()
    town.deliver()
    assert {code: town.row(code).route for code in ("C1", "C2", "C3")} == {
        "C1": "window",
        "C2": "mass_send",
        "C3": "mass_send",
    }
    assert town.window_left("oOne") == 4
    assert len(town.said("C1")) == len(town.said("C2")) == 1


def test_one_alone_cannot_be_a_mass_send(town: Town) -> None:
    town.consent("C3")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states(JOB) == {"C3": "failed"}
    assert town.row("C3").reason.startswith("a mass send takes two people; unreachable")


def test_one_alone_goes_through_the_advisor(town: Town) -> None:
    town.consent("C1")
    town.at(MORNING).plan()
    town.deliver()
    assert town.states(JOB) == {"C1": "waiting_confirm"}


def test_the_months_cap_holds_over_all_jobs(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING)
    with town.sessions.begin() as session:
        marketing_sent(session, town.customers["C1"], town.clock.now(), 4)
        marketing_sent(session, town.customers["C2"], town.clock.now(), 3)
    town.plan()
    assert town.states(JOB)["C1"] == "skipped"
    assert town.row("C1", JOB).reason == "the month's marketing messages to this person are used up"
    assert town.states(JOB)["C2"] == "planned"


def test_late_on_the_day_it_still_goes_out(town: Town) -> None:
    town.consent("C1", "C2")
    town.at("2026-12-08T19:59").plan()
    town.deliver()
    assert set(town.states(JOB).values()) == {"sent"}


def test_too_late_is_not_sent_and_reported(town: Town) -> None:
    town.consent("C1", "C2")
    town.at("2026-12-08T09:00").plan()
    assert town.at("2026-12-09T09:00").plan() == 2
    town.deliver()
    assert set(town.states(JOB).values()) == {"skipped"}
    assert town.row("C1").reason == "too late to be useful: it was due on 2026-12-08"
    assert town.calls("/mass/send") == []


def test_what_waits_too_long_in_the_queue_is_not_sent(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    town.at("2026-12-08T20:01").deliver()
    assert set(town.states(JOB).values()) == {"skipped"}
    assert town.row("C1").reason == "too late to be useful"


def test_nobody_is_disturbed_in_quiet_hours(town: Town) -> None:
    town.consent("C1", "C2")
    town.quiet(21, 12)
    town.at(MORNING).plan()
    assert town.row("C1").not_before == town.shop.hours.awake(town.clock.now())
    town.deliver()
    assert set(town.states(JOB).values()) == {"planned"}
    town.at("2026-12-08T12:00").deliver()
    assert set(town.states(JOB).values()) == {"sent"}


def test_quiet_hours_are_looked_at_again_before_the_call(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    town.quiet(9, 12)
    town.deliver()
    assert set(town.states(JOB).values()) == {"planned"}
    assert town.row("C1").reason == "quiet hours"


def test_everybody_is_invited_once_a_month_and_again_the_next(town: Town) -> None:
    town.consent("C1", "C2")
    town.at(MORNING).plan()
    town.deliver()
    assert town.later(minutes=5).plan() == 0
    assert town.at("2027-01-08T10:00").plan() == 2
    town.deliver()
    assert len(town.said("C1")) == 2
