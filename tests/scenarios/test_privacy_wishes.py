"""What counts as a wish about one's own data, and what only sounds like one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from handlers.context import plain_text
from handlers.customer import privacy_wishes as wishes

TODAY = date(2026, 11, 21)
KNOWN = """
你们知道我什么
我的资料
你们存了我哪些信息
你们有我哪些信息？
请问你们保存了我的什么资料
我的个人信息
查看我的资料
看看我的资料
你们都知道我哪些事
店里记录了我什么信息
系统里存了我哪些数据
我在你们这里的资料有哪些
你们收集了哪些我的信息
你们掌握我多少信息
我的會員資料
我的信息
我的档案
你们了解我什么？
您好，请问你们存了我什么信息呢
我想知道你们有我什么资料
你們知道我什麼
 我 的 资料
我的数据
我的隐私
你家存了我哪些个人信息
想了解你们记录了我哪些信息
我的客户资料
查询我的个人资料
我的资料有哪些
我的会员信息
"""
NOT_KNOWN = """
你们知道我的快递到哪了吗
我的首饰
我的预约
你们知道周生生吗
我的戒指资料
证书信息
你们有什么
你们有哪些款式
我想了解黄金
我有什么优惠
店里有什么活动
我的积分
你知道我想要什么吗
资料发我看看
你们存货有哪些
我的手寸
这颗钻石的信息
我的订单信息
你们了解钻石吗
我知道了
信息
你们记录时间了吗
我的名字
我妈的资料
有什么资料
我老公的信息
你们知道哪里可以停车吗
我的证书数据怎么查
你们留了哪款
我的会员
"""
ERASE = """
删除我的资料
删掉我的信息
请删除我的所有个人信息
把我的资料删了
把我的信息全部删除
注销账号
注销我的账户
清空我的资料
删除我在你们这里的资料
我要删除个人信息
我要注销账号
忘了我吧
请忘记我
麻烦把我的个人资料删掉
忘记我的一切
忘掉我的所有
把我的一切都删了
把关于我的都删掉
忘記我的一切吧
将我的个人信息彻底删除
删除本人的全部信息
清除我的数据
我的资料请删除
怎么删除我的资料
可以删除我的资料吗
能不能把我的信息删了
抹掉我的资料
刪除我的資料
删除我的账号
彻底删除我的个人信息
销毁我的资料
我想注销会员账号
删除我的会员资料
把我的账号注销
请把我的所有资料全部删除，谢谢
"""
NOT_ERASE = """
删除我的预约
删除订单
取消预约
删除这条消息
我把照片删了
忘了告诉你
我忘记我的手寸了
忘记预约了
我的戒指忘在店里了
注销发票
清洗我的戒指
清空购物车
删除一个日子
忘掉这件事
把刚才那条删了
资料删了吗你们
你们会删除我的资料吗
删除我妈妈的生日
我忘了
退订
取消订阅
删除优惠券
不要删除我的资料
别删我的资料
别忘了我
别忘记我的预约
账号是多少
清除划痕
我的资料
删了
"""
FEWER = """
少发一点
少发点
少发一点消息
少给我发点
少推送一点
能不能少发点
可以少发一些吗
减少推送
减少消息
降低推送频率
别发这么多
不要发那么多消息
消息太多了
广告太多了
发得太多了
发得太频繁了
推送太频繁
不要发得太频繁
一个月一条就行
每个月发一条就够了
少打扰我
少发些广告
少发点活动消息
少发几条
以后少发点
請少發一點
麻烦少发点消息，谢谢
别推送这么频繁
消息有点多
每月一次就好
"""
NOT_FEWER = """
少发了一件
你们少发货了
少发一个赠品
少发了证书
退订
别发了
不要发了
正常发吧
消息
多发一点
发货太慢
发什么快递
克重少一点
工费太多了
人太多了
少一点克数的有吗
能少点吗
便宜一点
一个月一次保养够吗
每个月清洗一次就行
减少划痕
降低价格
少发点图
少发点照片
广告里的那款有吗
消息收到了
推送的那款多少钱
别打扰
太频繁清洗好吗
减少磨损
"""
NORMAL = """
正常发
恢复正常发送
照常发
照旧发吧
恢复频率
像以前一样发
多发点消息
正常推送吧
"""
NOT_NORMAL = """
正常发货吗
恢复正常了吗
正常吗
照常营业吗
恢复接收
正常发吗
多发一件
像以前一样
"""
COPY = """
导出我的资料
下载我的资料
导出我的个人信息
我要一份我的资料
把我的资料发我一份
我的资料给我一份
我要我的资料副本
导出资料
拷贝我的数据
请导出我的信息
"""
NOT_COPY = """
导出证书
下载证书
我的资料
发我一份价格表
给我一份资料
资料发我一份
复制链接
下载二维码
"""
ALL_FORGOTTEN = """
忘记全部
忘记所有
全部删除
把全部都删掉
删除一切记录
"""
NOT_ALL_FORGOTTEN = """
忘了一切
我全忘了
都忘了
忘记怎么保养了
把所有首饰拿去清洗
全部都要保养吗
"""
PHONE_AWAY = """
删除我的手机号
把我的手机号删了
删掉我的电话
别存我的手机号
我不想让你们存我的手机号
不要留我的联系方式
我的手机号删掉吧
解绑手机
去掉我的电话号码
刪除我的手機號
"""
NOT_PHONE_AWAY = """
手机号是多少
删除手机里的照片
忘记带手机了
你们的电话
不要打我电话
手机号改成13900139000
"""
PHONE = """
我的手机号改成13900139000
我换手机号了
换了新的手机号
我换号了
我要改手机号
我的手机号是13900139000
"""
NOT_PHONE = """
换手机了
我要改号
戒指换号了
手机壳能镶钻吗
"""
GENDER = """
我的性别改成男
性别错了，应该是女
把性别改为女
我的性別改成女士
性别写错了，我是男的
性别改一下
"""
NOT_GENDER = """
性别
男戒
不分性别的款
宝宝的性别是女
"""
TABLE = [
    *(
        (wishes.wants_all_forgotten, ALL_FORGOTTEN, NOT_ALL_FORGOTTEN),
        (wishes.removes_phone, PHONE_AWAY, NOT_PHONE_AWAY),
    ),
    *((wishes.mends_phone, PHONE, NOT_PHONE), (wishes.mends_gender, GENDER, NOT_GENDER)),
    *((wishes.asks_what_is_known, KNOWN, NOT_KNOWN), (wishes.wants_erasure, ERASE, NOT_ERASE)),
    *((wishes.wants_fewer, FEWER, NOT_FEWER), (wishes.wants_normal, NORMAL, NOT_NORMAL)),
    (wishes.wants_copy, COPY, NOT_COPY),
]


def sentences(block: str) -> list[str]:
    return block.strip("\n").split("\n")


@pytest.mark.parametrize(("wish", "words"), [(wish, words) for wish, meant, _ in TABLE for words in sentences(meant)])
def test_is_meant(wish: Callable[[str], bool], words: str) -> None:
    assert wish(plain_text(words))


@pytest.mark.parametrize(("wish", "words"), [(wish, words) for wish, _, other in TABLE for words in sentences(other)])
def test_is_something_else(wish: Callable[[str], bool], words: str) -> None:
    assert not wish(plain_text(words))


@pytest.mark.parametrize("words", [words for _, meant, _ in TABLE for words in sentences(meant)])
def test_means_one_thing_only(words: str) -> None:
    assert sum(wish(plain_text(words)) for wish, _, _ in TABLE) == 1


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("我的名字是王梅", "王梅"),
        ("名字改成王小梅", "王小梅"),
        ("我叫王梅", "王梅"),
        ("我不叫王美，我叫王梅", "王梅"),
        ("名字错了，应该叫欧阳娜娜", "欧阳娜娜"),
        ("把我的名字改成李梅吧", "李梅"),
        ("我的姓名是 Anna", "anna"),
        ("我叫外卖了", ""),
        ("我叫什么", ""),
        ("我的名字是什么", ""),
        ("名字是刻在戒指内壁吗", ""),
        ("我叫陈师傅帮忙看", ""),
        ("称呼是王女士", "王女士"),
        *((words, "") for words in ("名字是刻在戒指内壁", "名字改成双面刻", "名字改成繁体", "名字改成心形")),
        *((words, "") for words in ("把名字改成手写体", "名字叫满天星的那款", "称呼是女士", "名字改成金色")),
        *(
            (words, "")
            for words in ("我叫方便面", "我叫高兴", "我叫于是", "我叫任何人", "我叫程序员", "我的名字改成繁体")
        ),
    ],
)
def test_a_name(words: str, name: str) -> None:
    assert wishes.new_name(plain_text(words)) == name


@pytest.mark.parametrize(
    ("words", "birthday"),
    [
        ("生日改成1990年5月1日", ("1990-05-01", "solar", False)),
        ("生日错了，应该是1990-05-01", ("1990-05-01", "solar", False)),
        ("我的生日改为农历1990年八月十五", ("1990-08-15", "lunar", False)),
        ("我生日改成农历1990年闰五月初五", ("1990-05-05", "lunar", True)),
        ("我的生日不对，是农历1988年腊月廿三", ("1988-12-23", "lunar", False)),
        ("生日改成5月1日", None),
        ("生日改成1990年13月1日", None),
        ("生日改成2090年1月1日", None),
        ("生日改成1990年5月32日", None),
    ],
)
def test_a_birthday(words: str, birthday: tuple[str, str, bool] | None) -> None:
    found = wishes.new_birthday(plain_text(words), TODAY)
    assert (found and (found.day, found.calendar, found.leap)) == birthday
