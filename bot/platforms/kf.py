"""WeCom's customer service (KF): pulling messages, sending within its window, handing over to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bot.messages import Media, Menu, News, Reply, Text
from bot.platforms.paging import batches
from bot.platforms.rendering import (
    Body,
    Renderer,
    is_silent,
    render,
    render_media,
    render_numbered_menu,
    render_text,
    text_body,
)
from bot.platforms.transport import Transport, required
from bot.words import news_in_words

# Messages of one pull.
MESSAGES_PER_PULL = 1000
# Lines of one tap list.
MENU_LINES = 10
# Customers of one look-up, and accounts of one page.
ROWS_PER_CALL = 100

_BASE = "/cgi-bin/kf"


class SessionState(IntEnum):
    """Who serves a customer. The API may send in NEW and ASSISTANT only."""

    NEW = 0
    ASSISTANT = 1
    POOL = 2
    PERSON = 3
    ENDED = 4


@dataclass(frozen=True, slots=True)
class Page:
    """One pull. Go on until `has_more` is False: an empty page may have more behind it."""

    messages: list[dict[str, Any]]
    next_cursor: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class Session:
    """`servicer_userid` only in PERSON."""

    state: SessionState
    servicer_userid: str = ""


@dataclass(frozen=True, slots=True)
class KfAccount:
    """One customer-service account."""

    open_kfid: str
    name: str


@dataclass(frozen=True, slots=True)
class Servicer:
    """A member who serves customers; `receiving` is False while he has paused."""

    userid: str
    receiving: bool


@dataclass(frozen=True, slots=True)
class KfCustomer:
    """What KF knows of a customer; `scene` of the link through which she came last."""

    external_userid: str
    nickname: str
    unionid: str = ""
    scene: str = ""


def _menu(menu: Menu) -> Body:
    if len(menu.options) > MENU_LINES:
        return render_numbered_menu(menu)
    lines = [{"type": "click", "click": {"id": option.id, "content": option.label}} for option in menu.options]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": menu.head, "list": lines, "tail_content": menu.tail}}


def _news(news: News) -> Body:
    """As links in a text: KF's own link message wants an uploaded picture."""
    return text_body(news_in_words(news))


_RENDERERS: Mapping[type[Reply], Renderer] = {Text: render_text, Media: render_media, Menu: _menu, News: _news}
_ON_EVENT: Mapping[type[Reply], Renderer] = {Text: render_text, Menu: _menu}


class KfService:
    """Needs an application that may use KF. Every method raises a `PlatformError`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def pull(self, open_kfid: str, cursor: str, token: str, limit: int = MESSAGES_PER_PULL) -> Page:
        """Messages after `cursor` (empty: the last 3 days); `token` of the call-back holds 10 minutes.

        Keep `next_cursor` together with the messages. Own messages never appear here.
        """
        body = {
            "cursor": cursor,
            "token": token,
            "limit": min(limit, MESSAGES_PER_PULL),
            "voice_format": 0,  # AMR
            "open_kfid": open_kfid,
        }
        answer = self._transport.ask(f"{_BASE}/sync_msg", body)
        return Page(
            messages=list(answer.get("msg_list", ())),
            next_cursor=str(answer.get("next_cursor") or cursor),
            has_more=int(answer.get("has_more", 0)) == 1,
        )

    def send(self, open_kfid: str, external_userid: str, reply: Reply, msgid: str) -> str:
        """One of the five messages after a customer's message; returns the message's id.

        `msgid` ([0-9a-zA-Z_-], 32 bytes) is unique per account: the same again is refused
        (BadContent), so repeating after an unknown outcome doubles nothing. Success is not
        delivery: that is told by msg_send_fail. `Silence` sends nothing.
        """
        if is_silent(reply):
            return ""
        body = render(reply, _RENDERERS, "customer service")
        addressed = {"touser": external_userid, "open_kfid": open_kfid, "msgid": msgid}
        return str(self._transport.post(f"{_BASE}/send_msg", addressed | body).get("msgid", msgid))

    def send_on_event(self, code: str, reply: Reply, msgid: str) -> str:
        """The one message that a welcome code (20 s) or message code allows: Text or Menu."""
        if is_silent(reply):
            return ""
        body = render(reply, _ON_EVENT, "a message on an event")
        answer = self._transport.post(f"{_BASE}/send_msg_on_event", {"code": code, "msgid": msgid, **body})
        return str(answer.get("msgid", msgid))

    def state(self, open_kfid: str, external_userid: str) -> Session:
        """Who serves this customer now."""
        path = f"{_BASE}/service_state/get"
        answer = self._transport.ask(path, {"open_kfid": open_kfid, "external_userid": external_userid})
        state = SessionState(int(required(answer, "service_state", path)))
        return Session(state, str(answer.get("servicer_userid", "")))

    def transfer(self, open_kfid: str, external_userid: str, state: SessionState, servicer_userid: str = "") -> str:
        """Move a customer to another state; PERSON needs a servicer. Returns the code for one message, or ""."""
        body: Body = {"open_kfid": open_kfid, "external_userid": external_userid, "service_state": int(state)}
        if servicer_userid:
            body["servicer_userid"] = servicer_userid
        return str(self._transport.post(f"{_BASE}/service_state/trans", body).get("msg_code", ""))

    def accounts(self) -> tuple[KfAccount, ...]:
        """Every account handed to this application."""
        found: list[KfAccount] = []
        while True:
            body = {"offset": len(found), "limit": ROWS_PER_CALL}
            rows = self._transport.ask(f"{_BASE}/account/list", body).get("account_list", ())
            found.extend(KfAccount(str(row["open_kfid"]), str(row.get("name", ""))) for row in rows)
            if len(rows) < ROWS_PER_CALL:
                return tuple(found)

    def servicers(self, open_kfid: str) -> tuple[Servicer, ...]:
        """The members who serve an account; whole departments among them are left out."""
        rows = self._transport.get(f"{_BASE}/servicer/list", {"open_kfid": open_kfid}).get("servicer_list", ())
        return tuple(Servicer(str(row["userid"]), int(row.get("status", 0)) == 0) for row in rows if "userid" in row)

    def customers(self, external_userids: Sequence[str]) -> tuple[KfCustomer, ...]:
        """These customers, without those whom KF does not know."""
        found: list[KfCustomer] = []
        for batch in batches(external_userids, ROWS_PER_CALL):
            body = {"external_userid_list": list(batch), "need_enter_session_context": 1}
            rows = self._transport.ask(f"{_BASE}/customer/batchget", body).get("customer_list", ())
            found.extend(_customer(row) for row in rows)
        return tuple(found)


def _customer(row: Mapping[str, Any]) -> KfCustomer:
    context = row.get("enter_session_context") or {}
    return KfCustomer(
        external_userid=str(row["external_userid"]),
        nickname=str(row.get("nickname", "")),
        unionid=str(row.get("unionid", "")),
        scene=str(context.get("scene", "")),
    )
