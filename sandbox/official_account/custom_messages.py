"""message/custom/send and typing: what may be said inside the customer-service window."""

from collections.abc import Callable
from typing import Any

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.world import World

TEXT_BYTES = 2048
# The "is typing" line lasts about this long.
TYPING_SECONDS = 15

# A reader turns the message's own object into the type and the parts that the chat shows.
Shown = tuple[str, Json]


def _text(world: World, body: Json) -> Shown:
    content = body.get("content")
    if not isinstance(content, str) or not content.strip():
        raise RefusedError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise RefusedError(45002)
    return "text", {"content": content}


def _media(kind: str) -> Callable[[World, Json], Shown]:
    def read(world: World, body: Json) -> Shown:
        media = world.state.media.find("oa", body.get("media_id"), world.now, kind)
        return kind, {"url": world.media_url(media.media_id), "seconds": media.seconds}

    return read


def _music(world: World, body: Json) -> Shown:
    world.state.media.find("oa", body.get("thumb_media_id"), world.now, "thumb", "image")
    return "link", {"title": str(body.get("title", "")), "url": str(body.get("musicurl", ""))}


def _news(world: World, body: Json) -> Shown:
    articles = body.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], dict):
        raise RefusedError(45008)
    names = ("title", "description", "url", "picurl")
    return "news", {"articles": [{name: str(one.get(name, "")) for name in names} for one in articles]}


def _menu_item(item: Any) -> Json:
    if not isinstance(item, dict) or not str(item.get("id", "")) or not str(item.get("content", "")):
        raise RefusedError(40035, "msgmenu list needs id and content")
    return {"id": str(item["id"]), "content": str(item["content"])}


def _msgmenu(world: World, body: Json) -> Shown:
    items = body.get("list")
    if not isinstance(items, list) or not items:
        raise RefusedError(40035, "invalid msgmenu list size")
    head, tail = str(body.get("head_content", "")), str(body.get("tail_content", ""))
    return "msgmenu", {"head": head, "items": [_menu_item(item) for item in items], "tail": tail}


def _mini_program(world: World, body: Json) -> Shown:
    world.state.media.find("oa", body.get("thumb_media_id"), world.now)
    return "link", {"title": str(body.get("title", "")), "url": str(body.get("pagepath", ""))}


KINDS: dict[str, Callable[[World, Json], Shown]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "music": _music,
    "news": _news,
    "msgmenu": _msgmenu,
    "miniprogrampage": _mini_program,
}


def read_message(world: World, call: Call) -> Shown:
    """Type and parts of the message in a body. Raises RefusedError for what the platform refuses."""
    msgtype = call.text("msgtype")
    if msgtype not in KINDS:
        raise RefusedError(40008)
    body = call.body.get(msgtype)
    if not isinstance(body, dict):
        raise RefusedError(44004 if msgtype == "text" else 40035)
    return KINDS[msgtype](world, body)


@endpoint("oa", "POST", "/cgi-bin/message/custom/send", per_day=500_000)
def send(world: World, call: Call) -> Json:
    """One message into an open window; each costs one of its places."""
    customer = world.follower(call.body.get("touser"))
    kind, parts = read_message(world, call)
    if not customer.following:
        raise RefusedError(45015)
    if customer.refuses:
        raise RefusedError(48002)
    world.state.oa.window(customer.openid).check(world.now).left -= 1
    context = call.body.get("aimsgcontext")
    if isinstance(context, dict) and context.get("is_ai_msg") == 1:
        parts["ai"] = True
    world.show(f"oa/{customer.openid}", "them", kind, **parts)
    world.tell_state()
    return {"errcode": 0, "errmsg": "ok"}


@endpoint("oa", "POST", "/cgi-bin/message/custom/typing")
def typing(world: World, call: Call) -> Json:
    """Shows or takes away "is typing"; costs nothing, needs a message of the customer."""
    customer = world.follower(call.body.get("touser"))
    command = call.text("command")
    if command not in ("Typing", "CancelTyping"):
        raise RefusedError(45072)
    if not customer.following or not world.state.oa.window(customer.openid).talked(world.now):
        raise RefusedError(45080)
    typing_until = world.state.oa.typing_until
    if command == "Typing" and typing_until.get(customer.openid, 0) > world.now:
        raise RefusedError(45081)
    typing_until[customer.openid] = world.now + TYPING_SECONDS if command == "Typing" else 0
    return {"errcode": 0, "errmsg": "ok"}
