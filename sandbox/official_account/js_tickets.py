"""ticket/getticket: with it pages sign for WeChat's scripts."""

import secrets

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.world import World

TICKET_SECONDS = 7200


@endpoint("oa", "GET", "/cgi-bin/ticket/getticket", per_day=1_000_000)
def getticket(world: World, call: Call) -> Json:
    """The same ticket while it is valid; each lives two hours."""
    if call.query.get("type") != "jsapi":
        raise RefusedError(40097)
    oa = world.state.oa
    if oa.js_ticket_until <= world.now:
        oa.js_ticket, oa.js_ticket_until = f"JT_{secrets.token_hex(20)}", world.now + TICKET_SECONDS
    left = int(oa.js_ticket_until - world.now)
    return {"errcode": 0, "errmsg": "ok", "ticket": oa.js_ticket, "expires_in": left}
