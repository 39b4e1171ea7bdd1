"""The rules of template cards: which parts each kind needs and how many of them there may be."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.errors import RefusedError
from sandbox.packets import Json

NOTICES = ("text_notice", "news_notice")
INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
TASK_ID = re.compile(r"[A-Za-z0-9_@-]{1,128}")
# Most entries of each list and the code when there are more.
LIST_LIMITS = {"horizontal_content_list": (6, 42035), "jump_list": (3, 42042), "vertical_content_list": (4, 42036)}
BUTTONS, OPTIONS, SELECTS, ACTIONS = 6, 20, 3, 10


def _object(owner: Json, name: str, errcode: int) -> Json:
    value = owner.get(name)
    if not isinstance(value, dict):
        raise RefusedError(errcode)
    return value


def _objects(owner: Json, name: str, most: int, errcode: int, least: int = 1) -> list[Json]:
    value = owner.get(name, [])
    if not isinstance(value, list) or not least <= len(value) <= most or not all(isinstance(it, dict) for it in value):
        raise RefusedError(errcode)
    return value


def _filled(owner: Json, name: str, errcode: int) -> str:
    value: Any = owner.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError(errcode)
    return value


def _has_title(card: Json) -> bool:
    title = card.get("main_title")
    return isinstance(title, dict) and bool(title.get("title"))


def _check_lists(card: Json) -> None:
    for name, (most, errcode) in LIST_LIMITS.items():
        _objects(card, name, most, errcode, least=0)
    for row in card.get("horizontal_content_list", []):
        _filled(row, "keyname", 42027)
        if row.get("type") == 1:
            _filled(row, "url", 42028)
        if row.get("type") == 3:
            _filled(row, "userid", 42050)
    for row in [*card.get("jump_list", []), *card.get("vertical_content_list", [])]:
        _filled(row, "title", 42033)


def _check_notice(card: Json) -> None:
    action = _object(card, "card_action", 42045)
    if action.get("type") not in (1, 2):
        raise RefusedError(42045)
    _filled(action, "url" if action["type"] == 1 else "appid", 42028 if action["type"] == 1 else 42030)
    if card["card_type"] == "news_notice" and not (card.get("card_image") or card.get("image_text_area")):
        raise RefusedError(42044)
    if not _has_title(card) and not card.get("sub_title_text"):
        raise RefusedError(42033)


def _check_options(owner: Json, most: int) -> None:
    _filled(owner, "question_key", 42043)
    for option in _objects(owner, "option_list", most, 42037):
        _filled(option, "id", 42040)
        _filled(option, "text", 42041)


def _check_buttons(card: Json) -> None:
    if card.get("button_selection"):
        _check_options(_object(card, "button_selection", 42043), 10)
    for button in _objects(card, "button_list", BUTTONS, 42038):
        _filled(button, "text", 42038)
        if button.get("type", 0) == 0:
            _filled(button, "key", 42039)


def _check_submit(card: Json) -> None:
    button = _object(card, "submit_button", 42049)
    _filled(button, "text", 42049)
    _filled(button, "key", 42046)


def _check_vote(card: Json) -> None:
    _check_options(_object(card, "checkbox", 42043), OPTIONS)
    _check_submit(card)


def _check_multiple(card: Json) -> None:
    for select in _objects(card, "select_list", SELECTS, 42047):
        _check_options(select, 10)
    _check_submit(card)


CHECKS: dict[str, Callable[[Json], None]] = {
    "text_notice": _check_notice,
    "news_notice": _check_notice,
    "button_interaction": _check_buttons,
    "vote_interaction": _check_vote,
    "multiple_interaction": _check_multiple,
}


def _check_menu(card: Json) -> None:
    if "action_menu" not in card:
        return
    actions = _objects(_object(card, "action_menu", 40058), "action_list", ACTIONS, 40058)
    keys = [_filled(action, "key", 42039) for action in actions]
    if len(set(keys)) < len(keys):
        raise RefusedError(42051)


def check_card(card: Any) -> Json:
    """The card when it keeps every rule; raises RefusedError with the code of the first one it breaks."""
    if not isinstance(card, dict) or str(card.get("card_type")) not in CHECKS:
        raise RefusedError(42031)
    needs_task = card["card_type"] in INTERACTIVE or "action_menu" in card
    if (needs_task or card.get("task_id")) and not TASK_ID.fullmatch(str(card.get("task_id", ""))):
        raise RefusedError(42014)
    if card["card_type"] in INTERACTIVE and not _has_title(card):
        raise RefusedError(42033)
    _check_lists(card)
    _check_menu(card)
    CHECKS[card["card_type"]](card)
    return card


def can_be_changed(card: Json) -> bool:
    """True for the cards that come with a response_code."""
    return card["card_type"] in INTERACTIVE or "action_menu" in card


def keys_of(card: Json) -> tuple[set[str], set[str]]:
    """The keys of its buttons and those of its menu."""
    menu = card.get("action_menu")
    actions = menu.get("action_list") if isinstance(menu, dict) else []
    return _keys(card.get("button_list")) | _keys([card.get("submit_button")]), _keys(actions)


def _keys(pressable: Any) -> set[str]:
    entries = pressable if isinstance(pressable, list) else []
    return {one["key"] for one in entries if isinstance(one, dict) and isinstance(one.get("key"), str) and one["key"]}
