"""Mass messages: four a month reach a follower, the rest are left out without a word."""

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.official_account import pushes
from sandbox.official_account.custom_messages import Shown, read_message
from sandbox.packets import Json
from sandbox.people import Customer
from sandbox.state import MassJob
from sandbox.world import World

PER_MONTH = 4
FEWEST, MOST = 2, 10_000
ID_BYTES = 32
# The same clientmsgid again within a minute is refused without looking it up.
RETRY_SECONDS = 60
KINDS = ("text", "image", "voice")
FIRST_JOB_ID = 3_000_000_000
# The result of a job comes in the name of whoever runs the account, not of a follower.
OPERATOR = "oSandboxOperator"


def _check_id(world: World, call: Call) -> None:
    """Raises RefusedError 45067, 45066 or, with the old job's number, 45065."""
    name = call.text("clientmsgid")
    if len(name.encode()) > ID_BYTES:
        raise RefusedError(45067)
    earlier = world.state.oa.mass_jobs.get(name) if name else None
    if earlier is None:
        return
    if world.now - earlier.at < RETRY_SECONDS:
        raise RefusedError(45066, msg_id=earlier.msg_id)
    raise RefusedError(45065, msg_id=earlier.msg_id)


def _message(world: World, call: Call) -> Shown:
    msgtype = call.text("msgtype")
    if msgtype not in KINDS:
        raise RefusedError(40008)
    images = call.body.get("images")
    if msgtype == "image" and isinstance(images, dict) and images.get("media_ids"):
        single = Call(call.query, {**call.body, "image": {"media_id": images["media_ids"][0]}})
        return read_message(world, single)
    return read_message(world, call)


def _deliver(world: World, people: list[Customer], shown: Shown) -> int:
    """Shows the message to those with a place left this month; how many that were."""
    kind, parts = shown
    month, sent = world.state.clock.month(), 0
    for customer in people:
        received = world.state.oa.mass_received.setdefault(customer.openid, {})
        if customer.refuses or received.get(month, 0) >= PER_MONTH:
            continue
        received[month] = received.get(month, 0) + 1
        world.show(f"oa/{customer.openid}", "them", "mass", kind=kind, **parts)
        sent += 1
    return sent


def _job(world: World, call: Call, people: list[Customer], asked: int, shown: Shown) -> Json:
    msg_id = FIRST_JOB_ID + world.serial()
    name = call.text("clientmsgid")
    if name:
        world.state.oa.mass_jobs[name] = MassJob(msg_id, name, world.now)
    sent = _deliver(world, people, shown)
    counts = {"Status": "send success", "TotalCount": asked, "FilterCount": sent, "SentCount": sent, "ErrorCount": 0}
    receipt = pushes.event(world, OPERATOR, "MASSSENDJOBFINISH", MsgID=msg_id, **counts)
    world.post(receipt, world.config.receipt_delay)
    return {"errcode": 0, "errmsg": "send job submission success", "msg_id": msg_id, "msg_data_id": msg_id + 10**9}


@endpoint("oa", "POST", "/cgi-bin/message/mass/send", per_day=100)
def send(world: World, call: Call) -> Json:
    """To named followers; unknown and left ones are filtered out, as are those who had four."""
    named = call.texts("touser", MOST, 40032)
    if len(named) < FEWEST:
        raise RefusedError(40130)
    _check_id(world, call)
    shown = _message(world, call)
    customers = world.state.people.customers
    known = [customers[openid] for openid in dict.fromkeys(named) if openid in customers]
    if not known:
        raise RefusedError(40003)
    return _job(world, call, [one for one in known if one.following], len(named), shown)


@endpoint("oa", "POST", "/cgi-bin/message/mass/sendall", per_day=100)
def sendall(world: World, call: Call) -> Json:
    """To every follower, four times a month in all; the sandbox knows no tags."""
    wanted = call.body.get("filter")
    _check_id(world, call)
    shown = _message(world, call)
    if not isinstance(wanted, dict) or wanted.get("is_to_all") is not True:
        raise RefusedError(45159)
    month = world.state.clock.month()
    if world.state.oa.mass_to_all.get(month, 0) >= PER_MONTH:
        raise RefusedError(45028)
    world.state.oa.mass_to_all[month] = world.state.oa.mass_to_all.get(month, 0) + 1
    followers = world.state.people.followers()
    return _job(world, call, followers, len(followers), shown)
