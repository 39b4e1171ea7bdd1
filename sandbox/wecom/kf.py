"""KF calls: pulling the log by cursor, sending inside the window, moving sessions."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.kf_desk import (
    ACCOUNT_ID,
    ACCOUNT_NAME,
    BOT,
    ENDED,
    MOVES,
    POOL,
    SEAT,
    SHORT_CODE_SECONDS,
    WINDOW_SECONDS,
)
from sandbox.packets import Json
from sandbox.people import Customer
from sandbox.push import Push
from sandbox.wecom import pushes
from sandbox.world import World

PULL_LIMIT = 1_000
TEXT_BYTES = 2048
MENU_ITEMS = 10
BATCH = 100
CURSOR = re.compile(r"kfc(\d{1,15})")
# fail_type "the session is over".
SESSION_OVER = 5

Shown = tuple[str, Json]


def _check_account(value: object) -> None:
    if value != ACCOUNT_ID:
        raise RefusedError(95000)


def _customer(world: World, external_userid: object) -> Customer:
    """Someone who entered the KF account at least once. Raises RefusedError 40096."""
    found = world.state.people.by_external_userid(external_userid) if isinstance(external_userid, str) else None
    if found is None or found.openid not in world.state.kf.sessions:
        raise RefusedError(40096)
    return found


@endpoint("wecom", "POST", "/cgi-bin/kf/account/list", lists=("account_list",))
def account_list(world: World, call: Call) -> Json:
    account = {"open_kfid": ACCOUNT_ID, "name": ACCOUNT_NAME, "avatar": "", "manage_privilege": True}
    offset, limit = call.number("offset", 0, 10_000), call.number("limit", BATCH, BATCH)
    return {"account_list": [account][offset : offset + limit]}


@endpoint("wecom", "POST", "/cgi-bin/kf/add_contact_way")
def add_contact_way(world: World, call: Call) -> Json:
    """The link that opens the KF chat; `scene` comes back in enter_session."""
    _check_account(call.body.get("open_kfid"))
    scene = call.text("scene")
    if not re.fullmatch(r"[0-9a-zA-Z_-]{0,32}", scene):
        raise RefusedError(40058, "invalid scene")
    return {"url": f"https://work.weixin.qq.com/kfid/{ACCOUNT_ID}" + (f"?enc_scene={scene}" if scene else "")}


@endpoint("wecom", "GET", "/cgi-bin/kf/servicer/list", lists=("servicer_list",))
def servicer_list(world: World, call: Call) -> Json:
    """Every member receives customers here."""
    _check_account(call.query.get("open_kfid"))
    return {"servicer_list": [{"userid": userid, "status": 0} for userid in world.members]}


@endpoint("wecom", "POST", "/cgi-bin/kf/customer/batchget", lists=("customer_list",))
def customer_batchget(world: World, call: Call) -> Json:
    asked = call.texts("external_userid_list", BATCH, 40058)
    found = {one: world.state.people.by_external_userid(one) for one in asked}
    known = {one: it for one, it in found.items() if it is not None and it.openid in world.state.kf.sessions}
    with_context = call.body.get("need_enter_session_context") == 1
    return {
        "customer_list": [_kf_person(world, one, with_context) for one in known.values()],
        "invalid_external_userid": [one for one in asked if one not in known],
    }


def _kf_person(world: World, customer: Customer, with_context: bool) -> Json:
    person: Json = {
        "external_userid": customer.external_userid,
        "nickname": customer.name,
        "avatar": "",
        "gender": 0,
        "unionid": customer.unionid,
    }
    scene = world.state.kf.session(customer.openid).scene
    return {**person, "enter_session_context": {"scene": scene}} if with_context and scene else person


@endpoint("wecom", "POST", "/cgi-bin/kf/sync_msg", lists=("msg_list",))
def sync_msg(world: World, call: Call) -> Json:
    """A page of what happened after the cursor; only has_more = 0 means the end."""
    cursor, desk = call.text("cursor"), world.state.kf
    if call.body.get("open_kfid"):
        _check_account(call.body["open_kfid"])
    place = CURSOR.fullmatch(cursor)
    if cursor and place is None:
        raise RefusedError(40058, "invalid cursor")
    limit = call.number("limit", PULL_LIMIT, PULL_LIMIT) or PULL_LIMIT
    desk.check_pull(call.text("token"), world.now)
    after = int(place[1]) if place else 0
    if world.state.switches.use("kf_empty_page"):
        return {"next_cursor": f"kfc{after}", "has_more": 1, "msg_list": []}
    items, more = desk.page(after, limit, world.now)
    last = items[-1].number if items else max(after, 0)
    return {"next_cursor": f"kfc{last}", "has_more": int(more), "msg_list": [item.content for item in items]}


def _text(world: World, body: Json) -> Shown:
    content = body.get("content")
    if not isinstance(content, str) or not content.strip():
        raise RefusedError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise RefusedError(45002)
    return "text", {"content": content}


def _media(kind: str) -> Callable[[World, Json], Shown]:
    def read(world: World, body: Json) -> Shown:
        media = world.state.media.find("wecom", body.get("media_id"), world.now, kind)
        shown = "link" if kind == "file" else kind
        return shown, {"url": world.media_url(media.media_id), "title": media.name, "seconds": media.seconds}

    return read


def _link(world: World, body: Json) -> Shown:
    if not body.get("title") or not body.get("url"):
        raise RefusedError(40058, "a link needs title and url")
    world.state.media.find("wecom", body.get("thumb_media_id"), world.now)
    return "link", {"title": str(body["title"]), "url": str(body["url"])}


def _location(world: World, body: Json) -> Shown:
    numbers = [body.get(name) for name in ("latitude", "longitude")]
    if not all(isinstance(number, int | float) for number in numbers):
        raise RefusedError(40058, "a location needs latitude and longitude")
    label = str(body.get("name") or body.get("address") or "")
    return "location", {"latitude": numbers[0], "longitude": numbers[1], "label": label}


def _menu_item(item: Any) -> Json:
    kind = item.get("type") if isinstance(item, dict) else None
    own = item.get(kind) if kind in ("click", "view", "miniprogram", "text") else None
    if not isinstance(own, dict) or not own.get("content"):
        raise RefusedError(95009)
    shown: Json = {"kind": kind, "content": str(own["content"]), "url": str(own.get("url") or "")}
    return {**shown, "id": str(own.get("id") or "") if kind == "click" else None}


def _msgmenu(world: World, body: Json) -> Shown:
    items = body.get("list") or []
    if not isinstance(items, list) or len(items) > MENU_ITEMS or not (items or body.get("head_content")):
        raise RefusedError(95008)
    head, tail = str(body.get("head_content") or ""), str(body.get("tail_content") or "")
    return "msgmenu", {"head": head, "items": [_menu_item(item) for item in items], "tail": tail}


KINDS: dict[str, Callable[[World, Json], Shown]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "link": _link,
    "location": _location,
    "msgmenu": _msgmenu,
}


def _read(world: World, call: Call) -> Shown:
    msgtype = call.text("msgtype")
    body = call.body.get(msgtype)
    if msgtype not in KINDS:
        raise RefusedError(40008)
    if not isinstance(body, dict):
        raise RefusedError(44004 if msgtype == "text" else 40058)
    return KINDS[msgtype](world, body)


@endpoint("wecom", "POST", "/cgi-bin/kf/send_msg")
def send_msg(world: World, call: Call) -> Json:
    """One of five messages; errcode 0 is no delivery, a failure comes through sync_msg."""
    _check_account(call.body.get("open_kfid"))
    customer = _customer(world, call.body.get("touser"))
    kind, parts = _read(world, call)
    desk = world.state.kf
    desk.check_id(call.text("msgid"))
    desk.session(customer.openid).use_message(world.now)
    msgid = desk.keep_id(call.text("msgid"))
    if world.state.switches.use("kf_send_fails"):
        _report_failure(world, customer, msgid)
    else:
        world.show(f"kf/{customer.openid}", "them", kind, **parts)
    world.tell_state()
    return {"msgid": msgid}


def _report_failure(world: World, customer: Customer, msgid: str) -> None:
    failure = {"event_type": "msg_send_fail", "fail_msgid": msgid, "fail_type": SESSION_OVER}
    world.post(record_event(world, customer, failure), world.config.receipt_delay)


def record_event(world: World, customer: Customer, event: Json) -> Push:
    """Adds an event of the KF account to the log; the push that says something is there."""
    ids = {"open_kfid": ACCOUNT_ID, "external_userid": customer.corporate_id()}
    world.state.kf.record(world.now, {"origin": 4, "msgtype": "event", "event": {**event, **ids}})
    return pushes.kf_event(world, ACCOUNT_ID, world.state.kf.issue_token(world.now))


@endpoint("wecom", "POST", "/cgi-bin/kf/send_msg_on_event")
def send_msg_on_event(world: World, call: Call) -> Json:
    """The one message an event's code allows: a greeting, a word in the queue, a farewell."""
    kind, parts = _read(world, call)
    desk = world.state.kf
    desk.check_id(call.text("msgid"))
    code = desk.redeem(call.text("code"), kind, world.now)
    world.show(f"kf/{code.openid}", "them", kind, **parts)
    return {"msgid": desk.keep_id(call.text("msgid"))}


@endpoint("wecom", "POST", "/cgi-bin/kf/service_state/get")
def service_state_get(world: World, call: Call) -> Json:
    _check_account(call.body.get("open_kfid"))
    session = world.state.kf.session(_customer(world, call.body.get("external_userid")).openid)
    return {"service_state": session.state, **({"servicer_userid": session.servicer} if session.state == SEAT else {})}


@endpoint("wecom", "POST", "/cgi-bin/kf/service_state/trans")
def service_state_trans(world: World, call: Call) -> Json:
    """Moves a session; the answer's code allows one more message where the new state has one."""
    _check_account(call.body.get("open_kfid"))
    customer = _customer(world, call.body.get("external_userid"))
    wanted = call.number("service_state", -1, 9)
    session = world.state.kf.session(customer.openid)
    if session.state == ENDED:
        raise RefusedError(95013)
    if wanted not in MOVES[session.state]:
        raise RefusedError(95016)
    servicer = call.text("servicer_userid")
    if wanted == SEAT and servicer not in world.members:
        raise RefusedError(95014)
    session.state, session.servicer = wanted, servicer if wanted == SEAT else ""
    world.tell_state()
    return _move_code(world, customer, wanted)


def _move_code(world: World, customer: Customer, state: int) -> Json:
    desk, openid = world.state.kf, customer.openid
    if state == BOT:
        return {}
    if state == ENDED:
        code = desk.issue_code(openid, world.now, SHORT_CODE_SECONDS, ["text", "msgmenu"])
    else:
        code = desk.issue_code(openid, world.now, WINDOW_SECONDS, ["text"], POOL if state == POOL else SEAT)
    return {"msg_code": code}
