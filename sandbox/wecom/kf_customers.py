"""What a customer does in the KF chat, and what a human seat does there from his WeCom client."""

from sandbox.errors import NotPossibleError
from sandbox.kf_desk import ACCOUNT_ID, ENDED, SEAT, SHORT_CODE_SECONDS
from sandbox.media import recognise
from sandbox.packets import Json
from sandbox.people import Customer
from sandbox.push import Push
from sandbox.wecom import pushes
from sandbox.wecom.kf import record_event
from sandbox.world import World

REOPENED_BY_SEAT, CLOSED = 4, 3


def _told(world: World) -> Push:
    return pushes.kf_event(world, ACCOUNT_ID, world.state.kf.issue_token(world.now))


def _entered(world: World, openid: str) -> Customer:
    customer = world.customer(openid)
    if openid not in world.state.kf.sessions:
        raise NotPossibleError(f"{customer.name}还没有进入客服会话")
    return customer


def enter(world: World, openid: str, body: Json) -> Push:
    """She opens the KF link; a greeting is allowed when there was nothing in the last 48 hours."""
    customer = world.customer(openid)
    customer.corporate_id()
    session = world.state.kf.session(openid)
    session.scene = str(body.get("scene") or "")
    event: Json = {"event_type": "enter_session", "scene": session.scene}
    event["scene_param"] = str(body.get("scene_param") or "")
    if session.may_be_welcomed(world.now):
        session.welcomed_at = world.now
        event["welcome_code"] = world.state.kf.issue_code(openid, world.now, SHORT_CODE_SECONDS, ["text", "msgmenu"])
    world.tell_state()
    return record_event(world, customer, event)


def _record(world: World, customer: Customer, msgtype: str, content: Json, origin: int = 3) -> None:
    ids = {"open_kfid": ACCOUNT_ID, "external_userid": customer.corporate_id()}
    world.state.kf.record(world.now, {**ids, "origin": origin, "msgtype": msgtype, **content})


def say(world: World, openid: str, body: Json) -> Push:
    """She writes, or taps an item of a menu."""
    customer = _entered(world, openid)
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise NotPossibleError("缺少 content")
    menu_id = str(body.get("menu_id") or "")
    world.state.kf.session(openid).customer_spoke(world.now)
    text: Json = {"content": content, **({"menu_id": menu_id} if menu_id else {})}
    _record(world, customer, "text", {"text": text})
    world.show(f"kf/{openid}", "me", "text", content=content)
    world.tell_state()
    return _told(world)


def send_picture(world: World, openid: str, name: str, content: bytes) -> Push:
    """She sends a picture."""
    customer = _entered(world, openid)
    media = world.keep_media("wecom", "image", recognise("wecom", "image", content), name, content)
    world.state.kf.session(openid).customer_spoke(world.now)
    _record(world, customer, "image", {"image": {"media_id": media.media_id}})
    world.show(f"kf/{openid}", "me", "image", url=world.media_url(media.media_id))
    world.tell_state()
    return _told(world)


def _changed(world: World, customer: Customer, change_type: int, userid: str, code: str = "") -> Push:
    event: Json = {"event_type": "session_status_change", "change_type": change_type, "new_servicer_userid": userid}
    return record_event(world, customer, {**event, **({"msg_code": code} if code else {})})


def seat_says(world: World, openid: str, body: Json) -> Push:
    """A member writes to her from his client; an ended session comes back to life with him."""
    customer = _entered(world, openid)
    userid = world.member(str(body.get("userid", ""))).userid
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise NotPossibleError("缺少 content")
    session = world.state.kf.session(openid)
    if session.state not in (SEAT, ENDED):
        raise NotPossibleError("会话还没有转给人工")
    if session.state == ENDED:
        session.state, session.servicer = SEAT, userid
        _changed(world, customer, REOPENED_BY_SEAT, userid)
    _record(world, customer, "text", {"servicer_userid": userid, "text": {"content": content}}, origin=5)
    world.show(f"kf/{openid}", "them", "text", content=content, userid=userid)
    world.tell_state()
    return _told(world)


def seat_closes(world: World, openid: str, body: Json) -> Push:
    """The member ends the session; the bot may say one last word within twenty seconds."""
    customer = _entered(world, openid)
    session = world.state.kf.session(openid)
    if session.state == ENDED:
        raise NotPossibleError("会话已经结束")
    userid, session.state, session.servicer = session.servicer, ENDED, ""
    code = world.state.kf.issue_code(openid, world.now, SHORT_CODE_SECONDS, ["text", "msgmenu"])
    world.show(f"kf/{openid}", "system", "notice", content="会话已结束")
    world.tell_state()
    return _changed(world, customer, CLOSED, userid, code)
