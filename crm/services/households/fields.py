"""Fields and tags that the shop itself defines for its customers: typed, set, searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import ColumnElement, delete, func, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import Customer, FieldDefinition, FieldType, FieldValue, TagDefinition
from crm.services import audit
from crm.services.visibility import visible
from crm.vault import vault

KEY = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
# Characters of a value, of a label, of all choices together.
VALUE_LENGTH, LABEL_LENGTH, CHOICES_LENGTH = 200, 32, 512
# Fields of one shop: a card with more is not filled in by anybody.
MOST_FIELDS = 50
# A search that finds more is no search.
FOUND_AT_MOST = 100
TAG = re.compile(r"[^;；\s]{1,32}")
# Under which names tags are searched beside the fields.
TAG_KEYS = ("标签", "tag", "tags")


def definitions(session: Session) -> Sequence[FieldDefinition]:
    """In the order in which they were added."""
    return session.scalars(select(FieldDefinition).order_by(FieldDefinition.id)).all()


def definition(session: Session, named: str) -> FieldDefinition:
    """By key, or by the label that people read; raises NotFound."""
    wanted = select(FieldDefinition).where((FieldDefinition.key == named.lower()) | (FieldDefinition.label == named))
    found = session.scalars(wanted.order_by(FieldDefinition.id).limit(1)).first()
    if found is None:
        raise NotFound(f"There is no field {named}.")
    return found


def add(
    session: Session,
    actor: Actor,
    key: str,
    label: str,
    kind: FieldType,
    choices: Iterable[str],
    taken: Iterable[str],
    now: datetime,
) -> FieldDefinition:
    """`taken`: the columns that the table of customers has already. Raises Invalid."""
    words = list(dict.fromkeys(word.strip() for word in choices if word.strip()))
    _check(session, key, label, kind, words, taken)
    made = FieldDefinition(key=key, label=label, type=kind, choices=";".join(words))
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Invalid(f"There is a field {key} already.") from None
    audit.note(session, now, actor, "add-field", detail=key)
    return made


def remove(session: Session, actor: Actor, key: str, now: datetime) -> int:
    """The field and what everybody had there; returns how many had something. Raises NotFound."""
    found = definition(session, key)
    values = FieldValue.field_id == found.id
    count = session.scalar(select(func.count(FieldValue.customer_id.distinct())).where(values)) or 0
    session.execute(delete(FieldValue).where(values))
    session.delete(found)
    audit.note(session, now, actor, "remove-field", detail=f"{found.key}: {count}")
    return count


def normal(field: FieldDefinition, written: str) -> str:
    """The value as it is kept and found again; raises Invalid with a reason an operator can act on."""
    value = " ".join(written.split())
    if field.type is FieldType.NUMBER:
        return _number(value)
    if field.type is FieldType.DATE:
        return _day(value)
    if field.type is FieldType.YES_NO:
        return _yes_no(value)
    if field.type is FieldType.CHOICE and value not in field.choices.split(";"):
        raise Invalid(f"must be one of {', '.join(field.choices.split(';'))}")
    if len(value) > VALUE_LENGTH:
        raise Invalid(f"has {len(value)} characters, at most {VALUE_LENGTH} are possible")
    return value


def index_of(field: FieldDefinition, value: str) -> bytes:
    """The blind index of one value of this field; capital letters make no difference."""
    return vault.index(value.casefold(), f"field:{field.id}")


def set_value(
    session: Session, actor: Actor, customer: Customer, field: FieldDefinition, written: str, now: datetime
) -> str:
    """In place of what was there; "" empties it. Raises Invalid."""
    value = normal(field, written) if written.strip() else ""
    before = select(FieldValue).where(FieldValue.field_id == field.id, FieldValue.customer_id == customer.id)
    # One by one: what goes is heard (crm/services/linking/spoken.py).
    for row in session.scalars(before):
        session.delete(row)
    session.flush()
    write(session, field, {customer.id: value})
    audit.note(session, now, actor, "set-field", customer.code, field.key)
    return value


def write(session: Session, field: FieldDefinition, by_customer: dict[int, str]) -> None:
    """Normal values of many customers at once; "" empties."""
    hers = (FieldValue.field_id == field.id, FieldValue.customer_id.in_(by_customer))
    session.execute(delete(FieldValue).where(*hers), execution_options={"synchronize_session": False})
    session.add_all(
        FieldValue(customer_id=key, field_id=field.id, value=value, value_index=index_of(field, value))
        for key, value in by_customer.items()
        if value
    )
    session.flush()


def values(session: Session, customer_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """By customer and by field; of two values of merged cards the newer one."""
    wanted = select(FieldValue).where(FieldValue.customer_id.in_(list(customer_ids))).order_by(FieldValue.id)
    found: dict[int, dict[int, str]] = {}
    for row in session.scalars(wanted):
        found.setdefault(row.customer_id, {})[row.field_id] = row.value
    return found


def find(session: Session, actor: Actor, key: str, written: str) -> Sequence[Customer]:
    """Whoever has exactly this value, or this tag, as far as the actor may see them. Raises NotFound, Invalid."""
    wanted = select(Customer).where(_has(session, key, written), visible(actor)).order_by(Customer.id)
    eager = (joinedload(Customer.store), joinedload(Customer.advisor))
    return session.scalars(wanted.limit(FOUND_AT_MOST).options(*eager)).all()


def tags(session: Session) -> Sequence[TagDefinition]:
    return session.scalars(select(TagDefinition).order_by(TagDefinition.group, TagDefinition.id)).all()


def add_tag(session: Session, actor: Actor, name: str, group: str, now: datetime) -> None:
    """Raises Invalid for a name that cannot stand in a card's list, or stands there already."""
    if not TAG.fullmatch(name):
        raise Invalid("A tag has up to 32 letters, without blanks and semicolons.")
    try:
        with session.begin_nested():
            session.add(TagDefinition(name=name, group=group[:LABEL_LENGTH]))
    except IntegrityError:
        raise Invalid(f"There is a tag {name} already.") from None
    audit.note(session, now, actor, "add-tag", detail=name)


def remove_tag(session: Session, actor: Actor, name: str, now: datetime) -> None:
    """It is offered no more; who has it keeps it. Raises NotFound."""
    found = session.scalars(select(TagDefinition).where(TagDefinition.name == name)).one_or_none()
    if found is None:
        raise NotFound(f"There is no tag {name}.")
    session.delete(found)
    audit.note(session, now, actor, "remove-tag", detail=name)


def put_tag(session: Session, actor: Actor, customer: Customer, name: str, now: datetime, *, on: bool) -> None:
    """On her card, or off it. Raises NotFound for a tag that the shop does not use, Invalid for too many."""
    if on and session.scalar(select(TagDefinition.id).where(TagDefinition.name == name)) is None:
        raise NotFound(f"There is no tag {name}.")
    held = [tag for tag in customer.tags.split(";") if tag and tag != name]
    written = ";".join([*held, name] if on else held)
    if len(written) > 256:
        raise Invalid("A card takes no more tags.")
    customer.tags = written
    audit.note(session, now, actor, "put-tag" if on else "take-tag", customer.code, name)


def _has(session: Session, key: str, written: str) -> ColumnElement[bool]:
    if key.lower() in TAG_KEYS:
        listed = literal(";") + Customer.tags + literal(";")
        return listed.contains(f";{written.strip()};", autoescape=True)
    field = definition(session, key)
    found = index_of(field, normal(field, written))
    return Customer.id.in_(
        select(FieldValue.customer_id).where(FieldValue.field_id == field.id, FieldValue.value_index == found)
    )


def _check(session: Session, key: str, label: str, kind: FieldType, choices: list[str], taken: Iterable[str]) -> None:
    if not KEY.fullmatch(key):
        raise Invalid("A key has up to 32 small letters, digits and underscores, and begins with a letter.")
    if key in set(taken):
        raise Invalid(f"The table of customers has a column {key} already.")
    if not 0 < len(label) <= LABEL_LENGTH:
        raise Invalid(f"A label has up to {LABEL_LENGTH} letters.")
    if (kind is FieldType.CHOICE) != bool(choices):
        raise Invalid("A field of the type choice, and no other, needs its choices.")
    if len(";".join(choices)) > CHOICES_LENGTH:
        raise Invalid(f"All choices together have at most {CHOICES_LENGTH} letters.")
    if len(definitions(session)) >= MOST_FIELDS:
        raise Invalid(f"There are {MOST_FIELDS} fields already.")


def _number(value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(value) > 24:
        raise Invalid("must be a number such as 12.5")
    return f"{number.normalize():f}" if number else "0"


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else "").isoformat()
    except ValueError:
        raise Invalid("must be a date such as 2026-11-21") from None


def _yes_no(value: str) -> str:
    kept = {"yes": "yes", "no": "no", "是": "yes", "否": "no"}.get(value.lower())
    if kept is None:
        raise Invalid("must be yes or no")
    return kept
