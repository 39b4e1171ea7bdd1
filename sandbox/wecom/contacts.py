"""Customers and members finding each other: adding, the welcome, removing."""

from sandbox.errors import NotPossibleError
from sandbox.packets import Json
from sandbox.people import Customer, Friendship
from sandbox.push import Push
from sandbox.wecom import pushes
from sandbox.world import World

# add_way of someone who scanned a contact code.
BY_CODE, BY_CARD = 1, 3


def _chosen(world: World, body: Json) -> tuple[str, str, int]:
    """Member, state and way of the code (or card) the customer uses."""
    config_id = body.get("config_id")
    if config_id:
        way = world.state.codes.contact.get(str(config_id))
        if way is None:
            raise NotPossibleError("没有这张顾问码")
        return way.users[world.serial() % len(way.users)], way.state, BY_CODE
    return world.member(str(body.get("userid", ""))).userid, "", BY_CARD


def add(world: World, openid: str, body: Json) -> Push:
    """She scans a member's contact code: both have each other, the application hears of it."""
    customer = world.customer(openid)
    userid, state, way = _chosen(world, body)
    if userid in customer.friends():
        raise NotPossibleError(f"{customer.name}已经添加过{world.member(userid).name}")
    external = customer.corporate_id()
    customer.friendships[userid] = Friendship(userid, world.now, state, way)
    notice = f"你已添加了{world.member(userid).name}，现在可以开始聊天了。"
    world.show(f"contact/{openid}", "system", "notice", content=notice, userid=userid)
    world.tell_state()
    code = None
    if not world.state.switches.no_welcome_code:
        code = world.state.contact.issue_welcome_code(userid, openid, world.now)
    return pushes.contact_event(world, "add_external_contact", userid, external, State=state or None, WelcomeCode=code)


def _tie(customer: Customer, userid: str) -> Friendship:
    tie = customer.friendships.get(userid)
    if tie is None or tie.removed_by_customer:
        raise NotPossibleError(f"{customer.name}没有添加这位员工")
    return tie


def delete(world: World, openid: str, body: Json) -> Push:
    """She takes the member off her list; he keeps her in his."""
    customer = world.customer(openid)
    tie = _tie(customer, str(body.get("userid", "")))
    tie.removed_by_customer = True
    notice = f"你已删除{world.member(tie.userid).name}"
    world.show(f"contact/{openid}", "system", "notice", content=notice, userid=tie.userid)
    world.tell_state()
    return pushes.contact_event(world, "del_follow_user", tie.userid, customer.corporate_id())


def dismiss(world: World, openid: str, body: Json) -> Push:
    """The member takes the customer off his list: the tie is gone on both sides."""
    customer = world.customer(openid)
    tie = customer.friendships.get(str(body.get("userid", "")))
    if tie is None:
        raise NotPossibleError("这位员工没有这位客户")
    del customer.friendships[tie.userid]
    world.tell_state()
    return pushes.contact_event(world, "del_external_contact", tie.userid, customer.corporate_id())
