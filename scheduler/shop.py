"""What every part of the scheduler needs to know of the shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.links import Links
from bot.messages import Card
from crm.db import Sessions
from crm.models import Appointment, Staff
from crm.services.membership.policy import Policy
from crm.services.privacy.retention import Retention
from crm.services.privacy.stone_file import StoneFile
from scheduler.hours import ShopHours
from wording import Wording

# Who is asked how a visit went, with the card for each.
OutcomeCards = Callable[[Session, Appointment], Sequence[tuple[Staff, Card]]]


@dataclass(frozen=True)
class Shop:
    """`templates`: template id by purpose ("maintenance_due"), only those that are set; `subscriptions`:
    the same for subscription notifications.

    `month_cap`: marketing pushes to one person in a calendar month, over all channels.
    `wecom_account`: under which name WeCom stands in the database (the corp id).
    `links`: addresses of our own pages, for texts. `outcome_cards`: the handlers' cards, which are answered there.
    `retention`: how long words are kept; `stones`: where erasures stand outside the database.
    """

    engine: Engine
    sessions: Sessions
    hours: ShopHours
    say: Wording
    name: str
    member_day: int
    month_cap: int
    templates: Mapping[str, str]
    wecom_account: str
    links: Links
    membership: Policy
    outcome_cards: OutcomeCards
    subscriptions: Mapping[str, str] = field(default_factory=dict)
    retention: Retention = field(default_factory=Retention)
    stones: StoneFile | None = None
