"""Messages and events that wechatpy 1.8.18 does not know, declared the way wechatpy declares its own.

The field names are those of the platforms' own documentation as of 2026-09. A kind that stands in
neither table is UNKNOWN: stored and acknowledged.
"""

from __future__ import annotations

from typing import Any

from wechatpy import events, messages
from wechatpy.enterprise import events as wecom_events
from wechatpy.enterprise import messages as wecom_messages
from wechatpy.fields import BaseField, FloatField, StringField


def _event(name: str, /, **fields: str) -> type[events.BaseEvent]:
    """An event class in wechatpy's manner: attribute name → tag."""
    declared: dict[str, BaseField] = {attribute: StringField(tag) for attribute, tag in fields.items()}
    return type(name, (events.BaseEvent,), {"event": name, **declared})


class _Nested(BaseField):  # type: ignore[misc]
    """A node with nodes inside, handed on as dict."""

    converter = None


def _nested(name: str, /, **fields: str) -> type[events.BaseEvent]:
    return type(name, (events.BaseEvent,), {"event": name, **{key: _Nested(tag, {}) for key, tag in fields.items()}})


class TappedText(messages.TextMessage):  # type: ignore[misc]
    """Text; `menu_id` is there when the customer tapped an item of a tap list."""

    menu_id = StringField("bizmsgmenuid")


class Voice(messages.VoiceMessage):  # type: ignore[misc]
    """Voice; the platform's recognised words, where an account still has that feature."""

    recognition = StringField("Recognition")


class MiniProgramPage(messages.MiniProgramPageMessage):  # type: ignore[misc]
    """A mini-program card sent by a customer."""


class SubscribeByCode(events.SubscribeEvent):  # type: ignore[misc]
    """Following; `scene` with its prefix and `ticket` are there when she scanned a code."""

    key = StringField("EventKey")
    ticket = StringField("Ticket")


class Location(messages.LocationMessage):  # type: ignore[misc]
    """A location in degrees: x is the latitude, y the longitude."""

    location_x = FloatField("Location_X", 0.0)
    location_y = FloatField("Location_Y", 0.0)


class WeComLocation(wecom_messages.LocationMessage):  # type: ignore[misc]
    """As above; `app_type` says whether the member wrote from WeCom or from WeChat."""

    location_x = FloatField("Location_X", 0.0)
    location_y = FloatField("Location_Y", 0.0)
    app_type = StringField("AppType")


class TemplateSent(events.TemplateSendJobFinishEvent):  # type: ignore[misc]
    """A template message's end: `success`, `failed:user block`, `failed:system failed`."""

    job_id = StringField("MsgID")


class MassSent(events.MassSendJobFinishEvent):  # type: ignore[misc]
    """The end of a mass send, with its counts."""

    job_id = StringField("MsgID")


_contact = {
    "userid": "UserID",
    "external_userid": "ExternalUserID",
    "change_type": "ChangeType",
    "state": "State",
    "welcome_code": "WelcomeCode",
    "removed_by": "Source",
    "fail_reason": "FailReason",
}
_card = {"key": "EventKey", "task_id": "TaskId", "card_type": "CardType", "response_code": "ResponseCode"}


class TemplateCardEvent(_event("template_card_event", **_card)):  # type: ignore[misc]
    """A button or the submit of a card; `selected` holds what was chosen in it."""

    selected = _Nested("SelectedItems", {})


OFFICIAL_ACCOUNT_MESSAGES: dict[str, Any] = {
    **messages.MESSAGE_TYPES,
    "text": TappedText,
    "voice": Voice,
    "location": Location,
    "miniprogrampage": MiniProgramPage,
}
OFFICIAL_ACCOUNT_EVENTS: dict[str, Any] = {
    **events.EVENT_TYPES,
    "subscribe": SubscribeByCode,
    "templatesendjobfinish": TemplateSent,
    "masssendjobfinish": MassSent,
    "view_miniprogram": _event("view_miniprogram", key="EventKey", menu_id="MenuId"),
    "subscribe_msg_popup_event": _nested("subscribe_msg_popup_event", choices="SubscribeMsgPopupEvent"),
    # An official sample shows the wrong wrapper name: both are read.
    "subscribe_msg_change_event": _nested(
        "subscribe_msg_change_event", choices="SubscribeMsgChangeEvent", choices_misnamed="SubscribeMsgPopupEvent"
    ),
    "subscribe_msg_sent_event": _nested("subscribe_msg_sent_event", results="SubscribeMsgSentEvent"),
    "publishjobfinish": _nested("publishjobfinish", result="PublishEventInfo"),
    "user_info_modified": _event("user_info_modified", openid="OpenID", revoked="RevokeInfo"),
    "user_authorization_revoke": _event("user_authorization_revoke", openid="OpenID", revoked="RevokeInfo"),
    "debug_demo": _event("debug_demo"),
}
WECOM_MESSAGES: dict[str, Any] = {**wecom_messages.MESSAGE_TYPES, "location": WeComLocation}
WECOM_EVENTS: dict[str, Any] = {
    **wecom_events.EVENT_TYPES,
    "view_miniprogram": _event("view_miniprogram", key="EventKey"),
    "template_card_event": TemplateCardEvent,
    "template_card_menu_event": _event("template_card_menu_event", **_card),
    "taskcard_click": _event("taskcard_click", key="EventKey", task_id="TaskId"),
    "change_external_contact": _event("change_external_contact", **_contact),
    "change_external_chat": _event(
        "change_external_chat", chat_id="ChatId", change_type="ChangeType", detail="UpdateDetail"
    ),
    "change_external_tag": _event("change_external_tag", tag_id="Id", tag_type="TagType", change_type="ChangeType"),
    "change_contact": _event(
        "change_contact",
        change_type="ChangeType",
        userid="UserID",
        new_userid="NewUserID",
        party="Id",
        name="Name",
        tag="TagId",
    ),
    "kf_msg_or_event": _event("kf_msg_or_event", token="Token", open_kfid="OpenKfId"),
    "kf_account_auth_change": _event("kf_account_auth_change", added="AuthAddOpenKfId", removed="AuthDelOpenKfId"),
    "customer_acquisition": _event("customer_acquisition", change_type="ChangeType", link_id="LinkId", state="State"),
}
