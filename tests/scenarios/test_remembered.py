"""A customer tells what she wants remembered: it is said back, taken back, listed and forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.models import Customer, Occasion, Relative, Size, SkinTest, Taste
from tests.front_door import Phone, Shop


def hers(shop: Shop) -> Customer:
    with shop.parts.sessions() as session:
        return session.scalars(select(Customer)).one()


@pytest.mark.parametrize(
    ("on_card", "words", "left"),
    [
        ("镍、酒精", "我对镍不过敏", "酒精"),
        ("对镍过敏；银", "我其实对镍不过敏的", "银"),
        ("18K金", "我现在对18k金不会过敏了", ""),
        ("镍", "我已经不对镍过敏了", ""),
    ],
)
def test_what_she_bears_is_no_allergy_any_more_until_she_takes_it_back(
    shop: Shop, mei: Phone, on_card: str, words: str, left: str
) -> None:
    mei.says("你好")
    with shop.parts.sessions.begin() as session:
        session.scalars(select(Customer)).one().allergies = on_card
    assert "已经从过敏记录里去掉" in mei.says(words)
    assert hers(shop).allergies == left
    assert "没有记" in mei.says("撤销")
    assert hers(shop).allergies == on_card


@pytest.mark.parametrize("words", ["我对银不过敏", "我对镍应该不过敏", "我对镍不过敏吗", "我对海鲜不过敏"])
def test_what_is_no_allergy_of_hers_or_not_sure_changes_nothing(shop: Shop, mei: Phone, words: str) -> None:
    mei.says("我对镍过敏")
    assert "已经从过敏记录里去掉" not in mei.says(words)
    assert hers(shop).allergies == "镍"


@pytest.mark.parametrize(("words", "told"), [("我对银不过敏", "没有银"), ("我不过敏", "没有记过敏")])
def test_what_was_never_noted_is_told_so(mei: Phone, words: str, told: str) -> None:
    assert told in mei.says(words)


def test_what_only_her_card_has_is_listed_and_forgotten_too(shop: Shop, mei: Phone) -> None:
    mei.says("我对银过敏")
    with shop.parts.sessions.begin() as session:
        session.scalars(select(Customer)).one().allergies = "镍过敏、银、酒精"
    listed = mei.says("我的过敏记录")
    assert [word for word in ("1. 您对银过敏", "2. 您对镍过敏", "3. 您对酒精过敏") if word not in listed] == []
    assert "对镍过敏" in mei.says("忘记2")
    assert hers(shop).allergies == "银、酒精"


def test_an_allergy_that_was_taken_out_may_be_told_again(shop: Shop, mei: Phone) -> None:
    for words, left in (("我对镍过敏", "镍"), ("我对镍不过敏", ""), ("我对镍过敏", "镍")):
        mei.says(words)
        assert hers(shop).allergies == left
    assert "对镍过敏" in mei.says("我的喜好")


def test_her_ring_size_is_said_back_and_stands_on_her_card(shop: Shop, mei: Phone) -> None:
    words = mei.says("记住我的手寸12号")
    assert "您的手寸：12号" in words
    assert "撤销" in words
    assert hers(shop).ring_size == "12"
    assert "1. 您的手寸：12号" in mei.says("我的尺寸")


def test_whatever_she_tells_is_in_the_database_sealed(shop: Shop, mei: Phone) -> None:
    mei.says("我妈妈生日是农历八月十五，老婆戒指13号，我对镍过敏，我女儿叫朵朵")
    with shop.parts.sessions() as session:
        assert {row.relation for row in session.scalars(select(Relative))} == {"妈妈", "太太", "女儿"}
        assert [row.value for row in session.scalars(select(Size))] == ["13号"]
        raw = session.connection().exec_driver_sql("SELECT called FROM relatives").scalars()
        assert all("朵朵".encode() not in bytes(value) for value in raw)


@pytest.fixture
def one(shop: Shop, mei: Phone) -> Phone:
    """The same, on SQLite alone."""
    return mei


sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@sqlite
@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("我妈妈生日是农历八月十五", "妈妈的生日：农历八月十五（下一次：2027年9月15日）"),
        ("结婚纪念日5月20日", "结婚纪念日：5月20日（下一次：2027年5月20日）"),
        ("我老公的生日是11月21日", "先生的生日：11月21日（就是今天，2026年11月21日）"),
        ("婆婆生日农历闰四月初八", "婆婆的生日：农历闰四月初八（下一次：2027年5月13日）"),
        ("女儿生日2月29日", "女儿的生日：2月29日（下一次：2027年2月28日）"),
        ("老婆戒指13号", "太太的手寸：13号"),
        ("我对镍过敏", "您对镍过敏，挑款时我们替您避开"),
        ("我不喜欢黄金", "您不喜欢：黄金"),
        ("我女儿叫朵朵", "您的女儿叫朵朵"),
        ("记住我想要一条珍珠项链", "您的心愿：一条珍珠项链"),
    ],
)
def test_it_is_said_back_exactly(one: Phone, said: str, back: str) -> None:
    assert back in one.says(said).splitlines()


@sqlite
@pytest.mark.parametrize(
    "said", ["记住我的手寸12号", "我妈妈生日是5月3日", "我对镍过敏", "我喜欢玫瑰金", "老婆戒指13号"]
)
def test_one_word_takes_it_back_wholly(shop: Shop, one: Phone, said: str) -> None:
    one.says(said)
    assert "没有记" in one.says("撤销")
    with shop.parts.sessions() as session:
        tables = (Relative, Size, Occasion, Taste, SkinTest)
        assert [session.scalars(select(model)).all() for model in tables] == [[], [], [], [], []]
    assert (hers(shop).ring_size, hers(shop).allergies) == ("", "")


@sqlite
def test_taking_back_a_change_brings_back_what_was_before(one: Phone) -> None:
    one.says("我的手寸12号")
    one.says("我妈妈生日5月3日")
    one.says("我的手寸是13号，我妈妈生日农历八月十五")
    one.says("说错了")
    assert "您的手寸：12号" in one.says("我的手寸")
    assert "妈妈的生日：5月3日" in one.says("我的日子")


@sqlite
def test_a_spelled_day_can_be_meant_of_the_other_calendar(one: Phone) -> None:
    assert "如果是阳历，回复“阳历”" in one.says("我妈生日八月十五")
    assert "妈妈的生日：8月15日（下一次：2027年8月15日）" in one.says("阳历")
    assert one.says("我的日子").count("妈妈的生日") == 1


@sqlite
def test_one_of_several_is_forgotten_by_its_number(one: Phone) -> None:
    one.says("我的手寸12号，老婆戒指13号，我妈戒指15号")
    assert "3. 妈妈的手寸：15号" in one.says("我的尺寸")
    assert "太太的手寸：13号" in one.says("忘记2")
    assert "妈妈的手寸：15号" in one.says("删掉第3条")
    assert "没有这一条" in one.says("忘记2")
    assert "2." not in one.says("我的尺寸")


@sqlite
def test_it_is_forgotten_by_its_name_too(shop: Shop, one: Phone) -> None:
    one.says("我的生日是1990年5月20日，我妈妈生日农历八月十五，我对镍过敏")
    assert hers(shop).birthday == "1990-05-20"
    assert "您的生日：1990年5月20日" in one.says("忘记我的生日")
    assert hers(shop).birthday == ""
    assert "妈妈的生日" in one.says("删除我妈妈的生日")
    assert "对镍过敏" in one.says("忘记我的过敏记录")
    assert hers(shop).allergies == ""
    assert "没有记着" in one.says("忘记我的手寸")


@sqlite
def test_saying_it_again_changes_it_instead_of_doubling(one: Phone) -> None:
    for words in ("我喜欢玫瑰金", "我喜欢玫瑰金", "我不喜欢玫瑰金", "我妈妈生日5月3日", "我妈生日5月4日"):
        one.says(words)
    assert one.says("我的喜好").splitlines()[1:-1] == ["1. 您不喜欢：玫瑰金"]
    assert one.says("我的日子").splitlines()[1:-1] == ["1. 妈妈的生日：5月4日（下一次：2027年5月4日）"]


@sqlite
def test_nothing_of_one_customer_reaches_another(shop: Shop, one: Phone) -> None:
    one.says("我的手寸12号，老婆戒指13号")
    other = shop.customer("oOther")
    other.says("我的尺寸")
    assert "没有记着" in other.says("我的尺寸")


@sqlite
@pytest.mark.parametrize("words", ["我的尺寸", "我的日子", "我的喜好", "你们记得我什么"])
def test_who_told_nothing_reads_how_to(one: Phone, words: str) -> None:
    assert "直接告诉我" in one.says(words)


@sqlite
@pytest.mark.parametrize(
    "words", ["珍珠项链怎么保养", "我对镍过敏能戴什么", "12号下午三点", "过敏", "我想12号去店里看戒指", "生日有优惠吗"]
)
def test_questions_and_bookings_are_answered_as_ever(one: Phone, words: str) -> None:
    answer = one.says(words)
    assert "记下了" not in answer
    assert "替您记着" not in answer


@sqlite
def test_while_a_visit_is_talked_about_her_taste_belongs_to_it(shop: Shop, one: Phone) -> None:
    one.says("我想周六去试戴")
    one.says("我喜欢玫瑰金")
    with shop.parts.sessions() as session:
        assert session.scalars(select(Taste)).all() == []


@sqlite
@pytest.mark.parametrize(
    "words",
    [
        *("忘了老婆的戒指尺寸了", "忘记尺寸了", "忘了手寸", "忘了我的手寸了", "忘了圈号", "忘了纪念日"),
        *("忘了结婚纪念日", "忘记手寸", "忘记纪念日", "忘记我的手寸了", "我忘记手寸"),
    ],
)
def test_who_forgot_it_herself_does_not_ask_us_to_forget_it(one: Phone, words: str) -> None:
    one.says("我手寸12号，老婆戒指13号，结婚纪念日5月20日")
    before = one.says("你们记得我什么")
    one.says(words)
    assert "3. " in before
    assert one.says("你们记得我什么") == before


@sqlite
@pytest.mark.parametrize("words", ["忘记我的手寸", "请忘记手寸", "帮我忘掉圈号", "删掉手寸", "忘掉我的戒指尺寸吧"])
def test_a_plain_request_still_forgets(shop: Shop, one: Phone, words: str) -> None:
    one.says("我手寸12号")
    one.says(words)
    assert hers(shop).ring_size == ""


@sqlite
def test_an_order_to_resize_does_not_change_her_finger(shop: Shop, one: Phone) -> None:
    one.says("我手寸13号")
    one.says("我的戒指改成12号")
    one.says("我戒指要12号")
    assert hers(shop).ring_size == "13"
