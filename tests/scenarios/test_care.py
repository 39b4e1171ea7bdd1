"""Questions on care: answered when sure, offered when not, never guessed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.models import Customer
from tests.crm.builders import a_line
from tests.front_door import Phone, Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_plain_question_is_answered_in_place(mei: Phone) -> None:
    assert "珍珠" in mei.says("珍珠项链怎么保养")


def test_a_question_of_another_trade_gets_no_care_answer(mei: Phone) -> None:
    assert "不敢随便回答" in mei.says("手机充不进电怎么办")


def test_a_greeting_is_answered_in_kind(mei: Phone) -> None:
    assert "我在" in mei.says("你好")
    assert "不客气" in mei.says("谢谢")


def test_an_unclear_question_is_offered_readings_to_tap_or_number(mei: Phone) -> None:
    offered = mei.says("珍珠")
    assert "weixin://bizmsgmenu?msgmenucontent=" in offered
    assert "1. " in offered
    assert mei.says("1") not in ("", offered)


def test_a_tap_works_however_late(shop: Shop, mei: Phone) -> None:
    offered = mei.says("珍珠")
    option = offered.split("msgmenuid=")[1].split('"')[0]
    shop.clock.move(days=3)
    assert "回复“详细”" in mei.taps(option)


def test_a_number_for_a_list_that_is_closed_is_answered_politely(shop: Shop, mei: Phone) -> None:
    mei.says("珍珠")
    shop.clock.move(minutes=20)
    assert "已经过去一会儿" in mei.says("2")


def test_a_number_the_next_day_is_a_new_message(shop: Shop, mei: Phone) -> None:
    mei.says("珍珠")
    shop.clock.move(days=1)
    assert "已经过去一会儿" not in mei.says("2")


def test_a_tap_on_a_topic_that_is_gone_gets_a_word(mei: Phone) -> None:
    assert "人工" in mei.taps("topic:no-such-topic")


def test_the_conversation_goes_on_after_everything_was_restarted(shop: Shop, mei: Phone) -> None:
    from assembly import dispatcher, web
    from tests.front_door import the_knowledge

    mei.says("珍珠")
    app = web(shop.parts, dispatcher(shop.parts, shop.woken.extend, the_knowledge()), shop.woken.extend)
    mei.door.client = app.test_client()
    assert "回复“详细”" in mei.says("第一个")


def test_a_letter_is_asked_for_in_parts(mei: Phone) -> None:
    assert "分成几句" in mei.says("我的戒指" * 120)


def test_a_picture_a_voice_and_a_video_get_a_word(mei: Phone) -> None:
    for kind in ("image", "voice", "video", "shortvideo", "link"):
        assert "人工" in mei.door.opened(mei.sends(kind, MediaId="M", PicUrl="http://x", Title="t", Url="http://x"))


def test_recognised_voice_is_read_like_text(mei: Phone) -> None:
    assert "珍珠" in mei.door.opened(mei.sends("voice", MediaId="M", Format="amr", Recognition="珍珠项链怎么保养。"))


def test_a_location_finds_the_nearest_shop(mei: Phone) -> None:
    answer = mei.door.opened(mei.sends("location", Location_X=30.246, Location_Y=120.148, Scale=15, Label="西湖"))
    assert "湖滨店" in answer
    assert "公里" in answer


def test_the_menu_leads_somewhere(mei: Phone) -> None:
    assert "保养" in mei.does("CLICK", EventKey="CARE")
    assert "门店" in mei.does("CLICK", EventKey="STORE")
    assert "稍等" in mei.does("CLICK", EventKey="PERSON")
    assert mei.does("VIEW", EventKey="https://example.cn", MenuId=1) == ""


def bought(shop: Shop, **piece: str) -> None:
    """Something that the only customer has."""
    with shop.parts.sessions.begin() as session:
        hers = session.scalars(select(Customer)).one()
        a_line(session, hers, number=f"N{piece['name']}", purchased_at=shop.clock.now(), **piece)


def test_her_own_piece_decides_when_she_does_not_say_what_it_is_made_of(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    bought(shop, name="Akoya珍珠项链", category="项链", material="18K金", gem="Akoya珍珠")
    bought(shop, name="星光单钻耳钉", category="耳饰", material="18K金", gem="钻石", setting="爪镶")
    told = mei.says("我的项链能泡温泉吗")
    assert "Akoya珍珠项链" in told
    assert "珍珠" in told
    assert "星光" not in told


def test_a_piece_that_she_brought_back_is_not_hers_any_more(shop: Shop, mei: Phone) -> None:
    mei.says("你好")
    bought(shop, name="Akoya珍珠项链", category="项链", material="18K金", gem="Akoya珍珠")
    with shop.parts.sessions.begin() as session:
        hers = session.scalars(select(Customer)).one()
        a_line(session, hers, "R1", "return", original_number="NAkoya珍珠项链", original_line=1)
    assert "Akoya" not in mei.says("我的项链能泡温泉吗")


def test_what_a_question_was_about_is_remembered_when_nobody_could_answer_it(mei: Phone) -> None:
    mei.says("珊瑚手串被火车压了能拼回来吗")
    assert "珊瑚" in mei.says("怎么保养")


def test_two_questions_are_answered_in_their_order(mei: Phone) -> None:
    told = mei.says("珍珠发黄怎么办？银手镯发黑怎么洗？")
    assert 0 <= told.index("珍珠") < told.index("银")
