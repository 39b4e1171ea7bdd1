"""The advisor's phone: commands, cards and their buttons, tasks he confirms."""

from playwright.sync_api import Locator, Page, Request, expect

from tests.sandbox_page.stage import Json, Stage

LIN = "lin.yue"
HANDOVER = {
    "card_type": "button_interaction",
    "task_id": "handover-1",
    "source": {"desc": "门店助手"},
    "main_title": {"title": "周芸想和您说话", "desc": "<b>刚刚</b>"},
    "quote_area": {"title": "她说", "quote_text": "想挑一条珍珠项链"},
    "horizontal_content_list": [{"keyname": "会员", "value": "金卡"}],
    "button_selection": {
        "question_key": "when",
        "title": "多久回复",
        "option_list": [{"id": "5", "text": "5 分钟内"}, {"id": "30", "text": "半小时内"}],
        "selected_id": "5",
    },
    "button_list": [{"text": "接单", "key": "take", "style": 1}, {"text": "转给同事", "key": "pass", "style": 4}],
    "action_menu": {"desc": "更多", "action_list": [{"text": "不是我的顾客", "key": "not-mine"}]},
}
VISIT = {
    "card_type": "multiple_interaction",
    "task_id": "visit-1",
    "main_title": {"title": "到店登记"},
    "select_list": [
        {
            "question_key": "came",
            "title": "结果",
            "option_list": [{"id": "yes", "text": "已到店"}, {"id": "no", "text": "没有来"}],
        }
    ],
    "submit_button": {"text": "提交", "key": "submit"},
}


def messages(page: Page) -> Locator:
    return page.get_by_test_id("advisor-messages").get_by_test_id("message")


def pressed(page: Page) -> list[Json]:
    """Bodies of the card presses the page sends from now on."""
    bodies: list[Json] = []

    def note(request: Request) -> None:
        if request.url.endswith("/card"):
            bodies.append(dict(request.post_data_json or {}))

    page.on("request", note)
    return bodies


def test_a_command_goes_to_the_application(page: Page, stage: Stage) -> None:
    page.get_by_test_id("advisor-input").fill("今天")
    page.get_by_test_id("advisor-input").press("Enter")
    expect(messages(page)).to_contain_text(["今天"])
    assert [line["content"] for line in stage.chat(f"wecom/{LIN}")] == ["今天"]
    assert stage.bot.last(ToUserName="ww0123456789abcdef")


def test_a_button_is_pressed_with_what_was_chosen(page: Page, stage: Stage) -> None:
    stage.to_member(LIN, "template_card", HANDOVER)
    bodies = pressed(page)
    card = page.get_by_test_id("card")
    expect(card).to_contain_text("想挑一条珍珠项链")
    expect(card).to_contain_text("<b>刚刚</b>")
    card.get_by_test_id("card-select").select_option("30")
    card.get_by_role("button", name="接单").click()
    expect(page.get_by_test_id("call").filter(has_text="template_card_event")).to_have_count(1)
    assert bodies == [{"task_id": "handover-1", "key": "take", "selected": {"when": ["30"]}}]


def test_an_answered_card_shows_one_grey_word_instead_of_buttons(page: Page, stage: Stage) -> None:
    sent = stage.to_member(LIN, "template_card", HANDOVER)
    expect(page.get_by_test_id("card-button")).to_have_count(2)
    update = {"userids": [LIN], "agentid": 1000002, "response_code": sent["response_code"]}
    stage.wecom("/cgi-bin/message/update_template_card", {**update, "button": {"replace_name": "已接单"}})
    done = page.get_by_test_id("card-done")
    expect(done).to_have_text("已接单")
    expect(done).to_be_disabled()
    expect(page.get_by_test_id("card-button")).to_have_count(0)
    expect(page.get_by_test_id("card-select")).to_be_disabled()


def test_a_card_with_questions_submits_the_answers(page: Page, stage: Stage) -> None:
    stage.to_member(LIN, "template_card", VISIT)
    bodies = pressed(page)
    page.get_by_test_id("card-select").select_option("no")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_test_id("call").filter(has_text="template_card_event")).to_have_count(1)
    assert bodies == [{"task_id": "visit-1", "key": "submit", "selected": {"came": ["no"]}}]


def test_boxes_of_a_card_are_sent_when_ticked(page: Page, stage: Stage) -> None:
    options = [
        {"id": "a", "text": "项链", "is_checked": True},
        {"id": "b", "text": "戒指"},
        {"id": "c", "text": "耳环"},
    ]
    boxes = {"question_key": "what", "mode": 1, "option_list": options}
    vote = {
        "card_type": "vote_interaction",
        "task_id": "vote-1",
        "main_title": {"title": "看了什么"},
        "checkbox": boxes,
    }
    stage.to_member(LIN, "template_card", {**vote, "submit_button": {"text": "记下", "key": "note"}})
    bodies = pressed(page)
    page.get_by_label("耳环").check()
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_test_id("call").filter(has_text="template_card_event")).to_have_count(1)
    assert bodies[0]["selected"] == {"what": ["a", "c"]}


def test_the_menu_in_the_corner_of_a_card_pushes_its_key(page: Page, stage: Stage) -> None:
    stage.to_member(LIN, "template_card", HANDOVER)
    bodies = pressed(page)
    page.get_by_label("更多", exact=True).click()
    page.get_by_test_id("card-action").click()
    expect(page.get_by_test_id("call").filter(has_text="template_card_menu_event")).to_have_count(1)
    assert bodies[0]["key"] == "not-mine"


def test_a_choice_survives_messages_that_come_meanwhile(page: Page, stage: Stage) -> None:
    stage.to_member(LIN, "template_card", HANDOVER)
    page.get_by_test_id("card-select").select_option("30")
    stage.to_member(LIN, "text", {"content": "还有一件事"})
    expect(messages(page)).to_have_count(2)
    expect(page.get_by_test_id("card-select")).to_have_value("30")


def test_markdown_shows_its_marks_and_nothing_else(page: Page, stage: Stage) -> None:
    lines = ["## 今天", "**3 位**到店", "> 周芸 15:30", "[日程](https://shop.test/day)"]
    hostile = ["[坏](javascript:alert(1))", "<img src=x onerror=alert(1)>"]
    content = "\n".join(lines + hostile)
    stage.to_member(LIN, "markdown", {"content": content})
    shown = messages(page)
    expect(shown.locator("strong")).to_have_text("3 位")
    expect(shown.locator("blockquote")).to_contain_text("周芸 15:30")
    expect(shown.get_by_role("link")).to_have_count(1)
    expect(shown).to_contain_text("<img src=x onerror=alert(1)>")
    expect(shown.locator("img")).to_have_count(0)


def test_a_text_card_keeps_its_grey_line_and_leads_on(page: Page, stage: Stage) -> None:
    words = '<div class="gray">11月21日</div><div class="highlight">后天生日</div>'
    stage.to_member(
        LIN, "textcard", {"title": "沈洁", "description": words, "url": "https://shop.test/c", "btntxt": "看看"}
    )
    card = messages(page).get_by_role("link")
    expect(card.locator(".tc-gray")).to_have_text("11月21日")
    expect(card.locator(".tc-highlight")).to_have_text("后天生日")
    expect(card).to_contain_text("看看")


def test_a_mass_send_waits_for_the_advisor_and_then_reaches_the_customer(page: Page, stage: Stage) -> None:
    stage.control("/control/contact/oShop_zhouyun/add", {"userid": LIN})
    stage.wecom("/cgi-bin/externalcontact/add_msg_template", {"sender": LIN, "text": {"content": "会员日见"}})
    task = page.get_by_test_id("mass-task")
    expect(task).to_contain_text("会员日见")
    page.get_by_test_id("mass-confirm").click()
    expect(page.get_by_test_id("mass-done")).to_be_disabled()
    page.get_by_test_id("tab-contact").click()
    expect(page.get_by_test_id("customer-messages").get_by_test_id("message").last).to_contain_text("会员日见")


def test_another_member_s_card_leaves_a_dot_on_the_switch(page: Page, stage: Stage) -> None:
    stage.to_member("chen.jing", "text", {"content": "请看一下报表"})
    expect(page.get_by_test_id("unread-advisors")).to_be_visible()
    page.get_by_test_id("persona-advisor").click()
    page.locator('[data-testid=persona-option][data-id="chen.jing"]').click()
    expect(messages(page)).to_contain_text(["请看一下报表"])
    expect(page.get_by_test_id("unread-advisors")).to_have_count(0)
