"""Finding one's way: welcome, help, who am I; and a word to those who are no staff."""

from __future__ import annotations

from bot.messages import IncomingMessage, Kind, Reply, Silence, Text
from bot.router import Router, command, event, kind
from crm.models import Staff
from handlers.context import ShopFacts
from handlers.filters import staff as by_staff
from handlers.filters import stranger as by_stranger
from wording import Wording

router = Router("orientation")


@router.on(by_staff, event("enter_agent", "subscribe"))
def welcome(staff: Staff, message: IncomingMessage, shop: ShopFacts, say: Wording) -> Reply:
    """Once, when the application becomes visible to him; entering it again says nothing."""
    if message.event == "enter_agent":
        return Silence()
    return Text(say("advisor.welcome", name=staff.name, shop=shop.name))


@router.on(by_staff, command("帮助", "help", "?", "菜单", "指令", "/帮助"))
def help_(say: Wording) -> Reply:
    return Text(say("advisor.help"))


@router.on(by_staff, command("我是谁", "我", "/我是谁"))
def who_am_i(staff: Staff, say: Wording) -> Reply:
    return Text(
        say(
            "advisor.who_am_i",
            name=staff.name,
            userid=staff.userid,
            role=say(f"advisor.role_{staff.role}"),
            store=staff.store.name if staff.store else say("advisor.no_store"),
            scope=say(f"advisor.scope_{staff.role}"),
        )
    )


@router.on(by_stranger, ~kind(Kind.EVENT))
def stranger(message: IncomingMessage, say: Wording) -> Reply:
    """A member of the company who is not in the staff table: no command is one from him."""
    return Text(say("advisor.stranger", userid=message.person))


@router.on(by_stranger)
def stranger_noted(message: IncomingMessage) -> Reply:
    return Silence()
