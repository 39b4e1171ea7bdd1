"""Who belongs to a customer, what she wants remembered, what is done for her pieces, and how it was."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.db import Base, BigId, Instant
from crm.models.people import Customer
from crm.models.places import Staff, Store
from crm.models.purchases import Purchase
from crm.models.types import one_of
from crm.vault import INDEX_BYTES, Secret


class Relative(Base):
    """Somebody of whom she speaks: mother, husband, daughter. `gift_partner`: gives to her, or gets from her.

    `linked_customer_id`: the same person as a customer of ours, so that no surprise reaches her.
    """

    __tablename__ = "relatives"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str] = mapped_column(String(16))
    called: Mapped[str] = mapped_column(Secret("relatives.called"), default="")
    gift_partner: Mapped[bool] = mapped_column(default=False)
    linked_customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    notes: Mapped[str] = mapped_column(Secret("relatives.notes"), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)


class SizeKind(StrEnum):
    RING = "ring"
    BRACELET = "bracelet"
    NECKLACE = "necklace"


class Size(Base):
    """What fits her, or a relative. Her own ring size stands in `Customer.ring_size`, where the till reads it."""

    __tablename__ = "sizes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    relative_id: Mapped[int | None] = mapped_column(ForeignKey("relatives.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SizeKind] = mapped_column(one_of(SizeKind))
    value: Mapped[str] = mapped_column(Secret("sizes.value"))
    at: Mapped[datetime] = mapped_column(Instant)

    relative: Mapped[Relative | None] = relationship(lazy="joined")


class OccasionKind(StrEnum):
    BIRTHDAY = "birthday"
    WEDDING = "wedding"
    ENGAGEMENT = "engagement"
    FIRST_DATE = "first_date"
    OTHER = "other"


class Occasion(Base):
    """A day that comes round every year. `relative_id` None: her own. `calendar`: solar or lunar.

    `source`: "customer", "staff:<userid>" or "import".
    """

    __tablename__ = "occasions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    relative_id: Mapped[int | None] = mapped_column(ForeignKey("relatives.id", ondelete="CASCADE"), index=True)
    kind: Mapped[OccasionKind] = mapped_column(one_of(OccasionKind))
    label: Mapped[str] = mapped_column(Secret("occasions.label"), default="")
    calendar: Mapped[str] = mapped_column(String(8), default="solar")
    month: Mapped[int]
    day: Mapped[int]
    year: Mapped[int | None]
    leap_month: Mapped[bool] = mapped_column(default=False)
    wants_reminder: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(String(80), default="customer")
    created_at: Mapped[datetime] = mapped_column(Instant)

    relative: Mapped[Relative | None] = relationship(lazy="joined")

    __table_args__ = (Index(None, "month", "day"),)


class PieceCare(Base):
    """What the till does not know of a piece: who wears it, and until when that person must not hear of it.

    `wearer_relative_id` None: she herself.
    """

    __tablename__ = "piece_care"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"), unique=True)
    wearer_relative_id: Mapped[int | None] = mapped_column(ForeignKey("relatives.id", ondelete="SET NULL"), index=True)
    surprise_until: Mapped[date | None]
    size: Mapped[str] = mapped_column(String(16), default="")
    engraving: Mapped[str] = mapped_column(Secret("piece_care.engraving"), default="")

    purchase: Mapped[Purchase] = relationship()
    wearer: Mapped[Relative | None] = relationship()


class TasteKind(StrEnum):
    STYLE = "style"
    MATERIAL = "material"
    STONE = "stone"
    COLOUR = "colour"
    PRICE_BAND = "price_band"
    DISLIKES = "dislikes"
    WISH = "wish"


class Taste(Base):
    """One thing that she likes, or does not. Two cards that become one may say the same twice."""

    __tablename__ = "tastes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[TasteKind] = mapped_column(one_of(TasteKind))
    value: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(80), default="customer")
    at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index(None, "kind", "value"),)


class SkinResult(StrEnum):
    FINE = "fine"
    REACTION = "reaction"


class SkinTest(Base):
    """How her skin takes a material. `words`: what she said."""

    __tablename__ = "skin_tests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    material: Mapped[str] = mapped_column(Secret("skin_tests.material"))
    result: Mapped[SkinResult] = mapped_column(one_of(SkinResult))
    at: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str] = mapped_column(String(80), default="customer")
    words: Mapped[str] = mapped_column(Secret("skin_tests.words"), default="")


class LifeStage(Base):
    """Where she stands in life, as far as she told: engaged, married, a child. `until` None: still."""

    __tablename__ = "life_stages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(Secret("life_stages.stage"))
    since: Mapped[date]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(80), default="customer")


class TagDefinition(Base):
    """A tag that the shop uses; who has it stands in `Customer.tags`."""

    __tablename__ = "tag_definitions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    group: Mapped[str] = mapped_column(String(32), default="")


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class FieldDefinition(Base):
    """A field that the shop added to its customers. `choices`: `;` between them."""

    __tablename__ = "field_definitions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[str] = mapped_column(String(32))
    type: Mapped[FieldType] = mapped_column(one_of(FieldType))
    choices: Mapped[str] = mapped_column(String(512), default="")


class FieldValue(Base):
    """What one customer has there; of two that were merged the newest row holds. `value_index`: blind, exact search."""

    __tablename__ = "field_values"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("field_definitions.id", ondelete="CASCADE"))
    value: Mapped[str] = mapped_column(Secret("field_values.value"))
    value_index: Mapped[bytes] = mapped_column(LargeBinary(INDEX_BYTES))

    __table_args__ = (Index(None, "field_id", "value_index"),)


class ServiceKind(StrEnum):
    CLEANING = "cleaning"
    RESIZING = "resizing"
    REPAIR = "repair"
    RESTRINGING = "restringing"
    ENGRAVING = "engraving"
    CUSTOM_ORDER = "custom_order"


class ServiceOrder(Base):
    """A piece in the workshop. `fee` in fen, None: not known yet. `finished_at`: when we heard that it is done."""

    __tablename__ = "service_orders"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    piece_barcode: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[ServiceKind] = mapped_column(one_of(ServiceKind))
    received_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    stage: Mapped[str] = mapped_column(String(32), default="")
    fee: Mapped[int | None]
    finished_at: Mapped[datetime | None] = mapped_column(Instant, index=True)

    customer: Mapped[Customer | None] = relationship()
    store: Mapped[Store | None] = relationship()
    advisor: Mapped[Staff | None] = relationship()


class Feedback(Base):
    """How she found one visit or service. `ref`: "appointment:<number>" or "service:<number>", asked once.

    `score`: 3 pleased, 2 so so, 1 not pleased; None: no answer yet.
    """

    __tablename__ = "feedbacks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    ref: Mapped[str] = mapped_column(String(96))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    score: Mapped[int | None]
    words: Mapped[str] = mapped_column(Secret("feedbacks.words"), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("ref"),)


class ComplaintState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Complaint(Base):
    """Something was not right: whose, where, in her words, and who took care of it."""

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id"))
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedbacks.id"))
    words: Mapped[str] = mapped_column(Secret("complaints.words"), default="")
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[ComplaintState] = mapped_column(one_of(ComplaintState), default=ComplaintState.OPEN)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str] = mapped_column(String(80), default="")
    remedy: Mapped[str] = mapped_column(Secret("complaints.remedy"), default="")

    customer: Mapped[Customer] = relationship()
    store: Mapped[Store | None] = relationship()

    __table_args__ = (
        Index("ix_complaints_open", "id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )
