"""Which way a push may travel: the ladder of each purpose, and the words when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.messages import Channel
from bot.platforms.window import Window
from scheduler.routes import (
    BATCHED,
    KEYED,
    Address,
    DirectRoute,
    MarketingRoute,
    NoWay,
    Reach,
    ServiceRoute,
    Way,
    cheaper_than,
    direct_route,
    marketing_way,
    service_way,
)

NOW = datetime(2026, 12, 8, 2, tzinfo=UTC)
FOLLOWER, KF, CONTACT = Address("wx1", "oOne"), Address("wk1", "wmKf"), Address("ww1", "wmOne")
ADVISOR = Address("ww1", "lin.yue")
EVERYTHING = Reach(
    follower=FOLLOWER,
    window=Window("message", NOW + timedelta(hours=1), 5),
    kf=KF,
    kf_window=Window("message", NOW + timedelta(hours=1), 5),
    contact=CONTACT,
    advisor=ADVISOR,
)
CLOSED: dict[str, Any] = {"window": None, "kf_window": None}


def service(reach: Reach, **more: Any) -> str:
    way = service_way(reach, NOW, **({"has_template": True} | more))
    return way.route.value if isinstance(way, Way) else way.reason


def marketing(reach: Reach, **more: Any) -> str:
    way = marketing_way(reach, NOW, **more)
    return way.route.value if isinstance(way, Way) else way.reason


@pytest.mark.parametrize(
    ("changes", "template", "route"),
    [
        ({}, True, "window"),
        ({"window": None}, True, "template"),
        ({"window": Window("message", NOW, 5)}, True, "template"),
        ({"window": Window("message", NOW + timedelta(hours=1), 1)}, True, "template"),
        ({"window": Window("message", NOW + timedelta(hours=1), 2)}, True, "window"),
        ({"window": None}, False, "kf_window"),
        ({**CLOSED}, False, "advisor_send_task"),
        ({**CLOSED, "follower": None}, True, "advisor_send_task"),
        ({**CLOSED, "follower": None, "contact": None}, True, "advisor_task"),
        ({"follower": None}, True, "kf_window"),
    ],
)
def test_a_service_notice_takes_the_cheapest_legal_way(changes: dict[str, Any], template: bool, route: str) -> None:
    assert service(replace(EVERYTHING, **changes), has_template=template) == route


@pytest.mark.parametrize(
    ("granted", "asked", "route"),
    [
        ({"SUB_1"}, "SUB_1", "subscription"),
        ({"SUB_1"}, "SUB_2", "template"),
        ({"SUB_1"}, "", "template"),
        (set(), "SUB_1", "template"),
    ],
)
def test_a_yes_of_hers_comes_before_the_template(granted: set[str], asked: str, route: str) -> None:
    reach = replace(EVERYTHING, window=None, subscriptions=frozenset(granted))
    assert service(reach, subscription=asked) == route
    assert service(replace(reach, follower=None), subscription=asked) == "kf_window"
    assert marketing(reach) == "kf_window"


@pytest.mark.parametrize(
    ("changes", "route"),
    [
        ({}, "window"),
        ({"window": None}, "kf_window"),
        ({**CLOSED}, "mass_send"),
        ({**CLOSED, "mass_sends_this_month": 3}, "mass_send"),
        ({**CLOSED, "mass_sends_this_month": 4}, "advisor_mass_task"),
        ({**CLOSED, "follower": None}, "advisor_mass_task"),
        ({**CLOSED, "follower": None, "contact": None}, "advisor_list"),
    ],
)
def test_marketing_takes_the_cheapest_legal_way(changes: dict[str, Any], route: str) -> None:
    assert marketing(replace(EVERYTHING, **changes)) == route


def test_there_is_no_marketing_template_to_choose() -> None:
    assert "template" not in {route.value for route in MarketingRoute}
    with pytest.raises(ValueError, match="template"):
        MarketingRoute("template")


def test_who_has_nothing_is_unreachable_in_words() -> None:
    reason = marketing(Reach())
    assert reason == (
        "unreachable, because not a follower of the official account; no customer-service window is open; no advisor"
    )


def test_a_push_goes_down_the_ladder_and_never_up() -> None:
    passed = cheaper_than("mass_send") | {"mass_send"}
    assert marketing(EVERYTHING, skip=passed) == "advisor_mass_task"
    everything = cheaper_than("advisor_task") | {"advisor_task"}
    assert "already passed" in marketing(EVERYTHING, skip=everything)
    assert isinstance(service_way(EVERYTHING, NOW, has_template=True, skip=everything), NoWay)


def test_a_task_that_an_advisor_confirms_names_him() -> None:
    way = marketing_way(replace(EVERYTHING, follower=None, **CLOSED), NOW)
    assert way == Way(MarketingRoute.ADVISOR_MASS_TASK, Channel.CONTACT, CONTACT, sender="lin.yue")


def test_an_unknown_route_is_above_nothing() -> None:
    assert cheaper_than("") == frozenset()


@pytest.mark.parametrize(
    ("channel", "code", "route"),
    [
        ("official_account", False, DirectRoute.REPLY),
        ("kf", False, DirectRoute.KF_REPLY),
        ("kf", True, DirectRoute.KF_EVENT),
        ("contact", True, DirectRoute.WELCOME),
        ("wecom", False, DirectRoute.STAFF),
    ],
)
def test_a_reply_leaves_by_the_door_it_came_in(channel: str, code: bool, route: DirectRoute) -> None:
    assert direct_route(channel, code) is route


def test_a_door_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="fax"):
        direct_route("fax", False)


def test_what_may_double_is_known_for_every_route() -> None:
    """A new route has to be put on one side or the other here."""
    unkeyed = {"window", "subscription", "reply", "advisor_mass_task", "advisor_send_task"}
    every = {*ServiceRoute, *MarketingRoute, *DirectRoute}
    assert {route.value for route in every} - KEYED == unkeyed
    assert {route.value for route in MarketingRoute} >= BATCHED
