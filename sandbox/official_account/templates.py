"""Template messages: service notices with typed fields, whose truth comes back as an event."""

import re
from dataclasses import dataclass

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.official_account import pushes
from sandbox.packets import Json
from sandbox.state import SentTemplate
from sandbox.world import World

# A client_msg_id protects one follower from a repetition for ten minutes.
REPEAT_SECONDS = 600
FIRST_MESSAGE_ID = 2_400_000_000


@dataclass(frozen=True)
class Template:
    title: str
    fields: dict[str, str]


TEMPLATES = {
    "TPL_MAINTENANCE_DUE": Template("首饰保养提醒", {"thing1": "首饰", "time2": "购买日期", "thing3": "建议"}),
    "TPL_APPOINTMENT_REMINDER": Template("预约提醒", {"thing1": "预约内容", "time2": "时间", "thing3": "门店"}),
    "TPL_MEMBERSHIP_CHANGE": Template("会员等级变更提醒", {"thing1": "等级", "time2": "有效期至", "thing3": "提示"}),
    "TPL_SERVICE_STATUS": Template("服务进度通知", {"character_string1": "单号", "thing2": "服务", "phrase3": "状态"}),
}
DATE = r"\d{4}(年\d{1,2}月\d{1,2}日|[-/]\d{1,2}[-/]\d{1,2})"
HOUR = r"\d{1,2}:\d{2}(:\d{2})?"
# What a value of each type looks like; types by the letters before the number of its key.
SHAPES = {
    "thing": r".{1,20}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "phrase": r"[一-鿿]{1,5}",
    "const": r".{1,20}",
    "time": rf"({DATE}( {HOUR})?|{HOUR})([~～-]({DATE} ?)?({HOUR})?)?",
    "date": DATE,
    "amount": r"[^\d]{0,2}\d{1,10}(\.\d{1,2})?元?",
    "number": r"\d{1,32}",
    "phone_number": r"[\d+\-]{1,17}",
    "car_number": r".{1,8}",
}


def values_of(template: Template, given: object) -> list[Json]:
    """Names and values in the template's order. Raises RefusedError 47003 naming the first bad one."""
    fields = given if isinstance(given, dict) else {}
    return [{"name": name, "value": _value(key, fields.get(key))} for key, name in template.fields.items()]


def _value(key: str, holder: object) -> str:
    value = holder.get("value") if isinstance(holder, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise RefusedError(47003, f"argument invalid! data.{key}.value is empty")
    if not re.fullmatch(SHAPES[key.rstrip("0123456789")], value):
        raise RefusedError(47003, f"argument invalid! data.{key}.value invalid")
    return value


def _sent_before(world: World, call: Call, openid: str) -> SentTemplate | None:
    sent = world.state.oa.templates_sent
    for key in [key for key, one in sent.items() if world.now - one.at >= REPEAT_SECONDS]:
        del sent[key]
    return sent.get(f"{openid} {call.text('client_msg_id')}") if call.text("client_msg_id") else None


def link_of(call: Call) -> str:
    """A mini program wins over an address."""
    program = call.body.get("miniprogram")
    if isinstance(program, dict) and program.get("appid"):
        return f"miniprogram://{program['appid']}/{program.get('pagepath', '')}"
    return call.text("url")


@endpoint("oa", "POST", "/cgi-bin/message/template/send", per_day=100_000)
def send(world: World, call: Call) -> Json:
    """errcode 0 means accepted; what became of it comes by TEMPLATESENDJOBFINISH."""
    customer = world.follower(call.body.get("touser"))
    template = TEMPLATES.get(call.text("template_id"))
    if template is None:
        raise RefusedError(40037)
    if not customer.following:
        raise RefusedError(43004)
    fields = values_of(template, call.body.get("data"))
    if customer.refuses:
        raise RefusedError(43101)
    before = _sent_before(world, call, customer.openid)
    if before is not None:
        return _accepted(before.msgid)
    msgid = FIRST_MESSAGE_ID + world.serial()
    if call.text("client_msg_id"):
        key = f"{customer.openid} {call.text('client_msg_id')}"
        world.state.oa.templates_sent[key] = SentTemplate(msgid, world.now)
    result = world.state.switches.template_result
    if result == "success":
        url = link_of(call)
        world.show(f"oa/{customer.openid}", "them", "template", title=template.title, fields=fields, url=url)
    receipt = pushes.event(world, customer.openid, "TEMPLATESENDJOBFINISH", MsgID=msgid, Status=result)
    world.post(receipt, world.config.receipt_delay)
    return _accepted(msgid)


def _accepted(msgid: int) -> Json:
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}
