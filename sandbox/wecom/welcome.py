"""The welcome message to a new contact: within twenty seconds, once."""

from typing import Any

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.world import World

TEXT_BYTES = 4000
ATTACHMENTS = 9
KINDS = ("image", "link", "miniprogram", "video", "file")


def read_content(world: World, call: Call) -> Json:
    """Text and attachments of a message to a contact. Raises RefusedError for what breaks a rule."""
    holder = call.body.get("text")
    text = str(holder.get("content") or "") if isinstance(holder, dict) else ""
    attachments = call.body.get("attachments") or []
    if not text and not attachments:
        raise RefusedError(40063)
    if len(text.encode()) > TEXT_BYTES:
        raise RefusedError(45002)
    if not isinstance(attachments, list) or len(attachments) > ATTACHMENTS:
        raise RefusedError(41064)
    return {"text": {"content": text}, "attachments": [_attachment(world, one) for one in attachments]}


def _attachment(world: World, given: Any) -> Json:
    kind = given.get("msgtype") if isinstance(given, dict) else None
    if kind not in KINDS:
        raise RefusedError(41065)
    body = given.get(kind)
    if not isinstance(body, dict):
        raise RefusedError(41053)
    if kind == "link" and not (body.get("title") and body.get("url")):
        raise RefusedError(41053)
    if kind in ("image", "video", "file") and not body.get("pic_url"):
        world.state.media.find("wecom", body.get("media_id"), world.now, kind)
    return {"msgtype": kind, kind: body}


def show_to_customer(world: World, openid: str, userid: str, message: Json) -> None:
    """Puts a message of a member into his chat with the customer."""
    chat = f"contact/{openid}"
    if message["text"]["content"]:
        world.show(chat, "them", "text", content=message["text"]["content"], userid=userid)
    for attachment in message["attachments"]:
        kind = attachment["msgtype"]
        body = attachment[kind]
        if kind == "image":
            url = body.get("pic_url") or world.media_url(body["media_id"])
            world.show(chat, "them", "image", url=url, userid=userid)
        else:
            url = str(body.get("url") or body.get("page") or "")
            world.show(chat, "them", "link", title=str(body.get("title") or kind), url=url, userid=userid)


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/send_welcome_msg")
def send_welcome_msg(world: World, call: Call) -> Json:
    """Only the first call with a code wins."""
    message = read_content(world, call)
    code = world.state.contact.redeem(call.text("welcome_code"), world.now)
    show_to_customer(world, code.openid, code.userid, message)
    return {}
