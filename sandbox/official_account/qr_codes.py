"""QR codes of the official account: made by scene, drawn by ticket."""

from typing import Any

from sandbox.api import Answer, Call, File, endpoint
from sandbox.codes import account_code, draw
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.world import World

# Temporary codes live 30 days at most and one minute when nothing is said.
LONGEST_SECONDS, DEFAULT_SECONDS = 2_592_000, 60
PERMANENT_CODES = 100_000
SCENE_CHARACTERS = 64
NUMBERED = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": 100_000}
NAMED = ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE")


def _scene(action: str, info: Any) -> str:
    scene = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise RefusedError(40053)
    if action in NUMBERED:
        number = scene.get("scene_id")
        if not isinstance(number, int) or not 1 <= number <= NUMBERED[action]:
            raise RefusedError(40053)
        return str(number)
    name = scene.get("scene_str")
    if action not in NAMED or not isinstance(name, str) or not 1 <= len(name) <= SCENE_CHARACTERS:
        raise RefusedError(40053)
    return name


def _seconds(world: World, call: Call, action: str) -> int | None:
    """How long the code lives; None: for good."""
    if "LIMIT" in action:
        permanent = sum(code.expires_at is None for code in world.state.codes.account.values())
        if permanent >= PERMANENT_CODES:
            raise RefusedError(45029)
        return None
    return call.number("expire_seconds", DEFAULT_SECONDS, LONGEST_SECONDS) or DEFAULT_SECONDS


@endpoint("oa", "POST", "/cgi-bin/qrcode/create", per_day=100_000)
def create(world: World, call: Call) -> Json:
    """A temporary or permanent code for a scene; the same scene again keeps its ticket."""
    action = call.text("action_name")
    scene = _scene(action, call.body.get("action_info"))
    seconds = _seconds(world, call, action)
    kept = world.state.codes.account.get(scene)
    label, printed = (kept.label, kept.expires_at is None) if kept is not None else (scene, False)
    until = None if seconds is None or printed else world.now + seconds
    code = account_code(scene, label, until, action in NUMBERED)
    world.state.codes.account[scene] = code
    world.tell_state()
    lasting: Json = {} if seconds is None else {"expire_seconds": seconds}
    return {"ticket": code.ticket, **lasting, "url": code.url}


@endpoint("oa", "GET", "/cgi-bin/showqrcode", token=False)
def show(world: World, call: Call) -> Answer:
    """The picture behind a ticket; needs no token."""
    code = world.state.codes.by_ticket(call.query.get("ticket", ""))
    if code is None:
        raise RefusedError(40035, "invalid ticket")
    return File(draw(code.url), "image/png")
