"""She bears what stands among her allergies: "我对镍不过敏" takes it out, where it stands there."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Customer, SkinResult, SkinTest
from crm.services.households import allergies
from crm.services.households.reading import statement, worn_material
from crm.services.households.remembering import Step, set_column

_SURE = r"(?:其实|现在|已经|从来|根本|并|都|一直)*"
_MATERIAL = r"(?P<material>[\u4e00-\u9fffa-z0-9]{1,8}?)"
_BEARS = (
    re.compile(rf"我(?:的)?(?:皮肤|耳朵|手)?{_SURE}对{_MATERIAL}{_SURE}(?:不会?|不再|没有?)过敏(?:的)?"),
    re.compile(rf"我{_SURE}不再?对{_MATERIAL}过敏(?:的)?"),
)


def borne(plain: str) -> str:
    """The material that she says she bears; "" for other words, questions and guesses."""
    words = statement(plain)
    for found in (pattern.fullmatch(words) for pattern in _BEARS):
        if found is not None and (material := worn_material(found["material"])):
            return material
    return ""


def take_out(session: Session, customer: Customer, material: str, words: str) -> list[Step]:
    """No longer an allergy of hers; the way back, [] when it was none. `words`: what she said."""
    hers = (SkinTest.customer_id == customer.id, SkinTest.result == SkinResult.REACTION)
    rows = session.scalars(select(SkinTest).where(*hers).order_by(SkinTest.id)).all()
    steps = []
    for row in (row for row in rows if allergies.same(row.material, material)):
        steps += [set_column(row, "result", SkinResult.FINE), set_column(row, "words", words)]
    if (left := allergies.without(customer.allergies, material)) != customer.allergies:
        steps.append(set_column(customer, "allergies", left))
    return steps
