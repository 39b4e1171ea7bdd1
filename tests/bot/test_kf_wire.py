"""Lines of a pull as messages of this program."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.kf_wire import kf_message
from bot.messages import Channel, IncomingMessage, Kind


def read(**line: Any) -> IncomingMessage:
    usual = {"msgid": "k1", "external_userid": "wm1", "send_time": 1767225781, "origin": 3}
    return kf_message("wk1", json.dumps(usual | line))


def test_words_of_a_customer() -> None:
    message = read(msgtype="text", text={"content": "能改圈吗", "menu_id": "m1"})
    assert (message.channel, message.account, message.person, message.key) == (Channel.KF, "wk1", "wm1", "k1")
    assert (message.kind, message.text, message.fields["menu_id"]) == (Kind.TEXT, "能改圈吗", "m1")
    assert message.sent_at.timestamp() == 1767225781


def test_entering_the_chat_is_an_event_with_its_code() -> None:
    event = {"event_type": "enter_session", "external_userid": "wm2", "welcome_code": "KW1", "scene": "store0571"}
    message = read(msgtype="event", external_userid=None, event=event, origin=4)
    assert (message.kind, message.event, message.person) == (Kind.EVENT, "enter_session", "wm2")
    assert (message.fields["welcome_code"], message.fields["scene"]) == ("KW1", "store0571")


def test_a_picture_has_its_media_id() -> None:
    message = read(msgtype="image", image={"media_id": "M1"})
    assert (message.kind, message.fields) == (Kind.IMAGE, {"media_id": "M1"})


def test_a_location_is_named_as_everywhere() -> None:
    place = {"latitude": 30.25, "longitude": 120.16, "name": "湖滨银泰", "address": "平海路"}
    message = read(msgtype="location", location=place)
    assert message.fields == {"location_x": 30.25, "location_y": 120.16, "label": "湖滨银泰"}


def test_what_a_member_wrote_in_his_client_is_nothing_to_answer() -> None:
    message = read(msgtype="text", text={"content": "我来答"}, origin=5)
    assert (message.kind, message.event, message.text) == (Kind.EVENT, "servicer_message", "")


def test_an_unheard_of_kind_is_unknown() -> None:
    assert read(msgtype="channels", channels={"nickname": "x"}).kind is Kind.UNKNOWN


@pytest.mark.parametrize("body", ["", "[]", "no"])
def test_what_is_no_object_is_refused(body: str) -> None:
    with pytest.raises(ValueError):
        kf_message("wk1", body)
