"""message/send of the application and update_template_card: what reaches the members' phones."""

import hashlib
import json
import secrets
from collections.abc import Callable

from sandbox.api import Call, endpoint
from sandbox.card_desk import SentCard
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.wecom.card_changes import show_change
from sandbox.wecom.cards import can_be_changed, check_card
from sandbox.world import World

TEXT_BYTES = 2048
RECEIVERS = 1000
ARTICLES = 8
# More than this to one member is dropped, and the sender is told nothing.
PER_MINUTE, PER_HOUR = 30, 1000
REPEAT_SECONDS, LONGEST_REPEAT_SECONDS = 1800, 4 * 3600

Shown = tuple[str, Json]


def cut(text: str, most_bytes: int = TEXT_BYTES) -> str:
    """The first `most_bytes` bytes, as the platform cuts: whole characters only."""
    return text.encode()[:most_bytes].decode(errors="ignore")


def _words(kind: str) -> Callable[[World, Json], Shown]:
    def read(world: World, body: Json) -> Shown:
        content = body.get("content")
        if not isinstance(content, str) or not content.strip():
            raise RefusedError(44004)
        return kind, {"content": cut(content)}

    return read


def _media(kind: str) -> Callable[[World, Json], Shown]:
    def read(world: World, body: Json) -> Shown:
        media = world.state.media.find("wecom", body.get("media_id"), world.now, kind)
        shown = "link" if kind == "file" else kind
        return shown, {"url": world.media_url(media.media_id), "title": media.name, "seconds": media.seconds}

    return read


def _textcard(world: World, body: Json) -> Shown:
    title, description, url = (str(body.get(name) or "") for name in ("title", "description", "url"))
    if not title:
        raise RefusedError(40058, "missing title")
    if not description:
        raise RefusedError(41033)
    if not url.startswith(("http://", "https://")):
        raise RefusedError(40058, "url must begin with http:// or https://")
    button = str(body.get("btntxt") or "详情")[:4]
    return "textcard", {"title": title[:128], "description": description[:512], "url": url, "btntxt": button}


def _news(world: World, body: Json) -> Shown:
    articles = body.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= ARTICLES:
        raise RefusedError(45008)
    if not all(isinstance(one, dict) and one.get("title") and (one.get("url") or one.get("appid")) for one in articles):
        raise RefusedError(40058, "an article needs title and url")
    names = ("title", "description", "url", "picurl")
    return "news", {"articles": [{name: str(one.get(name, "")) for name in names} for one in articles]}


def _card(world: World, body: Json) -> Shown:
    card = check_card(body)
    task_id = str(card.get("task_id") or "")
    if task_id in world.state.wecom.cards.cards:
        raise RefusedError(42014, "task_id is already used")
    return "card", {"card": card, "task_id": task_id, "done": None}


KINDS: dict[str, Callable[[World, Json], Shown]] = {
    "text": _words("text"),
    "markdown": _words("markdown"),
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "textcard": _textcard,
    "news": _news,
    "template_card": _card,
}


def _receivers(world: World, call: Call) -> tuple[list[str], list[str]]:
    """Members to send to, and the ids nobody has. Raises RefusedError 82001 or 81013."""
    named = call.text("touser")
    if not named and not call.body.get("toparty") and not call.body.get("totag"):
        raise RefusedError(82001)
    if named == "@all":
        return list(world.members), []
    lower = {userid.lower(): userid for userid in world.members}
    asked = list(dict.fromkeys(one.strip().lower() for one in named.split("|") if one.strip()))
    if len(asked) > RECEIVERS:
        raise RefusedError(40032)
    found = [lower[one] for one in asked if one in lower] + _by_department(world, call.text("toparty"))
    unknown = [one for one in asked if one not in lower]
    if not found:
        raise RefusedError(81013, invaliduser="|".join(unknown))
    return list(dict.fromkeys(found)), unknown


def _by_department(world: World, named: str) -> list[str]:
    numbers = department_numbers(world)
    wanted = set(named.split("|"))
    everybody = "1" in wanted
    return [one.userid for one in world.members.values() if everybody or str(numbers.get(one.store)) in wanted]


def department_numbers(world: World) -> dict[str, int]:
    """Store code → department id; 1 is the company."""
    return {code: number for number, code in enumerate(world.stores, start=2)}


def _within_rate(world: World, userid: str) -> bool:
    """Counts a message to a member; False when the platform would drop it."""
    moments = [one for one in world.state.wecom.received.get(userid, []) if world.now - one < 3600]
    last_minute = sum(world.now - one < 60 for one in moments)
    if last_minute >= PER_MINUTE or len(moments) >= PER_HOUR:
        return False
    world.state.wecom.received[userid] = [*moments, world.now]
    return True


def _repeat_key(call: Call) -> str:
    return hashlib.sha256(json.dumps(call.body, sort_keys=True).encode()).hexdigest()


def _earlier_answer(world: World, call: Call) -> Json | None:
    """With enable_duplicate_check: the answer to the same body within the interval."""
    repeats = world.state.wecom.repeats
    for key in [key for key, (until, _) in repeats.items() if until <= world.now]:
        del repeats[key]
    if call.body.get("enable_duplicate_check") != 1:
        return None
    earlier = repeats.get(_repeat_key(call))
    return earlier[1] if earlier is not None else None


def _remember(world: World, call: Call, answer: Json) -> None:
    if call.body.get("enable_duplicate_check") == 1:
        seconds = call.number("duplicate_check_interval", REPEAT_SECONDS, LONGEST_REPEAT_SECONDS)
        world.state.wecom.repeats[_repeat_key(call)] = (world.now + seconds, answer)


@endpoint("wecom", "POST", "/cgi-bin/message/send")
def send(world: World, call: Call) -> Json:
    """One message to members; unknown ones are named in the answer, floods are dropped in silence."""
    if str(call.body.get("agentid", "")) != str(world.config.wecom.agent_id):
        raise RefusedError(301002 if call.body.get("agentid") else 40056)
    earlier = _earlier_answer(world, call)
    if earlier is not None:
        return earlier
    kind, parts = _read(world, call)
    receivers, unknown = _receivers(world, call)
    lines = {
        userid: world.show(f"wecom/{userid}", "them", kind, **parts).id
        for userid in receivers
        if _within_rate(world, userid)
    }
    answer: Json = {"invaliduser": "|".join(unknown), "invalidparty": "", "invalidtag": ""}
    answer["msgid"] = secrets.token_urlsafe(32)
    if kind == "card" and can_be_changed(parts["card"]):
        world.state.wecom.cards.cards[parts["task_id"]] = SentCard(parts["task_id"], parts["card"], lines)
        answer["response_code"] = world.state.wecom.cards.issue_code(parts["task_id"], world.now)
    _remember(world, call, answer)
    return answer


def _read(world: World, call: Call) -> Shown:
    msgtype = call.text("msgtype")
    if msgtype not in KINDS:
        raise RefusedError(40008)
    body = call.body.get(msgtype)
    if not isinstance(body, dict):
        raise RefusedError({"text": 44004, "template_card": 42031}.get(msgtype, 40058))
    return KINDS[msgtype](world, body)


@endpoint("wecom", "POST", "/cgi-bin/message/update_template_card")
def update_template_card(world: World, call: Call) -> Json:
    """Changes a card once, within 72 hours: its button becomes a word, or the whole card is another."""
    if str(call.body.get("agentid", "")) != str(world.config.wecom.agent_id):
        raise RefusedError(42015)
    change = _change(call)
    named = call.texts("userids", RECEIVERS, 40032)
    if not named and call.body.get("atall") != 1 and not call.body.get("partyids"):
        raise RefusedError(82001)
    sent = world.state.wecom.cards.redeem(call.text("response_code"), world.now)
    wanted = set(named) if call.body.get("atall") != 1 and named else set(sent.lines)
    for userid in wanted & set(sent.lines):
        show_change(world, sent, userid, change)
    return {"invaliduser": sorted(wanted - set(sent.lines))}


def _change(call: Call) -> Json:
    button = call.body.get("button")
    if isinstance(button, dict):
        if not button.get("replace_name"):
            raise RefusedError(42020)
        return {"done": str(button["replace_name"])}
    return {"card": check_card(call.body.get("template_card"))}
