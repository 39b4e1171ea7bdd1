"""The menu below the chat: made whole, read back, or seen as it is live."""

from typing import Any

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.world import World

BUTTONS, SUB_BUTTONS = 3, 5
# Bytes of UTF-8: names of buttons, of sub-buttons, keys, addresses.
NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
NEEDS = {
    "click": "key",
    "scancode_push": "key",
    "scancode_waitmsg": "key",
    "pic_sysphoto": "key",
    "pic_photo_or_album": "key",
    "pic_weixin": "key",
    "location_select": "key",
    "view": "url",
    "miniprogram": "url",
    "media_id": "media_id",
    "article_id": "article_id",
    "article_view_limited": "article_id",
}


def _check_name(button: Json, most: int) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= most:
        raise RefusedError(40018)


def _check_action(button: Json) -> None:
    kind = button.get("type")
    if not isinstance(kind, str) or kind not in NEEDS:
        raise RefusedError(40017)
    value = button.get(NEEDS[kind])
    size = len(value.encode()) if isinstance(value, str) else 0
    if NEEDS[kind] == "url" and not 1 <= size <= URL_BYTES:
        raise RefusedError(40020)
    if NEEDS[kind] != "url" and not 1 <= size <= KEY_BYTES:
        raise RefusedError(40019)


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise RefusedError(40016)
    subs = button.get("sub_button") or []
    _check_name(button, NAME_BYTES)
    if not subs:
        _check_action(button)
    if not isinstance(subs, list) or len(subs) > SUB_BUTTONS or not all(isinstance(sub, dict) for sub in subs):
        raise RefusedError(40023)
    for sub in subs:
        _check_name(sub, SUB_NAME_BYTES)
        _check_action(sub)


@endpoint("oa", "POST", "/cgi-bin/menu/create", per_day=1_000)
def create(world: World, call: Call) -> Json:
    """Replaces the whole menu."""
    buttons = call.body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
        raise RefusedError(40016)
    for button in buttons:
        _check_button(button)
    world.state.oa.menu = buttons
    world.tell_state()
    return {"errcode": 0, "errmsg": "ok"}


@endpoint("oa", "GET", "/cgi-bin/menu/get", per_day=10_000)
def get(world: World, call: Call) -> Json:
    if not world.state.oa.menu:
        raise RefusedError(46003)
    return {"menu": {"button": world.state.oa.menu}}


@endpoint("oa", "GET", "/cgi-bin/get_current_selfmenu_info")
def current(world: World, call: Call) -> Json:
    """What is live: lists of sub-buttons sit one level deeper here than in menu/get."""
    shown = [
        {**button, "sub_button": {"list": button["sub_button"]}} if button.get("sub_button") else button
        for button in world.state.oa.menu
    ]
    return {"is_menu_open": int(bool(shown)), "selfmenu_info": {"button": shown}}
