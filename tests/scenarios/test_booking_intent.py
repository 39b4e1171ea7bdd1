"""What a sentence wants with a visit: the tables that the rules must hold."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from handlers.customer.appointments.intent import Intent, intent_of

BOOKS = """
周六下午想试戴古法手镯
我想预约
预约
约个时间
约
想约明天下午三点
约周日上午看对戒
可以试戴吗
能约吗
能约周六吗
这周六有空位吗
周日下午有时间吗
你们周六下午有人吗
明天下午三点过去行吗
明天下午3点过去方便吗
到店看看
想去店里看看
我想去你们店里看看
过来试试
想过来试试
明天过来看看
看看戒指
想看看对戒
想看看你们的钻戒
想试试那个龙凤镯
想试戴一下传承古法金手镯
book一下周六
I want to book an appointment
挂个号
帮我留个位
周六给我留个位子
帮我安排一下周日下午试戴
預約週六下午
想約明天
我們週日想過去看看
怎么预约
怎么约时间
如何预约到店
下周二晚上想带我妈来看手镯
下周带女朋友来挑钻戒
国庆想来店里看看三金
七夕前想去试个对戒
元旦那天去店里看看可以吗
我要预约试戴
约一个到店时间
这周末想来逛逛
周末过去看看行吗
今天下午能过去吗
今晚下班后过去可以吗
今天还能来吗
有空位吗
有没有位置
明天有位吗
周三中午有没有空
12月5号下午想来看项链
后天上午去店里试试耳环
下个月8号想约一下
我想约湖滨店
静安店能约吗
想去静安店试戴珍珠项链
送我妈一个镯子，想周六去店里选
我和老公周日想过去选婚戒
准备结婚了，想来店里看看三金
能不能帮我约个顾问周六看钻戒
给我排个时间
周五六点以后能去吗
明天想来你们家看看翡翠
想预约下周来洗戒指，顺便看看新款
想到店试一下
试戴
我想提前约个时间看对戒
我想周六去湖滨试一下12分的钻戒 手寸13号 预算2万
想试戴12号圈口的戒指 预算5000到8000 周三下午
约吗
"""

DOES_NOT_BOOK = """
戒指怎么试戴不伤
周六买的项链能退吗
预约清洗要钱吗
试戴要钱吗
试戴收费吗
试戴会不会弄坏首饰
来店里要不要预约
不预约能直接来吗
需要预约吗
要提前预约吗
人多要排队吗
可以指定顾问预约吗
预约要交定金吗
预约维修要等多久
周末营业吗
周六几点开门
明天开门吗
国庆上班吗
你们店在哪
去店里怎么走
店里能洗首饰吗
可以拿到店里清洗吗
一年要去店里洗几次
戒指修好了吗，周六来取
周六能取货吗
明天来拿可以吗
周六有活动吗
元旦打折吗
今天金价多少
这款有现货吗
能从别的店调货吗
帮我看看戒指是不是松了
看看我的项链怎么断了
手镯多少钱
黄金大约多少克
18k金约等于多少足金
约会戴什么项链好
节约一点的款式有吗
简约的戒指有推荐吗
给丈母娘买什么合适
女朋友生日送什么好
戒指戴哪个手
珍珠项链怎么保养
银手镯发黑了怎么办
今天戴了一天戒指，手指红了
周六去三亚能戴珍珠吗
晚上睡觉要不要摘耳钉
下午洗澡忘了摘项链要紧吗
我想退货
能换款吗
以旧换新怎么算
发票可以补开吗
可以寄到外地吗
刻字要几天
手寸怎么量
五点五克的戒指会不会变形
你好
谢谢
随便看看
嗯
1
今天天气不错
钻石看起来油乎乎不闪了
戒指改一号要几天
古法金为什么贵
有证书吗
我要投诉
什么时候补货
"""

OWN = {
    Intent.MINE: (
        "我的预约 查一下我的预约 查预约 我约的是几点 我预约了几点来着 我有预约吗 预约成功了吗"
        " 我的预约是什么时候 预约记录 看一下我的预约"
    ),
    Intent.MOVE: (
        "改时间 改一下预约时间 把周六的改到周日三点 预约改时间 改成周日吧 换个时间 我想改约周日"
        " 能改期吗 推迟到四点 把预约改到明天 预约改到下周 可以帮我改到晚上吗 换到周三下午 延期"
        " 改到静安店 临时有事来不了怎么改约"
    ),
    Intent.CANCEL: (
        "取消预约 取消 取消周六的预约 帮我取消吧 不约了 预约不要了 我要取消周六的试戴"
        " 把预约取消了 取消掉 退预约 取消预约怎么弄"
    ),
    Intent.ABSENT: ("周六来不了了 我不来了 有事去不了了 明天不去了 临时有事来不了 周六过不去了 赶不上了"),
    Intent.STAY: "不要取消 不取消了 算了不取消了 先别取消周六的预约 不是不来",
    Intent.STOP_WAITING: ("不等了 不排了 取消候补 不用等了 退出候补"),
    Intent.CHANGE: ("预约再加个项链 到时候也想看看戒指 试戴的换成钻戒 周六还想看看耳环"),
    Intent.NONE: (
        "取消关注 改圈多少钱 戒指可以改成吊坠吗 换成玫瑰金 能改小吗 我想换货 取消订单 换个款式"
        " 换个颜色好看吗 项链来不来得及修 提前下班 戒指改一号 订单帮我取消掉 戒指能改到13号吗 自提改到武林店"
        " 取货改到周六可以吗 推迟发货可以吗 改天再说 往后推送都别发了 我没说要预约"
    ),
}
ENTRIES = Path(__file__).parents[2] / "knowledge" / "entries"


def sentences(table: str) -> list[str]:
    return [line for line in table.splitlines() if line]


@pytest.mark.parametrize("sentence", sentences(BOOKS))
def test_she_wants_to_come(sentence: str) -> None:
    assert intent_of(sentence.casefold()) is Intent.BOOK


@pytest.mark.parametrize("sentence", sentences(DOES_NOT_BOOK))
def test_she_asks_something_else(sentence: str) -> None:
    assert intent_of(sentence.casefold()) is Intent.NONE


@pytest.mark.parametrize(
    ("intent", "sentence"), [(intent, one) for intent, all_ in OWN.items() for one in all_.split()]
)
def test_she_speaks_of_a_visit_that_stands(intent: Intent, sentence: str) -> None:
    assert intent_of(sentence) is intent


def test_no_care_question_of_the_knowledge_base_is_taken_for_a_booking() -> None:
    """Every way in which the knowledge base expects a question, those on booking itself left out."""
    entries = [entry for path in ENTRIES.glob("*.yaml") for entry in yaml.safe_load(path.read_text("utf-8"))["entries"]]
    asked = [way for entry in entries if entry["id"] != "appointment" for way in entry.get("ways", [])]
    assert len(asked) > 2500
    assert [way for way in asked if intent_of(way.casefold())] == []


def test_a_long_story_is_read_quickly() -> None:
    assert intent_of("我想" * 200) is Intent.NONE
    assert intent_of("嗯" * 150) is Intent.NONE
