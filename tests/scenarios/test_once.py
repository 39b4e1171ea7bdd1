"""A message acts once: however often, late, together or in the middle of a fault it comes."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from crm import db
from crm.models import Conversation, Customer, InboxRow, Interaction
from tests.front_door import Phone, Shop, xml


def count(shop: Shop, model: type) -> int:
    with db.reading(shop.parts.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_repeated_message_gets_the_same_answer_and_does_nothing_else(shop: Shop, mei: Phone) -> None:
    first = mei.says("人工", MsgId=77)
    planned = len(shop.planned())
    again = mei.says("人工", MsgId=77)
    assert (again, len(shop.planned())) == (first, planned)
    assert count(shop, InboxRow) == 1
    assert count(shop, Interaction) == 2


def test_two_events_of_one_second_that_differ_are_two(shop: Shop, mei: Phone) -> None:
    mei.does("CLICK", EventKey="CARE")
    mei.does("CLICK", EventKey="STORE")
    mei.does("CLICK", EventKey="STORE")
    assert count(shop, InboxRow) == 2


def test_the_same_message_pushed_at_once_from_many_sides_acts_once(shop: Shop, mei: Phone) -> None:
    document = xml("oMei", "gh", int(shop.clock.now().timestamp()), "text", Content="人工", MsgId=5)
    answers: list[bytes] = []
    start = threading.Barrier(6)

    def push() -> None:
        client = shop.app.test_client()
        query = mei.door.push(document)
        body = query.pop("body")
        start.wait()
        answers.append(mei.door.opened(client.post(mei.door.path, query_string=query, data=body)))

    threads = [threading.Thread(target=push) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert count(shop, InboxRow) == 1
    assert count(shop, Customer) == 1
    assert len(shop.planned()) == 1


def test_a_new_person_who_writes_twice_at_once_is_one_customer(shop: Shop, mei: Phone) -> None:
    start = threading.Barrier(4)

    def push(number: int) -> None:
        document = xml("oMei", "gh", 1, "text", Content="你好", MsgId=number)
        query = mei.door.push(document)
        body = query.pop("body")
        start.wait()
        assert shop.app.test_client().post(mei.door.path, query_string=query, data=body).status_code == 200

    threads = [threading.Thread(target=push, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (count(shop, Customer), count(shop, Conversation), count(shop, InboxRow)) == (1, 1, 4)


def test_when_a_handler_fails_its_effects_are_gone_and_the_reason_is_kept(
    shop: Shop, mei: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm.services import talks

    def fails(*_: object) -> None:
        raise RuntimeError("as if")

    mei.says("你好")
    monkeypatch.setattr(talks, "called_for", fails)
    assert "抱歉" in mei.says("人工", MsgId=78)
    with db.reading(shop.parts.engine) as session:
        row = session.scalars(select(InboxRow).where(InboxRow.key == "m:78")).one()
        assert (row.state, row.reason) == ("failed", "RuntimeError")
    monkeypatch.undo()
    assert "抱歉" in mei.says("人工", MsgId=78)
    assert shop.planned() == []


def test_an_unknown_kind_and_an_unknown_event_are_stored_and_acknowledged(shop: Shop, mei: Phone) -> None:
    assert mei.sends("hologram", Content="x").data == b""
    assert mei.does("some_event_of_2030", Thing="x") == ""
    assert count(shop, InboxRow) == 2


def test_our_own_receipts_are_nobodys_conversation(shop: Shop, mei: Phone) -> None:
    mei.does("TEMPLATESENDJOBFINISH", MsgID=1, Status="success")
    assert count(shop, Conversation) == 0
    assert count(shop, InboxRow) == 1
