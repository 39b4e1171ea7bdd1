"""The customer's phone: what she can do there, and what she sees of the bot's answers."""

import base64
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sandbox_page.stage import Json, Stage

ZHOU = "oShop_zhouyun"
# A picture of one pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def said(page: Page, kind: str = "text", who: str = "them") -> Locator:
    """Messages of one kind on the customer's phone."""
    return page.get_by_test_id("customer-phone").locator(f"[data-testid=message][data-type={kind}][data-from={who}]")


def say(page: Page, text: str) -> None:
    page.get_by_test_id("customer-input").fill(text)
    page.get_by_test_id("customer-send").click()


def to_customer(stage: Stage, msgtype: str, body: Json, openid: str = ZHOU) -> None:
    stage.control(f"/control/oa/{openid}/text", {"content": "在吗"})
    answer = stage.account("/cgi-bin/message/custom/send", {"touser": openid, "msgtype": msgtype, msgtype: body})
    assert answer["errcode"] == 0, answer


def test_what_she_types_reaches_the_bot_and_the_answer_appears(page: Page, stage: Stage) -> None:
    stage.bot.text = "珍珠怕酸，先喷香水再戴。"
    say(page, "珍珠能碰香水吗")
    expect(said(page, who="me")).to_contain_text("珍珠能碰香水吗")
    expect(said(page)).to_contain_text("珍珠怕酸，先喷香水再戴。")
    assert stage.bot.last(MsgType="text", Content="珍珠能碰香水吗")
    expect(page.get_by_test_id("customer-input")).to_have_value("")


def test_enter_sends_and_shift_enter_makes_a_new_line(page: Page, stage: Stage) -> None:
    field = page.get_by_test_id("customer-input")
    field.click()
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    assert stage.bot.heard == []
    page.keyboard.press("Enter")
    expect(said(page, who="me")).to_contain_text("第一行\n第二行", use_inner_text=True)


def test_enter_that_ends_a_composition_does_not_send(page: Page, stage: Stage) -> None:
    field = page.get_by_test_id("customer-input")
    field.fill("zhenzhu")
    field.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(field).to_have_value("zhenzhu")
    assert stage.chat(f"oa/{ZHOU}") == []


def test_the_field_grows_with_the_text_and_shrinks_again(page: Page) -> None:
    field = page.get_by_test_id("customer-input")
    height = "e => e.clientHeight"
    low = field.evaluate(height)
    field.fill("一\n二\n三")
    assert field.evaluate(height) > low + 30
    page.get_by_test_id("customer-send").click()
    assert field.evaluate(height) == low


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=\"document.title='stolen'\">",
        "<script>document.title='stolen'</script>",
        '<a href="javascript:document.title=1">点我</a>',
        '<a href="data:text/html,1">点我</a>',
        '<svg onload="document.title=1"></svg>',
    ],
)
def test_markup_of_a_message_is_text_and_never_runs(page: Page, stage: Stage, hostile: str) -> None:
    title = page.title()
    to_customer(stage, "text", {"content": f"看：{hostile}"})
    expect(said(page)).to_contain_text("看：")
    assert said(page).locator(".bubble img, .bubble script, .bubble svg, .bubble a").count() == 0
    assert page.title() == title


def test_a_tap_link_in_a_text_sends_its_id_and_its_words(page: Page, stage: Stage) -> None:
    link = '1 <a href="weixin://bizmsgmenu?msgmenucontent=预约试戴&msgmenuid=book">约一次试戴</a>'
    to_customer(stage, "text", {"content": link})
    page.get_by_role("button", name="约一次试戴").click()
    assert stage.bot.last(Content="预约试戴", bizmsgmenuid="book")


def test_an_item_of_a_tap_list_sends_its_id(page: Page, stage: Stage) -> None:
    items = [{"id": "a", "content": "周六 14:00"}, {"id": "b", "content": "换一天"}]
    to_customer(stage, "msgmenu", {"head_content": "哪个时间？", "list": items, "tail_content": "点一下就好"})
    expect(said(page, "msgmenu")).to_contain_text("哪个时间？")
    page.get_by_role("button", name="换一天").click()
    assert stage.bot.last(Content="换一天", bizmsgmenuid="b")


def test_web_links_open_in_a_window_that_knows_nothing_of_this_one(page: Page, stage: Stage) -> None:
    to_customer(
        stage, "text", {"content": '看<a href="https://shop.test/a?b=1&amp;c=2">养护</a>或 https://shop.test/x，谢谢'}
    )
    links = said(page).get_by_role("link")
    expect(links).to_have_count(2)
    expect(links.nth(0)).to_have_attribute("href", "https://shop.test/a?b=1&c=2")
    expect(links.nth(1)).to_have_attribute("href", "https://shop.test/x")
    for number in range(2):
        expect(links.nth(number)).to_have_attribute("target", "_blank")
        expect(links.nth(number)).to_have_attribute("rel", re.compile("noopener"))


def test_what_she_says_comes_as_a_voice_with_its_words(page: Page, stage: Stage) -> None:
    page.get_by_test_id("customer-voice").click()
    say(page, "周六下午可以来清洗吗")
    expect(said(page, "voice", "me")).to_contain_text("周六下午可以来清洗吗")
    expect(said(page, "voice", "me").get_by_label("语音 3 秒")).to_be_visible()
    assert stage.bot.last(MsgType="voice")["Recognition"] == "周六下午可以来清洗吗"


def test_she_sends_where_she_is(page: Page, stage: Stage) -> None:
    page.get_by_test_id("plus").click()
    page.get_by_test_id("location").click()
    page.get_by_test_id("place-option").filter(has_text="武林广场").click()
    expect(said(page, "location", "me")).to_contain_text("武林广场")
    assert float(stage.bot.last(MsgType="location")["Location_X"]) == pytest.approx(30.2766)


def test_she_sends_a_picture(page: Page, stage: Stage) -> None:
    page.get_by_test_id("plus").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("photo").click()
    chooser.value.set_files({"name": "ring.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(said(page, "image", "me").get_by_role("img")).to_have_js_property("naturalWidth", 1)
    assert stage.bot.last(MsgType="image")


def test_a_bot_that_fails_is_told_in_the_chat_and_below(page: Page, stage: Stage) -> None:
    stage.bot.status = 500
    say(page, "你好")
    expect(page.get_by_test_id("toast")).to_contain_text("HTTP 500")
    expect(said(page, "notice", "system")).to_contain_text("服务出现故障")


def test_three_dots_show_while_the_bot_thinks(page: Page, stage: Stage) -> None:
    stage.bot.free.clear()
    stage.bot.text = "来了"
    say(page, "你好")
    expect(page.get_by_test_id("typing")).to_be_visible()
    expect(page.get_by_test_id("customer-title")).to_contain_text("正在输入")
    stage.bot.free.set()
    expect(said(page)).to_contain_text("来了")
    expect(page.get_by_test_id("typing")).to_have_count(0)
    expect(page.get_by_test_id("customer-title")).to_have_text("云水珠宝")


def test_a_service_notice_shows_title_fields_and_the_way_on(page: Page, stage: Stage) -> None:
    fields = {
        "thing1": {"value": "珍珠项链"},
        "time2": {"value": "2025年11月20日"},
        "thing3": {"value": "建议到店清洗"},
    }
    stage.account(
        "/cgi-bin/message/template/send",
        {"touser": ZHOU, "template_id": "TPL_MAINTENANCE_DUE", "url": "https://shop.test/care", "data": fields},
    )
    notice = said(page, "template")
    expect(notice).to_contain_text("首饰保养提醒")
    expect(notice.locator("dd")).to_have_text(["珍珠项链", "2025年11月20日", "建议到店清洗"])
    expect(notice.get_by_role("link")).to_have_attribute("href", "https://shop.test/care")


def test_an_article_shows_its_title_and_leads_to_it(page: Page, stage: Stage) -> None:
    article = {"title": "珍珠的四季", "description": "从海里到颈间", "url": "https://shop.test/pearl", "picurl": ""}
    to_customer(stage, "news", {"articles": [article]})
    link = said(page, "news").get_by_role("link")
    expect(link).to_contain_text("珍珠的四季")
    expect(link).to_have_attribute("href", "https://shop.test/pearl")


def test_messages_of_five_minutes_share_one_time_line(page: Page, stage: Stage) -> None:
    times = page.get_by_test_id("customer-phone").locator(".time")
    say(page, "一")
    say(page, "二")
    expect(said(page, who="me")).to_have_count(2)
    expect(times).to_have_count(1)
    page.get_by_test_id("clock-hour").click()
    expect(page.get_by_test_id("clock-moved")).to_be_visible()
    say(page, "三")
    expect(said(page, who="me")).to_have_count(3)
    expect(times).to_have_count(2)


def test_what_was_half_typed_waits_in_its_own_chat(page: Page) -> None:
    page.get_by_test_id("customer-input").fill("还没写完")
    page.get_by_test_id("tab-kf").click()
    expect(page.get_by_test_id("customer-input")).to_have_value("")
    page.get_by_test_id("tab-oa").click()
    expect(page.get_by_test_id("customer-input")).to_have_value("还没写完")


def test_a_line_the_sandbox_did_not_take_comes_back_into_the_field(page: Page) -> None:
    page.route("**/control/oa/**", lambda route: route.abort())
    say(page, "别丢了我")
    expect(page.get_by_test_id("toast")).to_contain_text("连不上沙盒")
    expect(page.get_by_test_id("customer-input")).to_have_value("别丢了我")
