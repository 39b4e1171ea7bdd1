"""What the advisors of two cards read when these become one or two again: their own customer by name, nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from bot.messages import Text
from crm.actors import Actor
from crm.models import Customer, Role, Staff
from crm.services import customers
from crm.services.staff import manager_of
from crm.services.visibility import sees
from handlers.outbox import Outbox
from wording import Wording


@dataclass(frozen=True, slots=True)
class GoneUp:
    """Who went up in another one, as she was: read before the merge."""

    name: str
    code: str
    advisor: Staff | None

    @classmethod
    def of(cls, customer: Customer) -> Self:
        return cls(customer.name, customer.code, customer.advisor)


def tell_of_merge(
    session: Session, keep: Customer, gone: GoneUp, besides: Staff | None, how: str, outbox: Outbox, say: Wording
) -> None:
    """Each of their advisors once. `how`: by whom or by what they became one."""
    for advisor in _of_both(keep.advisor, gone.advisor, besides):
        hint = undo_hint(session, advisor, keep, gone.code, say)
        if sees(session, Actor.of(advisor), keep):
            named = {"name": called(keep, say), "code": keep.code, "former": gone.code}
            told = say("linking.merged_told", how=how, hint=hint, **named)
        else:
            name = gone.name or say("advisor.new_friend")
            told = say("linking.merged_away_told", how=how, hint=hint, name=name, code=gone.code)
        outbox.to_staff(advisor, Text(told), job="linking")


def tell_of_undoing(session: Session, kept: Customer, back: Customer, by: Staff, outbox: Outbox, say: Wording) -> None:
    """Whoever looks after one of them reads that there are two again, and no word of whom he may not see."""
    for advisor in _of_both(kept.advisor, back.advisor, by):
        shown = [
            person(one, say) if sees(session, Actor.of(advisor), one) else say("linking.somebody_else")
            for one in (kept, back)
        ]
        told = say("linking.unmerged_told", who=by.name, kept=shown[0], back=shown[1])
        outbox.to_staff(advisor, Text(told), job="linking")


def undo_hint(session: Session, advisor: Staff, keep: Customer, code: str, say: Wording) -> str:
    """To whom he turns when it was wrong: his manager, if that one may undo it."""
    above = manager_of(session, advisor)
    if above is not None and above.role is Role.MANAGER and sees(session, Actor.of(above), keep):
        return say("linking.undo_hint", code=code)
    return say("linking.undo_hint_elsewhere")


def _of_both(one: Staff | None, second: Staff | None, besides: Staff | None) -> list[Staff]:
    """Whoever works here still, but not he who did it."""
    found = dict.fromkeys(advisor for advisor in (one, second) if advisor is not None)
    return [advisor for advisor in found if advisor is not besides and advisor.left_at is None]


def person(customer: Customer, say: Wording) -> str:
    """A customer as staff read her where she must not be mistaken; the phone masked."""
    if not customer.name and not customer.phone:
        return say("linking.person_nameless", code=customer.code)
    phone = customers.masked_phone(customer.phone) or say("advisor.unknown_value")
    return say("linking.person", name=called(customer, say), code=customer.code, phone=phone)


def called(customer: Customer, say: Wording) -> str:
    """How staff read a name; a stranger has none yet."""
    return customer.name or say("advisor.new_friend")
