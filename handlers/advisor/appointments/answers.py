"""What answers a question about a visit even in the middle of a talk with a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.router import state, words
from crm.when import WhenKind, read_when
from handlers.filters import chose, when
from handlers.states import State

if TYPE_CHECKING:
    from handlers.context import Visit


def _only_a_time(visit: Visit) -> bool:
    """ "周六三点", but not "周六三点见": that is said to the customer."""
    meant = read_when(visit.message.text, visit.now.astimezone(visit.desk.shop.zone))
    return meant.kind is not WhenKind.NONE and not meant.rest.strip(" ,，。.!！吧")


answers_about_visits = (
    (state(State.NAMING_VISIT_TIME) & (when(_only_a_time) | words("取消|算了|不约了|不改了|放弃")))
    | (state(State.CANCELLING_VISIT) & words("确认|确认取消|取消|不取消|保留|留着"))
    | state(State.SAYING_WHY_NOT_YET)
    | (state(State.ROSTER_CHANGED) & words("/?(?:撤销|撤回)"))
    | chose(State.NAMING_VISIT_TIME)
    | chose(State.CHOOSING_VISIT)
    | chose(State.HANDING_VISIT_OVER)
    | chose(State.NOTING_OUTCOME)
)
