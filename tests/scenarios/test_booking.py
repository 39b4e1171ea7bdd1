"""A visit is booked by talking: any wording, any order, changes of mind, questions in between."""

from __future__ import annotations

import pytest

from crm.models import AppointmentState
from crm.services import appointments
from tests.front_door import Phone, Shop
from tests.scenarios.booking_shop import (
    booked,
    close_shop,
    customer_of_lin,
    fill,
    prepare,
    times_in,
    visits,
    wishes,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mei(shop: Shop) -> Phone:
    prepare(shop)
    return customer_of_lin(shop)


@pytest.fixture
def stranger(shop: Shop, mei: Phone) -> Phone:
    """Somebody who has no shop and no advisor yet."""
    return shop.customer("oStranger")


# On both databases: the story of the issue.


def test_a_sentence_becomes_a_visit(shop: Shop, mei: Phone) -> None:
    offered = mei.says("周日下午想试戴古法手镯")
    assert "想看古法手镯" in offered
    assert "湖滨店" in offered
    assert offered.count("bizmsgmenu") == 3
    held = mei.says("2")
    assert "确认" in held
    assert "周日" in held
    assert "林悦" in held
    assert "湖滨路1号" in held
    assert "妈妈" in mei.says("给我妈妈看的")
    done = mei.says("确认")
    assert "约好了" in done
    assert "map.qq.com" in done
    assert "/a/" in done
    (visit,) = visits(shop)
    assert (visit.state, visit.for_whom) == (AppointmentState.BOOKED, "妈妈")
    assert wishes(shop) == ["古法手镯"]
    assert any("古法手镯" in words for words in shop.words_for("lin.yue"))


# Wordings


@on_sqlite
def test_everything_in_one_sentence_goes_straight_to_the_confirmation(shop: Shop, stranger: Phone) -> None:
    held = stranger.says("周日下午三点去静安店试戴缠枝莲手镯，送我妈的")
    assert "静安店" in held
    assert "缠枝莲古法金手镯" in held
    assert "妈妈" in held
    assert "15:00" in held
    stranger.says("好的")
    assert booked(shop) == ["周日 15:00 静安店"]


@on_sqlite
def test_what_is_left_out_is_asked_for_one_by_one_and_what_was_said_is_not(shop: Shop, stranger: Phone) -> None:
    which = stranger.says("想看看对戒")
    assert "哪家店" in which
    when = stranger.says("湖滨店")
    assert "哪家店" not in when
    assert when.count("bizmsgmenu") == 3
    held = stranger.says("周日下午三点")
    assert "对戒" in held
    stranger.says("嗯")
    assert booked(shop) == ["周日 15:00 湖滨店"]


@on_sqlite
def test_the_order_does_not_matter(shop: Shop, stranger: Phone) -> None:
    stranger.says("我想预约")
    stranger.says("给女朋友看的")
    stranger.says("周一下午四点")
    stranger.says("静安")
    stranger.says("钻戒")
    stranger.says("ok")
    assert booked(shop) == ["周一 16:00 静安店"]
    assert (visits(shop)[0].for_whom, wishes(shop)) == ("女朋友", ["钻戒"])


@on_sqlite
def test_the_button_of_the_menu_begins_a_booking(shop: Shop, mei: Phone) -> None:
    assert mei.does("CLICK", EventKey="BOOK").count("bizmsgmenu") == 3
    mei.says("第一个")
    mei.says("可以")
    assert len(booked(shop)) == 1
    assert "湖滨店" in mei.does("CLICK", EventKey="VISITS")


@on_sqlite
def test_a_tap_means_the_same_as_its_number_however_late(shop: Shop, mei: Phone) -> None:
    offered = mei.says("周一下午想来看看戒指")
    option = offered.split("msgmenuid=")[1].split('"')[0]
    shop.clock.move(hours=20)
    assert "确认" in mei.taps(option)


@on_sqlite
def test_one_of_the_offered_times_is_chosen_by_naming_it(shop: Shop, mei: Phone) -> None:
    mei.says("周日或者周一想来试戴")
    assert "周日" in mei.says("周日下午三点吧")
    mei.says("约吧")
    assert booked(shop) == ["周日 15:00 湖滨店"]


# Changes of mind


@on_sqlite
def test_she_changes_her_mind_about_everything(shop: Shop, mei: Phone) -> None:
    mei.says("约周日下午三点看手镯")
    assert "戒指" in mei.says("不看手镯了，看戒指")
    assert "周一 15:00" in mei.says("改成周一吧")
    assert "静安店" in mei.says("还是去静安店")
    assert "女朋友" in mei.says("送女朋友的")
    mei.says("确认")
    assert booked(shop) == ["周一 15:00 静安店"]
    assert (wishes(shop), visits(shop)[0].for_whom) == (["戒指"], "女朋友")
    assert len(visits(shop)) == 1


@on_sqlite
def test_other_times_later_and_earlier_are_offered(shop: Shop, mei: Phone) -> None:
    first = mei.says("周一想来试戴")
    second = mei.says("都不行，换一批")
    assert set(times_in(first)).isdisjoint(times_in(second))
    assert min(times_in(mei.says("晚一点"))) > max(times_in(second))
    mei.says("约周一下午三点")
    assert "16:00" in mei.says("推迟一小时")


@on_sqlite
@pytest.mark.parametrize("words", ["算了", "取消", "不约了", "不用了", "下次再说"])
def test_she_gives_up_and_her_place_is_free_again(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("约周日下午三点")
    assert "先不约" in mei.says(words)
    assert [visit.state for visit in visits(shop)] == [AppointmentState.CANCELLED]
    assert "没有预约" in mei.says("我的预约")


# In between


@on_sqlite
def test_a_care_question_is_answered_and_the_booking_goes_on(shop: Shop, mei: Phone) -> None:
    mei.says("周日想来看对戒")
    aside = mei.says("珍珠项链怎么保养")
    assert "珍珠" in aside
    assert "刚才的预约" in aside
    assert aside.count("bizmsgmenu") == 3
    mei.says("1")
    aside = mei.says("银手镯发黑了怎么办")
    assert "回复“确认”" in aside
    mei.says("1")
    assert len(booked(shop)) == 1
    assert wishes(shop) == ["对戒"]


@on_sqlite
@pytest.mark.parametrize("question", ["珍珠项链能碰水吗", "银手镯发黑怎么办", "翡翠手镯能泡温泉吗", "钻戒多久洗一次呢"])
def test_a_question_that_names_a_piece_is_no_wish_to_see_it(shop: Shop, mei: Phone, question: str) -> None:
    mei.says("周日下午三点想来看对戒")
    assert "回复“确认”" in mei.says(question)
    mei.says("确认")
    assert wishes(shop) == ["对戒"]


@on_sqlite
@pytest.mark.parametrize("words", ["也想看看珍珠项链", "有珍珠项链吗", "珍珠项链能看看吗"])
def test_asking_to_be_shown_a_piece_is_a_wish(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("周日下午三点想来看对戒")
    mei.says(words)
    mei.says("确认")
    assert wishes(shop) == ["对戒", "珍珠项链"]


@on_sqlite
def test_an_unclear_question_is_offered_its_readings_and_the_booking_goes_on(shop: Shop, mei: Phone) -> None:
    mei.says("周日想来看对戒")
    readings = mei.says("怎么保养")
    assert "topic:" in readings
    answered = mei.says("1")
    assert "刚才的预约" in answered
    assert "确认" in mei.says("1")


@on_sqlite
def test_a_person_and_opting_out_work_at_any_time(mei: Phone) -> None:
    mei.says("周日想来看对戒")
    assert "稍等" in mei.says("人工")
    assert "不再给您发" in mei.says("退订")


@on_sqlite
def test_what_is_not_understood_is_said_and_the_question_repeated(mei: Phone) -> None:
    mei.says("周日想来看对戒")
    assert "没听明白" in mei.says("咕噜咕噜")
    again = mei.says("啦啦啦")
    assert "人工" in again
    assert "booking:time:" in again
    assert "不客气" in mei.says("谢谢")


@on_sqlite
def test_two_messages_at_once_are_one_booking(shop: Shop, mei: Phone) -> None:
    mei.says("想试戴戒指")
    mei.says("周日下午三点")
    mei.says("给我妈看")
    mei.says("确认")
    assert booked(shop) == ["周日 15:00 湖滨店"]
    assert visits(shop)[0].for_whom == "妈妈"


@on_sqlite
def test_a_message_that_is_pushed_again_books_once(shop: Shop, mei: Phone) -> None:
    mei.says("约周日下午三点")
    first = mei.says("确认", MsgId=777)
    assert mei.says("确认", MsgId=777) == first
    assert len(visits(shop)) == 1
    assert len(shop.planned("lin.yue")) == 1


# Where


@on_sqlite
def test_a_location_finds_the_nearest_shops(shop: Shop, stranger: Phone) -> None:
    stranger.says("周日下午三点来试戴")
    near = stranger.door.opened(stranger.sends("location", Location_X=31.2, Location_Y=121.4, Scale=15, Label="x"))
    assert near.index("静安店") < near.index("湖滨店")
    assert "公里" in near
    assert "10:00–20:00" in near
    stranger.says("1")
    stranger.says("确认")
    assert booked(shop) == ["周日 15:00 静安店"]


@on_sqlite
def test_a_location_outside_a_booking_offers_to_book_there(shop: Shop, stranger: Phone) -> None:
    told = stranger.door.opened(stranger.sends("location", Location_X=31.2, Location_Y=121.4, Scale=15, Label="x"))
    assert "静安店" in told
    assert "预约到这家店" in told
    assert "静安店" in stranger.says("周日下午想试戴")


@on_sqlite
def test_the_usual_place_is_where_she_was_last(shop: Shop, stranger: Phone) -> None:
    stranger.says("约周日下午三点静安店")
    stranger.says("确认")
    shop.clock.move(days=5)
    assert "静安店" in stranger.says("老地方，明天下午三点去看项链")


@on_sqlite
def test_a_shop_that_there_is_not_is_said(stranger: Phone) -> None:
    answer = stranger.says("周日想去徐汇店看钻戒")
    assert "徐汇" in answer
    assert "湖滨店" in answer


# When


@on_sqlite
def test_an_ambiguous_hour_is_read_by_the_opening_hours(mei: Phone) -> None:
    assert "18:00" in mei.says("约周一六点")


@on_sqlite
def test_a_time_that_is_over_is_said_and_others_offered(mei: Phone) -> None:
    answer = mei.says("想约昨天下午三点")
    assert "来不及" in answer or "过去" in answer
    assert "booking:time:" in answer


@on_sqlite
def test_a_closed_day_and_a_late_hour_are_explained(shop: Shop, mei: Phone) -> None:
    close_shop(shop, 23)
    closed = mei.says("周一下午想试戴")
    assert "休息" in closed
    assert closed.count("booking:time:") == 3
    outside = mei.says("周二晚上九点半")
    assert "10:00–20:00" in outside
    assert "booking:time:" in outside
    assert "两个月" in mei.says("明年五月")


@on_sqlite
def test_a_full_time_brings_others_and_the_waiting_list(shop: Shop, mei: Phone) -> None:
    fill(shop, "22T13:00", "22T18:00")
    full = mei.says("周日下午三点来试戴戒指")
    assert "约满" in full
    assert full.count("booking:time:") == 3
    assert "候补" in mei.says("4")
    assert "候补中" in mei.says("我的预约")
    assert "取消" in mei.says("不等了")
    assert "没有预约" in mei.says("我的预约")


@on_sqlite
def test_somebody_was_faster(shop: Shop, mei: Phone, stranger: Phone) -> None:
    offered = mei.says("周日想来试戴")
    fill(shop, "22T10:00", "22T20:00")
    answer = mei.says("1")
    assert "booking:time:" in answer
    assert times_in(answer)[0] not in times_in(offered)
    mei.says("1")
    mei.says("好")
    assert len(booked(shop)) == 1


# Silence


@on_sqlite
def test_a_hold_that_ran_out_is_taken_again_when_it_is_still_free(shop: Shop, mei: Phone) -> None:
    mei.says("约周日下午三点")
    shop.clock.move(minutes=7)
    assert "约好了" in mei.says("确认")
    assert len(visits(shop)) == 1


@on_sqlite
def test_a_hold_that_ran_out_and_went_to_somebody_else_brings_other_times(shop: Shop, mei: Phone) -> None:
    mei.says("约周日下午三点")
    shop.clock.move(minutes=7)
    with shop.parts.sessions.begin() as session:
        appointments.lapse(session, shop.clock.now())
    fill(shop, "22T13:00", "22T18:00")
    answer = mei.says("确认")
    assert "被约走" in answer
    assert "booking:time:" in answer


@on_sqlite
def test_hours_later_a_number_is_answered_with_fresh_times_and_a_yes_still_books(shop: Shop, mei: Phone) -> None:
    mei.says("周一想来试戴")
    shop.clock.move(minutes=40)
    assert "隔得有点久" in mei.says("1")
    mei.says("1")
    shop.clock.move(minutes=40)
    assert "约好了" in mei.says("确认")


@on_sqlite
def test_the_next_day_a_booking_is_forgotten(shop: Shop, mei: Phone) -> None:
    mei.says("周一想来试戴")
    shop.clock.move(days=1)
    assert "booking:time:" not in mei.says("2")


# Limits


@on_sqlite
def test_two_open_visits_are_enough(shop: Shop, mei: Phone) -> None:
    for day in ("周日", "周一"):
        mei.says(f"约{day}下午三点看戒指")
        mei.says("确认")
    answer = mei.says("再约周二下午三点")
    assert "两个预约" in answer
    assert "改时间" in answer
    assert len(booked(shop)) == 2


@on_sqlite
def test_who_cancelled_three_times_is_helped_by_a_person(mei: Phone) -> None:
    for day in ("周日", "周一", "周二"):
        mei.says(f"约{day}下午三点看戒指")
        mei.says("确认")
        assert "已经取消" in mei.says("取消预约")
    assert "人工" in mei.says("约周三下午三点")
