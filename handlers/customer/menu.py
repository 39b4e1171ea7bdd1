"""Taps on the menu at the foot of the official account."""

from __future__ import annotations

from typing import Any

from bot.messages import Reply, Silence, Text
from bot.router import Router, event, field
from handlers.filters import customer as by_customer
from wording import Wording

router = Router("menu")


def _button(name: str, key: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


# What `flask shop publish-menu` publishes; the keys come back in CLICK events, each answered in its own file.
# The platform shows three buttons, each with up to five below it.
BUTTONS: list[dict[str, Any]] = [
    _button("预约试戴", "BOOK"),
    {
        "name": "我的",
        "sub_button": [
            _button("我的预约", "VISITS"),
            _button("我的首饰", "JEWELLERY"),
            _button("我的权益", "MEMBER"),
        ],
    },
    {
        "name": "咨询",
        "sub_button": [
            _button("保养问答", "CARE"),
            _button("门店", "STORE"),
            _button("找顾问", "PERSON"),
            _button("加顾问微信", "ADD_ADVISOR"),
        ],
    },
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
