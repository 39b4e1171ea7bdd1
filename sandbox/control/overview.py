"""What the page shows at a glance: people, windows, codes, menu, tasks, switches."""

from sandbox.clock import to_iso
from sandbox.packets import Json
from sandbox.people import Customer
from sandbox.world import World


def clock(world: World) -> Json:
    return {"now": world.state.clock.iso(), "moved": world.state.clock.moved}


def _customer(world: World, customer: Customer) -> Json:
    left, until, why = world.state.oa.window(customer.openid).view(world.now)
    session = world.state.kf.sessions.get(customer.openid)
    return {
        "openid": customer.openid,
        "name": customer.name,
        "following": customer.following,
        "external_userid": customer.external_userid,
        "friends": customer.friends(),
        "window": {"left": left, "until": to_iso(until) if until is not None else None, "why": why},
        "refuses": customer.refuses,
        "kf_state": session.state if session is not None else None,
    }


def _members(world: World) -> list[Json]:
    return [
        {"userid": one.userid, "name": one.name, "role": one.role, "store": world.stores.get(one.store, one.store)}
        for one in world.members.values()
    ]


def _tasks(world: World) -> list[Json]:
    return [
        {
            "msgid": task.msgid,
            "userid": userid,
            "content": str((task.message.get("text") or {}).get("content", "")),
            "customers": len(recipients),
            "confirmed": userid in task.confirmed_at,
        }
        for task in world.state.contact.tasks.values()
        for userid, recipients in task.parts.items()
    ]


def overview(world: World) -> Json:
    """The answer of GET /control/state."""
    people = world.state.people
    return {
        "clock": clock(world),
        "shop_name": world.config.shop_name,
        "customers": [_customer(world, one) for one in people.shown()],
        "customers_total": len(people.customers),
        "members": _members(world),
        "codes": world.state.codes.as_json(),
        "menu": world.state.oa.menu,
        "tasks": _tasks(world),
        "switches": world.state.switches.as_json(),
    }
