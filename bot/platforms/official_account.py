"""The official account's calls: messages, templates, subscriptions, mass sends, media, followers, codes, menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.errors import BadContent, Misconfigured
from bot.messages import Kind, Media, Menu, News, Reply, Text
from bot.platforms.calls import Download
from bot.platforms.paging import batches
from bot.platforms.rendering import (
    Body,
    Renderer,
    article_body,
    is_silent,
    render,
    render_media,
    render_numbered_menu,
    render_text,
)
from bot.platforms.templates import template_fields
from bot.platforms.tokens import Grant
from bot.platforms.transport import Transport, required

# This account may not send tap lists: a test account, or not verified.
MENU_NOT_ALLOWED = 40200
# The customer already sees that we type.
ALREADY_TYPING = 45081
# This clientmsgid was sent before; the answer holds the msg_id of that time.
ALREADY_SENT = 45065
# Openids of one mass send.
MASS_SEND_OPENIDS = range(2, 10_001)
# Bytes of a clientmsgid.
CLIENT_MSG_ID_BYTES = 32
# Openids of one look-up.
USERS_PER_CALL = 100
# Seconds a temporary code may live: 30 days.
QR_CODE_SECONDS = 2_592_000

QR_CODE_PICTURE = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="


@dataclass(frozen=True, slots=True)
class Follower:
    """What the account may know of a person; of one who does not follow only the openid."""

    openid: str
    following: bool
    unionid: str = ""
    followed_at: datetime | None = None
    scene: str = ""  # of the QR code through which this person came
    source: str = ""  # the platform's word for the way here: ADD_SCENE_QR_CODE …
    remark: str = ""


@dataclass(frozen=True, slots=True)
class QrCode:
    """`url` is what the code says, `picture_url` where the platform draws it."""

    ticket: str
    url: str
    picture_url: str


def _news(news: News) -> Body:
    """The account shows one article; several are refused (45008)."""
    if not news.articles:
        raise BadContent(None, "news without an article")
    return {"msgtype": "news", "news": {"articles": [article_body(news.articles[0])]}}


def _menu(menu: Menu) -> Body:
    items = [{"id": option.id, "content": option.label} for option in menu.options]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": menu.head, "list": items, "tail_content": menu.tail}}


_CUSTOMER_SERVICE: Mapping[type[Reply], Renderer] = {Text: render_text, Media: render_media, News: _news, Menu: _menu}
_MASS: Mapping[type[Reply], Renderer] = {Text: render_text, Media: render_media}


class OfficialAccount:
    """One official account. Every method raises a `PlatformError`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, openid: str, reply: Reply) -> None:
        """A customer-service message: takes one place of this person's window.

        Raises WindowClosed outside the window. `Silence` sends nothing.
        """
        if is_silent(reply):
            return
        try:
            self._send(openid, render(reply, _CUSTOMER_SERVICE, "the official account"))
        except Misconfigured as error:
            if error.errcode != MENU_NOT_ALLOWED or not isinstance(reply, Menu):
                raise
            self._send(openid, render_numbered_menu(reply))

    def _send(self, openid: str, body: Body) -> None:
        self._transport.post("/cgi-bin/message/custom/send", {"touser": openid, **body})

    def typing(self, openid: str) -> None:
        """Show that an answer is being written; only inside the window."""
        body = {"touser": openid, "command": "Typing"}
        self._transport.post("/cgi-bin/message/custom/typing", body, accepted={ALREADY_TYPING})

    def send_template(
        self, openid: str, template_id: str, values: Mapping[str, str], url: str = "", client_msg_id: str = ""
    ) -> str:
        """A service notice; returns its msgid, under which TEMPLATESENDJOBFINISH tells the outcome.

        `values` by key of the template ("thing1"), cut to what their type takes. The platform
        drops a second notice with the same `client_msg_id` to this person for ten minutes.
        """
        path = "/cgi-bin/message/template/send"
        body: Body = {"touser": openid, "template_id": template_id, "data": template_fields(values)}
        optional = {"url": url, "client_msg_id": client_msg_id}
        body.update({name: given for name, given in optional.items() if given})
        return required(self._transport.post(path, body), "msgid", path)

    def send_subscription(self, openid: str, template_id: str, values: Mapping[str, str], url: str = "") -> None:
        """A subscription notification: uses up one yes of this person. Raises Unreachable (43101) when none is left.

        The platform knows no key of ours here and names no message: `subscribe_msg_sent_event` tells the
        outcome by person and template.
        """
        body: Body = {"touser": openid, "template_id": template_id, "data": template_fields(values)}
        self._transport.post("/cgi-bin/message/subscribe/bizsend", body | ({"page": url} if url else {}))

    def mass_send(self, openids: Sequence[str], reply: Reply, clientmsgid: str) -> str:
        """One mass message to 2–10,000 followers; returns its msg_id.

        Safe to repeat with the same `clientmsgid` (at most 32 bytes): the first msg_id comes back.
        Followers who had their four of the month are skipped by the platform without a word.
        """
        path = "/cgi-bin/message/mass/send"
        if len(openids) not in MASS_SEND_OPENIDS:
            raise BadContent(None, f"a mass send to {len(openids)} openids; it takes 2 to 10,000")
        if len(clientmsgid.encode()) > CLIENT_MSG_ID_BYTES:
            raise BadContent(None, f"a clientmsgid of more than {CLIENT_MSG_ID_BYTES} bytes")
        body = render(reply, _MASS, "a mass send")
        addressed = {"touser": list(openids), "clientmsgid": clientmsgid, "send_ignore_reprint": 0}
        return required(self._transport.post(path, body | addressed, accepted={ALREADY_SENT}), "msg_id", path)

    def upload_media(self, kind: Kind, file_name: str, content: bytes) -> str:
        """Give a picture, voice or video to the platform; its media_id holds for 3 days."""
        path = "/cgi-bin/media/upload"
        return required(self._transport.upload(path, kind.value, file_name, content), "media_id", path)

    def media(self, media_id: str) -> Download:
        """The file that a customer sent."""
        path = "/cgi-bin/media/get"
        answer = self._transport.download(path, {"media_id": media_id})
        if isinstance(answer, Download):
            return answer
        return self._transport.fetch_video(required(answer, "video_url", path))

    def user(self, openid: str) -> Follower:
        """One person; `following` is False for one who left or never came."""
        query = {"openid": openid, "lang": "zh_CN"}
        return _follower(self._transport.get("/cgi-bin/user/info", query))

    def users(self, openids: Sequence[str]) -> tuple[Follower, ...]:
        """Several at once, a hundred to a call."""
        found: list[Follower] = []
        for batch in batches(openids, USERS_PER_CALL):
            body = {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in batch]}
            answer = self._transport.ask("/cgi-bin/user/info/batchget", body)
            found.extend(_follower(fields) for fields in answer.get("user_info_list", ()))
        return tuple(found)

    def followers(self) -> Iterator[str]:
        """The openids of all followers; each call of the 500 a day brings 10,000."""
        after = ""
        while True:
            page = self._transport.get("/cgi-bin/user/get", {"next_openid": after} if after else {})
            openids = (page.get("data") or {}).get("openid", ())
            yield from openids
            following = str(page.get("next_openid", ""))
            if not openids or following in ("", after):
                return
            after = following

    def create_qr_code(self, scene: str, expire_seconds: int | None) -> QrCode:
        """A code that brings `scene` (1–64 characters) with a follow or scan; None: for ever.

        Permanent codes are 100,000 per account, for good.
        """
        path = "/cgi-bin/qrcode/create"
        body: Body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        if expire_seconds is not None:
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": min(expire_seconds, QR_CODE_SECONDS)}
        answer = self._transport.post(path, body)
        ticket = required(answer, "ticket", path)
        return QrCode(ticket, required(answer, "url", path), QR_CODE_PICTURE + quote(ticket, safe=""))

    def create_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replace the menu at the foot of the chat; customers see it within five minutes."""
        self._transport.ask("/cgi-bin/menu/create", {"button": list(buttons)})

    def js_ticket(self) -> Grant:
        """The ticket with which pages sign for WeChat's scripts; good for two hours."""
        path = "/cgi-bin/ticket/getticket"
        answer = self._transport.get(path, {"type": "jsapi"})
        return Grant(required(answer, "ticket", path), float(required(answer, "expires_in", path)))

    def callback_addresses(self) -> tuple[str, ...]:
        """The addresses from which the platform calls us."""
        return tuple(self._transport.get("/cgi-bin/getcallbackip").get("ip_list", ()))


def _follower(fields: Mapping[str, Any]) -> Follower:
    moment = fields.get("subscribe_time")
    return Follower(
        openid=required(fields, "openid", "/cgi-bin/user/info"),
        following=bool(fields.get("subscribe")),
        unionid=str(fields.get("unionid", "")),
        followed_at=datetime.fromtimestamp(int(moment), UTC) if moment else None,
        scene=str(fields.get("qr_scene_str") or ""),
        source=str(fields.get("subscribe_scene", "")),
        remark=str(fields.get("remark", "")),
    )
