"""Customer contact: the customers that advisors have in WeCom, contact codes, welcomes, mass tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from bot.errors import BadContent, PlatformError
from bot.messages import Kind, Media, Menu, News, Reply, Text
from bot.platforms.paging import pages
from bot.platforms.rendering import Body, Renderer, render, text_body
from bot.platforms.transport import Transport, required
from bot.words import menu_in_words

# The member has no customer at all, or not this one.
NO_RELATION = 84061
# Bytes of a welcome text, and of a mass text.
TEXT_BYTES = 4000
# Attachments of a welcome.
ATTACHMENTS = 9
# Characters of a contact code's state, and of its remark.
STATE_CHARS = 30
# Members behind one contact code.
CODE_MEMBERS = 100
# Customers of one mass task.
TASK_CUSTOMERS = 10_000
# Lines of one page of a task's result.
RESULTS_PER_PAGE = 500

_BASE = "/cgi-bin/externalcontact"


@dataclass(frozen=True, slots=True)
class FollowedBy:
    """A member who has this customer. `state` is the contact code's, `add_way` the platform's number."""

    userid: str
    remark: str
    state: str
    add_way: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ExternalContact:
    """A customer as WeCom shows her; `unionid` only when the official account is bound."""

    external_userid: str
    name: str
    unionid: str
    followers: tuple[FollowedBy, ...]


@dataclass(frozen=True, slots=True)
class ContactCode:
    """Keep `config_id`: the console never shows codes made by the API. `url`: the code's picture."""

    config_id: str
    url: str


@dataclass(frozen=True, slots=True)
class MassTask:
    """A task that waits for its member. `failed`: customers whom it can't reach."""

    msgid: str
    failed: tuple[str, ...]


class MassStatus(IntEnum):
    """What became of a mass task for one customer."""

    WAITING = 0
    SENT = 1
    NOT_A_FRIEND = 2
    QUOTA_USED_UP = 3


@dataclass(frozen=True, slots=True)
class MassResult:
    """One line of a task's result; `sent_at` only when sent."""

    external_userid: str
    userid: str
    status: MassStatus
    sent_at: datetime | None


def _news(news: News) -> Body:
    links = [
        {
            "msgtype": "link",
            "link": {
                "title": article.title,
                "picurl": article.picture_url,
                "desc": article.description,
                "url": article.url,
            },
        }
        for article in news.articles[:ATTACHMENTS]
    ]
    return {"attachments": links}


def _text(text: Text) -> Body:
    return {"text": text_body(text.content, TEXT_BYTES)["text"]}


def _menu(menu: Menu) -> Body:
    return _text(Text(menu_in_words(menu)))


def _media(media: Media) -> Body:
    kind = media.kind.value
    if media.kind not in (Kind.IMAGE, Kind.VIDEO, Kind.FILE):
        raise BadContent(None, f"a welcome cannot carry {kind}")
    return {"attachments": [{"msgtype": kind, kind: {"media_id": media.media_id}}]}


_WELCOME: Mapping[type[Reply], Renderer] = {Text: _text, Menu: _menu, News: _news, Media: _media}


class CustomerContact:
    """Needs an application that may use customer contact. Every method raises a `PlatformError`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def contact(self, external_userid: str) -> ExternalContact:
        """One customer with all members who have her; raises Unreachable when nobody has."""
        path = f"{_BASE}/get"
        whole = list(
            pages(lambda cursor: self._transport.get(path, {"external_userid": external_userid, "cursor": cursor}))
        )
        person = whole[0].get("external_contact") or {}
        return ExternalContact(
            external_userid=required(person, "external_userid", path),
            name=str(person.get("name", "")),
            unionid=str(person.get("unionid", "")),
            followers=tuple(_followed_by(row) for page in whole for row in page.get("follow_user", ())),
        )

    def contacts_of(self, userid: str) -> tuple[str, ...]:
        """The external_userids of a member's customers; empty only when WeCom says that there are none."""
        try:
            answer = self._transport.get(f"{_BASE}/list", {"userid": userid})
        except PlatformError as error:
            if error.errcode == NO_RELATION:
                return ()
            raise
        return tuple(answer.get("external_userid", ()))

    def create_contact_code(
        self, userids: Sequence[str], state: str, remark: str = "", skip_verify: bool = True
    ) -> ContactCode:
        """A code that adds one of these members (1–100); `state` (30 characters) comes back with the event."""
        path = f"{_BASE}/add_contact_way"
        if not 0 < len(userids) <= CODE_MEMBERS or len(state) > STATE_CHARS:
            raise BadContent(
                None, f"a contact code takes 1 to {CODE_MEMBERS} members, {STATE_CHARS} characters of state"
            )
        body = {
            "type": 1 if len(userids) == 1 else 2,
            "scene": 2,  # a code, not a mini program
            "user": list(userids),
            "state": state,
            "remark": remark[:STATE_CHARS],
            "skip_verify": skip_verify,
        }
        answer = self._transport.post(path, body)
        return ContactCode(required(answer, "config_id", path), required(answer, "qr_code", path))

    def code_picture(self, url: str) -> bytes:
        """The picture of a contact code, as `create_contact_code` named it."""
        return self._transport.fetch_picture(url).content

    def send_welcome(self, welcome_code: str, reply: Reply) -> None:
        """The first words to a customer just added: within 20 s of the event, once.

        Raises WindowClosed when late or when the chat has begun, Busy when another application
        is sending at this moment.
        """
        body = render(reply, _WELCOME, "a welcome")
        self._transport.post(f"{_BASE}/send_welcome_msg", {"welcome_code": welcome_code, **body})

    def create_mass_task(self, sender: str, external_userids: Sequence[str], text: str) -> MassTask:
        """A task for the member `sender`: nothing is sent until he confirms it. 1–10,000 customers."""
        path = f"{_BASE}/add_msg_template"
        if not 0 < len(external_userids) <= TASK_CUSTOMERS:
            raise BadContent(None, f"a mass task takes 1 to {TASK_CUSTOMERS} customers")
        body = {
            "chat_type": "single",
            "external_userid": list(external_userids),
            "sender": sender,
            **_text(Text(text)),
        }
        answer = self._transport.post(path, body)
        return MassTask(required(answer, "msgid", path), tuple(answer.get("fail_list", ())))

    def mass_results(self, msgid: str, userid: str) -> Iterator[MassResult]:
        """What became of a task for each customer; raises Busy while WeCom still prepares it."""

        def read(cursor: str) -> Mapping[str, Any]:
            body = {"msgid": msgid, "userid": userid, "limit": RESULTS_PER_PAGE, "cursor": cursor}
            return self._transport.ask(f"{_BASE}/get_groupmsg_send_result", body)

        for page in pages(read):
            yield from (_mass_result(row) for row in page.get("send_list", ()))


def _followed_by(row: Mapping[str, Any]) -> FollowedBy:
    return FollowedBy(
        userid=str(row["userid"]),
        remark=str(row.get("remark", "")),
        state=str(row.get("state", "")),
        add_way=int(row.get("add_way", 0)),
        added_at=datetime.fromtimestamp(int(row.get("createtime", 0)), UTC),
    )


def _mass_result(row: Mapping[str, Any]) -> MassResult:
    moment = int(row.get("send_time") or 0)
    return MassResult(
        external_userid=str(row.get("external_userid", "")),
        userid=str(row.get("userid", "")),
        status=MassStatus(int(row["status"])),
        sent_at=datetime.fromtimestamp(moment, UTC) if moment else None,
    )
