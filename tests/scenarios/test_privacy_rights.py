"""Whatever an advisor types about a colleague's customer, the answer is the one about nobody, and nothing changes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from crm import db
from crm.db import Base
from tests.front_door import Phone, Shop
from tests.scenarios.visit_desk import booked, register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# 许宁 is 吴安's, in the same shop: her code, her phone, the end of it, her name, and the number of her visit.
CODE, PHONE, TAIL, NAME = "C0004", "13800001211", "1211", "许宁"
NOBODYS = {CODE: "C9999", PHONE: "13811119999", TAIL: "9999", NAME: "许安"}
ABOUT_HER = [
    *(f"{word} {who}" for word in ("客户", "详情") for who in (CODE, PHONE, TAIL, NAME)),
    *(f"备注 {who} 不喜欢黄金" for who in (CODE, NAME)),
    f"预约 {CODE} 周六下午三点 戒指",
    f"改约 {NAME} 周日四点",
    f"取消预约 {NAME}",
    f"标签 {CODE} 婚戒客户",
    f"字段 {CODE} 俱乐部=晨跑",
    f"阶段 {CODE} 备婚",
    f"家人 C0001 妈妈 {CODE}",
    f"家人 {CODE} 妈妈 C0001",
    f"保密 {CODE} 1 12月25日",
    f"绑定码 {CODE}",
    f"合并 C0001 {CODE}",
    f"合并 {CODE} C0001",
    f"撤销合并 {CODE}",
]
ABOUT_HER_VISIT = [
    *("接受 {}", "到店 {}", "未到 {}", "转给 {} 林悦", "改约 {} 周日四点", "取消预约 {}", "结果 {} 成交", "客户 {}"),
]
# What a message itself leaves behind, whoever it names.
OF_THE_MESSAGE = ("inbox", "interactions", "conversations")


def contents(shop: Shop) -> dict[str, int]:
    with db.reading(shop.parts.engine) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in OF_THE_MESSAGE]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.mark.parametrize("words", ABOUT_HER)
def test_her_name_code_and_phone_lead_nowhere(shop: Shop, lin: Phone, words: str) -> None:
    register(shop)
    before = contents(shop)
    answer = lin.says(words)
    nobodys = words
    for hers, other in NOBODYS.items():
        nobodys = nobodys.replace(hers, other)
    told_of_nobody = lin.says(nobodys)
    for hers, other in NOBODYS.items():
        answer, told_of_nobody = answer.replace(hers, "…"), told_of_nobody.replace(other, "…")
    assert answer == told_of_nobody
    assert contents(shop) == before


@pytest.mark.parametrize("words", ABOUT_HER_VISIT)
def test_the_number_of_her_visit_leads_nowhere(shop: Shop, lin: Phone, words: str) -> None:
    register(shop)
    number = booked(shop, CODE, advisor="wu.an")
    before = contents(shop)
    answer = lin.says(words.format(number))
    assert NAME not in answer
    assert answer.replace(number, "…") == lin.says(words.format("ZZZZZZ")).replace("ZZZZZZ", "…")
    assert contents(shop) == before


@pytest.mark.parametrize("words", ["今日预约", "本周预约", "下周预约", "任务", "待核对", "投诉", "待接待"])
def test_no_list_names_her(shop: Shop, lin: Phone, words: str) -> None:
    register(shop)
    booked(shop, CODE, advisor="wu.an")
    answer = lin.says(words)
    assert NAME not in answer
    assert CODE not in answer
