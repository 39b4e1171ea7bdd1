"""What a customer may see of herself at a glance, and what she may mend."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.models import (
    Appointment,
    AppointmentState,
    Customer,
    Identity,
    Interaction,
    MergeRecord,
    Occasion,
    OccasionKind,
    Purchase,
    Relative,
    Role,
    Size,
    Staff,
)
from crm.services import audit, consents, purchases
from crm.services.customers import masked_phone, set_name, set_phone
from crm.services.households import remembering
from crm.services.households.days import YearDay
from crm.services.households.pieces import known_to_her
from crm.services.privacy import holds

# The customer herself, in the audit log.
HERSELF = Actor("customer", "program")
# Days on which somebody spoke, shown; more are not remembered by anybody.
CONTACTS = 3
# Hexadecimal digits of a mark: it travels signed, so it only has to differ from one person to the next.
MARK_DIGITS = 10


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """`phone` is masked; `sizes` by kind; `visits`: those that are still to come; `contacts`: the newest first."""

    customer: Customer
    phone: str
    birthday: YearDay | None
    sizes: Sequence[tuple[str, str]]
    pieces: int
    orders: int
    visits: Sequence[Appointment]
    marketing: bool | None
    fewer: bool
    relatives: int
    occasions: int
    messages: int
    contacts: Sequence[tuple[datetime, str]]
    channels: Sequence[str]
    held: int


def own_record(session: Session, customer: Customer, today: date, now: datetime) -> OwnRecord:
    """Read for herself, so without what is kept secret from her on that day of the shop; audited."""
    audit.note(session, now, HERSELF, "own-record", customer.code)
    shown = {piece.id for piece in known_to_her(session, customer.id, today)}
    owned = {piece.id for piece in purchases.owned_pieces(session, customer.id)}
    word = consents.latest(session, [customer.id]).get(customer.id)
    return OwnRecord(
        customer=customer,
        phone=masked_phone(customer.phone),
        birthday=_birthday(session, customer),
        sizes=_sizes(session, customer),
        pieces=len(shown),
        orders=_count(session, Purchase, customer) - len(owned - shown),
        visits=_visits(session, customer, now),
        marketing=word.granted if word else None,
        fewer=customer.id in consents.wanting_fewer(session, [customer.id]),
        relatives=_count(session, Relative, customer),
        occasions=_count(session, Occasion, customer),
        messages=_count(session, Interaction, customer),
        contacts=_contacts(session, customer),
        channels=_channels(session, customer),
        held=len(holds.lines_of(session, customer.id, now)),
    )


def mark_of(session: Session, customer: Customer) -> str:
    """What her row's id alone does not say: that it is still she, and nobody who got the number after her.

    It changes when a merge of hers is undone: whoever asked while two were one may have been the other one.
    """
    made = customer.created_at.astimezone(UTC).isoformat()
    undone = func.count(MergeRecord.undone_at)
    merges = select(undone).where(MergeRecord.customer_id == customer.id)
    told = f"{customer.code} {made} {session.scalar(merges)}"
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_DIGITS]


def merges_of(session: Session, customer: Customer) -> str:
    """Who she is at this moment: her code, how many went up in her, how many of these came out again."""
    count = select(func.count(MergeRecord.id), func.count(MergeRecord.undone_at))
    merged, undone = session.execute(count.where(MergeRecord.customer_id == customer.id)).one()
    return f"{customer.code} {merged} {undone}"


def correct_name(session: Session, customer: Customer, name: str, now: datetime) -> None:
    """Raises Invalid for one that is too long."""
    set_name(session, customer, name)
    audit.note(session, now, HERSELF, "correct-name", customer.code)


def correct_birthday(
    session: Session, customer: Customer, day: str, calendar: str, now: datetime, *, leap: bool
) -> None:
    """`day`: an ISO date of its own calendar, "solar" or "lunar"; `leap`: of a leap month."""
    customer.birthday, customer.birthday_calendar, customer.birthday_leap_month = day, calendar, leap
    audit.note(session, now, HERSELF, "correct-birthday", customer.code)


def correct_gender(session: Session, customer: Customer, gender: str, now: datetime) -> None:
    """`gender`: "male" or "female", as the shop's tables write it."""
    customer.gender = gender
    audit.note(session, now, HERSELF, "correct-gender", customer.code)


def remove_phone(session: Session, customer: Customer, now: datetime) -> None:
    """Off her card, and no table with the same number brings it back."""
    set_phone(customer, "")
    audit.note(session, now, HERSELF, "remove-phone", customer.code)


def told_of_erasure(session: Session, customer: Customer) -> list[Staff]:
    """Who has to know that she is gone: her advisor and the managers of her shop."""
    advisor = customer.advisor
    store_id = customer.store_id or (advisor.store_id if advisor else None)
    managers = select(Staff).where(Staff.store_id == store_id, Staff.role == Role.MANAGER).order_by(Staff.id)
    found = [advisor] if advisor else []
    found += session.scalars(managers).all() if store_id is not None else []
    return [staff for staff in dict.fromkeys(found) if staff.left_at is None]


def _count(session: Session, model: type[Purchase | Relative | Occasion | Interaction], customer: Customer) -> int:
    return session.scalar(select(func.count()).where(model.customer_id == customer.id)) or 0


def _sizes(session: Session, customer: Customer) -> list[tuple[str, str]]:
    rows = select(Size).where(Size.customer_id == customer.id, Size.relative_id.is_(None)).order_by(Size.id)
    own = {row.kind.value: row.value for row in session.scalars(rows)}
    if customer.ring_size:
        own["ring"] = customer.ring_size
    return list(own.items())


def _birthday(session: Session, customer: Customer) -> YearDay | None:
    """Also one that she told without its year."""
    hers = (one for one in remembering.days(session, customer) if not one.of and one.kind is OccasionKind.BIRTHDAY)
    return next((one.day for one in hers), None)


def _visits(session: Session, customer: Customer, now: datetime) -> Sequence[Appointment]:
    hers = Appointment.customer_id == customer.id
    booked = Appointment.state == AppointmentState.BOOKED
    wanted = select(Appointment).where(hers, booked, Appointment.starts_at > now)
    return session.scalars(wanted.order_by(Appointment.starts_at)).all()


def _contacts(session: Session, customer: Customer) -> list[tuple[datetime, str]]:
    rows = select(Interaction.at, Interaction.channel).where(Interaction.customer_id == customer.id)
    return [(at, channel) for at, channel in session.execute(rows.order_by(Interaction.id.desc()).limit(CONTACTS))]


def _channels(session: Session, customer: Customer) -> list[str]:
    kinds = select(Identity.kind).where(Identity.customer_id == customer.id, Identity.left_at.is_(None))
    return sorted({kind.value for kind in session.scalars(kinds)})
