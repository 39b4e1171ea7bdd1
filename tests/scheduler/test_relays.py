"""An advisor reads it when his words did not reach the customer."""

from __future__ import annotations

from sqlalchemy import select

from crm.models import Conversation, Delivery, Talk
from crm.services.talks import close
from tests.scheduler.town import Town


def talk_with(town: Town, code: str, userid: str) -> None:
    now = town.clock.now()
    with town.sessions.begin() as session:
        conversation = session.scalars(select(Conversation)).one()
        session.add(
            Talk(
                conversation_id=conversation.id,
                customer_id=conversation.customer_id,
                staff_id=town.staff[userid],
                opened_at=now,
                taken_at=now,
                staff_spoke_at=now,
            )
        )


def relayed(town: Town, *words: str) -> None:
    ids = town.reply("C1", *words)
    with town.sessions.begin() as session:
        for row in session.scalars(select(Delivery).where(Delivery.id.in_(ids))):
            row.job = "talk"
    town.deliver(ids)
    town.deliver()


def test_the_sixth_message_is_told_to_the_advisor_in_words(town: Town) -> None:
    town.write("C1")
    talk_with(town, "C1", "lin.yue")
    relayed(town, "一", "二", "三", "四", "五", "六")
    assert "没有发给周芸" in town.sandbox.last("wecom", "lin.yue")["content"]
    assert "5 条" in town.sandbox.last("wecom", "lin.yue")["content"]


def test_an_unfollowing_in_between_is_told_too(town: Town) -> None:
    town.write("C1")
    talk_with(town, "C1", "lin.yue")
    town.sandbox.act("oa", "oOne", "unfollow")
    relayed(town, "您还在吗")
    assert "没有发给周芸" in town.sandbox.last("wecom", "lin.yue")["content"]


def test_after_the_talk_nobody_is_told(town: Town) -> None:
    town.write("C1")
    talk_with(town, "C1", "lin.yue")
    with town.sessions.begin() as session:
        close(session, session.scalars(select(Talk)).one(), "staff", town.clock.now())
    relayed(town, "一", "二", "三", "四", "五", "六")
    assert [row.job for row in town.rows()].count("talk_unsent") == 0
