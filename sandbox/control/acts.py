"""The table of contents of what a person can do, by surface and word."""

from collections.abc import Callable

from sandbox.official_account import followers, subscriptions
from sandbox.packets import Json
from sandbox.push import Push
from sandbox.wecom import contacts, kf_customers, mass_tasks, members
from sandbox.world import World

Act = Callable[[World, str, Json], Push | None]
PictureAct = Callable[[World, str, str, bytes], Push]

ACTS: dict[tuple[str, str], Act] = {
    ("oa", "text"): followers.say,
    ("oa", "tap"): followers.tap,
    ("oa", "voice"): followers.speak,
    ("oa", "location"): followers.share_place,
    ("oa", "menu"): followers.press_menu,
    ("oa", "view"): followers.open_menu_page,
    ("oa", "scan"): followers.scan,
    ("oa", "follow"): followers.follow,
    ("oa", "unfollow"): followers.unfollow,
    ("oa", "refuse"): followers.refuse,
    ("oa", "grant"): subscriptions.answer,
    ("oa", "revoke"): subscriptions.switch_off,
    ("wecom", "text"): members.say,
    ("wecom", "voice"): members.speak,
    ("wecom", "location"): members.share_place,
    ("wecom", "enter"): members.enter,
    ("wecom", "menu"): members.press_menu,
    ("wecom", "card"): members.press_card,
    ("contact", "add"): contacts.add,
    ("contact", "delete"): contacts.delete,
    ("contact", "dismiss"): contacts.dismiss,
    ("kf", "enter"): kf_customers.enter,
    ("kf", "text"): kf_customers.say,
    ("kf", "seat"): kf_customers.seat_says,
    ("kf", "close"): kf_customers.seat_closes,
    ("tasks", "confirm"): mass_tasks.confirm,
}
PICTURE_ACTS: dict[str, PictureAct] = {
    "oa": followers.send_picture,
    "wecom": members.send_picture,
    "kf": kf_customers.send_picture,
}
