"""Tells an advisor when his words did not reach the customer he is talking with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.codec import to_json
from bot.messages import Channel, Text
from crm.models import Conversation, Purpose, Talk
from crm.services.claims import Claimed
from crm.services.deliveries import NewDelivery, plan
from scheduler.shop import Shop

# The job under which handlers plan what is said in a talk.
TALK = "talk"
# How a reason begins or what it holds, and what the advisor reads; the first that fits.
REASONS = {
    "45047": "advisor.window_used_up",
    "95001": "advisor.window_used_up",
    "WindowClosed": "advisor.window_over",
    "Unreachable": "advisor.window_left",
}


def tell_advisor(session: Session, shop: Shop, row: Claimed, reason: str, now: datetime) -> list[int]:
    """Plan the word to the advisor; ids of what was planned, none when it was no talk or he has ended it."""
    if row.job != TALK or row.purpose is not Purpose.REPLY:
        return []
    talk = session.scalar(_open_talk(row))
    if talk is None or talk.staff is None:
        return []
    name = talk.customer.name or shop.say("advisor.new_friend")
    why = shop.say(next((key for sign, key in REASONS.items() if sign in reason), "advisor.relay_refused"))
    words = shop.say("advisor.relay_unsent", name=name, reason=why)
    told = NewDelivery(
        key=f"{row.key}:unsent",
        job="talk_unsent",
        due_on=row.due_on,
        purpose=Purpose.STAFF,
        body=to_json(Text(words)),
        planned_at=now,
        staff_id=talk.staff_id,
        channel=Channel.WECOM.value,
        account=shop.wecom_account,
        person=talk.staff.userid,
    )
    return plan(session, [told])


def _open_talk(row: Claimed) -> Select[Talk]:
    same = (
        Conversation.channel == row.channel,
        Conversation.account == row.account,
        Conversation.person == row.person,
    )
    return select(Talk).join(Talk.conversation).where(Talk.closed_at.is_(None), *same)
