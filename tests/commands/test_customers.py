"""`flask customers …`: one person's copy, and her right to be forgotten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, text

from crm.db import Sessions
from crm.models import (
    AuditEntry,
    Conversation,
    Customer,
    Delivery,
    Direction,
    Identity,
    IdentityKind,
    InboxRow,
    Interaction,
    NameIndex,
    Purchase,
)
from crm.services import consents
from crm.services.identities import add
from tests.commands.conftest import Flask
from tests.crm.builders import NOW, a_customer, a_line, a_shop

SECRETS = ("周芸", "13800138001", "镍过敏", "老客", "想看珍珠", "请您周六来", "1990-08-23", "oZhou")
OA = {"channel": "official_account", "account": "wx1"}


@pytest.fixture
def zhou(sessions: Sessions) -> None:
    """周芸, with something of everything that the shop keeps about a person."""
    with sessions.begin() as session:
        shop = a_shop(session)
        told = {
            "birthday": "1990-08-23",
            "birthday_calendar": "lunar",
            "allergies": "镍过敏",
            "notes": "老客",
            "tags": "A;B",
        }
        customer = a_customer(session, "C0001", "周芸", of=shop.lin, phone="13800138001", **told)
        add(session, customer, "wx1", IdentityKind.OPENID, "oZhou", NOW)
        a_line(session, customer, "A1", name="戒指", amount=5000_00)
        a_line(session, customer, "A2", name="项链")
        a_line(session, customer, "R1", "return", original_number="A2", original_line=1)
        consents.grant(session, customer.id, channel="official_account", at=NOW, text_version="1", proof="m1")
        said = {"customer_id": customer.id, "at": NOW, "channel": "official_account", "kind": "text"}
        session.add(Interaction(direction=Direction.IN, text="想看珍珠", key="m1", **said))
        session.add(Interaction(direction=Direction.OUT, text="请您周六来", key="m1", **said))
        session.add(Conversation(**OA, person="oZhou", customer_id=customer.id, memory='{"a": "想看珍珠"}'))
        answered = {"state": "answered", "body": "想看珍珠", "reply": "请您周六来", "kind": "text", "received_at": NOW}
        session.add(InboxRow(**OA, key="m1", person="oZhou", **answered))
        for number, state in enumerate(("planned", "sent")):
            planned = {"purpose": "marketing", "planned_at": NOW, "not_before": NOW, "due_on": NOW.date()}
            push = Delivery(
                key=f"k{number}", job="birthday", state=state, customer_id=customer.id, body="周芸", **planned
            )
            push.person = "oZhou"
            session.add(push)
        a_customer(session, "C0002", "徐铭", phone="13900139009")


def shown(flask: Flask, *words: str) -> dict[str, Any]:
    result = flask("customers", *words)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("named", ["C0001", "13800138001", "+86 138 0013 8001", "oZhou"])
def test_a_customer_is_shown_by_code_phone_or_openid(flask: Flask, zhou: None, named: str) -> None:
    assert shown(flask, "show", named)["customer"]["name"] == "周芸"


def test_the_copy_holds_everything_and_is_audited(flask: Flask, sessions: Sessions, zhou: None) -> None:
    copy = shown(flask, "export", "C0001")
    assert list(copy) == [
        "customer", "identities", "interactions", "appointments", "pieces", "purchases", "consents", "deliveries",
        "household", "membership", "held_by_law",
    ]  # fmt: skip
    assert (copy["customer"]["phone"], copy["customer"]["tags"]) == ("13800138001", ["A", "B"])
    assert [row["value"] for row in copy["identities"]] == ["oZhou"]
    assert copy["interactions"][0] == {
        "at": "2026-11-21T02:00:00+00:00",
        "direction": "in",
        "channel": "official_account",
        "kind": "text",
        "text": "想看珍珠",
        "key": "m1",
    }
    assert [row["text"] for row in copy["interactions"]] == ["想看珍珠", "请您周六来"]
    assert [row["name"] for row in copy["pieces"]] == ["戒指"]
    assert len(copy["purchases"]) == 3
    assert [(row["purpose"], row["granted"], row["proof"]) for row in copy["consents"]] == [("marketing", True, "m1")]
    assert {row["state"] for row in copy["deliveries"]} == {"planned", "sent"}
    with sessions() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == ("operator", "export-customer", "C0001")


def test_nobody_is_one_sentence(flask: Flask, zhou: None) -> None:
    result = flask("customers", "show", "nobody")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "Error: There is no customer nobody.\n")


def test_a_phone_of_two_customers_asks_for_the_code(flask: Flask, sessions: Sessions, zhou: None) -> None:
    with sessions.begin() as session:
        a_customer(session, "C0003", phone="13800138001")
    result = flask("customers", "show", "13800138001")
    assert result.exit_code == 1
    assert "belongs to C0001, C0003" in result.stderr


def stored_texts(sessions: Sessions) -> str:
    """Every readable value of every table that can hold something about a person."""
    models = (Customer, Identity, Interaction, Conversation, InboxRow, Delivery, AuditEntry, Purchase)
    with sessions() as session:
        rows = [row for model in models for row in session.scalars(select(model))]
        return "\n".join(str(value) for row in rows for value in vars(row).values())


def test_who_is_erased_is_nowhere_any_more_but_her_purchases_are(flask: Flask, sessions: Sessions, zhou: None) -> None:
    assert all(secret in stored_texts(sessions) for secret in SECRETS)
    result = flask("customers", "erase", "13800138001", "--yes")
    assert (result.exit_code, result.stdout) == (0, "C0001 is erased.\n")
    left = stored_texts(sessions)
    assert [secret for secret in SECRETS if secret in left] == []
    assert "徐铭" in left
    copy = shown(flask, "show", "C0001")
    assert len(copy["purchases"]) == 3
    assert [row["granted"] for row in copy["consents"]] == [True, False]
    assert {(row["state"], row["reason"]) for row in copy["deliveries"]} == {("skipped", "erased"), ("sent", "")}
    with sessions() as session:
        assert session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "C0001")).all() == [
            "erase",
            "show",
        ]
        erased = session.scalars(select(Customer).where(Customer.code == "C0001")).one()
        assert session.scalars(select(NameIndex).where(NameIndex.customer_id == erased.id)).all() == []
        assert session.execute(text("SELECT phone_index FROM customers WHERE code = 'C0001'")).scalar_one() is None
    for named in ("13800138001", "oZhou"):
        assert flask("customers", "show", named).exit_code == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_nobody_is_erased_without_a_yes(flask: Flask, zhou: None, answer: str) -> None:
    assert flask("customers", "erase", "C0001", input=answer).exit_code == 1
    assert shown(flask, "show", "C0001")["customer"]["name"] == "周芸"
    assert flask("customers", "erase", "C0001", input="y\n").exit_code == 0
