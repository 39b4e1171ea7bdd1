"""Everything the shop keeps about one customer, as JSON: for her right to a copy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import (
    Appointment,
    AppointmentPiece,
    Consent,
    Customer,
    Delivery,
    HoldEntry,
    Identity,
    Interaction,
    Purchase,
    WaitingEntry,
)
from crm.services import audit, history, purchases
from crm.services.blind import normal_phone
from crm.services.customers import by_code, by_phone, merged_into
from crm.services.households.copying import household
from crm.services.membership.copying import membership
from crm.services.privacy import holds
from crm.services.profiles import identities

Json = dict[str, Any]


def locate(session: Session, actor: Actor, named: str) -> Customer:
    """By code, phone or an id of a platform; raises NotFound, or Invalid when a phone has several owners."""
    found = session.scalars(select(Customer.code).where(Customer.code == named)).all() or _ids(session, named)
    found = found or session.scalars(select(Customer.code).where(Customer.id.in_(merged_into({named})))).all()
    codes = set(found) or {customer.code for customer in _with_phone(session, actor, named)}
    if len(codes) > 1:
        raise Invalid(f"{named} belongs to {', '.join(sorted(codes))}: say which by the code.")
    if not codes:
        raise NotFound(f"There is no customer {named}.")
    return by_code(session, actor, codes.pop())


def dossier(session: Session, actor: Actor, customer: Customer, action: str, now: datetime) -> Json:
    """The whole of it, in one object; the use is audited under `action`."""
    audit.note(session, now, actor, action, customer.code)
    return {
        "customer": _customer(customer),
        "identities": [_identity(row) for row in identities(session, customer.id)],
        "interactions": [_interaction(row) for row in reversed(history.interactions(session, customer.id, None))],
        "appointments": [
            *(_appointment(row) for row in _rows(session, Appointment, customer)),
            *(_waiting(row) for row in _rows(session, WaitingEntry, customer)),
        ],
        "pieces": [_purchase(row) for row in purchases.owned_pieces(session, customer.id)],
        "purchases": [_purchase(row) for row in purchases.purchases(session, customer.id)],
        "consents": [_consent(row) for row in _rows(session, Consent, customer)],
        "deliveries": [_delivery(row, customer) for row in _rows(session, Delivery, customer)],
        "household": household(session, customer.id),
        "membership": membership(session, customer.id),
        "held_by_law": [_held(row) for row in holds.entries(session, customer.id)],
    }


def _ids(session: Session, named: str) -> list[str]:
    wanted = select(Customer.code).join(Identity, Identity.customer_id == Customer.id).where(Identity.value == named)
    return list(session.scalars(wanted))


def _with_phone(session: Session, actor: Actor, named: str) -> list[Customer]:
    try:
        return by_phone(session, actor, named) if normal_phone(named) else []
    except Invalid:
        return []


def _rows(session: Session, model: Any, customer: Customer) -> Iterable[Any]:
    return session.scalars(select(model).where(model.customer_id == customer.id).order_by(model.id))


def _customer(customer: Customer) -> Json:
    return {
        "code": customer.code,
        "name": customer.name,
        "phone": customer.phone,
        "gender": customer.gender,
        "birthday": customer.birthday,
        "birthday_calendar": customer.birthday_calendar,
        "birthday_leap_month": customer.birthday_leap_month,
        "wedding_anniversary": _iso(customer.wedding_anniversary),
        "store_code": customer.store.code if customer.store else None,
        "advisor_userid": customer.advisor.userid if customer.advisor else None,
        "ring_size": customer.ring_size,
        "allergies": customer.allergies,
        "preferences": customer.preferences,
        "tags": [tag for tag in customer.tags.split(";") if tag],
        "notes": customer.notes,
        "created_at": _iso(customer.created_at),
    }


def _identity(row: Identity) -> Json:
    return {
        "account": row.account,
        "kind": row.kind.value,
        "value": row.value,
        "since": _iso(row.since),
        "left_at": _iso(row.left_at),
        "remark": row.remark,
    }


def _interaction(row: Interaction) -> Json:
    return {
        "at": _iso(row.at),
        "direction": row.direction.value,
        "channel": row.channel,
        "kind": row.kind,
        "text": row.text,
        "key": row.key,
    }


def _appointment(row: Appointment) -> Json:
    moments = ("starts_at", "ends_at", "created_at", "booked_at", "accepted_at", "closed_at")
    plain = ("number", "for_whom", "wishes", "made_by", "closed_by", "reason", "outcome", "outcome_note", "moves")
    return {
        **{name: getattr(row, name) for name in plain},
        **{name: _iso(getattr(row, name)) for name in moments},
        "store_code": row.store.code,
        "advisor_userid": row.advisor.userid if row.advisor else None,
        "state": row.state.value,
        "pieces": [_wished_piece(piece) for piece in row.pieces],
    }


def _wished_piece(row: AppointmentPiece) -> Json:
    return {
        "style_no": row.style.style_no if row.style else "",
        "barcode": row.piece.barcode if row.piece else "",
        "words": row.words,
        "state": row.state.value,
    }


def _waiting(row: WaitingEntry) -> Json:
    return {
        "store_code": row.store.code,
        "first": _iso(row.first),
        "last": _iso(row.last),
        "for_whom": row.for_whom,
        "wishes": row.wishes,
        "state": row.state.value,
        "created_at": _iso(row.created_at),
        "closed_at": _iso(row.closed_at),
    }


def _purchase(row: Purchase) -> Json:
    names = ("number", "line", "style_no", "barcode", "name", "category", "material", "gem", "setting")
    return {
        **{name: getattr(row, name) for name in names},
        "kind": row.kind.value,
        "purchased_at": _iso(row.purchased_at),
        "certificate_no": row.certificate_no,
        "quantity": row.quantity,
        "amount_fen": row.amount,
        "payment": row.payment,
    }


def _consent(row: Consent) -> Json:
    names = ("purpose", "granted", "text_version", "channel", "proof")
    return {**{name: getattr(row, name) for name in names}, "at": _iso(row.at)}


def _delivery(row: Delivery, customer: Customer) -> Json:
    return {
        "job": row.job,
        "due_on": _iso(row.due_on),
        "customer": customer.code,
        "channel": row.channel,
        "state": row.state.value,
        "reason": row.reason,
        "planned_at": _iso(row.planned_at),
        "ended_at": _iso(row.ended_at),
    }


def _held(row: HoldEntry) -> Json:
    return {
        "purchase_id": row.purchase_id,
        "name": row.name,
        "phone": row.phone,
        "rule": row.rule,
        "since": _iso(row.since),
        "until": _iso(row.until),
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
