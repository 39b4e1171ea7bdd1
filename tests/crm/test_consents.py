"""No marketing without a live yes: the newest word holds, and no word is ever overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.db import Sessions
from crm.models import Consent, Customer
from crm.services.consents import grant, has_marketing_consent, marketing_allowed, withdraw
from tests.crm.builders import NOW, a_customer


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ("", False),
        ("yes", True),
        ("no", False),
        ("yes no", False),
        ("yes no yes", True),
        ("yes yes", True),
        ("no no", False),
    ],
)
def test_the_newest_word_holds(sessions: Sessions, words: str, allowed: bool) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C0001")
        a_customer(session, "C0002")
        for number, word in enumerate(words.split()):
            at = NOW + timedelta(minutes=number)
            speak = grant if word == "yes" else withdraw
            speak(session, customer.id, channel="official_account", at=at, text_version="2026-11")
    with sessions() as session:
        assert has_marketing_consent(session, customer.id) is allowed
        planned = session.scalars(select(Customer.code).where(marketing_allowed())).all()
        assert planned == (["C0001"] if allowed else [])
        assert len(session.scalars(select(Consent)).all()) == len(words.split())


def test_a_yes_for_one_purpose_is_none_for_marketing(sessions: Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C0001")
        grant(session, customer.id, "photos", channel="wecom", at=NOW, text_version="1", proof="m1")
        assert not has_marketing_consent(session, customer.id)
        assert session.scalars(select(Customer.code).where(marketing_allowed())).all() == []


def test_a_word_counts_at_once_in_its_own_transaction(sessions: Sessions) -> None:
    with sessions.begin() as session:
        customer = a_customer(session, "C0001")
        grant(session, customer.id, channel="wecom", at=NOW, text_version="1")
        assert has_marketing_consent(session, customer.id)
        withdraw(session, customer.id, channel="wecom", at=NOW)
        assert not has_marketing_consent(session, customer.id)
