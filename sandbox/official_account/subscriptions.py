"""Subscription notifications: what a follower says yes to on a page, and the one message that each yes allows."""

from sandbox.api import Call, endpoint
from sandbox.errors import NotPossibleError, RefusedError
from sandbox.official_account import pushes
from sandbox.official_account.templates import TEMPLATES, Template, link_of, values_of
from sandbox.packets import Json
from sandbox.push import Push
from sandbox.world import World

FIRST_MESSAGE_ID = 2_700_000_000_000_000_000
# Ids are never shared with template messages; the fields here are the same.
NOTIFICATIONS = {"SUB_APPOINTMENT_REMINDER": Template("预约提醒", TEMPLATES["TPL_APPOINTMENT_REMINDER"].fields)}
ANSWERS = ("accept", "reject")
# Where the question was put: 1 is a web page.
WEB_PAGE = 1
# What the receipt says of one that did not arrive.
NOT_DELIVERED = 1


def _key(openid: str, template_id: str) -> str:
    return f"{openid} {template_id}"


@endpoint("oa", "POST", "/cgi-bin/message/subscribe/bizsend")
def send(world: World, call: Call) -> Json:
    """Uses up one yes; without one it is refused. No message id is named, and none of the caller's is known."""
    customer = world.follower(call.body.get("touser"))
    template_id = call.text("template_id")
    template = NOTIFICATIONS.get(template_id)
    if template is None:
        raise RefusedError(40037)
    fields = values_of(template, call.body.get("data"))
    credits, key = world.state.oa.subscriptions, _key(customer.openid, template_id)
    if customer.refuses or not customer.following or credits.get(key, 0) < 1:
        raise RefusedError(43101)
    credits[key] -= 1
    result = world.state.switches.template_result
    if result == "success":
        url = link_of(call) or call.text("page")
        world.show(f"oa/{customer.openid}", "them", "template", title=template.title, fields=fields, url=url)
    world.post(_sent(world, customer.openid, template_id, result), world.config.receipt_delay)
    world.tell_state()
    return {"errcode": 0, "errmsg": "ok"}


def _sent(world: World, openid: str, template_id: str, result: str) -> Push:
    told = {
        "TemplateId": template_id,
        "MsgID": FIRST_MESSAGE_ID + world.serial(),
        "ErrorCode": 0 if result == "success" else NOT_DELIVERED,
        "ErrorStatus": result,
    }
    return pushes.event(world, openid, "subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [told]})


def answer(world: World, openid: str, body: Json) -> Push:
    """She taps the button on a page and says yes or no ({"answer": "accept" or "reject"})."""
    customer = world.customer(openid)
    if not customer.following:
        raise NotPossibleError(f"{customer.name}还没有关注公众号")
    template_id, said = _template(body), str(body.get("answer", "accept"))
    if said not in ANSWERS:
        raise NotPossibleError("answer 只能是 accept 或 reject")
    credits, key = world.state.oa.subscriptions, _key(openid, template_id)
    credits[key] = credits.get(key, 0) + (said == "accept")
    world.show(f"oa/{openid}", "system", "notice", content="已同意接收一次提醒" if said == "accept" else "没有同意提醒")
    world.tell_state()
    chosen = {"TemplateId": template_id, "SubscribeStatusString": said, "PopupScene": WEB_PAGE}
    return pushes.event(world, openid, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [chosen]})


def switch_off(world: World, openid: str, body: Json) -> Push:
    """She switches these notifications off where WeChat lists them: nothing that she said yes to holds any more."""
    template_id = _template(body)
    world.customer(openid)
    world.state.oa.subscriptions[_key(openid, template_id)] = 0
    world.show(f"oa/{openid}", "system", "notice", content="已关闭提醒")
    world.tell_state()
    chosen = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    return pushes.event(world, openid, "subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": [chosen]})


def _template(body: Json) -> str:
    wanted = str(body.get("template_id", next(iter(NOTIFICATIONS))))
    if wanted not in NOTIFICATIONS:
        raise NotPossibleError("没有这个订阅模板")
    return wanted
