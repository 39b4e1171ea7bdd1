"""Questions on care: answered when sure, offered when not, never guessed."""

from __future__ import annotations

import pytest

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
    app = web(shop.parts, dispatcher(shop.parts, shop.woken.extend, the_knowledge()))
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
