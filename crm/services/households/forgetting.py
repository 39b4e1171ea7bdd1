"""What is left of a household when the customer is erased: that a piece was in the workshop, and nothing of her."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm.models import (
    Complaint,
    ComplaintState,
    Feedback,
    FieldValue,
    LifeStage,
    Occasion,
    PieceCare,
    Purchase,
    Relative,
    Size,
    SkinTest,
    Taste,
)

# What she told or was noted about her person; the order keeps foreign keys whole.
DELETED = (Size, Occasion, Taste, SkinTest, LifeStage, FieldValue)


def forget(session: Session, customer_id: int, now: datetime, *, by: str) -> None:
    """Delete what is about her and hers, empty her words; scores and services stay, without a word of hers.

    Where others told of her, their own memory stays, but it no longer says that she is a customer.
    """
    session.flush()
    hers = select(Purchase.id).where(Purchase.customer_id == customer_id)
    session.execute(delete(PieceCare).where(PieceCare.purchase_id.in_(hers)))
    for model in DELETED:
        session.execute(delete(model).where(model.customer_id == customer_id))
    session.execute(delete(Relative).where(Relative.customer_id == customer_id))
    linked = Relative.linked_customer_id == customer_id
    session.execute(update(Relative).where(linked).values(linked_customer_id=None))
    session.execute(update(Feedback).where(Feedback.customer_id == customer_id).values(words=""))
    complaints = Complaint.customer_id == customer_id
    closed = {"state": ComplaintState.CLOSED, "closed_at": now, "closed_by": by}
    session.execute(update(Complaint).where(complaints, Complaint.state == ComplaintState.OPEN).values(closed))
    session.execute(update(Complaint).where(complaints).values(words="", remedy=""))
