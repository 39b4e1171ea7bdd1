"""A customer corrects what the shop has of her: skin, sizes, days, gender; no second day stands beside the first."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from crm.models import Customer, Occasion
from tests.front_door import Phone, Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def on_card(shop: Shop, mei: Phone, **fields: object) -> None:
    mei.says("你好")
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        for name, value in fields.items():
            setattr(customer, name, value)


def hers(shop: Shop) -> Customer:
    with shop.parts.sessions() as session:
        return session.scalars(select(Customer)).one()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("我对镍和银不过敏", "酒精"),
        ("我不过敏", ""),
        ("我什么都不过敏", ""),
        ("我对镍不过敏，对铜过敏", "银、酒精、铜"),
        ("我只对镍过敏", "镍"),
        ("我對鎳不過敏", "银、酒精"),
        ("我对镍不过敏吗", "镍、银、酒精"),
        ("我对银过敏能戴什么", "镍、银、酒精"),
    ],
)
def test_what_she_bears_leaves_her_allergies_until_she_takes_it_back(
    shop: Shop, mei: Phone, words: str, left: str
) -> None:
    on_card(shop, mei, allergies="镍、银、酒精")
    mei.says(words)
    assert hers(shop).allergies == left
    mei.says("我的尺寸")
    mei.says("撤销")
    assert hers(shop).allergies == "镍、银、酒精"


def test_nothing_to_take_back_is_said_and_not_guessed_at(mei: Phone) -> None:
    assert "不用撤销" in mei.says("撤销")
    mei.says("我的手寸写错了，应该是14号")
    mei.says("我的尺寸")
    assert "没有记" in mei.says("撤销")
    assert "不用撤销" in mei.says("撤销")


def test_two_fingers_are_one_size_that_the_card_takes(shop: Shop, mei: Phone) -> None:
    assert "左中指12号、右无名指13号" in mei.says("我左手中指12号，右手无名指13号")
    assert hers(shop).ring_size == "左中指12号、右无名指13号"
    assert "您的手寸：左中指12号、右无名指13号" in mei.says("我的手寸")


@pytest.mark.parametrize(
    ("words", "answer", "told", "birthday"),
    [
        ("我生日是5月2日", "1", "1990年5月2日", "1990-05-02"),
        ("我生日是5月2日", "2", "不改", "1990-05-01"),
        ("我手寸13号，我生日5月2日", "改成", "1990年5月1日", "1990-05-01"),
        ("我生日是农历五月初二", "好的", "请带上年份", "1990-05-01"),
    ],
)
def test_a_birthday_that_contradicts_the_card_is_asked_about(
    shop: Shop, mei: Phone, words: str, answer: str, told: str, birthday: str
) -> None:
    on_card(shop, mei, birthday="1990-05-01", birthday_calendar="solar")
    asked = mei.says(words)
    assert "我们登记的生日是1990年5月1日" in asked
    assert told in asked + mei.says(answer)
    assert hers(shop).birthday == birthday
    with shop.parts.sessions() as session:
        days = [(row.month, row.day) for row in session.scalars(select(Occasion))]
    assert days in ([], [(int(birthday[5:7]), int(birthday[8:]))])


def test_the_same_day_is_kept_and_an_old_tap_changes_nothing(shop: Shop, mei: Phone) -> None:
    on_card(shop, mei, birthday="1990-05-01", birthday_calendar="solar")
    assert "记下了" in mei.says("我生日是5月1日")
    assert "没有等您选" in mei.taps("day:change")
    assert hers(shop).birthday == "1990-05-01"


def test_a_birthday_mended_in_her_record_leaves_no_other_one(shop: Shop, mei: Phone) -> None:
    mei.says("我生日是5月2日")
    assert "生日：5月2日" in mei.says("我的资料")
    assert "改好了" in mei.says("生日改成1990年6月1日")
    assert "1. 您的生日：1990年6月1日" in mei.says("我的日子")
    assert "2." not in mei.says("我的日子")


@pytest.mark.parametrize(
    ("words", "wedding"),
    [
        ("纪念日改成2019年5月21日", date(2019, 5, 21)),
        ("结婚纪念日改成5月21日", date(2018, 5, 21)),
        ("我們的結婚紀念日寫錯了，應該是2019年5月21日", date(2019, 5, 21)),
    ],
)
def test_the_anniversary_is_mended_in_the_words_of_her_record(
    shop: Shop, mei: Phone, words: str, wedding: date
) -> None:
    on_card(shop, mei, wedding_anniversary=date(2018, 5, 20))
    assert "结婚纪念日" in mei.says(words)
    assert hers(shop).wedding_anniversary == wedding
    assert mei.says("我的日子").count("纪念日：") == 1


@pytest.mark.parametrize(
    ("words", "gender", "told"),
    [
        ("我的性别改成男", "male", "您的性别是男"),
        ("性别错了，应该是女", "female", "您的性别是女"),
        ("我的性別改成女士", "female", "您的性别是女"),
        ("性别写错了，我是男的", "male", "您的性别是男"),
        ("性别改一下", "", "改成哪一个"),
    ],
)
def test_gender_is_mended(shop: Shop, mei: Phone, words: str, gender: str, told: str) -> None:
    assert told in mei.says(words)
    assert hers(shop).gender == gender
    assert not gender or told[-1] in mei.says("我的资料").splitlines()[2]


@pytest.mark.parametrize("words", ["手机号改成13900139000", "我换手机号了", "我的手机号是13900139000", "我要改手机号"])
def test_a_phone_is_changed_by_a_code_and_she_reads_how(shop: Shop, mei: Phone, words: str) -> None:
    assert "六位绑定码" in mei.says(words)
    assert hers(shop).phone == ""


def test_corrections_and_questions_about_her_own_are_heard(shop: Shop, mei: Phone) -> None:
    for words, told in (
        ("不对，我手寸是14", "手寸：14号"),
        ("手寸应该是14不是13", "手寸：14号"),
        ("你知道我手寸多少吗", "手寸：14号"),
        ("我生日哪天", "还没有记着您的日子"),
        ("我的过敏有哪些", "还没有记着您的喜好"),
        ("我对镍过敏", "镍"),
        ("我的过敏有哪些", "您对镍过敏"),
        ("过敏写错了", "现在记着的过敏：镍"),
        ("我的名字写错了", "名字改成"),
        ("我叫路小鹿", "路小鹿"),
        ("我是女的，性别写错了", "性别是女"),
        ("撤销", "没有记"),
        ("改手机号 13912345678", "六位绑定码"),
        ("我换手机号了，新号13912345678", "六位绑定码"),
        ("我的资料安全吗", "不会卖给别人"),
        ("你们会把我的资料给别人吗", "不会卖给别人"),
        ("正常发", "没有"),
        ("帮我把资料删了吧", "确认码"),
        ("我不想你们再保存我的信息", "确认码"),
    ):
        assert told in mei.says(words), words
    assert hers(shop).gender == ""


def test_a_forged_tap_names_nobody(shop: Shop, mei: Phone) -> None:
    for carried in ("own-name:,", "own-name:客户<b>", "own-name:" + "王" * 70):
        assert "称呼不变" in mei.taps(carried)
    assert hers(shop).name == ""
    assert "卫晚晚" in mei.says("我叫卫晚晚")
    assert hers(shop).name == "卫晚晚"
