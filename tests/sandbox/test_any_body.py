"""A good body for every call; then every node of it is replaced by nonsense, and the platform never breaks down."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.register import ALL_CALLS
from tests.sandbox.fake_bot import FakeBot
from tests.sandbox.playing import LINYUE, XUMING, ZHOUYUN, Sandbox
from tests.sandbox.test_cards import BUTTONS, MULTIPLE, NOTICE, VOTE
from tests.sandbox.test_templates_and_mass import VISIT

Body = dict[str, Any]
NONSENSE: tuple[Any, ...] = (None, True, -1, 10**20, 1.5, "", "x", "\x00]]>", [], [None], [7], ["x"], {}, {"x": None})

ARTICLE = {"title": "新品", "description": "", "url": "https://m.example.cn", "picurl": ""}
MENU = {"head_content": "a", "list": [{"id": "1", "content": "b"}], "tail_content": ""}
KF_MENU = {"head_content": "a", "list": [{"type": "click", "click": {"id": "1", "content": "b"}}]}
LINK = {"msgtype": "link", "link": {"title": "a", "url": "https://m.example.cn"}}
KF = {"open_kfid": "wkJewel0001", "external_userid": "wmShop_zhouyun"}


def to_customer(msgtype: str, body: Body) -> Body:
    return {"touser": ZHOUYUN, "msgtype": msgtype, msgtype: body, "aimsgcontext": {"is_ai_msg": 1}}


def to_member(msgtype: str, body: Body) -> Body:
    return {"touser": LINYUE, "agentid": 1000002, "msgtype": msgtype, msgtype: body, "enable_duplicate_check": 0}


def to_kf(msgtype: str, body: Body) -> Body:
    return {"touser": "wmShop_zhouyun", "open_kfid": "wkJewel0001", "msgid": "", "msgtype": msgtype, msgtype: body}


GOOD: list[tuple[str, Body]] = [
    (
        "oa/stable_token",
        {"grant_type": "client_credential", "appid": "wx5a1b2c3d4e5f6071", "secret": "sandbox-oa-secret"},
    ),
    ("oa/message/custom/send", to_customer("text", {"content": "a"})),
    ("oa/message/custom/send", to_customer("news", {"articles": [ARTICLE]})),
    ("oa/message/custom/send", to_customer("msgmenu", MENU)),
    ("oa/message/custom/typing", {"touser": ZHOUYUN, "command": "Typing"}),
    (
        "oa/message/template/send",
        {
            "touser": ZHOUYUN,
            "template_id": "TPL_APPOINTMENT_REMINDER",
            "data": VISIT,
            "client_msg_id": "c",
            "url": "https://m.example.cn",
            "miniprogram": {"appid": "wxmini", "pagepath": "p"},
        },
    ),
    (
        "oa/message/subscribe/bizsend",
        {
            "touser": ZHOUYUN,
            "template_id": "SUB_APPOINTMENT_REMINDER",
            "page": "https://m.example.cn",
            "miniprogram": {"appid": "wxmini", "pagepath": "p"},
            "data": VISIT,
        },
    ),
    (
        "oa/message/mass/send",
        {"touser": [ZHOUYUN, XUMING], "msgtype": "text", "text": {"content": "a"}, "clientmsgid": ""},
    ),
    ("oa/message/mass/sendall", {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "a"}}),
    ("oa/user/info/batchget", {"user_list": [{"openid": ZHOUYUN, "lang": "zh_CN"}]}),
    (
        "oa/qrcode/create",
        {"action_name": "QR_STR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_str": "a"}}},
    ),
    (
        "oa/qrcode/create",
        {"action_name": "QR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_id": 7}}},
    ),
    (
        "oa/menu/create",
        {
            "button": [
                {"type": "click", "name": "a", "key": "K"},
                {"name": "b", "sub_button": [{"type": "view", "name": "c", "url": "https://m.example.cn"}]},
            ]
        },
    ),
    ("wecom/message/send", to_member("text", {"content": "a"})),
    ("wecom/message/send", to_member("textcard", {"title": "a", "description": "b", "url": "https://m.example.cn"})),
    ("wecom/message/send", to_member("news", {"articles": [ARTICLE]})),
    *[("wecom/message/send", to_member("template_card", card)) for card in (BUTTONS, MULTIPLE, NOTICE, VOTE)],
    (
        "wecom/message/update_template_card",
        {"userids": [LINYUE], "agentid": 1000002, "response_code": "RC", "button": {"replace_name": "a"}},
    ),
    (
        "wecom/message/update_template_card",
        {"userids": [LINYUE], "agentid": 1000002, "response_code": "RC", "template_card": BUTTONS},
    ),
    ("wecom/user/list_id", {"cursor": "", "limit": 10}),
    ("wecom/externalcontact/batch/get_by_user", {"userid_list": [LINYUE], "cursor": "", "limit": 10}),
    (
        "wecom/externalcontact/remark",
        {
            "userid": LINYUE,
            "external_userid": "wmShop_zhouyun",
            "remark": "a",
            "description": "b",
            "remark_mobiles": ["1"],
        },
    ),
    (
        "wecom/externalcontact/add_contact_way",
        {"type": 1, "scene": 2, "user": [LINYUE], "state": "a", "remark": "b", "skip_verify": True},
    ),
    ("wecom/externalcontact/get_contact_way", {"config_id": "none"}),
    (
        "wecom/externalcontact/send_welcome_msg",
        {"welcome_code": "none", "text": {"content": "a"}, "attachments": [LINK]},
    ),
    (
        "wecom/externalcontact/add_msg_template",
        {
            "chat_type": "single",
            "external_userid": ["wmShop_zhouyun"],
            "sender": LINYUE,
            "text": {"content": "a"},
            "attachments": [LINK],
        },
    ),
    ("wecom/externalcontact/get_groupmsg_task", {"msgid": "none", "cursor": "", "limit": 1}),
    ("wecom/externalcontact/get_groupmsg_send_result", {"msgid": "none", "userid": LINYUE, "cursor": "", "limit": 1}),
    ("wecom/kf/account/list", {"offset": 0, "limit": 1}),
    ("wecom/kf/add_contact_way", {"open_kfid": "wkJewel0001", "scene": "a"}),
    (
        "wecom/kf/customer/batchget",
        {"external_userid_list": ["wmShop_zhouyun"], "need_enter_session_context": 1},
    ),
    ("wecom/kf/sync_msg", {"cursor": "", "token": "", "limit": 10, "open_kfid": "wkJewel0001"}),
    ("wecom/kf/send_msg", to_kf("text", {"content": "a"})),
    ("wecom/kf/send_msg", to_kf("msgmenu", KF_MENU)),
    ("wecom/kf/send_msg", to_kf("location", {"latitude": 30.0, "longitude": 120.0, "name": "a"})),
    ("wecom/kf/send_msg_on_event", {"code": "none", "msgid": "", "msgtype": "text", "text": {"content": "a"}}),
    ("wecom/kf/service_state/get", KF),
    ("wecom/kf/service_state/trans", {**KF, "service_state": 3, "servicer_userid": LINYUE}),
]
# Calls that take a file instead of a JSON body.
UPLOADS = {"oa/media/upload", "wecom/media/upload"}


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every node below the root."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in inner:
        yield (*path, name)
        yield from places(child, (*path, name))


def spoilt(body: Body) -> Iterator[Body]:
    for path in places(body):
        for nonsense in NONSENSE:
            copied = copy.deepcopy(body)
            holder: Any = copied
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = nonsense
            yield copied


@pytest.fixture
def ready(sandbox: Sandbox, bot: FakeBot) -> Sandbox:
    """Windows are open, so that bodies get as far as they can."""
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    sandbox.act("kf", ZHOUYUN, "enter", scene="")
    sandbox.act("kf", ZHOUYUN, "text", content="在吗")
    return sandbox


def test_every_call_stands_in_the_table():
    posts = {f"{one.surface}{one.path.removeprefix('/cgi-bin')}" for one in ALL_CALLS if one.method == "POST"}
    assert {path for path, _ in GOOD} == posts - UPLOADS


@pytest.mark.parametrize(("path", "body"), GOOD, ids=[f"{number}-{path}" for number, (path, _) in enumerate(GOOD)])
def test_no_nonsense_breaks_a_call(ready: Sandbox, path, body):
    surface, _, rest = path.partition("/")
    url = f"/{surface}/cgi-bin/{rest}?access_token={ready.token(surface)}"
    answers = [(one, ready.client.post(url, json=one).status_code) for one in (body, *spoilt(body))]
    assert [one for one, status in answers if status != 200] == []
