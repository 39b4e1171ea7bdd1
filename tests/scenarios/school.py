"""A shop that learns, for tests: processes on one database, a manager who teaches, what was kept and counted."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from assembly import dispatcher, web
from crm import db
from crm.models import Asking, EntryUse, Question
from tests.front_door import Phone, Shop, the_knowledge

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Nothing is written about these; the second and third mean the first.
KIDS, KIDS_TOO, KIDS_AGAIN = "店里有儿童区吗", "请问有没有儿童区", "你们店有儿童区吗"
ANSWER = "有的，二楼有儿童区，孩子可以玩，店员会照看。"


def another_process(shop: Shop, look_seconds: float = 1.0) -> Shop:
    """The same database behind another application, as a second machine would serve it."""
    dispatch = dispatcher(shop.parts, shop.woken.extend, the_knowledge(), look_seconds)
    return Shop(shop.parts, web(shop.parts, dispatch, shop.woken.extend), shop.clock, shop.woken)


def number_of(listed: str) -> int:
    """The number of the first question of a list."""
    return int(next(line for line in listed.splitlines() if "｜" in line).split("｜")[0])


def teach(chen: Phone, answer: str = ANSWER) -> str:
    """Answer the most asked question; what the manager reads in the end."""
    assert "请确认" in chen.says(f"回答 {number_of(chen.says('问题'))} {answer}")
    return chen.says("确认")


def addition_in(taught: str) -> int:
    return int(taught.split("编号 ")[1].split("。")[0])


def kept(shop: Shop) -> list[tuple[str, int, int]]:
    """Every group: its state, how often it was asked, by how many."""
    with db.reading(shop.parts.engine) as session:
        counted = select(Asking.question_id, func.count().label("askers")).group_by(Asking.question_id).subquery()
        rows = select(Question.state, Question.asked, counted.c.askers).join(
            counted, counted.c.question_id == Question.id
        )
        return [(state.value, asked, askers) for state, asked, askers in session.execute(rows.order_by(Question.id))]


def used(shop: Shop, topic: str) -> dict[str, int]:
    with db.reading(shop.parts.engine) as session:
        rows = session.scalars(select(EntryUse).where(EntryUse.topic == topic)).all()
        names = ("answered", "offered", "chosen", "liked", "disliked")
        return {name: sum(getattr(row, name) for row in rows) for name in names if any(getattr(r, name) for r in rows)}
