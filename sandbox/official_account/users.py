"""What the official account may learn about its followers."""

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.people import Customer
from sandbox.world import World

BATCH = 100
PAGE = 10_000


def _person(customer: Customer) -> Json:
    if not customer.following:
        return {"subscribe": 0, "openid": customer.openid}
    numeric = customer.qr_scene.isdecimal()
    return {
        "subscribe": 1,
        "openid": customer.openid,
        "language": "zh_CN",
        "subscribe_time": int(customer.followed_at),
        "unionid": customer.unionid,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": customer.follow_scene,
        "qr_scene": int(customer.qr_scene) if numeric else 0,
        "qr_scene_str": "" if numeric else customer.qr_scene,
    }


@endpoint("oa", "GET", "/cgi-bin/user/info", per_day=5_000_000)
def info(world: World, call: Call) -> Json:
    """One person; of those who do not follow only that."""
    return _person(world.follower(call.query.get("openid")))


@endpoint("oa", "POST", "/cgi-bin/user/info/batchget")
def batchget(world: World, call: Call) -> Json:
    asked = call.body.get("user_list")
    if not isinstance(asked, list) or not 1 <= len(asked) <= BATCH or not all(isinstance(one, dict) for one in asked):
        raise RefusedError(40032)
    return {"user_info_list": [_person(world.follower(one.get("openid"))) for one in asked]}


@endpoint("oa", "GET", "/cgi-bin/user/get", per_day=500)
def get(world: World, call: Call) -> Json:
    """Openids of the followers, a page at a time, after `next_openid`."""
    everybody = [one.openid for one in world.state.people.followers()]
    after = call.query.get("next_openid", "")
    if after and after not in everybody:
        raise RefusedError(40003)
    start = everybody.index(after) + 1 if after else 0
    page = everybody[start : start + PAGE]
    answer: Json = {"total": len(everybody), "count": len(page)}
    if page:
        answer["data"] = {"openid": page}
    return {**answer, "next_openid": page[-1] if page else ""}
