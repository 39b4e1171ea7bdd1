"""Finding customers, making them, changing their names and phones, and showing what we know of one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, delete, func, insert, select, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import Customer, MergedCode, NameIndex
from crm.services import audit, blind
from crm.services.visibility import visible

# A query for the ids of customers.
Ids = Select[Any] | CompoundSelect[Any]
# The code of somebody who has no card of the shop: made by `register`.
STRANGERS_CODE = re.compile(r"W\d{6,}(-[0-9a-f]{6})?")
# A search that finds more is no search; the advisor adds a character.
FOUND_AT_MOST = 10
# Hashes know pairs of characters only: so many names are opened to see which really fit.
OPENED_AT_MOST = 50
# Letters of a name; the longest in any passport is shorter.
NAME_LENGTH = 64
# Titles that an advisor types after a surname.
TITLES = ("小姐", "女士", "先生", "太太", "老师", "姐", "哥")


def find(session: Session, actor: Actor, words: str) -> list[Customer]:
    """By card code, phone, its last four digits, name, part of it or pinyin: up to ten that the actor may see."""
    words = words.strip()
    exact = _fetch(session, actor, _ids_by_number(words), FOUND_AT_MOST)
    if exact:
        _note_typed(session, words)
        return exact
    return _named(session, actor, words) or _named(session, actor, _without_title(words))


def by_code(session: Session, actor: Actor, code: str) -> Customer:
    """Raises NotFound, the same for a customer who is not there and for one the actor may not see.

    A code that was merged away finds the customer she is now.
    """
    wanted = select(Customer).where(visible(actor))
    wanted = wanted.options(joinedload(Customer.store), joinedload(Customer.advisor))
    customer = session.scalars(wanted.where(Customer.code == code)).one_or_none()
    if customer is None:
        customer = session.scalars(wanted.where(Customer.id.in_(merged_into({code})))).one_or_none()
        _note_typed(session, code)
    if customer is None:
        raise NotFound(f"There is no customer {code}.")
    return customer


def merged_into(codes: Collection[str]) -> Select[int]:
    """The ids of those who once bore one of these codes."""
    return select(MergedCode.customer_id).where(MergedCode.code.in_(codes))


# Where a session keeps by which former code somebody was asked for, by customer.
_TYPED = "typed codes"


def typed_code(session: Session, customer_id: int) -> str:
    """The former code by which this session asked for her; "" when it was another way."""
    typed: dict[int, str] = session.info.get(_TYPED, {})
    return typed.get(customer_id, "")


def asked_for(session: Session, customer: Customer) -> str:
    """The code by which staff mean her, to ask again with: what is noted under a former code is of who bore it."""
    return typed_code(session, customer.id) or customer.code


def _note_typed(session: Session, words: str) -> None:
    merged = select(MergedCode.customer_id, MergedCode.code).where(MergedCode.code.in_({words, words.upper()}))
    for customer_id, code in session.execute(merged):
        session.info.setdefault(_TYPED, {})[customer_id] = code


def masked_phone(phone: str) -> str:
    """138****8000: enough to be sure whom one means, not enough to call."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "****" if phone else ""


def reveal_phone(session: Session, actor: Actor, customer: Customer, reason: str, now: datetime) -> str:
    """The whole number, with a line in the audit log; raises NotFound when the actor may not see her."""
    seen = by_code(session, actor, customer.code)
    audit.note(session, now, actor, "reveal-phone", seen.code, reason)
    return seen.phone


def register(session: Session, now: datetime, *, name: str = "", phone: str = "", **fields: Any) -> Customer:
    """A new customer. Without `code=` she is a stranger and gets one like W000123."""
    code = fields.pop("code", None)
    customer = Customer(code=code or f"new-{uuid.uuid4().hex[:24]}", created_at=now, **fields)
    session.add(customer)
    session.flush()
    if code is None:
        _number(session, customer)
    set_name(session, customer, name)
    set_phone(customer, phone)
    session.flush()
    return customer


def set_name(session: Session, customer: Customer, name: str) -> None:
    """Change the name and everything it is found by; raises Invalid for one of over 64 letters."""
    index_names(session, {customer.id: write_name(customer, name)})


def write_name(customer: Customer, name: str) -> str:
    """Only the column: whoever calls this passes the result to `index_names`, for many at once."""
    customer.name = " ".join(name.split())
    if len(customer.name) > NAME_LENGTH:
        raise Invalid(f"A name has at most {NAME_LENGTH} letters.")
    return customer.name


def index_names(session: Session, names: dict[int, str]) -> None:
    """Make the name indexes of these customers anew."""
    session.flush()
    session.execute(delete(NameIndex).where(NameIndex.customer_id.in_(names)))
    rows = [{"customer_id": key, "token": token} for key, name in names.items() for token in blind.name_tokens(name)]
    if rows:
        session.connection().execute(insert(NameIndex), rows)


def set_phone(customer: Customer, phone: str) -> None:
    """Change the phone and its indexes; raises Invalid for what is no telephone number."""
    customer.phone = blind.normal_phone(phone)
    customer.phone_index = blind.phone_index(customer.phone)
    customer.phone_tail_index = blind.phone_tail_index(customer.phone)


def by_phone(session: Session, actor: Actor, phone: str) -> list[Customer]:
    """Everybody with this number: a family may share one."""
    wanted = select(Customer.id).where(Customer.phone_index == blind.phone_index(blind.normal_phone(phone)))
    return _fetch(session, actor, wanted, FOUND_AT_MOST)


def _number(session: Session, customer: Customer) -> None:
    """W and the row's own number: unique without asking anybody. A card of the shop may bear it already,
    or somebody bore it before she was merged."""
    code = f"W{customer.id:06d}"
    marked = f"{code}-{uuid.uuid4().hex[:6]}"
    if session.scalar(merged_into({code})) is not None:
        customer.code = marked
        return
    try:
        with session.begin_nested():
            customer.code = code
            session.flush()
    except IntegrityError:
        customer.code = marked


def _ids_by_number(words: str) -> Ids:
    codes = {words, words.upper()}
    by_card = (select(Customer.id).where(Customer.code.in_(codes)), merged_into(codes))
    try:
        phone = blind.normal_phone(words)
    except Invalid:
        phone = words if len(words) == blind.TAIL_DIGITS and words.isdecimal() else ""
    if not phone:
        return union(*by_card)
    if len(phone) == blind.TAIL_DIGITS:
        return union(*by_card, select(Customer.id).where(Customer.phone_tail_index == blind.phone_tail_index(phone)))
    return union(*by_card, select(Customer.id).where(Customer.phone_index == blind.phone_index(phone)))


def _named(session: Session, actor: Actor, words: str) -> list[Customer]:
    alternatives = [_ids_with_all(tokens) for tokens in blind.name_searches(words)]
    if not alternatives:
        return []
    opened = _fetch(session, actor, union(*alternatives), OPENED_AT_MOST)
    fitting = [customer for customer in opened if blind.is_found_by(customer.name, words)]
    whole = blind.normal_name(words)
    return sorted(fitting, key=lambda customer: blind.normal_name(customer.name) != whole)[:FOUND_AT_MOST]


def _ids_with_all(tokens: set[bytes]) -> Ids:
    ids = select(NameIndex.customer_id).where(NameIndex.token.in_(tokens))
    return ids.group_by(NameIndex.customer_id).having(func.count() == len(tokens))


def _without_title(words: str) -> str:
    return next((words.removesuffix(title) for title in TITLES if words.endswith(title)), "")


def _fetch(session: Session, actor: Actor, ids: Ids, limit: int) -> list[Customer]:
    wanted = select(Customer).where(Customer.id.in_(ids), visible(actor)).order_by(Customer.id).limit(limit)
    return list(session.scalars(wanted.options(joinedload(Customer.store), joinedload(Customer.advisor))))
