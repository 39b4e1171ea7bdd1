"""The XML of everything that a follower does: messages and events."""

from typing import Any

from sandbox.packets import to_xml
from sandbox.push import Push
from sandbox.world import World

# Events nobody is shown an answer to.
SILENT_EVENTS = (
    *("unsubscribe", "VIEW", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH"),
    *("subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"),
)


def message(world: World, openid: str, kind: str, **fields: Any) -> Push:
    """An ordinary message of a follower; it has a MsgId, and an unanswered one brings the notice."""
    xml = to_xml(
        {
            "ToUserName": world.config.oa.original_id,
            "FromUserName": openid,
            "CreateTime": int(world.now),
            "MsgType": kind,
            **fields,
            "MsgId": world.message_id(),
        }
    )
    return Push("oa", xml, f"{kind} {fields.get('Content', '')}", person=openid, openid=openid, notice=True)


def event(world: World, openid: str, name: str, **fields: Any) -> Push:
    """An event; it has no MsgId, and up to eight articles may answer it."""
    xml = to_xml(
        {
            "ToUserName": world.config.oa.original_id,
            "FromUserName": openid,
            "CreateTime": int(world.now),
            "MsgType": "event",
            "Event": name,
            **fields,
        }
    )
    seen = name not in SILENT_EVENTS
    summary = f"{name} {fields.get('EventKey') or fields.get('Status') or ''}"
    return Push("oa", xml, summary, person=openid if seen else "", openid=openid, notice=seen, max_articles=8)
