"""What is kept about a household moves with her card, is in her copy, and ends with her."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import db
from crm.models import (
    Complaint,
    ComplaintState,
    Customer,
    Feedback,
    FieldDefinition,
    FieldType,
    FieldValue,
    LifeStage,
    Occasion,
    OccasionKind,
    PieceCare,
    Relative,
    ServiceKind,
    ServiceOrder,
    Size,
    SizeKind,
    SkinResult,
    SkinTest,
    Taste,
    TasteKind,
)
from crm.services.dossier import dossier
from crm.services.erasure import erase
from crm.services.merging import absorb
from tests.crm.builders import NOW, OPERATOR, a_customer, a_line

TOLD = (Relative, Size, Occasion, Taste, SkinTest, LifeStage, FieldValue, PieceCare)


def a_household(session: Session, customer: Customer) -> None:
    """One row in each table."""
    of = {"customer_id": customer.id}
    mother = Relative(**of, relation="妈妈", called="秦可卿", notes="", created_at=NOW)
    field = FieldDefinition(key="club", label="俱乐部", type=FieldType.TEXT)
    line = a_line(session, customer, f"S-{customer.code}", name="珍珠项链")
    session.add_all([mother, field])
    session.flush()
    rows: list[Any] = [
        Size(**of, relative_id=mother.id, kind=SizeKind.RING, value="13", at=NOW),
        Occasion(**of, relative_id=mother.id, kind=OccasionKind.BIRTHDAY, month=8, day=15, created_at=NOW, label=""),
        Taste(**of, kind=TasteKind.MATERIAL, value="玫瑰金", at=NOW),
        SkinTest(**of, material="镍", result=SkinResult.REACTION, at=NOW, words="我对镍过敏"),
        LifeStage(**of, stage="备婚", since=date(2026, 1, 1)),
        FieldValue(**of, field_id=field.id, value="晨跑", value_index=b"x" * 12),
        PieceCare(purchase_id=line.id, wearer_relative_id=mother.id, engraving="平安"),
        ServiceOrder(**of, number="F1", kind=ServiceKind.CLEANING, piece_barcode="", stage=""),
        Feedback(**of, ref="service:F1", asked_at=NOW, score=1, words="太慢了"),
        Complaint(**of, words="等了一小时", at=NOW, remedy="", state=ComplaintState.OPEN),
    ]
    session.add_all(rows)
    session.flush()


def counts(session: Session) -> dict[str, int]:
    return {model.__name__: session.scalar(select(func.count()).select_from(model)) or 0 for model in TOLD}


def test_erased_she_leaves_no_relative_no_day_no_word(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C0001", "梅")
        a_household(session, customer)
        erase(session, OPERATOR, customer, NOW)
        assert set(counts(session).values()) == {0}
        complaint = session.scalars(select(Complaint)).one()
        session.refresh(complaint)
        assert (complaint.words, complaint.state) == ("", ComplaintState.CLOSED)
        assert session.scalars(select(Feedback.words)).one() == ""
        assert session.scalars(select(ServiceOrder.number)).one() == "F1"


def test_somebody_who_told_of_her_keeps_his_own_memory(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        wife, husband = a_customer(session, "C0001", "梅"), a_customer(session, "C0002", "竹")
        session.add(Relative(customer_id=husband.id, relation="太太", linked_customer_id=wife.id, created_at=NOW))
        session.flush()
        erase(session, OPERATOR, wife, NOW)
        told = session.scalars(select(Relative)).one()
        session.refresh(told)
        assert (told.relation, told.linked_customer_id) == ("太太", None)


def test_what_a_stranger_told_goes_along_to_her_card(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        stranger, known = a_customer(session, "W000007"), a_customer(session, "C0001", "梅")
        a_household(session, stranger)
        before = counts(session)
        absorb(session, stranger.id, known)
        assert counts(session) == before
        owners = {session.scalars(select(model.customer_id)).one() for model in TOLD if model is not PieceCare}
        assert owners == {known.id}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_her_copy_has_all_of_it(sessions: db.Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C0001", "梅")
        a_household(session, customer)
        copy = dossier(session, OPERATOR, customer, "show", NOW)["household"]
    assert copy["relatives"][0]["called"] == "秦可卿"
    assert (copy["sizes"][0]["of"], copy["sizes"][0]["value"]) == ("妈妈", "13")
    assert copy["fields"] == {"club": "晨跑"}
    assert copy["piece_care"][0]["engraving"] == "平安"
    assert all(copy[name] for name in ("occasions", "tastes", "skin_tests", "life_stages", "services", "complaints"))
