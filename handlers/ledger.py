"""The rows of one message: who is where before the handler, what is written after it.

This is the path that every message takes, so it is a handful of prepared statements: one read, and
after the handler one update and two inserts. Handlers use the typed models instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, bindparam, insert, literal_column, select, update

from bot.dispatch import Outcome
from bot.messages import Channel, IncomingMessage, Kind
from bot.platforms.window import Cause, Window, after_inbound, cause_of
from bot.words import kind_of, words_of
from crm.models import (
    Conversation,
    Direction,
    IdentityKind,
    InboxRow,
    InboxState,
    Interaction,
    Role,
    Staff,
    Talk,
)
from crm.prepared import Prepared
from crm.services.identities import meet

if TYPE_CHECKING:
    from handlers.context import Visit


@dataclass(slots=True)
class Place:
    """What the database knows before a message is handled."""

    inbox_id: int | None = None
    inbox_state: InboxState | None = None
    inbox_reply: str | None = None
    conversation_id: int | None = None
    customer_id: int | None = None
    state: str = ""
    state_until: datetime | None = None
    memory: str = "{}"
    window_opened_by: str = ""
    window_until: datetime | None = None
    window_left: int = 0
    last_inbound_at: datetime | None = None
    staff_id: int | None = None
    staff_role: Role | None = None
    talk_id: int | None = None

    @property
    def answered(self) -> Outcome | None:
        if self.inbox_id is None or self.inbox_state is InboxState.PENDING:
            return None
        return Outcome(self.inbox_state or "stored", passive=(self.inbox_reply or "").encode())

    @property
    def window(self) -> Window | None:
        if self.window_until is None:
            return None
        return Window(self.window_opened_by, self.window_until, self.window_left)


_nobody = select(literal_column("1").label("one")).subquery()
_conversation_is = and_(
    Conversation.channel == bindparam("channel"),
    Conversation.account == bindparam("account"),
    Conversation.person == bindparam("person"),
)
_talk_is = and_(
    Talk.closed_at.is_(None),
    (Talk.conversation_id == Conversation.id) | ((Talk.staff_id == Staff.id) & Talk.taken_at.is_not(None)),
)
PLACE = Prepared(
    select(
        InboxRow.id,
        InboxRow.state,
        InboxRow.reply,
        Conversation.id,
        Conversation.customer_id,
        Conversation.state,
        Conversation.state_until,
        Conversation.memory,
        Conversation.window_opened_by,
        Conversation.window_until,
        Conversation.window_left,
        Conversation.last_inbound_at,
        Staff.id,
        Staff.role,
        Talk.id,
    )
    .select_from(_nobody)
    .outerjoin(InboxRow, and_(InboxRow.account == bindparam("account"), InboxRow.key == bindparam("key")))
    .outerjoin(Conversation, _conversation_is)
    .outerjoin(Staff, and_(Staff.userid == bindparam("userid"), Staff.left_at.is_(None)))
    .outerjoin(Talk, _talk_is)
    .limit(literal_column("1"))
)
CONVERSATION = Prepared(
    update(Conversation)
    .where(Conversation.id == bindparam("conversation"))
    .values(
        {
            column: bindparam(column.key)
            for column in (
                Conversation.state,
                Conversation.state_until,
                Conversation.memory,
                Conversation.window_opened_by,
                Conversation.window_until,
                Conversation.window_left,
                Conversation.last_inbound_at,
            )
        }
    )
)
INBOX = Prepared(
    insert(InboxRow),
    ["account", "key", "channel", "person", "kind", "received_at", "state", "handler", "reason", "body", "reply"],
)
VERDICT = Prepared(
    update(InboxRow)
    .where(InboxRow.id == bindparam("row"))
    .values({name: bindparam(name) for name in ("state", "handler", "reason", "reply")})
)
INTERACTION = Prepared(
    insert(Interaction), ["at", "customer_id", "staff_id", "direction", "channel", "kind", "text", "key"]
)
IDENTITIES = {
    Channel.OFFICIAL_ACCOUNT: IdentityKind.OPENID,
    Channel.CONTACT: IdentityKind.EXTERNAL_USERID,
    Channel.KF: IdentityKind.KF,
}


def place_of(connection: Connection, message: IncomingMessage) -> Place:
    """One read: seen before? where does the dialogue stand, who speaks, who is talking with whom?"""
    row = PLACE.first(
        connection,
        {
            "account": message.account,
            "key": message.key,
            "channel": message.channel.value,
            "person": message.person,
            "userid": message.person if message.channel is Channel.WECOM else "",
        },
    )
    known = zip(Place.__slots__, row or (), strict=False)
    return Place(**{name: value for name, value in known if value is not None})


def settle(visit: Visit) -> None:
    """Make sure that the person has a conversation, and a customer where one speaks."""
    place, message = visit.place, visit.message
    if place.conversation_id is not None:
        return
    kind = IDENTITIES.get(message.channel)
    if kind is not None:
        place.customer_id = meet(visit.session, message.account, kind, message.person, visit.now).customer_id
    conversation = Conversation(
        channel=message.channel.value,
        account=message.account,
        person=message.person,
        customer_id=place.customer_id,
        staff_id=place.staff_id,
    )
    visit.session.add(conversation)
    visit.session.flush()
    place.conversation_id = conversation.id


def write(visit: Visit, outcome: Outcome) -> None:
    """The message, its answer, the dialogue and both sides of the conversation."""
    connection = visit.connection
    if visit.place.conversation_id is not None:
        CONVERSATION.run(connection, _conversation(visit))
        INTERACTION.run(connection, *_interactions(visit, outcome))
    if visit.place.inbox_id is None:
        INBOX.run(connection, _inbox(visit, outcome))
    else:
        VERDICT.run(connection, {"row": visit.place.inbox_id, **_verdict(outcome)})


def _conversation(visit: Visit) -> dict[str, Any]:
    place = visit.place
    state, until, memory = visit.dialogue.written()
    window = after_inbound(place.window, visit.message.channel, cause_of(visit.message), visit.now)
    return {
        "conversation": place.conversation_id,
        "state": state,
        "state_until": until,
        "memory": memory,
        "window_opened_by": window.opened_by if window else "",
        "window_until": window.until if window else None,
        "window_left": window.left if window else 0,
        "last_inbound_at": visit.now if cause_of(visit.message) is Cause.MESSAGE else place.last_inbound_at,
    }


def _interactions(visit: Visit, outcome: Outcome) -> list[dict[str, Any]]:
    message = visit.message
    common = {
        "at": visit.now,
        "customer_id": visit.place.customer_id,
        "staff_id": visit.place.staff_id,
        "channel": message.channel.value,
        "key": message.key,
    }
    rows = [
        {**common, "direction": Direction.IN, "kind": message.event or message.kind.value, "text": said_in(message)}
    ]
    if outcome.passive:
        reply = outcome.replies[0]
        rows.append({**common, "direction": Direction.OUT, "kind": kind_of(reply), "text": words_of(reply)})
    return rows


def _inbox(visit: Visit, outcome: Outcome) -> dict[str, Any]:
    message = visit.message
    return {
        "account": message.account,
        "key": message.key,
        "channel": message.channel.value,
        "person": message.person,
        "kind": message.event or message.kind.value,
        "received_at": visit.now,
        "body": message.raw.decode(errors="replace"),
        **_verdict(outcome),
    }


def _verdict(outcome: Outcome) -> dict[str, Any]:
    return {
        "state": InboxState(outcome.state),
        "handler": outcome.handler,
        "reason": outcome.reason[:512],
        "reply": outcome.passive.decode() if outcome.passive else None,
    }


def said_in(message: IncomingMessage) -> str:
    """What a person did, in words, for the interaction log."""
    if message.text:
        return message.text
    if message.kind is Kind.LOCATION:
        return str(message.fields.get("label", ""))
    return str(message.fields.get("key") or message.fields.get("scene_id") or message.fields.get("media_id") or "")
