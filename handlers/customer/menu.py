"""Taps on the menu at the foot of the official account."""

from __future__ import annotations

from bot.messages import Reply, Silence, Text
from bot.router import Router, event, field
from handlers.filters import customer as by_customer
from wording import Wording

router = Router("menu")

# What `flask shop menu` publishes; the keys come back in CLICK events.
BUTTONS = [
    {"type": "click", "name": "保养问答", "key": "CARE"},
    {"type": "click", "name": "门店", "key": "STORE"},
    {"type": "click", "name": "找顾问", "key": "PERSON"},
]

# Events after which the platform shows no reply; what the customer picks follows as a message.
QUIET = [
    "view",
    "view_miniprogram",
    "scancode_push",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
    "location",
]


@router.on(by_customer, event("click"), field("key", "CARE"))
def care(say: Wording) -> Reply:
    return Text(say("customer.menu_care"))


@router.on(by_customer, event("click"), field("key", "STORE"))
def store(say: Wording) -> Reply:
    return Text(say("customer.menu_store"))


@router.on(by_customer, event(*QUIET))
def noted() -> Reply:
    return Silence()
