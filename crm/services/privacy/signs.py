"""By what a text of staff is known to be about a customer: what the shop or the program gave her, not what she chose.

Her code, her phone, the numbers of her visits stand by themselves. A name is common and may be anybody's word: it
counts where the shop gave it, nobody else bears it, and a member of staff who serves her wrote or read the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Appointment, Customer, NameIndex, Staff, Talk
from crm.services import blind
from crm.services.appointments import forgetting as appointments
from crm.services.learning.forgetting import words_of
from crm.services.linking.forgetting import former_signs
from crm.services.names import has_surname, may_be_name
from crm.services.privacy import corrections

# What may stand right before and behind a name in a Chinese sentence; between other characters it is another word.
_BEFORE = "约给跟和与是帮为找叫问把请到见陪送对由户客位"
_BEHIND = "先生|女士|小姐|太太|老师|[姐哥总的说来要想今明后上下周在和跟与已刚约到买看喜也不没有是又]"
PERSONAL = re.compile("[㐀-鿿]{2,4}")
# How the lists and questions of `wording/learning.yaml` write a question's number before its words.
_ASKED = "[｜：“]"


@dataclass(frozen=True, slots=True)
class Signs:
    """`marks`: one of them is enough; `names`: only in a text of `by`, ids and userids of those who serve her.

    `asked`: her questions as lists show them: the number, which she does not choose, and her words.
    """

    marks: re.Pattern[str] | None
    names: re.Pattern[str] | None
    by: frozenset[int | str]
    asked: tuple[tuple[re.Pattern[str], str], ...]

    def are_in(self, text: str, member: int | str | None) -> bool:
        """`member`: whose text it is."""
        words = _words(text)
        return (
            (self.marks is not None and self.marks.search(words) is not None)
            or (member in self.by and self.names is not None and self.names.search(words) is not None)
            or any(told in words and number.search(words) for number, told in self.asked)
        )


def signs_of(session: Session, customer: Customer) -> Signs:
    """Everything by which she is known; read before she is erased."""
    codes, names, phones = former_signs(session, customer.id)
    marks = [*codes, *phones, *appointments.numbers_of(session, customer.id)]
    asked = [(re.compile(rf"(?<!\d){number}{_ASKED}"), told) for number, told in words_of(session, customer.id)]
    return _signs(session, customer, marks, names, asked)


def signs_of_card(session: Session, customer: Customer) -> Signs:
    """Her own card alone: nothing of those who went up in her."""
    return _signs(session, customer)


def _signs(
    session: Session,
    customer: Customer,
    marks: Sequence[str] = (),
    names: Sequence[str] = (),
    asked: Sequence[tuple[re.Pattern[str], str]] = (),
) -> Signs:
    known = [one for one in (customer.code, customer.phone, *marks) if one]
    given = corrections.given_names(session, customer, names)
    return Signs(
        marks=_any(rf"(?<![\w-]){re.escape(mark)}(?![\w-])" for mark in known),
        names=_any(_name(one) for one in given if _is_hers_alone(session, customer, one)),
        by=_who_serve(session, customer),
        asked=tuple(asked),
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str] | None:
    found = list(patterns)
    return re.compile("|".join(found), re.ASCII | re.IGNORECASE) if found else None


def _name(name: str) -> str:
    return rf"(?:(?<![㐀-鿿])|(?<=[{_BEFORE}])){re.escape(name)}(?:(?![㐀-鿿])|(?={_BEHIND}))"


def _is_hers_alone(session: Session, customer: Customer, name: str) -> bool:
    """A person's name in Chinese characters, and neither a colleague's nor another customer's."""
    if not (PERSONAL.fullmatch(name) and has_surname(name) and may_be_name(name)):
        return False
    if session.scalar(select(Staff.id).where(Staff.name == name).limit(1)) is not None:
        return False
    tokens = blind.name_tokens(name)
    here = select(NameIndex.customer_id).where(NameIndex.token.in_(tokens), NameIndex.customer_id != customer.id)
    others = select(Customer).where(Customer.id.in_(here))
    return all(name not in other.name for other in session.scalars(others))


def _who_serve(session: Session, customer: Customer) -> frozenset[int | str]:
    """Her advisor, who talked with her, who received her: by id and by userid."""
    talked = select(Talk.staff_id).where(Talk.customer_id == customer.id)
    received = select(Appointment.advisor_id).where(Appointment.customer_id == customer.id)
    ids = {*session.scalars(talked), *session.scalars(received), customer.advisor_id} - {None}
    members = session.execute(select(Staff.id, Staff.userid).where(Staff.id.in_(ids)))
    return frozenset(one for member in members for one in member)


def _words(text: str) -> str:
    """What somebody can read of it: of JSON the values, whose keys are nobody's words."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return "\n".join(_values(json.loads(text)))
    except json.JSONDecodeError:
        return text


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (told for one in value.values() for told in _values(one))
    elif isinstance(value, list):
        yield from (told for one in value for told in _values(one))
