"""The XML of what WeCom tells the application: members' messages and events, customer contact, KF."""

from typing import Any

from sandbox.packets import to_xml
from sandbox.push import Push
from sandbox.world import World


def _common(world: World, sender: str, kind: str) -> dict[str, Any]:
    return {
        "ToUserName": world.config.wecom.corp_id,
        "FromUserName": sender,
        "CreateTime": int(world.now),
        "MsgType": kind,
    }


def message(world: World, userid: str, kind: str, **fields: Any) -> Push:
    """A member's message to the application."""
    agent = world.config.wecom.agent_id
    own = {**fields, "MsgId": world.message_id(), "AgentID": agent}
    return Push("wecom", to_xml({**_common(world, userid, kind), **own}), f"{kind} {fields.get('Content', '')}", userid)


def event(world: World, userid: str, name: str, response_code: str = "", **fields: Any) -> Push:
    """An event of a member in the application."""
    own = {"Event": name, **fields, "AgentID": world.config.wecom.agent_id}
    if response_code:
        own["ResponseCode"] = response_code
    xml = to_xml({**_common(world, userid, "event"), **own})
    return Push("wecom", xml, f"{name} {fields.get('EventKey', '')}", userid, response_code=response_code)


def contact_event(world: World, change: str, userid: str, external_userid: str, **fields: Any) -> Push:
    """A change of a member's external contacts; the sender is `sys` and there is no AgentID."""
    own = {"ChangeType": change, "UserID": userid, "ExternalUserID": external_userid, **fields}
    xml = to_xml({**_common(world, "sys", "event"), "Event": "change_external_contact", **own})
    return Push("wecom", xml, f"change_external_contact {change} {userid}")


def kf_event(world: World, open_kfid: str, token: str) -> Push:
    """ "Something happened at the KF account": no content, it must be pulled."""
    own = {"Event": "kf_msg_or_event", "Token": token, "OpenKfId": open_kfid}
    fields = {**_common(world, "", "event"), **own}
    del fields["FromUserName"]
    return Push("wecom", to_xml(fields), f"kf_msg_or_event {open_kfid}")
