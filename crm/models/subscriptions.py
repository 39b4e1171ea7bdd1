"""What a follower allowed the official account to tell her once, by a subscription notification."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Identity


class SubscriptionCredit(Base):
    """Messages of one template that one openid said yes to and has not got yet.

    Each yes is good for one message, without a time limit. It belongs to the openid: it goes where
    that id goes, and ends with it. `refused_at`: her newest word was no.
    """

    __tablename__ = "subscription_credits"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id", ondelete="CASCADE"))
    template_id: Mapped[str] = mapped_column(String(64))
    remaining: Mapped[int] = mapped_column(default=0)
    granted_at: Mapped[datetime | None] = mapped_column(Instant)
    refused_at: Mapped[datetime | None] = mapped_column(Instant)

    identity: Mapped[Identity] = relationship()

    __table_args__ = (UniqueConstraint("identity_id", "template_id"),)
