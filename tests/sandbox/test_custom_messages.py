"""message/custom/send: every type it takes and everything it refuses."""

import pytest

from tests.sandbox.playing import DAY, PNG, ZHOUYUN, Sandbox


@pytest.fixture
def talking(sandbox: Sandbox) -> Sandbox:
    """Zhou Yun has just written."""
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    return sandbox


def send(sandbox: Sandbox, msgtype: str, body: object, **more: object) -> int:
    message = {"touser": ZHOUYUN, "msgtype": msgtype, msgtype: body, **more}
    return sandbox.call("oa", "message/custom/send", **message)["errcode"]


def test_a_text_stands_in_the_chat(talking: Sandbox):
    answer = talking.call("oa", "message/custom/send", touser=ZHOUYUN, msgtype="text", text={"content": "您好"})
    assert answer == {"errcode": 0, "errmsg": "ok"}
    line = talking.last("oa", ZHOUYUN)
    assert (line["from"], line["type"], line["content"]) == ("them", "text", "您好")


def test_a_menu_of_taps(talking: Sandbox):
    items = [{"id": "101", "content": "改圈"}, {"id": "102", "content": "清洗"}]
    assert send(talking, "msgmenu", {"head_content": "需要哪项？", "list": items, "tail_content": "回复数字也行"}) == 0
    line = talking.last("oa", ZHOUYUN)
    assert (line["type"], line["head"], line["items"], line["tail"]) == ("msgmenu", "需要哪项？", items, "回复数字也行")


def test_a_picture_lives_three_days(talking: Sandbox):
    media_id = talking.upload("oa", "image", PNG)["media_id"]
    assert send(talking, "image", {"media_id": media_id}) == 0
    assert talking.last("oa", ZHOUYUN)["url"].endswith(media_id)
    talking.advance(3 * DAY)
    talking.act("oa", ZHOUYUN, "text", content="在吗")
    assert send(talking, "image", {"media_id": media_id}) == 40007


def test_a_news_message_holds_one_article(talking: Sandbox):
    article = {"title": "新品", "description": "珍珠", "url": "https://m.example.cn", "picurl": ""}
    assert send(talking, "news", {"articles": [article]}) == 0
    assert talking.last("oa", ZHOUYUN)["articles"] == [article]


def test_a_message_of_a_machine_is_marked(talking: Sandbox):
    assert send(talking, "text", {"content": "您好"}, aimsgcontext={"is_ai_msg": 1}) == 0
    assert talking.last("oa", ZHOUYUN)["ai"] is True


def test_the_longest_text(talking: Sandbox):
    assert send(talking, "text", {"content": "好" * 682}) == 0


@pytest.mark.parametrize(
    ("msgtype", "body", "code"),
    [
        ("text", {}, 44004),
        ("text", {"content": "  "}, 44004),
        ("text", "hello", 44004),
        ("text", {"content": "好" * 683}, 45002),
        ("image", {"media_id": "nothing"}, 40007),
        ("image", None, 40035),
        ("voice", {}, 40007),
        ("music", {"title": "曲", "thumb_media_id": "nothing"}, 40007),
        ("news", {"articles": []}, 45008),
        ("news", {"articles": [{}, {}]}, 45008),
        ("msgmenu", {"list": []}, 40035),
        ("msgmenu", {"list": [{"id": "1"}]}, 40035),
        ("msgmenu", {"list": ["改圈"]}, 40035),
        ("card", {"card_id": "1"}, 40008),
        ("", {}, 40008),
    ],
)
def test_a_bad_message_is_refused_and_costs_no_place(talking: Sandbox, msgtype, body, code):
    assert send(talking, msgtype, body) == code
    assert talking.customer(ZHOUYUN)["window"]["left"] == 5
    assert len(talking.chat("oa", ZHOUYUN)) == 1


@pytest.mark.parametrize("openid", ["", "oNobody", None, 7])
def test_an_openid_nobody_has(talking: Sandbox, openid):
    answer = talking.call("oa", "message/custom/send", touser=openid, msgtype="text", text={"content": "x"})
    assert answer["errcode"] == 40003


def test_a_customer_who_switched_messages_off(talking: Sandbox):
    talking.act("oa", ZHOUYUN, "refuse")
    assert talking.tell(ZHOUYUN) == 48002
    talking.act("oa", ZHOUYUN, "refuse", on=False)
    assert talking.tell(ZHOUYUN) == 0


def test_a_type_that_is_no_text_is_a_data_format_error(talking: Sandbox):
    answer = talking.call("oa", "message/custom/send", touser=ZHOUYUN, msgtype=7)
    assert answer["errcode"] == 47001
