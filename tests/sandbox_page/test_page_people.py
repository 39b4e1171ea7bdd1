"""Whose phone it is, following and leaving, codes, the account's menu, the other chats of a customer."""

from playwright.sync_api import Locator, Page, expect

from tests.sandbox_page.stage import Stage

ZHOU = "oShop_zhouyun"


def become(page: Page, openid: str) -> None:
    page.get_by_test_id("persona-customer").click()
    page.locator(f'[data-testid=persona-option][data-id="{openid}"]').click()


def messages(page: Page) -> Locator:
    return page.get_by_test_id("customer-messages").get_by_test_id("message")


def test_the_sheet_names_each_person_and_says_how_she_stands(page: Page) -> None:
    page.get_by_test_id("persona-customer").click()
    rows = page.get_by_test_id("persona-option")
    expect(rows.filter(has_text="周芸")).to_contain_text("已关注")
    expect(rows.filter(has_text="小鹿")).to_contain_text("还没关注")


def test_a_stranger_sees_a_card_and_follows_with_it(page: Page, stage: Stage) -> None:
    stage.bot.text = "欢迎来到云水珠宝"
    become(page, "oNew_xiaolu")
    expect(page.get_by_test_id("follow-card")).to_be_visible()
    expect(page.get_by_test_id("customer-input")).to_have_count(0)
    page.get_by_test_id("follow").click()
    expect(messages(page)).to_contain_text(["欢迎来到云水珠宝"])
    expect(page.get_by_test_id("follow-card")).to_have_count(0)
    expect(page.get_by_test_id("customer-input")).to_be_visible()
    assert stage.bot.last(Event="subscribe", FromUserName="oNew_xiaolu")


def test_a_stranger_who_scans_a_shop_code_follows_with_its_scene(page: Page, stage: Stage) -> None:
    become(page, "oNew_ahao")
    page.get_by_test_id("scan").click()
    page.get_by_test_id("code-option").filter(has_text="store-").first.click()
    expect(page.get_by_test_id("follow-card")).to_have_count(0)
    event = stage.bot.last(Event="subscribe", FromUserName="oNew_ahao")
    assert event["EventKey"].startswith("qrscene_store-")


def test_leaving_asks_first_and_then_shows_the_card(page: Page, stage: Stage) -> None:
    page.get_by_test_id("plus").click()
    page.get_by_test_id("unfollow").click()
    assert stage.bot.heard == []
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("follow-card")).to_be_visible()
    assert stage.bot.last(Event="unsubscribe")


def test_a_new_stranger_gets_a_phone_at_once(page: Page) -> None:
    page.get_by_test_id("persona-customer").click()
    page.get_by_test_id("stranger-name").fill("<b>阿禾</b>")
    page.get_by_test_id("stranger-add").click()
    expect(page.get_by_test_id("persona-customer")).to_contain_text("<b>阿禾</b>")
    expect(page.get_by_test_id("follow-card")).to_be_visible()


def test_the_menu_of_the_account_appears_and_its_buttons_push(page: Page, stage: Stage) -> None:
    below = [
        {"type": "click", "name": "珍珠怎么戴", "key": "care-pearl"},
        {"type": "view", "name": "品牌故事", "url": "https://shop.test/story"},
    ]
    made = stage.account(
        "/cgi-bin/menu/create",
        {"button": [{"name": "养护", "sub_button": below}, {"type": "click", "name": "预约", "key": "book"}]},
    )
    assert made["errcode"] == 0, made
    page.get_by_test_id("customer-menu-toggle").click()
    page.get_by_test_id("menu-item").filter(has_text="预约").click()
    assert stage.bot.last(Event="CLICK", EventKey="book")
    expect(page.get_by_role("button", name="珍珠怎么戴")).to_be_hidden()
    page.get_by_role("button", name="养护").click()
    page.get_by_role("button", name="珍珠怎么戴").click()
    assert stage.bot.last(Event="CLICK", EventKey="care-pearl")
    page.get_by_role("button", name="养护").click()
    story = page.get_by_test_id("menu-item").filter(has_text="品牌故事")
    expect(story).to_have_attribute("href", "https://shop.test/story")
    page.context.route("https://shop.test/**", lambda route: route.fulfill(body="story"))
    story.click()
    assert stage.bot.last(Event="VIEW", EventKey="https://shop.test/story")


def test_adding_an_advisor_opens_his_chat_and_says_so(page: Page, stage: Stage) -> None:
    become(page, "oNew_xiaolu")
    page.get_by_test_id("tab-contact").click()
    page.get_by_test_id("add-card").get_by_test_id("scan").click()
    page.get_by_test_id("code-option").filter(has_text="企业微信名片").filter(has_text="林悦").click()
    expect(messages(page)).to_contain_text(["你已添加了林悦"])
    expect(page.get_by_test_id("customer-title")).to_contain_text("林悦")
    expect(page.get_by_test_id("customer-title")).to_contain_text("@云水珠宝")


def test_entering_the_kf_chat_and_writing_there(page: Page, stage: Stage) -> None:
    page.get_by_test_id("tab-kf").click()
    expect(page.get_by_test_id("customer-title")).to_have_text("珠宝顾问")
    page.get_by_test_id("customer-input").fill("我想改圈")
    page.get_by_test_id("customer-send").click()
    expect(messages(page)).to_contain_text(["我想改圈"])
    assert [line["content"] for line in stage.chat(f"kf/{ZHOU}")] == ["我想改圈"]


def test_a_message_to_a_chat_behind_leaves_a_dot_until_it_is_opened(page: Page, stage: Stage) -> None:
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "在吗"})
    page.get_by_test_id("tab-kf").click()
    expect(page.get_by_test_id("unread-oa")).to_have_count(0)
    stage.account("/cgi-bin/message/custom/send", {"touser": ZHOU, "msgtype": "text", "text": {"content": "在的"}})
    expect(page.get_by_test_id("unread-oa")).to_be_visible()
    page.get_by_test_id("tab-oa").click()
    expect(page.get_by_test_id("unread-oa")).to_have_count(0)
    expect(messages(page).last).to_contain_text("在的")


def test_the_list_of_chats_shows_last_lines_and_leads_back(page: Page, stage: Stage) -> None:
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "我的项链好了吗"})
    page.get_by_test_id("customer-back").click()
    expect(page.get_by_test_id("open-oa")).to_contain_text("我的项链好了吗")
    page.get_by_test_id("open-oa").click()
    expect(messages(page)).to_contain_text(["我的项链好了吗"])


def test_the_window_of_the_customer_service_messages_is_told(page: Page, stage: Stage) -> None:
    foot = page.get_by_test_id("customer-foot")
    expect(foot).to_contain_text("窗口已关")
    stage.control(f"/control/oa/{ZHOU}/text", {"content": "在吗"})
    expect(foot).to_contain_text("还可发 5 条")


def test_the_page_opens_again_with_the_same_people(page: Page) -> None:
    become(page, "oShop_xuming")
    page.reload()
    expect(page.get_by_test_id("persona-customer")).to_contain_text("徐铭")
