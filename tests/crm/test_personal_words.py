"""Parts of a customer's words that say who she is are found, however they are typed; what is asked stays readable."""

from __future__ import annotations

import pytest

from crm.services.learning.personal import is_personal, masked

PERSONAL = [
    "我电话13800001208店里有儿童区吗",
    "我电话138 0000 1208",
    "电话138-0000-1208能改吗",
    "一三八零零零零一二零八打给我",
    "幺三八 零零零零 一二零八",
    "１３８００００１２０８",
    "1\ufe0f3\ufe0f8\ufe0f0\ufe0f0\ufe0f0\ufe0f0\ufe0f1\ufe0f2\ufe0f0\ufe0f8\ufe0f",
    "1\u200b3\u200b8\u200b0\u200b0\u200b0\u200b0\u200b1\u200b2\u200b0\u200b8",
    "0571-88881234",
    "微信mei_2020加我",
    "vx: meimei2020",
    "加我 wxid_abc123",
    "我的微信号是 a-b-c-d-e",
    "QQ 一二三四五六七",
    "身份证330106199001011234",
    "33010619900101123X",
    "3301 0619 9001 0112 34",
    "mei@example.com能收到证书吗",
    "订单A1234567到哪了",
    "订单号 12-34-56",
    "卡号6222 0212 3456 7890",
    "快递单号SF1234567890",
    "我住杭州市西湖区文三路 12 号",
    "文三路478号3幢2单元501室能送吗",
    "寄到浙江省杭州市西湖区翠苑一区",
    "家在幸福小区3栋",
    "我叫张小梅，戒指能改吗",
    "我叫李娜",
    "本人张伟想问",
    "我姓欧阳，戒指好了吗",
    "免贵姓王",
    "我是张伟，戒指能改大吗",
    "王女士的项链好了吗",
    "李先生订的戒指",
    "收件人：陈静",
    "车牌浙A8K123能停吗",
    "叫我小美",
    "微信名meimei 加一下 v我 meimei123",
]
NOT_PERSONAL = [
    "店里有儿童区吗",
    "999和9999黄金有什么区别",
    "99999足金是什么",
    "18k750是什么",
    "戒指13号能改14号吗",
    "地铁1号线怎么去你们店",
    "文三路店在几号",
    "微信能付款吗",
    "微信可以查金价吗",
    "能加微信吗",
    "身份证要带吗",
    "电话多少",
    "订单怎么查",
    "戒指能刻姓名吗",
    "能刻姓氏吗",
    "姓名刻字怎么收费",
    "我叫什么名字都能刻吗",
    "1000-2000元的戒指",
    "12月24日是平安夜有活动吗",
    "2026-12-24有活动吗",
    "18:30还营业吗",
    "两百五十块钱",
    "一二三四都能刻吗",
    "南京路店几点关门",
    "你们地址在哪",
    "能寄到北京吗",
    "老百姓金店",
    "和田玉怎么保养",
    "黄金多少钱一克",
    "我是学生有优惠吗",
    "我妈妈的项链断了",
    "我金戒指变形了",
    "我白金项链断了",
    "我石头掉了",
    "金小姐妹款有吗",
    "3楼有洗手间吗",
    "买2件打几折",
    "52.0克",
    "证书编号怎么查",
    "千足金999.9",
    "0.5克拉多少钱",
    "我的钻戒掉钻了",
    "快递几天到",
    "会员日是几号",
    "au750pt950",
    "可以寄到外地吗",
]


@pytest.mark.parametrize("words", PERSONAL)
def test_who_she_is_is_found_and_masked(words: str) -> None:
    assert is_personal(words)
    assert not is_personal(masked(words)), masked(words)


@pytest.mark.parametrize("words", NOT_PERSONAL)
def test_what_only_asks_is_left_as_it_was_typed(words: str) -> None:
    assert not is_personal(words)
    assert masked(words) == words


def test_the_question_around_it_can_still_be_read() -> None:
    assert masked("我姓欧阳，电话138 0000 1208，戒指能改大吗") == "我＊＊,＊＊戒指能改大吗"
