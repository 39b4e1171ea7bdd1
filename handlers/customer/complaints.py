"""A complaint on its way to who is responsible for the shop."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.messages import Text
from crm.models import Complaint, Customer
from crm.services.households import satisfaction
from handlers.outbox import Outbox
from wording import Wording

JOB = "complaint"
# Characters of her words in one message to staff.
SHOWN = 300


def tell_responsible(outbox: Outbox, session: Session, complaint: Complaint, customer: Customer, say: Wording) -> None:
    """Her manager reads it at once, with what to send when it is settled."""
    words = complaint.words[:SHOWN]
    told = say("household.complaint_words", words=words) if words else say("household.complaint_no_words")
    news = say(
        "household.complaint_news",
        number=complaint.id,
        name=customer.name or customer.code,
        code=customer.code,
        store=complaint.store.name if complaint.store else say("advisor.no_store"),
        words=told,
    )
    _to_responsible(outbox, session, complaint, news)


def tell_added(
    outbox: Outbox, session: Session, complaint: Complaint, customer: Customer, words: str, say: Wording
) -> None:
    """She went on telling."""
    name = f"{customer.name or customer.code}（{customer.code}）"
    _to_responsible(
        outbox,
        session,
        complaint,
        say("household.complaint_more", number=complaint.id, name=name, words=words[:SHOWN]),
    )


def _to_responsible(outbox: Outbox, session: Session, complaint: Complaint, news: str) -> None:
    for person in satisfaction.responsible(session, complaint):
        outbox.to_staff(person, Text(news), job=JOB)
