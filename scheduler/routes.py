"""By which way a push may travel to a person now, or why there is none; pure rules.

Rules of the platforms as of 2026-11-21. Marketing and service have an enumeration each: there is
no marketing template because the type has no such member, not because somebody checks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages import Channel
from bot.platforms.window import Window, may_send

# Places of a window that no push takes: somebody may have to answer in person.
KEPT_FOR_A_PERSON = 1
# Mass messages that the platform delivers to one follower in a calendar month.
MASS_SENDS_A_MONTH = 4


class ServiceRoute(StrEnum):
    """How what concerns a contract or an owned piece may travel, cheapest first.

    A subscription notification uses up one yes of hers. An advisor's send task goes out when he confirms
    it; an advisor's task is text to copy.
    """

    WINDOW = "window"
    SUBSCRIPTION = "subscription"
    TEMPLATE = "template"
    KF_WINDOW = "kf_window"
    ADVISOR_SEND_TASK = "advisor_send_task"
    ADVISOR_TASK = "advisor_task"


class MarketingRoute(StrEnum):
    """How marketing may travel, cheapest first. Template messages are for service notices only.

    An advisor's list names all of his customers whom nothing else reaches, with the words to copy.
    """

    WINDOW = "window"
    KF_WINDOW = "kf_window"
    MASS_SEND = "mass_send"
    ADVISOR_MASS_TASK = "advisor_mass_task"
    ADVISOR_LIST = "advisor_list"


class DirectRoute(StrEnum):
    """How replies and messages to staff travel: their address is known when they are planned."""

    REPLY = "reply"  # customer-service message; may take the window's last place
    KF_REPLY = "kf_reply"
    KF_EVENT = "kf_event"  # the one message that a code of KF allows
    WELCOME = "welcome"  # the first words to a new contact
    STAFF = "staff"
    CARD_DONE = "card_done"


Route = ServiceRoute | MarketingRoute | DirectRoute

# Both ladders in one: the order in which a push may go down.
_LADDER = (
    "window",
    "subscription",
    "template",
    "kf_window",
    "mass_send",
    "advisor_mass_task",
    "advisor_send_task",
    "advisor_list",
    "advisor_task",
)

# One call carries many people.
BATCHED = frozenset(
    {
        MarketingRoute.MASS_SEND.value,
        MarketingRoute.ADVISOR_MASS_TASK.value,
        MarketingRoute.ADVISOR_LIST.value,
    }
)
# The platform recognises a second attempt by a key (or by a code that serves once), so that
# trying again never doubles: client_msg_id, clientmsgid, msgid, WeCom's duplicate check.
KEYED = frozenset(
    {
        ServiceRoute.TEMPLATE.value,
        MarketingRoute.KF_WINDOW.value,
        MarketingRoute.MASS_SEND.value,
        MarketingRoute.ADVISOR_LIST.value,
        ServiceRoute.ADVISOR_TASK.value,
        DirectRoute.KF_REPLY.value,
        DirectRoute.KF_EVENT.value,
        DirectRoute.WELCOME.value,
        DirectRoute.STAFF.value,
        DirectRoute.CARD_DONE.value,
    }
)


@dataclass(frozen=True, slots=True)
class Address:
    """Who somebody is on one account."""

    account: str
    person: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What may reach one customer now. None: no such address, or no longer.

    `subscriptions`: templates of which she may get one more notification as this follower.
    """

    follower: Address | None = None
    window: Window | None = None
    kf: Address | None = None
    kf_window: Window | None = None
    contact: Address | None = None
    advisor: Address | None = None
    mass_sends_this_month: int = 0
    subscriptions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Way:
    """A route with the address at its end; `sender`: the advisor who has to confirm."""

    route: ServiceRoute | MarketingRoute
    channel: Channel
    address: Address
    sender: str = ""


@dataclass(frozen=True, slots=True)
class NoWay:
    """Nothing reaches this person: `reason` is for the list of pushes."""

    reason: str


def service_way(
    reach: Reach, now: datetime, *, has_template: bool, subscription: str = "", skip: Collection[str] = ()
) -> Way | NoWay:
    """The cheapest way for a service notice, without the routes to skip.

    `has_template`: the notice can travel as a template message; `subscription`: as a notification of this template.
    """
    subscribed = bool(subscription) and subscription in reach.subscriptions
    ways = (
        _window(ServiceRoute.WINDOW, reach, now),
        _follower(ServiceRoute.SUBSCRIPTION, reach) if subscribed else None,
        _follower(ServiceRoute.TEMPLATE, reach) if has_template else None,
        _kf_window(ServiceRoute.KF_WINDOW, reach, now),
        _to_confirm(ServiceRoute.ADVISOR_SEND_TASK, reach),
        _to_pass_on(ServiceRoute.ADVISOR_TASK, reach),
    )
    return _first(ways, skip) or NoWay(_why_not(reach, skip))


def marketing_way(reach: Reach, now: datetime, *, skip: Collection[str] = ()) -> Way | NoWay:
    """The cheapest way for marketing, without the routes to skip. Consent is not looked at here."""
    mass_send = reach.mass_sends_this_month < MASS_SENDS_A_MONTH
    ways = (
        _window(MarketingRoute.WINDOW, reach, now),
        _kf_window(MarketingRoute.KF_WINDOW, reach, now),
        _follower(MarketingRoute.MASS_SEND, reach) if mass_send else None,
        _to_confirm(MarketingRoute.ADVISOR_MASS_TASK, reach),
        _to_pass_on(MarketingRoute.ADVISOR_LIST, reach),
    )
    return _first(ways, skip) or NoWay(_why_not(reach, skip))


def cheaper_than(route: str) -> frozenset[str]:
    """The routes above this one: a push goes down the ladder only, so that it never goes in a circle."""
    return frozenset(_LADDER[: _LADDER.index(route)]) if route in _LADDER else frozenset()


def direct_route(channel: str, has_code: bool) -> DirectRoute:
    """How a reply travels that leaves by this channel; raises ValueError for one without a way out."""
    match Channel(channel):
        case Channel.OFFICIAL_ACCOUNT:
            return DirectRoute.REPLY
        case Channel.KF:
            return DirectRoute.KF_EVENT if has_code else DirectRoute.KF_REPLY
        case Channel.CONTACT:
            return DirectRoute.WELCOME
        case Channel.WECOM:
            return DirectRoute.STAFF


def _window(route: ServiceRoute | MarketingRoute, reach: Reach, now: datetime) -> Way | None:
    open_to_us = may_send(reach.window, now, keep=KEPT_FOR_A_PERSON) is None
    return Way(route, Channel.OFFICIAL_ACCOUNT, reach.follower) if reach.follower and open_to_us else None


def _kf_window(route: ServiceRoute | MarketingRoute, reach: Reach, now: datetime) -> Way | None:
    open_to_us = may_send(reach.kf_window, now, keep=KEPT_FOR_A_PERSON) is None
    return Way(route, Channel.KF, reach.kf) if reach.kf and open_to_us else None


def _follower(route: ServiceRoute | MarketingRoute, reach: Reach) -> Way | None:
    return Way(route, Channel.OFFICIAL_ACCOUNT, reach.follower) if reach.follower else None


def _to_confirm(route: ServiceRoute | MarketingRoute, reach: Reach) -> Way | None:
    """Only the member whose friend the customer is can send it, so both must be known."""
    if reach.contact is None or reach.advisor is None:
        return None
    return Way(route, Channel.CONTACT, reach.contact, reach.advisor.person)


def _to_pass_on(route: ServiceRoute | MarketingRoute, reach: Reach) -> Way | None:
    return Way(route, Channel.WECOM, reach.advisor, reach.advisor.person) if reach.advisor else None


def _first(ways: Sequence[Way | None], skip: Collection[str]) -> Way | None:
    return next((way for way in ways if way is not None and way.route not in skip), None)


def _why_not(reach: Reach, skip: Collection[str]) -> str:
    """In words: what is missing, and which ways are behind us."""
    missing = [
        "the official account may not write now" if reach.follower else "not a follower of the official account",
        "no customer-service window is open",
        "the advisor could not be asked" if reach.advisor else "no advisor",
        f"already passed: {', '.join(route for route in _LADDER if route in skip)}" if skip else "",
    ]
    return "unreachable, because " + "; ".join(part for part in missing if part)
