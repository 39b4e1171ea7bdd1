"""Template cards: the rules they are held to, pressing them, and changing them once."""

import copy
from typing import Any

import pytest

from tests.sandbox.fake_bot import FakeBot, reply_to
from tests.sandbox.playing import AGENT, DAY, HOUR, LINYUE, WUAN, Sandbox

BUTTONS: dict[str, Any] = {
    "card_type": "button_interaction",
    "task_id": "handover-1",
    "main_title": {"title": "客户转人工", "desc": "周芸"},
    "horizontal_content_list": [{"keyname": "等了", "value": "2 分钟"}],
    "button_list": [{"text": "接待", "style": 1, "key": "take"}, {"text": "转交", "key": "pass"}],
}
MULTIPLE: dict[str, Any] = {
    "card_type": "multiple_interaction",
    "task_id": "slot-1",
    "main_title": {"title": "选时间"},
    "select_list": [{"question_key": "time", "title": "时间", "option_list": [{"id": "t1", "text": "14:30"}]}],
    "submit_button": {"text": "确定", "key": "ok"},
}
NOTICE: dict[str, Any] = {
    "card_type": "text_notice",
    "main_title": {"title": "今日预约"},
    "card_action": {"type": 1, "url": "https://m.example.cn"},
}
VOTE: dict[str, Any] = {
    "card_type": "vote_interaction",
    "task_id": "vote-1",
    "main_title": {"title": "哪天盘点"},
    "checkbox": {"question_key": "day", "mode": 1, "option_list": [{"id": "1", "text": "周一"}]},
    "submit_button": {"text": "提交", "key": "send"},
}


def send(sandbox: Sandbox, card: dict[str, Any], touser: str = LINYUE) -> dict[str, Any]:
    message = {"touser": touser, "msgtype": "template_card", "agentid": AGENT, "template_card": card}
    return sandbox.call("wecom", "message/send", **message)


def changed(card: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """The card with parts put in; None takes one out."""
    merged = {**copy.deepcopy(card), **parts}
    return {name: value for name, value in merged.items() if value is not None}


@pytest.mark.parametrize("card", [BUTTONS, MULTIPLE, VOTE])
def test_an_interactive_card_comes_with_a_response_code(sandbox: Sandbox, card):
    answer = send(sandbox, card)
    assert answer["errcode"] == 0
    assert answer["response_code"]
    line = sandbox.last("wecom", LINYUE)
    assert (line["type"], line["task_id"], line["card"], line["done"]) == ("card", card["task_id"], card, None)


def test_a_notice_comes_without(sandbox: Sandbox):
    answer = send(sandbox, NOTICE)
    assert answer["errcode"] == 0
    assert "response_code" not in answer


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (changed(BUTTONS, card_type="poster"), 42031),
        (changed(BUTTONS, task_id=None), 42014),
        (changed(BUTTONS, task_id="转人工"), 42014),
        (changed(BUTTONS, main_title=None), 42033),
        (changed(BUTTONS, button_list=[]), 42038),
        (changed(BUTTONS, button_list=[{"text": "好", "key": "k"}] * 7), 42038),
        (changed(BUTTONS, button_list=[{"key": "k"}]), 42038),
        (changed(BUTTONS, button_list=[{"text": "好"}]), 42039),
        (changed(BUTTONS, horizontal_content_list=[{"keyname": "a"}] * 7), 42035),
        (changed(BUTTONS, horizontal_content_list=[{"value": "a"}]), 42027),
        (changed(BUTTONS, horizontal_content_list=[{"keyname": "a", "type": 1}]), 42028),
        (changed(BUTTONS, horizontal_content_list=[{"keyname": "a", "type": 3}]), 42050),
        (changed(BUTTONS, jump_list=[{"title": "a"}] * 4), 42042),
        (changed(BUTTONS, vertical_content_list=[{"title": "a"}] * 5), 42036),
        (changed(BUTTONS, vertical_content_list=[{"desc": "a"}]), 42033),
        (changed(BUTTONS, action_menu={"action_list": [{"text": "a", "key": "k"}] * 2}), 42051),
        (changed(BUTTONS, button_selection={"option_list": []}), 42043),
        (changed(NOTICE, card_action=None), 42045),
        (changed(NOTICE, card_action={"type": 3}), 42045),
        (changed(NOTICE, card_action={"type": 1}), 42028),
        (changed(NOTICE, card_action={"type": 2}), 42030),
        (changed(NOTICE, main_title=None), 42033),
        (changed(NOTICE, card_type="news_notice"), 42044),
        (changed(NOTICE, action_menu={"action_list": [{"text": "a", "key": "k"}]}), 42014),
        (changed(MULTIPLE, select_list=[]), 42047),
        (changed(MULTIPLE, select_list=MULTIPLE["select_list"] * 4), 42047),
        (changed(MULTIPLE, submit_button=None), 42049),
        (changed(MULTIPLE, submit_button={"text": "好"}), 42046),
        (changed(VOTE, checkbox=None), 42043),
        (changed(VOTE, checkbox={"question_key": "d", "option_list": []}), 42037),
        (changed(VOTE, checkbox={"question_key": "d", "option_list": [{"text": "a"}]}), 42040),
        (changed(VOTE, checkbox={"question_key": "d", "option_list": [{"id": "a"}]}), 42041),
    ],
)
def test_a_card_that_breaks_a_rule(sandbox: Sandbox, card, code):
    assert send(sandbox, card)["errcode"] == code
    assert sandbox.chat("wecom", LINYUE) == []


def test_a_task_id_serves_once(sandbox: Sandbox):
    send(sandbox, BUTTONS)
    assert send(sandbox, BUTTONS)["errcode"] == 42014


def press(sandbox: Sandbox, task_id: str, key: str, **more: object) -> dict[str, Any]:
    return sandbox.act("wecom", LINYUE, "card", task_id=task_id, key=key, **more)


def test_pressing_tells_the_bot_what_was_chosen(sandbox: Sandbox, bot: FakeBot):
    send(sandbox, MULTIPLE)
    press(sandbox, "slot-1", "ok", selected={"time": ["t1"]})
    event = bot.events[0]
    assert (event["Event"], event["EventKey"], event["TaskId"]) == ("template_card_event", "ok", "slot-1")
    assert (event["CardType"], event["FromUserName"]) == ("multiple_interaction", LINYUE)
    chosen = event["SelectedItems"]["SelectedItem"]
    assert chosen == {"QuestionKey": "time", "OptionIds": {"OptionId": "t1"}}
    assert event["ResponseCode"]


def test_the_menu_in_the_corner_is_another_event(sandbox: Sandbox, bot: FakeBot):
    send(sandbox, changed(NOTICE, task_id="n-1", action_menu={"action_list": [{"text": "不再提醒", "key": "mute"}]}))
    press(sandbox, "n-1", "mute")
    assert bot.events[0]["Event"] == "template_card_menu_event"


def test_the_answer_turns_the_button_into_a_word(sandbox: Sandbox, bot: FakeBot):
    send(sandbox, BUTTONS, f"{LINYUE}|{WUAN}")
    bot.answer = lambda event: (200, reply_to(event, "update_button", Button={"ReplaceName": "林悦已接待"}))
    push = press(sandbox, "handover-1", "take")
    assert push["reply"]["done"] == "林悦已接待"
    assert [line["done"] for line in sandbox.chat("wecom", LINYUE)] == ["林悦已接待"]
    assert sandbox.last("wecom", WUAN)["done"] is None


def test_the_answer_replaces_the_whole_card(sandbox: Sandbox, bot: FakeBot):
    send(sandbox, BUTTONS)
    card = {
        "CardType": "button_interaction",
        "MainTitle": {"Title": "已接待"},
        "ButtonList": [{"Text": "结束", "Key": "end"}],
        "TaskId": "handover-1",
    }
    bot.answer = lambda event: (200, reply_to(event, "update_template_card", TemplateCard=card))
    press(sandbox, "handover-1", "take")
    shown = sandbox.last("wecom", LINYUE)["card"]
    assert shown["main_title"] == {"title": "已接待"}
    assert shown["button_list"] == [{"text": "结束", "key": "end"}]


def test_a_text_may_answer_a_press_as_well(sandbox: Sandbox, bot: FakeBot):
    send(sandbox, BUTTONS)
    bot.answer = lambda event: (200, reply_to(event, "text", Content="已记下"))
    press(sandbox, "handover-1", "take")
    assert sandbox.last("wecom", LINYUE)["content"] == "已记下"


def update(sandbox: Sandbox, code: str, **more: object) -> dict[str, Any]:
    button = {"replace_name": "吴安已接待"}
    body = {"userids": [LINYUE, WUAN], "agentid": AGENT, "response_code": code, "button": button, **more}
    return sandbox.call("wecom", "message/update_template_card", **body)


def test_a_code_changes_the_card_once_for_everybody_named(sandbox: Sandbox):
    code = send(sandbox, BUTTONS, f"{LINYUE}|{WUAN}")["response_code"]
    assert update(sandbox, code)["errcode"] == 0
    assert sandbox.last("wecom", LINYUE)["done"] == sandbox.last("wecom", WUAN)["done"] == "吴安已接待"
    assert update(sandbox, code)["errcode"] == 60140


def test_the_code_of_a_press_changes_it_again(sandbox: Sandbox, bot: FakeBot):
    send(sandbox, BUTTONS)
    press(sandbox, "handover-1", "take")
    assert update(sandbox, str(bot.events[0]["ResponseCode"]), userids=[LINYUE])["errcode"] == 0


@pytest.mark.parametrize(("waited", "code"), [(3 * DAY - HOUR, 0), (3 * DAY, 60140)])
def test_a_code_lives_72_hours(sandbox: Sandbox, waited, code):
    given = send(sandbox, BUTTONS)["response_code"]
    sandbox.advance(waited)
    assert update(sandbox, given)["errcode"] == code


def test_a_whole_new_card_by_the_api(sandbox: Sandbox):
    code = send(sandbox, BUTTONS)["response_code"]
    update(sandbox, code, button=None, template_card=NOTICE)
    assert sandbox.last("wecom", LINYUE)["card"] == NOTICE


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agentid": 7}, 42015),
        ({"button": {}}, 42020),
        ({"button": None}, 42031),
        ({"userids": []}, 82001),
        ({"userids": "lin.yue"}, 47001),
        ({"response_code": "made up"}, 60140),
    ],
)
def test_updates_that_are_refused(sandbox: Sandbox, change, code):
    given = send(sandbox, BUTTONS)["response_code"]
    assert update(sandbox, given, **change)["errcode"] == code
    assert sandbox.last("wecom", LINYUE)["done"] is None


def test_presses_that_cannot_be(sandbox: Sandbox):
    send(sandbox, BUTTONS)
    assert "没有收到" in sandbox.refused("wecom", WUAN, "card", task_id="handover-1", key="take")
    assert "没有这个按钮" in sandbox.refused("wecom", LINYUE, "card", task_id="handover-1", key="fire")
