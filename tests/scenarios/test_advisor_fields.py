"""An advisor fills in the shop's own fields and tags, and finds his customers by them."""

from __future__ import annotations

import pytest

from crm.actors import Actor
from crm.models import FieldType
from crm.services.households import fields
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def defined(shop: Shop) -> None:
    """A field of the shop's own and two tags."""
    register(shop)
    operator, now = Actor.operator(), shop.clock.now()
    with shop.parts.sessions.begin() as session:
        fields.add(session, operator, "club", "俱乐部", FieldType.TEXT, (), (), now)
        for name in ("婚戒客户", "翡翠客户"):
            fields.add_tag(session, operator, name, "", now)


def test_a_field_is_filled_in_shown_and_searched(lin: Phone) -> None:
    assert "周芸的俱乐部：晨跑" in lin.says("字段 C0001 俱乐部=晨跑")
    assert "晨跑" in lin.says("详情 C0001")
    assert "周芸（C0001）" in lin.says("客户 俱乐部=晨跑")
    assert "周芸（C0001）" in lin.says("客户 club＝晨跑")
    assert "没有找到" in lin.says("客户 俱乐部=夜跑")
    assert "未填" in lin.says("字段 C0001 俱乐部=")


def test_a_tag_is_put_on_and_taken_off(lin: Phone) -> None:
    assert "现在的标签：婚戒客户" in lin.says("标签 C0001 婚戒客户")
    assert "现在的标签：婚戒客户、翡翠客户" in lin.says("标签 C0001 翡翠客户")
    assert "周芸（C0001）" in lin.says("客户 标签=翡翠客户")
    assert "现在的标签：翡翠客户" in lin.says("标签 C0001 -婚戒客户")


@pytest.mark.parametrize("words", ["标签 C0001", "标签 C0001 没有的", "字段 C0001 晨跑", "字段 C0001 年龄=3"])
def test_what_is_not_defined_is_answered_with_what_is(lin: Phone, words: str) -> None:
    answer = lin.says(words)
    assert "请写成" in answer
    assert "婚戒客户、翡翠客户" in answer or "俱乐部" in answer


def test_nobody_fills_in_or_finds_another_advisors_customer(shop: Shop, lin: Phone) -> None:
    lin.says("字段 C0001 俱乐部=晨跑")
    sun = shop.member("sun.li")
    assert "没有找到" in sun.says("客户 俱乐部=晨跑")
    assert "没有找到" in sun.says("字段 C0001 俱乐部=夜跑")
    assert "没有找到" in sun.says("标签 C0001 婚戒客户")
