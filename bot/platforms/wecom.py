"""The WeCom application's calls: messages and cards to members, media, the address book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import BadContent, PlatformError
from bot.messages import Card, Kind, Media, Menu, News, Reply, Text
from bot.platforms.calls import Download
from bot.platforms.paging import pages
from bot.platforms.rendering import (
    Body,
    Renderer,
    article_body,
    card_body,
    is_silent,
    render,
    render_media,
    render_numbered_menu,
    render_text,
)
from bot.platforms.transport import Transport, required

# Members of one message.
MEMBERS_PER_MESSAGE = 1000
# Articles of one message.
ARTICLES = 8
# Seconds for which WeCom may be asked to drop a second identical message: 4 hours.
DUPLICATE_CHECK_SECONDS = 14_400
# Members of one page of the address book.
MEMBERS_PER_PAGE = 10_000
# The state of a member who has joined and is not disabled.
ACTIVE = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """`response_code` changes a card once within 72 h; `refused`: members who got nothing."""

    msgid: str
    response_code: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the corp."""

    userid: str
    name: str
    departments: tuple[int, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class Department:
    """A department; `parent_id` is 0 for the root."""

    id: int
    name: str
    parent_id: int


def _news(news: News) -> Body:
    return {"msgtype": "news", "news": {"articles": [article_body(each) for each in news.articles[:ARTICLES]]}}


_RENDERERS: Mapping[type[Reply], Renderer] = {
    Text: render_text,
    Media: render_media,
    News: _news,
    Menu: render_numbered_menu,
    Card: card_body,
}


class WeComApp:
    """One self-built application of a corp. Every method raises a `PlatformError`."""

    def __init__(self, transport: Transport, agent_id: int) -> None:
        self._transport = transport
        self._agent_id = agent_id

    def send(self, userids: Sequence[str], reply: Reply, duplicate_check_seconds: int = 1800) -> Sent:
        """A message to 1–1,000 members; raises Unreachable when not one of them can get it.

        Within `duplicate_check_seconds` (at most 4 h; 0: never) WeCom drops a second message that
        is the same to the letter, so repeating after an unknown outcome doubles nothing.
        Raises RateLimited before a member's 30 a minute are over, which WeCom would drop silently.
        """
        path = "/cgi-bin/message/send"
        if is_silent(reply):
            return Sent("")
        if not 0 < len(userids) <= MEMBERS_PER_MESSAGE or "@all" in userids:
            raise BadContent(None, f"a message to {len(userids)} members; it takes 1 to {MEMBERS_PER_MESSAGE} by name")
        body = render(reply, _RENDERERS, "the WeCom application") | {
            "touser": "|".join(userids),
            "agentid": self._agent_id,
            **_duplicate_check(duplicate_check_seconds),
        }
        answer = self._transport.post(path, body, members=tuple(userids))
        return Sent(
            msgid=str(answer.get("msgid", "")),
            response_code=str(answer.get("response_code", "")),
            refused=_refused(userids, answer),
        )

    def update_card(self, userids: Sequence[str], response_code: str, replace_name: str) -> None:
        """Replace the buttons of a card by one grey word; a code serves once."""
        body = {
            "userids": list(userids),
            "agentid": self._agent_id,
            "response_code": response_code,
            "button": {"replace_name": replace_name},
        }
        self._transport.post("/cgi-bin/message/update_template_card", body)

    def upload_media(self, kind: Kind, file_name: str, content: bytes) -> str:
        """Give a picture, voice, video or file to WeCom; its media_id holds for 3 days."""
        path = "/cgi-bin/media/upload"
        return required(self._transport.upload(path, kind.value, file_name, content), "media_id", path)

    def media(self, media_id: str) -> Download:
        """The file that a member or customer sent."""
        path = "/cgi-bin/media/get"
        answer = self._transport.download(path, {"media_id": media_id})
        if isinstance(answer, Download):
            return answer
        raise PlatformError(None, f"{path}: no file in the answer")

    def member(self, userid: str) -> Member:
        """One member; raises Unreachable when there is none of this id."""
        answer = self._transport.get("/cgi-bin/user/get", {"userid": userid})
        return Member(
            userid=str(answer.get("userid", userid)),
            name=str(answer.get("name", "")),
            departments=tuple(int(number) for number in answer.get("department", ())),
            active=int(answer.get("status", 0)) == ACTIVE,
        )

    def member_ids(self) -> Iterator[str]:
        """The userids of everybody this application may see, each once."""
        seen: set[str] = set()
        for page in pages(self._member_page):
            for row in page.get("dept_user", ()):
                if (userid := str(row["userid"])) not in seen:
                    seen.add(userid)
                    yield userid

    def departments(self) -> tuple[Department, ...]:
        """Every department this application may see."""
        rows = self._transport.get("/cgi-bin/department/list").get("department", ())
        return tuple(Department(int(row["id"]), str(row.get("name", "")), int(row.get("parentid", 0))) for row in rows)

    def _member_page(self, cursor: str) -> Mapping[str, Any]:
        return self._transport.ask("/cgi-bin/user/list_id", {"cursor": cursor, "limit": MEMBERS_PER_PAGE})


def _duplicate_check(seconds: int) -> Body:
    if seconds <= 0:
        return {}
    return {"enable_duplicate_check": 1, "duplicate_check_interval": min(seconds, DUPLICATE_CHECK_SECONDS)}


def _refused(userids: Sequence[str], answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Who got nothing, spelt as we spell them: WeCom answers in lower case."""
    lists = (str(answer.get(name) or "") for name in ("invaliduser", "unlicenseduser"))
    refused = {userid.lower() for each in lists for userid in each.split("|") if userid}
    return tuple(userid for userid in userids if userid.lower() in refused)
