"""A booking goes on at the same step when every process is started again, in the official account and in KF."""

from __future__ import annotations

import json

import pytest

from assembly import dispatcher, web
from bot.kf_wire import kf_message
from tests.front_door import Phone, Shop, the_knowledge
from tests.scenarios.booking_shop import booked, customer_of_lin, prepare, visits, wishes
from tests.scenarios.test_kf import KF, said

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TALK = ("想看看对戒", "湖滨店", "周日下午", "2", "给我妈妈看的", "确认", "改成周一吧", "取消预约")


def start_again(shop: Shop, phone: Phone) -> None:
    """Another process on the same database: nothing of the former one is left."""
    phone.door.client = web(
        shop.parts, dispatcher(shop.parts, shop.woken.extend, the_knowledge()), shop.woken.extend
    ).test_client()


@on_sqlite
@pytest.mark.parametrize("step", range(1, len(TALK)))
def test_killed_at_any_step_the_talk_goes_on_at_the_same_step(shop: Shop, step: int) -> None:
    prepare(shop)
    undisturbed, killed = shop.customer("oOne"), shop.customer("oTwo")
    expected = [undisturbed.says(words) for words in TALK]
    answers = []
    for number, words in enumerate(TALK):
        if number == step:
            start_again(shop, killed)
        answers.append(killed.says(words))
    assert [keys(answer) for answer in answers] == [keys(answer) for answer in expected]


def keys(answer: str) -> str:
    """An answer without what differs between two customers: times, links, whoever receives her."""
    return "".join(
        line[:4] for line in answer.splitlines() if "http" not in line and "月" not in line and "接待" not in line
    )


def test_killed_after_every_message_the_visit_is_made_once(shop: Shop) -> None:
    prepare(shop)
    mei = customer_of_lin(shop)
    for words in ("周日想试戴古法手镯", "下午三点", "给我妈妈看的", "确认"):
        mei.says(words)
        start_again(shop, mei)
    assert booked(shop) == ["周日 15:00 湖滨店"]
    assert (wishes(shop), visits(shop)[0].for_whom) == (["古法手镯"], "妈妈")


def says_in_kf(shop: Shop, *messages: str) -> None:
    """As pulled messages are handed to the handlers, one after the other."""
    dispatch = dispatcher(shop.parts, shop.woken.extend, the_knowledge())
    for number, words in enumerate(messages):
        dispatch.dispatch(kf_message(KF, json.dumps(said(f"k{number}", words), ensure_ascii=False)))


@on_sqlite
def test_in_customer_service_she_books_the_same_way(shop: Shop) -> None:
    prepare(shop)
    says_in_kf(shop, "周日下午三点去静安店看戒指", "确认")
    assert booked(shop) == ["周日 15:00 静安店"]
    assert any("约好了" in words for words in shop.words_for("wmMei"))


@on_sqlite
def test_a_number_chooses_in_customer_service(shop: Shop) -> None:
    prepare(shop)
    says_in_kf(shop, "想约周日下午去湖滨店看戒指", "2", "1")
    assert len(booked(shop)) == 1
