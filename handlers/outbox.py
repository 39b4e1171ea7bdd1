"""What a handler sends to someone else, or later: rows in the same transaction, never a call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.codec import to_fields, to_json
from bot.messages import Card, Channel, IncomingMessage, Reply
from crm.models import Conversation, Delivery, Purpose, Staff
from crm.services.deliveries import NewDelivery, plan

# The welcome code of a new contact lives 20 s.
WELCOME_LIFE = timedelta(seconds=20)


class Outbox:
    """Collects deliveries; their keys are made of the message's key, so a message plans them once."""

    def __init__(self, message: IncomingMessage, now: datetime, wecom_account: str) -> None:
        self._message = message
        self._now = now
        self.wecom_account = wecom_account
        self.rows: list[NewDelivery] = []

    def to_staff(self, staff: Staff, *replies: Reply, job: str = "talk") -> None:
        """To a member of staff, through the WeCom application."""
        self._add(
            replies,
            job=job,
            purpose=Purpose.STAFF,
            staff_id=staff.id,
            channel=Channel.WECOM.value,
            account=self.wecom_account,
            person=staff.userid,
        )

    def to_customer(self, conversation: Conversation, *replies: Reply, job: str = "talk") -> None:
        """To the customer of a conversation, inside its platform's window."""
        self._add(
            replies,
            job=job,
            purpose=Purpose.REPLY,
            customer_id=conversation.customer_id,
            channel=conversation.channel,
            account=conversation.account,
            person=conversation.person,
        )

    def serve(self, customer_id: int, reply: Reply, notice: Mapping[str, Any] | None = None, *, job: str) -> None:
        """What concerns her own visit or piece, by whichever service way is open when it goes out.

        `notice`: the same for a template message: `purpose`, `values`, `url`.
        """
        self._add((reply,), notice=notice, job=job, purpose=Purpose.SERVICE, customer_id=customer_id)

    def card_done(self, card: Delivery, done: Reply) -> None:
        """Turns a card that was sent before grey; its response code serves once."""
        self._add(
            (done,),
            job=f"{card.job}_done",
            purpose=Purpose.STAFF,
            staff_id=card.staff_id,
            channel=card.channel,
            account=card.account,
            person=card.person,
            receipt=card.receipt,
        )

    def welcome(self, code: str, customer_id: int | None, reply: Reply) -> None:
        """The one message that a new contact, or somebody who enters the KF chat, may get within 20 s."""
        self._add(
            (reply,),
            job="welcome",
            purpose=Purpose.REPLY,
            customer_id=customer_id,
            channel=self._message.channel.value,
            account=self._message.account,
            person=self._message.person,
            receipt=code,
            not_after=self._now + WELCOME_LIFE,
        )

    def answer_later(self, replies: Iterable[Reply], customer_id: int | None, staff_id: int | None) -> None:
        """To the person who wrote: what could not be answered in place, in order."""
        self._add(
            replies,
            job="reply",
            purpose=Purpose.STAFF if self._message.channel is Channel.WECOM else Purpose.REPLY,
            customer_id=customer_id,
            staff_id=staff_id,
            channel=self._message.channel.value,
            account=self._message.account,
            person=self._message.person,
        )

    def plan(self, session: Session) -> list[int]:
        """Write what was collected; returns the ids to wake the workers with."""
        return plan(session, self.rows)

    def _add(self, replies: Iterable[Reply], *, notice: Mapping[str, Any] | None = None, **columns: Any) -> None:
        for reply in replies:
            self.rows.append(
                NewDelivery(
                    key=self._key(reply),
                    due_on=self._now.date(),
                    planned_at=self._now,
                    body=_with_notice(reply, notice) if notice else to_json(reply),
                    **columns,
                )
            )

    def _key(self, reply: Reply) -> str:
        """Cards are found again by their task; everything else belongs to the message that caused it."""
        if isinstance(reply, Card):
            return f"card:{reply.task_id}"
        return f"{self._message.account}:{self._message.key}:{len(self.rows)}"


def _with_notice(reply: Reply, notice: Mapping[str, Any]) -> str:
    """A service push as the scheduler reads it: the words, and the same for a template."""
    return json.dumps({**to_fields(reply), "notice": dict(notice)}, ensure_ascii=False)
