"""Two customers were made one by mistake: what is forgotten meanwhile, and what staff write under either code."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from crm import db
from crm.models import FieldType, MergeMove, MergeRecord
from crm.services.households import fields
from tests.crm.builders import OPERATOR
from tests.front_door import Phone, Shop
from tests.scenarios.test_parting import merged, two_cards
from tests.scenarios.test_privacy import code_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def both(shop: Shop) -> tuple[Phone, Phone]:
    return two_cards(shop)


def test_what_one_of_them_has_forgotten_is_the_others_still(shop: Shop, both: tuple[Phone, Phone]) -> None:
    yun, an = both
    an.says("妈妈的戒指16号")
    an.says("我妈妈生日是5月20日")
    an.says("我喜欢珍珠")
    an.says("我的手寸是14号")
    yun.says("我喜欢翡翠")
    chen = merged(shop)
    for words in ("忘记我妈妈的尺寸", "忘记我妈妈的生日", "忘记我的喜好", "忘记我的手寸"):
        assert "已经忘记" in yun.says(words), words
    assert "还没有记着" in an.says("我的喜好")
    chen.says("撤销合并 C0001")
    assert "16" in an.says("我的尺寸")
    assert "14" in an.says("我的尺寸")
    assert "5月20日" in an.says("我的日子")
    assert ("珍珠" in an.says("我的喜好"), "翡翠" in an.says("我的喜好")) == (True, False)
    for words in ("我的尺寸", "我的日子", "我的喜好"):
        assert "还没有记着" in yun.says(words)
    assert notes_of_merges(shop) == []


def notes_of_merges(shop: Shop) -> list[str]:
    """What the merge of these two keeps of rows that were changed or forgotten."""
    of_both = select(MergeRecord.id).where(MergeRecord.former_code == "C0002")
    with db.reading(shop.parts.engine) as session:
        noted = session.scalars(select(MergeMove.was).where(MergeMove.record_id.in_(of_both)))
        return [was for was in noted if was]


def test_what_is_forgotten_of_her_own_is_kept_nowhere_and_an_erasure_takes_the_rest(
    shop: Shop, both: tuple[Phone, Phone]
) -> None:
    yun, an = both
    yun.says("我喜欢珍珠")
    an.says("我喜欢翡翠")
    merged(shop)
    yun.says("我的喜好")
    yun.says("忘记1")
    assert notes_of_merges(shop) == []
    yun.says("忘记我的喜好")
    assert len(notes_of_merges(shop)) == 1
    assert "已经删除" in yun.says(code_in(yun.says("删除我的资料")))
    assert notes_of_merges(shop) == []


def test_what_staff_write_under_the_other_ones_code_is_hers_when_they_part(
    shop: Shop, both: tuple[Phone, Phone]
) -> None:
    _, an = both
    with shop.parts.sessions.begin() as session:
        fields.add_tag(session, OPERATOR, "婚戒客户", "", shop.clock.now())
        fields.add_tag(session, OPERATOR, "常客", "", shop.clock.now())
        fields.add(session, OPERATOR, "club", "俱乐部", FieldType.TEXT, (), (), shop.clock.now())
    chen = shop.member("chen.jing")
    for words in ("备注 C0001 老客", "字段 C0001 俱乐部=晨跑", "阶段 C0001 备婚", "标签 C0001 常客"):
        chen.says(words)
    merged(shop)
    for words in (
        *("备注 C0002 怀孕了先别说", "备注 C0001 爱喝茶", "阶段 C0002 怀孕", "标签 C0002 婚戒客户", "标签 C0002 -常客"),
        *("字段 C0002 俱乐部=瑜伽", "家人 C0002 妈妈 C0003", "备注 C0002", "想看祖母绿", "家人 C0002 婆婆 -"),
    ):
        assert "请写成" not in chen.says(words), words
    told = chen.says("撤销合并 C0001")
    assert "爱喝茶" in told
    assert not any(words in told for words in ("怀孕", "祖母绿", "老客"))
    hers, others = ("".join(chen.says(f"{what} {code}") for what in ("详情", "客户")) for code in ("C0001", "C0002"))
    for words in ("老客", "爱喝茶", "晨跑", "备婚", "常客"):
        assert (words in hers, words in others) == (True, False), words
    for words in ("怀孕了先别说", "想看祖母绿", "瑜伽", "：怀孕", "婚戒客户"):
        assert (words in hers, words in others) == (False, True), words
    assert re.search(r"备婚：\S+ 起\n", hers)
    an.says(code_in(an.says("删除我的资料")))
    assert "怀孕" not in "".join(chen.says(f"{what} C0001") for what in ("详情", "客户"))
