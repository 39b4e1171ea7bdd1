"""How she found a visit or a service: asked once, answered once; what was not right becomes a complaint at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session, joinedload

from crm.actors import Actor
from crm.errors import Invalid, NotAllowed, NotFound
from crm.models import Complaint, ComplaintState, Customer, Feedback, Role, Staff
from crm.services import audit

PLEASED, SO_SO, NOT_PLEASED = 3, 2, 1
# An answer later than this means something else.
ANSWERED_WITHIN = timedelta(days=3)
# Characters of what she tells; a longer story is told to a person.
WORDS_LENGTH = 1000


def ask(session: Session, ref: str, customer_id: int, store_id: int | None, now: datetime) -> Feedback | None:
    """The question is put; None when it was before."""
    if session.scalar(select(Feedback.id).where(Feedback.ref == ref)) is not None:
        return None
    asked = Feedback(customer_id=customer_id, store_id=store_id, ref=ref, asked_at=now, words="")
    session.add(asked)
    session.flush()
    return asked


def open_question(session: Session, customer_id: int, now: datetime, ref: str = "") -> Feedback | None:
    """What she was asked last and has not answered; of that `ref`, if one is given."""
    wanted = select(Feedback).where(Feedback.customer_id == customer_id, Feedback.score.is_(None))
    wanted = wanted.where(Feedback.asked_at > now - ANSWERED_WITHIN)
    if ref:
        wanted = wanted.where(Feedback.ref == ref)
    return session.scalars(wanted.order_by(Feedback.asked_at.desc(), Feedback.id.desc()).limit(1)).first()


def was_asked(session: Session, customer_id: int, ref: str) -> bool:
    """She was, sooner or later, about this visit or service."""
    hers = select(Feedback.id).where(Feedback.customer_id == customer_id, Feedback.ref == ref)
    return session.scalar(hers.limit(1)) is not None


def answer(session: Session, feedback: Feedback, score: int, now: datetime) -> Complaint | None:
    """Kept; a complaint when she was not pleased."""
    feedback.score, feedback.answered_at = score, now
    session.flush()
    if score != NOT_PLEASED:
        return None
    return complain(session, feedback.customer_id, feedback.store_id, "", now, feedback)


def complain(
    session: Session, customer_id: int, store_id: int | None, words: str, now: datetime, about: Feedback | None = None
) -> Complaint:
    """A new one; where she names no shop it is her own, or that of her advisor."""
    customer = session.get_one(Customer, customer_id)
    advisors = customer.advisor.store_id if customer.advisor else None
    made = Complaint(
        customer_id=customer_id,
        store_id=store_id or customer.store_id or advisors,
        feedback_id=about.id if about else None,
        words=words[:WORDS_LENGTH],
        at=now,
        state=ComplaintState.OPEN,
        closed_by="",
        remedy="",
    )
    session.add(made)
    session.flush()
    return made


def add_words(session: Session, complaint: Complaint, words: str) -> None:
    """She goes on telling."""
    complaint.words = "\n".join(filter(None, (complaint.words, words)))[:WORDS_LENGTH]
    session.flush()


def responsible(session: Session, complaint: Complaint) -> Sequence[Staff]:
    """The managers of the shop; where it has none, headquarters."""
    working = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)
    managers = working.where(Staff.role == Role.MANAGER, Staff.store_id == complaint.store_id)
    found = session.scalars(managers).all() if complaint.store_id is not None else ()
    return found or session.scalars(working.where(Staff.role == Role.HEADQUARTERS)).all()


def open_complaints(session: Session, actor: Actor) -> Sequence[Complaint]:
    """The oldest first: a manager's shop, all of them for headquarters."""
    wanted = select(Complaint).where(Complaint.state == ComplaintState.OPEN, _visible(actor)).order_by(Complaint.id)
    return session.scalars(wanted.options(joinedload(Complaint.customer), joinedload(Complaint.store))).all()


def close(session: Session, actor: Actor, number: int, remedy: str, now: datetime) -> Complaint:
    """What was done about it. Raises NotAllowed for advisors, NotFound, and Invalid for one that is closed."""
    if actor.role == Role.ADVISOR:
        raise NotAllowed("A complaint is closed by a manager.")
    complaint = session.scalars(select(Complaint).where(Complaint.id == number, _visible(actor))).one_or_none()
    if complaint is None:
        raise NotFound(f"There is no complaint {number}.")
    if complaint.state is ComplaintState.CLOSED:
        raise Invalid(f"Complaint {number} is closed.")
    complaint.state, complaint.closed_at, complaint.closed_by = ComplaintState.CLOSED, now, f"staff:{actor.name}"
    complaint.remedy = remedy[:WORDS_LENGTH]
    session.flush()
    audit.note(session, now, actor, "close-complaint", complaint.customer.code, str(number))
    return complaint


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.role == Role.ADVISOR:
        return false()
    if actor.role == Role.MANAGER:
        return Complaint.store_id == actor.store_id if actor.store_id is not None else false()
    return true()
