"""A customer and an advisor talk through the bot."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, update

from bot.messages import Card, Kind, Media
from crm import db
from crm.models import Consent, Conversation, Customer, Delivery, DeliveryState, Staff, Talk
from crm.services.customers import set_name
from tests.front_door import Phone, Shop


@pytest.fixture
def known(shop: Shop, mei: Phone) -> Phone:
    """A customer of 林悦."""
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    return mei


def all_sent(shop: Shop) -> None:
    """As if the workers had delivered everything, counting it in the windows."""
    with shop.parts.sessions.begin() as session:
        planned = Delivery.state == DeliveryState.PLANNED
        sent = select(Delivery.person, func.count()).where(planned, Delivery.channel == "official_account")
        for person, count in session.execute(sent.group_by(Delivery.person)).all():
            left = {"window_left": Conversation.window_left - count}
            session.execute(update(Conversation).where(Conversation.person == person).values(left))
        session.execute(update(Delivery).where(planned).values(state=DeliveryState.SENT))


def talk_of(shop: Shop) -> Talk:
    with db.reading(shop.parts.engine) as session:
        return session.scalars(select(Talk).order_by(Talk.id.desc())).first()


@pytest.mark.parametrize(
    "words",
    [
        "人工",
        "转人工",
        "人工客服",
        "我要找人工",
        "找顾问",
        "有人吗",
        "真人",
        "我想找你们店里的顾问聊聊",
        "客服在吗",
        "能转人工吗？",
    ],
)
def test_asking_for_a_person_calls_the_own_advisor(known: Phone, words: str) -> None:
    assert "林悦" in known.says(words)


@pytest.mark.parametrize("words", ["人", "人造钻是什么", "客人送的", "人工养殖珍珠好吗", "人工钻石值钱吗"])
def test_a_question_with_such_a_word_in_it_calls_nobody(shop: Shop, known: Phone, words: str) -> None:
    known.says(words)
    assert talk_of(shop) is None


def test_the_advisor_gets_a_card_and_takes_the_talk_by_its_button(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    (card,) = shop.planned("lin.yue")
    assert isinstance(card, Card)
    key = card.body["button_list"][0]["key"]
    answer = lin.door.post(event_of(lin, key, card.task_id))
    document = lin.door.document(answer)
    assert document.findtext("MsgType") == "update_button"
    assert "林悦" in document.findtext("Button/ReplaceName")
    assert any("林悦来了" in words for words in shop.words_for("oMei"))
    assert any("还能给客户发" in words for words in shop.words_for("lin.yue"))


def event_of(member: Phone, key: str, task_id: str) -> str:
    from tests.front_door import xml

    fields = {"Event": "template_card_event", "EventKey": key, "TaskId": task_id, "CardType": "button_interaction"}
    return xml(member.person, member.to, member._now(), "event", **fields, ResponseCode="RC", AgentID=1000002)


def test_words_go_both_ways_while_the_talk_is_open(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    assert "已接通" in lin.says("接待")
    assert lin.says("您好，我是林悦") == ""
    assert shop.words_for("oMei")[-1] == "林悦：您好，我是林悦"
    assert known.says("想看看那对耳环") == ""
    assert shop.words_for("lin.yue")[-1].endswith("想看看那对耳环")


def test_pictures_go_both_ways_too(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    known.sends("image", PicUrl="http://x", MediaId="MED_1")
    picture = shop.planned("lin.yue")[-1]
    assert isinstance(picture, Media)
    assert (picture.kind, picture.media_id, picture.held_by) == (Kind.IMAGE, "MED_1", "official_account")
    lin.sends("image", PicUrl="http://x", MediaId="MED_2", AgentID=1000002)
    assert shop.planned("oMei")[-1].held_by == "wecom"


def test_the_advisor_reads_what_she_said_before_he_came(known: Phone, lin: Phone) -> None:
    known.says("我的镯子断了怎么办呀")
    known.says("人工")
    assert "我的镯子断了" in lin.says("接待")


@pytest.mark.parametrize(
    "words",
    ["客户 周芸", "备注 C0001 她嫌贵", "记 C0001 她嫌贵", "帮助", "我是谁", "等待", "/客户 周芸", "接待", "查：周芸"],
)
def test_a_command_in_a_talk_never_reaches_the_customer(shop: Shop, known: Phone, lin: Phone, words: str) -> None:
    known.says("人工")
    lin.says("接待")
    before = len(shop.planned("oMei"))
    assert lin.says(words) != ""
    assert len(shop.planned("oMei")) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "words",
    [
        *("备注C0001 老公给她买了对戒先别说", "保密C0001 1 12月24日", "家人C0001 先生 C0002"),
        *("详情C0001", "绑定码C0003"),
        *("／备注 C0001 看看", "備註 C0001 看看", "客戶C0001", "标签Ｃ0001 婚戒", "客户资料 C0001", "帮我查 c0001"),
        *("备注周芸 她嫌贵", "／详情", "合併 C0001 C0002"),
    ],
)
def test_a_command_written_carelessly_never_reaches_the_customer_either(
    shop: Shop, known: Phone, lin: Phone, words: str
) -> None:
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        customer.code = "C0001"
        set_name(session, customer, "周芸")
    known.says("人工")
    lin.says("接待")
    before = len(shop.planned("oMei"))
    assert lin.says(words) not in ("", "success")
    assert len(shop.planned("oMei")) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_command_without_a_blank_is_that_command(shop: Shop, known: Phone, lin: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        session.scalars(select(Customer)).one().code = "C0001"
    for words in ("备注C0001 她嫌贵", "備註 C0001 她嫌贵", "／备注 C0001 她嫌贵", "備註C0001 她嫌贵"):
        assert "记下：她嫌贵" in lin.says(words)


def test_what_only_looks_like_a_command_is_said(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    for words in ("客户您好", "记得带上证书", "阶段性优惠", "等待您的光临"):
        lin.says(words)
        assert shop.words_for("oMei")[-1] == f"林悦：{words}"


def test_the_platforms_five_messages_are_told_in_words(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")  # "林悦来了" is the first of five
    answers = [lin.says(f"第{number}句") for number in range(1, 6)]
    assert answers[:3] == ["", "", ""]
    assert "最后一条" in answers[3]
    assert "5 条" in answers[4]
    all_sent(shop)
    assert "没有发给" in lin.says("还在吗")
    known.says("在的")
    assert lin.says("好的") == ""


def test_after_48_hours_the_advisor_reads_that_wechat_forbids_it(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    all_sent(shop)
    shop.clock.move(hours=48, minutes=1)
    assert "48 小时" in lin.says("您还在吗")


def test_either_side_ends_the_talk_and_the_other_reads_it(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    assert "已结束" in lin.says("结束")
    assert any("先聊到这里" in words for words in shop.words_for("oMei"))
    known.says("人工")
    lin.says("接待")
    assert "已结束" in known.says("结束")
    assert "结束了对话" in shop.words_for("lin.yue")[-1]
    assert "没有进行中" in lin.says("结束")


def test_a_talk_is_taken_once(shop: Shop, mei: Phone, lin: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_store-HZ01", Ticket="t")
    mei.says("人工")
    wu = shop.member("wu.an")
    assert "已接通" in wu.says("接待")
    assert "没有客户在等" in lin.says("接待")
    assert talk_of(shop).staff_id is not None


def test_another_shops_advisor_neither_sees_nor_takes_who_waits(shop: Shop, known: Phone) -> None:
    known.says("人工")
    sun = shop.member("sun.li")
    assert "没有客户在等" in sun.says("等待")
    number = talk_of(shop).id
    sun.door.post(event_of(sun, f"take:{number}", "forged"))
    assert talk_of(shop).taken_at is None


def test_an_advisor_in_a_talk_finishes_it_before_the_next(shop: Shop, known: Phone, lin: Phone) -> None:
    other = shop.customer("oOther")
    other.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    known.says("人工")
    other.says("人工")
    assert "2 位客户在等" in lin.says("等待")
    assert "已接通" in lin.says("2")
    assert "正在和" in lin.says("/接待")


def test_asking_twice_calls_once(shop: Shop, known: Phone) -> None:
    known.says("人工")
    assert "已经在请" in known.says("人工")
    assert len(shop.planned("lin.yue")) == 1


def test_a_forgotten_talk_ends_by_itself_and_the_bot_answers_again(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    shop.clock.move(hours=3)
    assert known.says("你好") != ""
    assert talk_of(shop).closed_by == "time"
    known.says("人工")
    assert talk_of(shop).closed_at is None


def test_asking_again_after_a_forgotten_talk_opens_a_new_one_at_once(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    shop.clock.move(hours=3)
    assert "林悦" in known.says("人工")
    assert talk_of(shop).taken_at is None


def test_opting_out_works_in_the_middle_of_a_talk(known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    assert "不再给您发" in known.says("退订")


def test_when_one_advisor_takes_it_the_others_cards_turn_grey(shop: Shop, mei: Phone, lin: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_store-HZ01", Ticket="t")
    mei.says("人工")
    with shop.parts.sessions.begin() as session:  # the cards went out and have their codes
        codes = update(Delivery).where(Delivery.job == "talk_card")
        session.execute(codes.values(state=DeliveryState.SENT, receipt="RC-" + Delivery.person))
    lin.says("接待")
    with db.reading(shop.parts.engine) as session:
        done = session.scalars(select(Delivery).where(Delivery.job == "talk_card_done")).all()
        assert {row.person: row.receipt for row in done} == {
            "wu.an": "RC-wu.an",
            "chen.jing": "RC-chen.jing",
            "lin.yue": "RC-lin.yue",
        }
        assert "林悦" in json.loads(done[0].body)["label"]


def test_without_any_staff_she_reads_that_it_is_noted(shop: Shop, mei: Phone) -> None:

    with shop.parts.sessions.begin() as session:
        session.execute(update(Staff).values(left_at=shop.clock.now()))
    assert "记下了" in mei.says("人工")


def test_a_note_begun_in_a_talk_is_a_note_and_not_said(shop: Shop, known: Phone, lin: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        session.scalars(select(Customer)).one().code = "C0001"
    known.says("人工")
    lin.says("接待")
    before = len(shop.planned("oMei"))
    assert "要给" in lin.says("备注 C0001")
    assert "记下" in lin.says("离过婚，别提前妻")
    assert len(shop.planned("oMei")) == before


def test_a_number_for_an_open_list_is_a_choice_and_not_said(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    other = shop.customer("oOther")
    other.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    other.says("人工")
    lin.says("等待")
    before = len(shop.planned("oMei"))
    assert "正在和" in lin.says("1")
    assert len(shop.planned("oMei")) == before


def test_a_sentence_that_begins_like_the_end_is_said(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    lin.says("结束：活动今天截止，欢迎来店")
    assert "欢迎来店" in shop.words_for("oMei")[-1]
    assert talk_of(shop).closed_at is None


@pytest.mark.parametrize("words", ["接待 10", "接待 -1", "接待 杨蓉"])
def test_a_number_that_is_none_takes_nobody(shop: Shop, known: Phone, lin: Phone, words: str) -> None:
    known.says("人工")
    assert "名单里的数字" in lin.says(words)
    assert talk_of(shop).taken_at is None


def test_the_number_means_the_list_that_he_saw(shop: Shop, known: Phone, lin: Phone) -> None:
    second = shop.customer("oSecond")
    second.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    known.says("人工")
    shop.clock.move(minutes=1)
    second.says("第二位")
    second.says("人工")
    lin.says("等待")
    known.says("结束")
    assert "第二位" in lin.says("接待 2")


def test_who_waits_in_vain_may_end_it_and_is_called_for_anew_later(shop: Shop, known: Phone) -> None:
    known.says("人工")
    assert "已结束" in known.says("结束")
    known.says("人工")
    shop.clock.move(hours=3)
    assert "稍等" in known.says("人工")
    assert len([reply for reply in shop.planned("lin.yue") if isinstance(reply, Card)]) == 3


def test_when_the_advisor_leaves_the_company_the_bot_answers_again(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    with shop.parts.sessions.begin() as session:
        session.execute(update(Staff).where(Staff.userid == "lin.yue").values(left_at=shop.clock.now()))
    assert known.says("你好") != ""
    known.says("人工")
    assert "已接通" in shop.member("wu.an").says("接待")


def test_unfollowing_ends_the_talk_and_the_advisor_reads_why(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    known.does("unsubscribe")
    assert "取消了关注" in shop.words_for("lin.yue")[-1]
    assert talk_of(shop).closed_at is not None


def test_a_flood_of_one_customer_leaves_room_for_the_others(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    for number in range(60):
        known.says(f"在吗 {number}")
    assert len(shop.planned("lin.yue")) < 30


def test_markup_that_somebody_types_is_words(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says('<a href="http://evil.example">人工</a>')
    known.says("人工")
    lin.says("接待")
    known.says('<a href="http://evil.example">点此确认</a>')
    assert "<a" not in shop.words_for("lin.yue")[-1]
    lin.says('<a href="weixin://bizmsgmenu?msgmenuid=preferences:out">看</a>')
    assert "<a" not in shop.words_for("oMei")[-1]


@pytest.mark.parametrize("key", ["take:99999999999999999999", "take:", "take:x", "take:0", "take:-1", "customer:C1"])
def test_a_forged_card_takes_nothing(shop: Shop, known: Phone, lin: Phone, key: str) -> None:
    known.says("人工")
    assert lin.door.post(event_of(lin, key, "t")).status_code == 200
    assert talk_of(shop).taken_at is None


def test_going_on_with_pictures_is_no_consent_to_marketing(shop: Shop, known: Phone, lin: Phone) -> None:
    known.says("人工")
    lin.says("接待")
    assert known.says("继续发吧") == ""
    assert known.says("别发了") == ""
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Consent)).all() == []


def test_a_card_that_was_not_sent_yet_calls_nobody_after_the_talk_is_taken(
    shop: Shop, known: Phone, lin: Phone
) -> None:
    known.says("人工")
    lin.says("接待")
    with db.reading(shop.parts.engine) as session:
        card = session.scalars(select(Delivery).where(Delivery.job == "talk_card")).one()
    assert (card.state, card.reason) == (DeliveryState.SKIPPED, "the talk was taken")
