"""One person: she adds her advisor by her own code, proves that a card is hers, and staff say who is who."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.messages import AdvisorCode, Card
from crm import db
from crm.models import (
    AuditEntry,
    Customer,
    DoubtfulMatch,
    Identity,
    IdentityKind,
    Interaction,
    LinkToken,
    MatchReason,
    MergeRecord,
    Staff,
)
from crm.services.customers import by_code
from crm.services.erasure import erase
from crm.services.identities import add, link, meet
from tests.crm.builders import OPERATOR, a_customer, a_line
from tests.front_door import OA, WECOM, Phone, Shop
from tests.scenarios.test_kf import entered, pulled

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CONTACTS = "sys"


def adds(
    shop: Shop, external: str, state: str = "", userid: str = "lin.yue", change: str = "add_external_contact"
) -> str:
    """WeCom tells that this contact added the advisor."""
    about = {"UserID": userid, "ExternalUserID": external, "WelcomeCode": f"code-{external}"}
    contact = Phone(shop.wecom, CONTACTS, WECOM[2])
    return contact.does("change_external_contact", ChangeType=change, State=state, **about)


def her_code(shop: Shop, phone: Phone, words: str = "加顾问") -> str:
    """The token of the code that she is sent."""
    assert "二维码" in phone.says(words)
    return next(reply.token for reply in shop.planned(phone.person) if isinstance(reply, AdvisorCode))


def card_customer(shop: Shop, code: str = "C0001", name: str = "周芸", phone: str = "13800138001") -> None:
    with shop.parts.sessions.begin() as session:
        lin = session.scalars(select(Staff).where(Staff.userid == "lin.yue")).one()
        a_line(session, a_customer(session, code, name, of=lin, phone=phone), f"A-{code}")


def is_known_as(shop: Shop, phone: Phone, code: str) -> None:
    """This openid was linked to the card before."""
    phone.does("subscribe")
    with shop.parts.sessions.begin() as session:
        link(
            session,
            meet(session, OA[2], IdentityKind.OPENID, phone.person, shop.clock.now()),
            by_code(session, OPERATOR, code),
        )


def owners(shop: Shop) -> dict[str, str]:
    """By id of a platform, the code of whom it belongs to."""
    with db.reading(shop.parts.engine) as session:
        return {row.value: row.customer.code for row in session.scalars(select(Identity))}


@pytest.fixture
def mei(shop: Shop) -> Phone:
    """A follower whose advisor is 林悦."""
    phone = shop.customer("oMei")
    phone.does("subscribe", EventKey="qrscene_advisor-lin.yue")
    return phone


@pytest.mark.parametrize(
    "words",
    [
        "加顾问",
        "加企微",
        "加微信",
        "我要加我的顾问",
        "顾问的微信",
        "联系我的顾问微信",
        "怎么加顾问的微信呀",
        "加一下你们的企业微信",
    ],
)
def test_she_asks_in_her_own_words(shop: Shop, mei: Phone, words: str) -> None:
    answer = mei.says(words)
    assert "林悦" in answer
    assert "不要转给别人" in answer


@pytest.mark.parametrize("words", ["珍珠项链怎么保养", "我要加急改圈", "联系顾问"])
def test_other_words_ask_for_no_code(shop: Shop, mei: Phone, words: str) -> None:
    assert "二维码" not in mei.says(words)


def test_without_an_advisor_it_is_one_of_her_shop_and_without_a_shop_nobody(shop: Shop) -> None:
    of_the_lake, of_nowhere = shop.customer("oLake"), shop.customer("oNowhere")
    of_the_lake.does("subscribe", EventKey="qrscene_store-HZ01")
    her_code(shop, of_the_lake)
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(LinkToken.members)).one() == "lin.yue,wu.an"
    of_nowhere.does("subscribe")
    assert "还没有专属顾问" in of_nowhere.says("加顾问")


def test_the_menu_gives_the_code_too(shop: Shop, mei: Phone) -> None:
    assert "二维码" in mei.does("click", EventKey="ADD_ADVISOR")


def test_whoever_adds_the_advisor_by_her_code_is_she(shop: Shop, mei: Phone) -> None:
    token = her_code(shop, mei)
    assert len(token) <= 30
    adds(shop, "wmMei", token)
    codes = owners(shop)
    assert codes["wmMei"] == codes["oMei"]
    assert any(codes["oMei"] in words for words in shop.words_for("lin.yue"))
    with db.reading(shop.parts.engine) as session:
        assert len(session.scalars(select(Customer)).all()) == 1
        assert "link" in set(session.scalars(select(AuditEntry.action)))
        assert "change_external_contact" in set(session.scalars(select(Interaction.kind)))


def test_a_half_added_contact_counts_as_well_and_events_twice_count_once(shop: Shop, mei: Phone) -> None:
    token = her_code(shop, mei)
    adds(shop, "wmMei", token, change="add_half_external_contact")
    adds(shop, "wmMei", token)
    adds(shop, "wmMei", token)
    assert len(set(owners(shop).values())) == 1
    assert len([words for words in shop.words_for("lin.yue") if "专属码" in words]) == 1


def test_a_second_person_with_the_same_code_stays_herself(shop: Shop, mei: Phone) -> None:
    token = her_code(shop, mei)
    adds(shop, "wmMei", token)
    adds(shop, "wmFriend", token)
    codes = owners(shop)
    assert codes["wmFriend"] != codes["oMei"] == codes["wmMei"]


def test_after_seven_days_the_code_links_nobody(shop: Shop, mei: Phone) -> None:
    token = her_code(shop, mei)
    shop.clock.move(days=7, seconds=1)
    adds(shop, "wmMei", token)
    assert len(set(owners(shop).values())) == 2


def test_states_that_are_no_tokens_link_nobody(shop: Shop, mei: Phone) -> None:
    for number, state in enumerate(["", "store-HZ01", "L" + "0" * 24]):
        adds(shop, f"wm{number}", state)
    assert len(set(owners(shop).values())) == 4


def test_she_gets_the_same_code_again_while_it_is_good(shop: Shop, mei: Phone) -> None:
    first = her_code(shop, mei)
    assert her_code(shop, mei) == first
    with db.reading(shop.parts.engine) as session:
        assert len(session.scalars(select(LinkToken)).all()) == 1


def test_who_has_added_an_advisor_is_told_so(shop: Shop, mei: Phone) -> None:
    adds(shop, "wmMei", her_code(shop, mei))
    assert "已经添加过" in mei.says("加顾问")


def test_a_friend_who_is_known_as_somebody_else_becomes_a_question(shop: Shop, mei: Phone) -> None:
    card_customer(shop)
    is_known_as(shop, mei, "C0001")
    card_customer(shop, "C0002", "许安", "13900139009")
    with shop.parts.sessions.begin() as session:
        add(
            session,
            by_code(session, OPERATOR, "C0002"),
            WECOM[2],
            IdentityKind.EXTERNAL_USERID,
            "wmXu",
            shop.clock.now(),
        )
    adds(shop, "wmXu", her_code(shop, mei))
    assert (owners(shop)["oMei"], owners(shop)["wmXu"]) == ("C0001", "C0002")
    (card,) = [reply for reply in shop.planned("lin.yue") if isinstance(reply, Card)]
    assert "138****8001" in str(card.body)
    assert "13800138001" not in str(card.body)


def test_in_a_talk_the_words_go_to_the_advisor(shop: Shop, mei: Phone, lin: Phone) -> None:
    mei.says("人工")
    lin.says("接待")
    assert mei.says("加微信") == ""
    assert any("加微信" in words for words in shop.words_for("lin.yue"))


# -- bind codes and claims ------------------------------------------------------------------------------------------


def bind_code(lin: Phone, code: str = "C0001") -> str:
    found = re.search(r"绑定 (\d{6})", lin.says(f"绑定码 {code}"))
    assert found
    return found[1]


@pytest.mark.parametrize("spelled", ["绑定 {}", "绑定{}", "绑定码：{}"])
def test_six_digits_from_her_advisor_make_the_card_hers(shop: Shop, mei: Phone, lin: Phone, spelled: str) -> None:
    card_customer(shop)
    digits = bind_code(lin)
    assert "周芸" in mei.says(spelled.format(digits))
    assert owners(shop)["oMei"] == "C0001"
    assert any("绑定了公众号" in words for words in shop.words_for("lin.yue"))
    assert "不对" in shop.customer("oThief").says(f"绑定 {digits}")


def test_ten_minutes_later_the_digits_are_worth_nothing(shop: Shop, mei: Phone, lin: Phone) -> None:
    card_customer(shop)
    digits = bind_code(lin)
    shop.clock.move(minutes=10, seconds=1)
    assert "过期" in mei.says(f"绑定 {digits}")
    assert owners(shop)["oMei"] != "C0001"


def test_five_wrong_codes_are_enough(shop: Shop, mei: Phone, lin: Phone) -> None:
    card_customer(shop)
    digits = bind_code(lin)
    for number in range(5):
        wrong = f"{(int(digits) + number + 1) % 1_000_000:06}"
        assert "不对" in mei.says(f"绑定 {wrong}")
    mei.does("unsubscribe")
    mei.does("subscribe")
    assert "过十分钟" in mei.says(f"绑定 {digits}")
    assert owners(shop)["oMei"] != "C0001"


def test_an_advisor_gives_codes_of_his_own_customers_only(shop: Shop, lin: Phone) -> None:
    card_customer(shop)
    answers = {shop.member("sun.li").says(f"绑定码 {code}") for code in ("C0001", "C9999")}
    assert answers == {"没有找到这位客户。"}
    assert "请写上" in lin.says("绑定码")


def test_a_claimed_phone_is_answered_alike_whether_it_is_known_or_not(shop: Shop, mei: Phone) -> None:
    card_customer(shop)
    known, unknown = mei.says("绑定手机 13800138001"), mei.says("绑定手机 13700137007")
    assert known == unknown
    assert "周芸" not in known
    assert owners(shop)["oMei"] != "C0001"
    assert "请这样写" in mei.says("绑定手机")


def test_the_cards_advisor_says_whether_it_is_she(shop: Shop, mei: Phone, lin: Phone) -> None:
    card_customer(shop)
    mei.says("绑定手机号 138 0013 8001")
    (card,) = [reply for reply in shop.planned("lin.yue") if isinstance(reply, Card)]
    key = str(card.body["button_list"][0]["key"])
    assert shop.member("sun.li").does("template_card_event", EventKey=key, TaskId=card.task_id)
    assert owners(shop)["oMei"] != "C0001"
    lin.does("template_card_event", EventKey=key, TaskId=card.task_id)
    assert owners(shop)["oMei"] == "C0001"
    assert "已经处理过" in lin.says(f"是同一人 {key.partition(':')[2]}")


def test_an_advisor_may_say_no_and_is_not_asked_again(shop: Shop, mei: Phone, lin: Phone) -> None:
    card_customer(shop)
    mei.says("绑定手机 13800138001")
    assert "138****8001" in lin.says("待核对")
    assert "分开保留" in lin.says("不是同一人 1")
    mei.says("绑定手机 13800138001")
    assert "没有待核对" in lin.says("待核对")
    assert owners(shop)["oMei"] != "C0001"


def test_three_claims_a_day_are_enough(shop: Shop, mei: Phone) -> None:
    for number in range(3):
        assert "收到" in mei.says(f"绑定手机 1370013700{number}")
    assert "几次了" in mei.says("绑定手机 13800138001")


def test_the_same_id_in_customer_service_is_asked_about(shop: Shop, lin: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        meet(session, "wkShop", IdentityKind.KF, "wmMei", shop.clock.now())
    adds(shop, "wmMei")
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(DoubtfulMatch.reason)).all() == [MatchReason.KF]
    assert "已合为一人" in lin.says("是同一人 1")


def test_it_is_asked_about_as_well_when_she_comes_to_customer_service_later(shop: Shop, lin: Phone) -> None:
    adds(shop, "wmMei")
    pulled(shop, entered("k0"))
    pulled(shop, entered("k1"))
    assert "微信客服和企业微信" in lin.says("待核对")
    assert len([words for words in shop.words_for("lin.yue") if "微信客服" in words]) == 1


# -- merging by staff -----------------------------------------------------------------------------------------------


def digits_for(phone: Phone, words: str = "合并 C0001 C0002") -> str:
    found = re.search(r"确认合并 (\d{4})", phone.says(words))
    assert found
    return found[1]


@pytest.fixture
def chen(shop: Shop) -> Phone:
    """The manager 陈静, with two customers of her store."""
    card_customer(shop)
    card_customer(shop, "C0002", "小芸", "13900139009")
    return shop.member("chen.jing")


def customers_of(shop: Shop) -> list[str]:
    with db.reading(shop.parts.engine) as session:
        return list(session.scalars(select(Customer.code).where(Customer.code.startswith("C")).order_by(Customer.code)))


def test_a_manager_merges_with_a_code_and_undoes_it(shop: Shop, chen: Phone) -> None:
    asked = chen.says("合并 C0001 C0002")
    assert "姓名、手机" in asked
    assert "13900139009" not in asked
    digits = digits_for(chen)
    assert "已合并为 周芸" in chen.says(f"确认合并 {digits}")
    assert customers_of(shop) == ["C0001"]
    assert "周芸" in chen.says("客户 C0002")
    assert "没有合并" in chen.says(f"确认合并 {digits}")
    assert "又是两位" in chen.says("撤销合并 C0002")
    assert customers_of(shop) == ["C0001", "C0002"]
    assert "没有可以撤销" in chen.says("撤销合并 C0001")


def test_who_erased_herself_before_the_code_came_is_not_merged_and_not_followed_up(shop: Shop, chen: Phone) -> None:
    digits = digits_for(chen)
    with shop.parts.sessions.begin() as session:
        erase(session, OPERATOR, by_code(session, OPERATOR, "C0002"), shop.clock.now())
    assert "已按本人要求删除" in chen.says(f"确认合并 {digits}")
    for words in (
        "客户 C0002",
        "详情 C0002",
        "备注 C0002 回访",
        "阶段 C0002 备婚",
        "绑定码 C0002",
        "预约 C0002 周六三点",
    ):
        told = chen.says(words)
        assert "C0002 已按本人要求删除" in told, words
        assert "试戴" not in told
    assert customers_of(shop) == ["C0001", "C0002"]


@pytest.mark.parametrize("case", ["wrong", "late", "somebody else", "second try"])
def test_the_code_is_for_the_one_who_asked_once_and_for_two_minutes(shop: Shop, chen: Phone, case: str) -> None:
    digits = digits_for(chen)
    wrong = f"{(int(digits) + 1) % 10000:04}"
    if case == "late":
        shop.clock.move(minutes=2, seconds=1)
    if case == "second try":
        chen.says(f"确认合并 {wrong}")
    speaker = shop.member("ye.lan") if case == "somebody else" else chen
    assert "没有合并" in speaker.says(f"确认合并 {wrong if case == 'wrong' else digits}")
    assert customers_of(shop) == ["C0001", "C0002"]


def test_an_advisor_proposes_and_the_manager_is_asked(shop: Shop, chen: Phone, lin: Phone) -> None:
    assert "请店长核对" in lin.says("合并 C0001 C0002")
    assert any("同事认为" in words for words in shop.words_for("chen.jing"))
    assert "不归您" in lin.says("是同一人 1")
    assert "已合为一人" in chen.says("是同一人 1")
    assert "店长来做" in lin.says("撤销合并 C0001")


@pytest.mark.parametrize(
    ("words", "answer"),
    [("合并", "请这样写"), ("合并 C0001", "请这样写"), ("合并 C0001 C0001", "同一位"), ("合并 C0001 C9", "没有找到")],
)
def test_what_can_not_be_merged_is_said(shop: Shop, chen: Phone, words: str, answer: str) -> None:
    assert answer in chen.says(words)


def test_a_managers_command_in_a_talk_never_reaches_the_customer(
    shop: Shop, chen: Phone, mei: Phone, lin: Phone
) -> None:
    mei.says("人工")
    lin.says("接待")
    said = len(shop.planned("oMei"))
    lin.says("绑定码 C0001")
    assert len(shop.planned("oMei")) == said


def test_records_name_who_decided(shop: Shop, chen: Phone) -> None:
    chen.says(f"确认合并 {digits_for(chen)}")
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(MergeRecord.actor)).one() == "chen.jing"
