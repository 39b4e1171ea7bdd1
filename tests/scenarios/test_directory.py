"""What the company directory says about members, through the contacts assistant's own key."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.clock import FixedClock
from settings import SANDBOX
from tests.front_door import Door, Phone, open_shop

TOKEN, KEY = "ContactsAssistantToken2026abcdef", "cpVOeWxee+RYPlcf0j7+by2YX9XuVmWZoQK6kWGDvX0"
CORP = str(SANDBOX["wecom_corp_id"])


@pytest.fixture
def shop(engine: Engine, clock: FixedClock):
    return open_shop(engine, clock, wecom_contacts_token=TOKEN, wecom_contacts_aes_key=KEY)


@pytest.fixture
def assistant(shop) -> Phone:
    door = Door(shop.app.test_client(), "/webhooks/wecom", (TOKEN, KEY, CORP), shop.clock)
    return Phone(door, "sys", CORP)


def test_who_leaves_the_company_loses_every_right_at_once(assistant: Phone, lin: Phone) -> None:
    assert "导购" in lin.says("我是谁")
    assistant.does("change_contact", ChangeType="delete_user", UserID="lin.yue")
    assert "不在导购名单" in lin.says("我是谁")


def test_who_gets_another_userid_stays_who_he_is(shop, assistant: Phone) -> None:
    assistant.does("change_contact", ChangeType="update_user", UserID="lin.yue", NewUserID="lin.yue2")
    assert "林悦" in shop.member("lin.yue2").says("我是谁")


def test_the_applications_own_key_still_opens_the_door(lin: Phone, assistant: Phone) -> None:
    assert "林悦" in lin.says("我是谁")


def test_a_change_of_somebody_we_do_not_know_changes_nothing(assistant: Phone, lin: Phone) -> None:
    assistant.does("change_contact", ChangeType="delete_user", UserID="nobody")
    assert "林悦" in lin.says("我是谁")
