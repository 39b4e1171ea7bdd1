"""Contact codes: whoever scans one adds one of its members and brings the code's `state` along."""

import secrets

from sandbox.api import Answer, Call, File, endpoint
from sandbox.codes import ContactWay, draw
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.world import World

MEMBERS = 100
STATE_CHARACTERS = REMARK_CHARACTERS = 30
ONE_MEMBER, SEVERAL_MEMBERS = 1, 2
MINI_PROGRAM, BY_CODE = 1, 2


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/add_contact_way")
def add_contact_way(world: World, call: Call) -> Json:
    """The console never shows such codes: config_id must be stored."""
    kind, scene = call.number("type", 0, 9), call.number("scene", 0, 9)
    if kind not in (ONE_MEMBER, SEVERAL_MEMBERS):
        raise RefusedError(41039)
    if scene not in (MINI_PROGRAM, BY_CODE):
        raise RefusedError(40058, "scene must be 1 or 2")
    users = call.texts("user", MEMBERS, 41042)
    if not users or (kind == ONE_MEMBER and len(users) > 1):
        raise RefusedError(41042)
    if any(userid not in world.members for userid in users):
        raise RefusedError(40003)
    for name, most in (("state", STATE_CHARACTERS), ("remark", REMARK_CHARACTERS)):
        if len(call.text(name)) > most:
            raise RefusedError(40058, f"{name} has more than {most} characters")
    config_id = secrets.token_hex(16)
    way = ContactWay(config_id, users, call.text("state"), call.text("remark"), kind, scene)
    way.skip_verify = call.body.get("skip_verify") is not False
    way.qr_code = f"{world.config.public_url}/wecom/wwpic/code?config_id={config_id}" if scene == BY_CODE else ""
    world.state.codes.contact[config_id] = way
    world.tell_state()
    return {"config_id": config_id, **({"qr_code": way.qr_code} if way.qr_code else {})}


@endpoint("wecom", "GET", "/wwpic/code", token=False)
def picture(world: World, call: Call) -> Answer:
    """What the address in `qr_code` shows."""
    way = world.state.codes.contact.get(call.query.get("config_id", ""))
    if way is None:
        raise RefusedError(41044)
    return File(draw(f"https://work.weixin.qq.com/ca/{way.config_id}"), "image/png")


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/get_contact_way")
def get_contact_way(world: World, call: Call) -> Json:
    way = world.state.codes.contact.get(call.text("config_id"))
    if way is None:
        raise RefusedError(41044)
    return {
        "contact_way": {
            "config_id": way.config_id,
            "type": way.kind,
            "scene": way.scene,
            "remark": way.remark,
            "skip_verify": way.skip_verify,
            "state": way.state,
            "user": way.users,
            "qr_code": way.qr_code,
        }
    }
