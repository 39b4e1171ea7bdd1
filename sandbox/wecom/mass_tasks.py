"""Mass sends of members: the application prepares a task, each member confirms his part."""

import calendar
import secrets

from sandbox.api import Call, endpoint
from sandbox.clock import to_datetime
from sandbox.contact_desk import NOT_A_FRIEND, QUOTA_USED, SENT, MassTask, Recipient
from sandbox.errors import NotPossibleError, RefusedError
from sandbox.packets import Json
from sandbox.people import Customer
from sandbox.wecom.welcome import read_content, show_to_customer
from sandbox.world import World

CUSTOMERS = 10_000
PAGE = 1_000


def _writer(customer: Customer | None, sender: str) -> str | None:
    """The named sender when he has the customer; nobody named: the one who has had her longest."""
    if customer is None or not customer.friendships:
        return None
    if sender:
        return sender if sender in customer.friendships else None
    return min(customer.friendships.values(), key=lambda tie: tie.since).userid


def _parts(world: World, wanted: list[str], sender: str) -> tuple[dict[str, list[Recipient]], list[str]]:
    parts: dict[str, list[Recipient]] = {}
    failed: list[str] = []
    for external in dict.fromkeys(wanted):
        owner = _writer(world.state.people.by_external_userid(external), sender)
        if owner is None:
            failed.append(external)
        else:
            parts.setdefault(owner, []).append(Recipient(external))
    return parts, failed


def _wanted(world: World, call: Call, sender: str) -> list[str]:
    named = call.texts("external_userid", CUSTOMERS, 40058)
    if named or not sender:
        return named
    return [one.corporate_id() for one in world.state.people.contacts_of(sender)]


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/add_msg_template", lists=("fail_list",))
def add_msg_template(world: World, call: Call) -> Json:
    """Sends nothing: it puts a task before the members, who confirm it or not."""
    if call.body.get("chat_type", "single") != "single":
        raise RefusedError(40058, "the sandbox plays single chats only")
    sender = call.text("sender")
    if sender and sender not in world.members:
        raise RefusedError(40003)
    message = read_content(world, call)
    parts, failed = _parts(world, _wanted(world, call, sender), sender)
    if not parts:
        raise RefusedError(41048, fail_list=failed)
    task = MassTask("msg" + secrets.token_urlsafe(24), world.now, message, parts)
    world.state.contact.tasks[task.msgid] = task
    for userid, recipients in parts.items():
        content = message["text"]["content"]
        line = world.show(
            f"wecom/{userid}", "them", "mass", msgid=task.msgid, content=content, customers=len(recipients), done=None
        )
        task.lines[userid] = line.id
        if world.state.switches.mass_confirm == "auto":
            _confirm(world, task, userid)
    world.tell_state()
    return {"fail_list": failed, "msgid": task.msgid}


def _month_full(world: World, openid: str) -> bool:
    """Counts one mass send to a customer; as many as the month has days are let through."""
    today, month = to_datetime(world.now), world.state.clock.month()
    received = world.state.contact.received.setdefault(openid, {})
    if received.get(month, 0) >= calendar.monthrange(today.year, today.month)[1]:
        return True
    received[month] = received.get(month, 0) + 1
    return False


def _deliver(world: World, task: MassTask, userid: str, recipient: Recipient) -> None:
    customer = world.state.people.by_external_userid(recipient.external_userid)
    recipient.send_time = int(world.now)
    if customer is None or userid not in customer.friends():
        recipient.status = NOT_A_FRIEND
    elif _month_full(world, customer.openid):
        recipient.status = QUOTA_USED
    else:
        recipient.status = SENT
        show_to_customer(world, customer.openid, userid, task.message)


def _confirm(world: World, task: MassTask, userid: str) -> None:
    task.confirmed_at[userid] = int(world.now)
    for recipient in task.parts[userid]:
        _deliver(world, task, userid, recipient)
    world.change_line(f"wecom/{userid}", task.lines[userid], done="已发送")
    world.tell_state()


def confirm(world: World, msgid: str, body: Json) -> None:
    """A member presses "send" on his task."""
    task, userid = world.state.contact.tasks.get(msgid), str(body.get("userid", ""))
    if task is None or userid not in task.parts:
        raise NotPossibleError("没有这个群发任务")
    if userid in task.confirmed_at:
        raise NotPossibleError("这个群发任务已经发送过了")
    _confirm(world, task, userid)


def _page(call: Call, rows: list[Json]) -> tuple[list[Json], str]:
    cursor = call.text("cursor")
    start = int(cursor) if cursor.isdecimal() else 0
    end = start + (call.number("limit", 500, PAGE) or 500)
    return rows[start:end], str(end) if end < len(rows) else ""


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/get_groupmsg_task", lists=("task_list",))
def get_groupmsg_task(world: World, call: Call) -> Json:
    """Which members confirmed: 0 not yet, 2 sent."""
    task = world.state.contact.task(call.body.get("msgid"), world.now)
    rows: list[Json] = [
        {"userid": userid, "status": 2, "send_time": task.confirmed_at[userid]}
        if userid in task.confirmed_at
        else {"userid": userid, "status": 0}
        for userid in task.parts
    ]
    page, cursor = _page(call, rows)
    return {"task_list": page, "next_cursor": cursor}


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/get_groupmsg_send_result", lists=("send_list",))
def get_groupmsg_send_result(world: World, call: Call) -> Json:
    """What became of each customer: 0 waiting, 1 sent, 2 not a friend, 3 her quota is used."""
    task = world.state.contact.task(call.body.get("msgid"), world.now)
    userid = call.text("userid")
    if userid not in task.parts:
        raise RefusedError(40003)
    rows: list[Json] = [
        {
            "external_userid": one.external_userid,
            "userid": userid,
            "status": one.status,
            **({"send_time": one.send_time} if one.send_time else {}),
        }
        for one in task.parts[userid]
    ]
    page, cursor = _page(call, rows)
    return {"send_list": page, "next_cursor": cursor}
