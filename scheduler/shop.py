"""What every part of the scheduler needs to know of the shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from crm.db import Sessions
from scheduler.hours import ShopHours
from wording import Wording


@dataclass(frozen=True)
class Shop:
    """`templates`: template id by purpose ("maintenance_due"), only those that are set.

    `month_cap`: marketing pushes to one person in a calendar month, over all channels.
    `wecom_account`: under which name WeCom stands in the database (the corp id).
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
