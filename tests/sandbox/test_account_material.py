"""Media, followers' data, QR codes and the menu of the official account; media and directory of WeCom."""

import pytest

from tests.sandbox.fake_bot import FakeBot
from tests.sandbox.playing import DAY, LINYUE, PNG, XIAOLU, XUMING, ZHOUYUN, Sandbox

JPEG, AMR, MP4 = b"\xff\xd8\xff" + bytes(40), b"#!AMR\n" + bytes(40), b"\x00\x00\x00\x18ftypmp42" + bytes(40)
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("surface", "kind", "content", "code"),
    [
        ("oa", "image", PNG, 0),
        ("oa", "image", JPEG, 0),
        ("oa", "voice", AMR, 0),
        ("oa", "video", MP4, 0),
        ("oa", "image", b"plain text", 40005),
        ("oa", "thumb", PNG, 40005),
        ("oa", "video", JPEG, 40005),
        ("oa", "file", PNG, 40004),
        ("oa", "image", PNG + bytes(10 * MEGABYTE), 40009),
        ("oa", "voice", AMR + bytes(2 * MEGABYTE), 45001),
        ("wecom", "image", PNG, 0),
        ("wecom", "file", b"any bytes", 0),
        ("wecom", "image", b"GIF89a" + bytes(40), 40005),
        ("wecom", "voice", b"ID3" + bytes(40), 40005),
        ("wecom", "file", b"tiny", 44001),
        ("wecom", "thumb", JPEG, 40004),
    ],
)
def test_uploads_are_checked_by_type_and_size(sandbox: Sandbox, surface, kind, content, code):
    answer = sandbox.upload(surface, kind, content)
    assert answer.get("errcode", 0) == code
    assert ("media_id" in answer) == (code == 0)


def test_an_upload_without_a_file(sandbox: Sandbox):
    url = f"/oa/cgi-bin/media/upload?type=image&access_token={sandbox.token('oa')}"
    assert (
        sandbox.client.post(url, data={"wrong": "field"}, content_type="multipart/form-data").json["errcode"] == 41005
    )


def test_created_at_is_a_number_here_and_a_string_there(sandbox: Sandbox):
    assert isinstance(sandbox.upload("oa", "image", PNG)["created_at"], int)
    assert isinstance(sandbox.upload("wecom", "image", PNG)["created_at"], str)


def test_media_come_back_until_they_are_three_days_old(sandbox: Sandbox):
    media_id = sandbox.upload("oa", "image", PNG)["media_id"]
    sandbox.advance(3 * DAY - 60)
    url = f"/oa/cgi-bin/media/get?media_id={media_id}&access_token={sandbox.token('oa')}"
    answer = sandbox.client.get(url)
    assert (answer.data, answer.content_type) == (PNG, "image/png")
    assert "a.png" in answer.headers["Content-disposition"]
    sandbox.advance(60)
    assert sandbox.ask("oa", "media/get", media_id=media_id)["errcode"] == 40007


def test_media_belong_to_their_platform(sandbox: Sandbox):
    media_id = sandbox.upload("oa", "image", PNG)["media_id"]
    assert sandbox.ask("wecom", "media/get", media_id=media_id)["errcode"] == 40007


def test_a_video_answers_with_an_address(sandbox: Sandbox):
    media_id = sandbox.upload("oa", "video", MP4)["media_id"]
    address = sandbox.ask("oa", "media/get", media_id=media_id)["video_url"]
    assert sandbox.client.get(address.removeprefix("http://127.0.0.1:8001")).data == MP4


def test_what_is_known_about_a_follower(sandbox: Sandbox):
    sandbox.act("oa", XIAOLU, "scan", scene="store-HZ01")
    person = sandbox.ask("oa", "user/info", openid=XIAOLU)
    assert (person["subscribe"], person["qr_scene_str"], person["unionid"]) == (1, "store-HZ01", "uNew_xiaolu")
    assert "nickname" not in person


def test_of_one_who_left_nothing_is_known(sandbox: Sandbox):
    sandbox.act("oa", ZHOUYUN, "unfollow")
    assert sandbox.ask("oa", "user/info", openid=ZHOUYUN) == {"subscribe": 0, "openid": ZHOUYUN}
    assert sandbox.ask("oa", "user/info", openid="oNobody")["errcode"] == 40003


def test_several_at_once(sandbox: Sandbox):
    asked = [{"openid": ZHOUYUN, "lang": "zh_CN"}, {"openid": XIAOLU}]
    people = sandbox.call("oa", "user/info/batchget", user_list=asked)["user_info_list"]
    assert [one["subscribe"] for one in people] == [1, 0]
    assert sandbox.call("oa", "user/info/batchget", user_list=asked * 51)["errcode"] == 40032


def test_the_list_of_followers(sandbox: Sandbox):
    page = sandbox.ask("oa", "user/get")
    assert (page["total"], page["count"], page["next_openid"]) == (3, 3, page["data"]["openid"][-1])
    end = sandbox.ask("oa", "user/get", next_openid=page["next_openid"])
    assert (end["count"], end["next_openid"], "data" in end) == (0, "", False)


def create_code(sandbox: Sandbox, action: str, scene: dict, **more: object) -> dict:
    return sandbox.call("oa", "qrcode/create", action_name=action, action_info={"scene": scene}, **more)


def test_a_new_code_can_be_seen_and_scanned(sandbox: Sandbox, bot: FakeBot):
    code = create_code(sandbox, "QR_STR_SCENE", {"scene_str": "bind-1"}, expire_seconds=600)
    assert code["expire_seconds"] == 600
    picture = sandbox.client.get("/oa/cgi-bin/showqrcode", query_string={"ticket": code["ticket"]})
    assert picture.data.startswith(b"\x89PNG")
    assert {"scene": "bind-1", "label": "bind-1", "kind": "oa", "id": code["ticket"]} in sandbox.state()["codes"]
    sandbox.act("oa", ZHOUYUN, "scan", scene="bind-1")
    assert bot.events[0]["Ticket"] == code["ticket"]
    sandbox.advance(601)
    assert "过期" in sandbox.refused("oa", ZHOUYUN, "scan", scene="bind-1")


def test_a_numbered_permanent_code(sandbox: Sandbox):
    code = create_code(sandbox, "QR_LIMIT_SCENE", {"scene_id": 571})
    assert "expire_seconds" not in code
    sandbox.advance(400 * DAY)
    sandbox.act("oa", XIAOLU, "scan", scene="571")
    assert sandbox.ask("oa", "user/info", openid=XIAOLU)["qr_scene"] == 571


@pytest.mark.parametrize(
    ("action", "scene", "more", "code"),
    [
        ("QR_OTHER", {"scene_str": "a"}, {}, 40053),
        ("QR_STR_SCENE", {"scene_str": ""}, {}, 40053),
        ("QR_STR_SCENE", {"scene_str": "a" * 65}, {}, 40053),
        ("QR_LIMIT_SCENE", {"scene_id": 100001}, {}, 40053),
        ("QR_SCENE", {"scene_id": 0}, {}, 40053),
        ("QR_STR_SCENE", {"scene_str": "a"}, {"expire_seconds": 2592001}, 40058),
    ],
)
def test_bad_codes(sandbox: Sandbox, action, scene, more, code):
    assert create_code(sandbox, action, scene, **more)["errcode"] == code


def test_an_unknown_ticket_shows_nothing(sandbox: Sandbox):
    assert sandbox.get("/oa/cgi-bin/showqrcode", ticket="none")["errcode"] == 40035


BUTTONS = [
    {"type": "click", "name": "养护", "key": "CARE"},
    {"name": "服务", "sub_button": [{"type": "view", "name": "预约到店", "url": "https://m.example.cn/b"}]},
]


def test_the_menu_is_made_and_read_back(sandbox: Sandbox):
    assert sandbox.ask("oa", "menu/get")["errcode"] == 46003
    assert sandbox.ask("oa", "get_current_selfmenu_info")["is_menu_open"] == 0
    assert sandbox.call("oa", "menu/create", button=BUTTONS)["errcode"] == 0
    assert sandbox.ask("oa", "menu/get")["menu"]["button"] == BUTTONS
    assert sandbox.state()["menu"] == BUTTONS
    live = sandbox.ask("oa", "get_current_selfmenu_info")
    assert live["is_menu_open"] == 1
    assert live["selfmenu_info"]["button"][1]["sub_button"] == {"list": BUTTONS[1]["sub_button"]}


CLICK = {"type": "click", "name": "养护", "key": "CARE"}


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        ([{**CLICK, "type": "poke"}], 40017),
        ([{**CLICK, "name": ""}], 40018),
        ([{**CLICK, "name": "珠宝养护须知"}], 40018),
        ([{**CLICK, "key": ""}], 40019),
        ([{**CLICK, "key": "K" * 129}], 40019),
        ([{"type": "view", "name": "预约"}], 40020),
        ([{"name": "服务", "sub_button": [CLICK] * 6}], 40023),
        ([{"name": "服务", "sub_button": [{**CLICK, "key": ""}]}], 40019),
        (["养护"], 40016),
    ],
)
def test_bad_menus(sandbox: Sandbox, button, code):
    assert sandbox.call("oa", "menu/create", button=button)["errcode"] == code
    assert sandbox.state()["menu"] == []


def test_the_directory(sandbox: Sandbox):
    departments = sandbox.ask("wecom", "department/list")["department"]
    assert [one["id"] for one in departments] == [1, 2, 3]
    assert sandbox.ask("wecom", "department/list", id="3")["department"] == [departments[2]]
    assert sandbox.ask("wecom", "department/list", id="99")["errcode"] == 60123
    member = sandbox.ask("wecom", "user/get", userid=LINYUE)
    assert (member["name"], member["department"]) == ("林悦", [departments[1]["id"]])
    assert "mobile" not in member
    assert sandbox.ask("wecom", "user/get", userid="ghost")["errcode"] == 60111


def test_members_come_in_pages(sandbox: Sandbox):
    first = sandbox.call("wecom", "user/list_id", limit=2)
    assert [one["userid"] for one in first["dept_user"]] == [LINYUE, "wu.an"]
    rest = sandbox.call("wecom", "user/list_id", limit=2, cursor=first["next_cursor"])
    assert ([one["userid"] for one in rest["dept_user"]], rest["next_cursor"]) == (["chen.jing"], "")


def test_where_pushes_come_from(sandbox: Sandbox):
    assert sandbox.ask("oa", "getcallbackip")["ip_list"] == ["127.0.0.1"]
    assert sandbox.ask("wecom", "getcallbackip")["ip_list"] == ["127.0.0.*"]


def test_everybody_of_the_csv_follows(sandbox: Sandbox):
    assert [one["openid"] for one in sandbox.state()["customers"]][:3] == [ZHOUYUN, XUMING, "oShop_shenjie"]
