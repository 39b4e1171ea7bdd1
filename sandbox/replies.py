"""Reads the passive reply in the answer to a push and holds it against the platform's rules."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.crypto import CallbackKeys
from sandbox.errors import CryptoError, RefusedError, UnusableReplyError
from sandbox.packets import Json, as_list, from_xml
from sandbox.push import Push
from sandbox.world import World

# Bytes of UTF-8 in a text reply, on both platforms.
TEXT_BYTES = 2048
NEWS_TITLE_BYTES, NEWS_TEXT_BYTES = 128, 512


@dataclass(frozen=True)
class Reply:
    """What the chat shows; `kind` empty means: nothing, the push is only acknowledged."""

    kind: str = ""
    parts: Mapping[str, Any] | None = None


Reader = Callable[[World, Push, Json], Reply]


def read_reply(world: World, push: Push, body: bytes) -> Reply:
    """The reply in the body of an HTTP 200. Raises UnusableReplyError with the rule that it breaks."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise UnusableReplyError("the answer is not UTF-8") from None
    if text in ("", "success"):
        return Reply()
    fields = _opened(world, push, from_xml(text))
    _check_address(world, push, fields)
    readers = OFFICIAL if push.surface == "oa" else WECOM
    kind = str(fields.get("MsgType", ""))
    if kind not in readers:
        raise UnusableReplyError(f"MsgType {kind[:40]!r} is no passive reply of this platform")
    return readers[kind](world, push, fields)


def _opened(world: World, push: Push, outer: Json) -> Json:
    plain_allowed = push.surface == "oa" and world.config.oa.mode != "encrypted"
    if "Encrypt" not in outer:
        if plain_allowed:
            return outer
        raise UnusableReplyError("the reply is not encrypted")
    keys = world.config.oa.keys if push.surface == "oa" else world.config.wecom.keys
    return from_xml(_decrypted(keys, outer))


def _decrypted(keys: CallbackKeys, outer: Json) -> str:
    sealed, given = str(outer["Encrypt"]).strip(), str(outer.get("MsgSignature", "")).strip()
    expected = keys.sign(str(outer.get("TimeStamp", "")).strip(), str(outer.get("Nonce", "")).strip(), sealed)
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise UnusableReplyError("MsgSignature does not fit")
    try:
        return keys.decrypt(sealed)
    except CryptoError as error:
        raise UnusableReplyError(f"the reply cannot be decrypted: {error}") from None


def _check_address(world: World, push: Push, fields: Json) -> None:
    sender = world.config.oa.original_id if push.surface == "oa" else world.config.wecom.corp_id
    if fields.get("FromUserName") != sender:
        raise UnusableReplyError(f"FromUserName must be {sender}")
    if push.person and fields.get("ToUserName") != push.person:
        raise UnusableReplyError(f"ToUserName must be {push.person}")
    if not re.fullmatch(r"\d{10}", str(fields.get("CreateTime", "")).strip()):
        raise UnusableReplyError("CreateTime must be seconds since 1970")


def _text(world: World, push: Push, fields: Json) -> Reply:
    content = fields.get("Content")
    if not isinstance(content, str) or not content.strip():
        raise UnusableReplyError("Content is missing")
    size = len(content.encode())
    if size > TEXT_BYTES:
        raise UnusableReplyError(f"Content has {size} bytes; {TEXT_BYTES} are allowed")
    return Reply("text", {"content": content})


def _node(fields: Json, name: str) -> Json:
    node = fields.get(name)
    if not isinstance(node, dict):
        raise UnusableReplyError(f"{name} is missing")
    return node


def _media(kind: str, node_name: str) -> Reader:
    def read(world: World, push: Push, fields: Json) -> Reply:
        media_id = _node(fields, node_name).get("MediaId", "")
        try:
            media = world.state.media.find(push.surface, media_id, world.now, kind)
        except RefusedError:
            raise UnusableReplyError(f"MediaId {str(media_id)[:40]!r} is unknown or too old") from None
        return Reply(kind, {"url": world.media_url(media.media_id), "seconds": media.seconds})

    return read


def _music(world: World, push: Push, fields: Json) -> Reply:
    node = _node(fields, "Music")
    if not node.get("ThumbMediaId"):
        raise UnusableReplyError("ThumbMediaId is missing")
    return Reply("link", {"title": node.get("Title", ""), "url": node.get("MusicUrl", "")})


def _news(world: World, push: Push, fields: Json) -> Reply:
    nodes = as_list(_node(fields, "Articles").get("item"))
    limit = 8 if push.surface == "wecom" else push.max_articles
    if not 1 <= len(nodes) <= limit or str(fields.get("ArticleCount", "")).strip() != str(len(nodes)):
        raise UnusableReplyError(f"{len(nodes)} articles; {limit} allowed, and ArticleCount must say the same")
    articles = [
        {name.lower(): str(node.get(name, "")) for name in ("Title", "Description", "Url", "PicUrl")} for node in nodes
    ]
    for article in articles:
        _check_article(push, article)
    return Reply("news", {"articles": articles})


def _check_article(push: Push, article: dict[str, str]) -> None:
    if not article["title"] and not article["description"]:
        raise UnusableReplyError("an article has neither Title nor Description")
    if push.surface == "wecom" and (
        len(article["title"].encode()) > NEWS_TITLE_BYTES or len(article["description"].encode()) > NEWS_TEXT_BYTES
    ):
        raise UnusableReplyError("an article's Title (128 bytes) or Description (512 bytes) is too long")


def _silent(world: World, push: Push, fields: Json) -> Reply:
    return Reply()


def _button(world: World, push: Push, fields: Json) -> Reply:
    name = _node(fields, "Button").get("ReplaceName", "")
    if not name or not push.response_code:
        raise UnusableReplyError("update_button needs a ReplaceName and answers a card event only")
    return Reply("update_button", {"done": name})


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _snaked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    fields: Json = {}
    for name, inner in value.items():
        inner = [_snaked(one) for one in as_list(inner)] if name.endswith("List") else _snaked(inner)
        fields[_snake(name)] = inner
    return fields


def _card(world: World, push: Push, fields: Json) -> Reply:
    if not push.response_code:
        raise UnusableReplyError("update_template_card answers a card event only")
    return Reply("update_template_card", {"card": _snaked(_node(fields, "TemplateCard"))})


COMMON: dict[str, Reader] = {
    "text": _text,
    "image": _media("image", "Image"),
    "voice": _media("voice", "Voice"),
    "video": _media("video", "Video"),
    "news": _news,
}
OFFICIAL: dict[str, Reader] = {**COMMON, "music": _music, "transfer_customer_service": _silent}
WECOM: dict[str, Reader] = {**COMMON, "update_button": _button, "update_template_card": _card}
