"""What a customer says about what the shop keeps of her: see it, have it, mend it, be forgotten, hear less.

As in `wishes.py` the whole message is matched: a word of an order ("删除订单", "少发一件") is no wish of these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crm.calendar import LunarDate, solar_of
from crm.services.names import has_surname, may_be_name
from handlers.customer import wishes

# Taken without looking back (`*+`), so that no message, however it repeats itself, makes the search long.
_BEFORE = (
    r"(?:你好|您好|请问|请|麻烦|拜托|帮我|帮忙|我想要|我想|我要求|我要|想要|想|要求|要|可不可以|可以|能不能|能否|能|怎么|如何"
    r"|查一?下|查看|查询|查|看一?下|看看|看|知道|了解|给我|告诉我|一下|以后)*+"
)
_AFTER = r"(?:一下|了|吧|吗|呢|呀|啊|嘛|哦|谢谢|多谢|行吗|可以吗|好吗|好不好|行不行|怎么弄|怎么办)*+"
_HERE = r"(?:你们?|贵店|店里)?(?:这里|这儿|那里|这|那|家)?"
_MINE = rf"(?:我本人|本人|我自己|我)(?:在|存在|留在)?{_HERE}(?:的|所有|全部|一切)*"
_RECORD = r"(?:(?:个人|客户|会员)?(?:信息|资料|数据|档案)|隐私)"
_SHOP = r"(?:你们|你家|你|店里|店铺|系统|贵店|公司)(?:这里|这儿|那里|店里|家|这|里)?"
_KEEP = r"(?:知道|了解|掌握|存储|存|保存|保留|记录|记|收集|留|持有|有)(?:了|着|有|下)*"

KNOWN = re.compile(
    rf"{_BEFORE}(?:"
    rf"{_SHOP}(?:都|到底|现在|究竟|那边|一共|还)*{_KEEP}(?:关于)?我(?:的)?(?:什么|哪些|多少|啥|些什么){_RECORD}?(?:内容|东西|事情|事)?"
    rf"|{_SHOP}(?:都|到底|现在|究竟|那边|一共|还)*{_KEEP}(?:了)?(?:哪些|什么|多少)(?:关于)?我(?:的)?{_RECORD}"
    rf"|{_MINE}{_RECORD}(?:里)?(?:都|有|是|包括)*(?:哪些|什么|啥)?"
    rf"|{_MINE}(?:都)?(?:有|存了|留了|保存了|登记了)(?:哪些|什么){_RECORD}"
    rf"){_AFTER}"
)
MORE = re.compile(
    r"(?:看|要|查看)?(?:更)?(?:详细|详情|更多|全部|明细|具体)(?:一点|一些|点|信息|资料|内容|的)*" + _AFTER
)
COPY = re.compile(
    rf"{_BEFORE}(?:把)?(?:(?:导出|下载|拷贝|复制)(?:一份|一下)?(?:{_MINE})?{_RECORD}(?:的)?(?:副本|拷贝)?"
    rf"|{_MINE}{_RECORD}(?:给我|发我|发给我|提供)?(?:导出|下载|拷贝|副本|的副本|发我一份|发给我|给我一份|一份)+"
    rf"|(?:一份){_MINE}{_RECORD}(?:的?副本)?){_AFTER}"
)
_DELETE = (
    r"(?:彻底|全部|完全|永久|立即|马上)*(?:删除|删掉|删了|删|清除|清空|注销|抹掉|抹去|销毁|忘掉|忘记)(?:掉|一下|了)*"
)
ERASE = re.compile(
    rf"{_BEFORE}(?:{_DELETE}(?:{_MINE}{_RECORD}|{_MINE}(?:所有|全部|一切)?(?:记录|账号|账户|会员)|{_RECORD}|账号|账户|会员账号)"
    rf"|(?:把|将)?{_MINE}(?:{_RECORD}|所有记录|全部记录|账号|账户)(?:都|全|全部|给|给我|请|要)*{_DELETE}|(?:请)?(?:忘了|忘掉|忘记)我"
    rf"|(?:帮我|请|麻烦)*(?:把|将)(?:我的?)?{_RECORD}(?:都|全|全部|给|给我)*{_DELETE}"
    rf"|(?:我)?(?:不要|别|不想|不愿意?|不希望)(?:让)?(?:你们?|您|店里)?(?:再|继续)*{_KEEP}{_MINE}{_RECORD}"
    rf"){_AFTER}"
)
_ALL = r"(?:一切|所有|全部|所有的|全部的)(?:东西|事情?|内容|记录|信息|资料|数据)?"
# Everything of hers, without 资料: "忘记我的一切", "把关于我的都删了".
ERASE_ALL = re.compile(
    rf"{_BEFORE}(?:{_DELETE}(?:关于|有关)?我的?{_ALL}"
    rf"|(?:把|将)(?:关于|有关)?(?:我的?{_ALL}|(?:关于|有关)我的?(?:{_ALL})?)(?:都|全|全部|给|请|要|统统)*(?:{_DELETE}|忘了)"
    rf"){_AFTER}"
)
# Below a list of what we remember it means the list: see forgetting.py.
FORGET_ALL = re.compile(rf"{_BEFORE}(?:{_DELETE}{_ALL}|(?:把|将)?{_ALL}(?:都|给|统统)*{_DELETE}){_AFTER}")
FEWER = re.compile(
    rf"{_BEFORE}(?:少(?:给我|跟我|向我)?(?:发|推送|推|打扰)(?:我)?(?:一?点儿?|一些|些|几条)*(?:消息|信息|通知|广告|推送|活动|优惠|短信)*"
    r"|(?:减少|降低)(?:一?点|一些)?(?:消息|信息|推送|发送|广告|通知|打扰)(?:的)?(?:次数|频率|数量)?"
    r"|(?:别|不要|不用)(?:给我)?(?:发|推送|推)(?:得|的)?(?:这么|那么|太)(?:多|频繁|勤)(?:消息|广告|信息|推送)?"
    r"|(?:消息|广告|推送|信息|活动消息)(?:发|推)?(?:得|的)?(?:太多|太频繁|有点多|有点频繁|太勤)|(?:发|推送|推)(?:得|的)(?:太多|太频繁|有点多|太勤)"
    rf"|(?:一个月|每个?月)(?:最多)?(?:发|给我发|推)?(?:一条|1条|一次|1次)(?:消息)?(?:就行|就好|就够|够|即可)){_AFTER}"
)
# "少发了一件" and "少发点货" are about a parcel.
NOT_FEWER = re.compile(r"货|件|个(?!月)|赠品|证书|包裹|快递|少发了|图|照片")
NORMAL = re.compile(
    rf"{_BEFORE}(?:(?:恢复)?(?:正常|照常|照旧)(?:发|发送|推送)(?:消息)?(?:就行|就好)?|恢复(?:正常)?(?:频率|发送频率)"
    r"|(?:像|和|跟)(?:以前|之前|原来)一样(?:发|推送)|多发(?:一?点|些)(?:也行|没关系|消息))(?:吧|了|就行|就好|谢谢|呀|啊)*"
)
_PHONE = r"(?:手机号码?|电话号码|手机|电话|联系方式|联系电话)"
_NOT_KEEP = r"(?:不要|不用|不必|别|不想|不愿意?|不希望)(?:再)?(?:让|要)?(?:你们?|店里)?(?:再|继续)?"
PHONE_AWAY = re.compile(
    rf"{_BEFORE}(?:(?:{_DELETE}|去掉|移除)(?:我的?)?(?:登记的?|留的|绑定的?)?{_PHONE}"
    rf"|(?:把|将)?我的?(?:登记的?|留的|绑定的?)?{_PHONE}(?:信息|记录)?(?:都|给|给我|请|要)*(?:{_DELETE}|去掉|移除)"
    rf"|(?:我)?{_NOT_KEEP}{_KEEP}我的?{_PHONE}|我的?{_PHONE}(?:不要|不用|别)(?:再)?{_KEEP}"
    rf"|(?:解绑|取消绑定|解除绑定)(?:我的?)?{_PHONE}|{_PHONE}(?:解绑|取消绑定)){_AFTER}"
)
PHONE = re.compile(
    r"(?:你好|您好|请|帮我|我想|我要|我|的|把)*(?:手机号码|手机号|电话号码|手机|电话|号码|联系方式)(?:要|需要)?"
    r"(?:换了|变了|错了|不对|写错了|改一下|改了|更改|更新|换一下|改成|改为|换成|更新为|更正为).{0,16}"
    r"|(?:我)?(?:要|想|想要)?(?:换|更换|变更|更新|修改|改)(?:了|一下|过)?(?:个)?(?:我的?)?(?:新的?)?(?:手机号码?|电话号码|联系方式)(?:了|吧|怎么办|怎么弄|怎么改|成|为)?(?:我的?)?(?:新号码?|新的)?(?:是|为|:)?(?:1[0-9x*]{2,10})?"
    r"|我(?:已经)?换(?:了)?号码?了|(?:我的?)?(?:新)?(?:手机号码?|电话号码|手机|电话)(?:现在)?(?:是|:)?1[0-9]{10}"
)
MEND = re.compile(
    rf"{_BEFORE}(?:(?:修改|更正|更改|改|纠正|更新)(?:一下)?(?:{_MINE})?{_RECORD}|(?:{_MINE})?{_RECORD}(?:不对|错了|有误|写错了|不准|要改|需要改|怎么改)"
    rf"){_AFTER}"
)
_CHANGED = r"(?:改成|改为|改作|换成|更正为|更改为|修改为|应该是|应该叫|其实是|应为)"
_WRONG = r"(?:写错了|记错了|填错了|错了|不对|有误|弄错了)"
NAME = re.compile(
    r"(?:你好|您好|请|麻烦|帮我|把|将)*(?:我的?)?(?:"
    rf"(?:名字|姓名|称呼)(?:{_WRONG}(?:我|名字)?(?:应该|其实)*(?:是|叫)|{_CHANGED}|是|叫)(?P<named>.+?)"
    r"|不叫.{1,4}?我?(?:是|叫)(?P<instead>.+?)"
    r")(?:吧|哦|谢谢|了)?"
)
CALLED = re.compile(r"我(?:的名字)?叫(?P<named>.{2,4})")
_SEX = r"(?:(?:先生|男|女士|女|小姐)(?:的|性|士|生|人)?|保密|不登记|不填)"
# "我的性别改成男"; without 男 or 女 she is asked which.
GENDER = re.compile(
    rf"(?:我是(?P<first>{_SEX}))?(?:你好|您好|请|麻烦|帮我|把|将|你们)*(?:我的?|登记的?)*性别(?:登记)?(?:成|的|得)?"
    rf"(?:(?:{_WRONG}|{_CHANGED}|要改|改一下|更正|改)(?:我|性别)?(?:应该|其实)*(?:是|为)?(?P<mended>{_SEX})?(?:才对)?|(?:是|为)(?P<said>{_SEX}))(?:吧|哦|了|谢谢)*"
)
NAME_WRONG = re.compile(
    rf"(?:你们?)?(?:把)?(?:我的?)?(?:名字|姓名|称呼)(?:登记|写|记)?(?:{_WRONG}|要改|改一下|怎么改|写得不对){_AFTER}"
)
ALLERGY_WRONG = re.compile(
    rf"(?:你们?)?(?:把)?(?:我的?)?过敏(?:史|记录|信息|的?东西)?(?:{_WRONG}|要改|改一下|怎么改|不是这些|写得不对){_AFTER}"
)
# What makes it her own name and no engraving.
HERS = re.compile(rf"我的|{_WRONG}|不叫")
SPELLED = re.compile(r"[㐀-鿿]{2,6}|[a-z]{2,24}")
QUESTION = re.compile("什么|哪|谁|怎么|多少|吗")
BIRTHDAY = re.compile(
    r"(?:你好|您好|请|麻烦|帮我|把|将)*(?:我的?)?(?:生日|出生日期|出生年月日?)"
    rf"(?:{_WRONG}[,，。 ]*(?:我?的?生日)?(?:应该|其实)*(?:是|为)?|{_CHANGED})(?P<when>.*)"
)
_DAY = re.compile(
    r"(?P<calendar>农历|阴历|旧历|公历|阳历|新历)?(?P<year>\d{4})[年./-]?(?P<leap>闰)?"
    r"(?P<month>\d{1,2}|[正一二三四五六七八九十冬腊]{1,2})[月./-](?P<day>\d{1,2}|初?[一二三四五六七八九十廿]{1,3})[日号]?"
)
# Nobody says one of these in more characters.
LONGEST = 60
_DIGITS = {word: number for number, word in enumerate("〇一二三四五六七八九十")} | {"正": 1, "冬": 11, "腊": 12}
LUNAR_WORDS = ("农历", "阴历", "旧历")


@dataclass(frozen=True, slots=True)
class Birthday:
    """As `Customer` keeps it: an ISO date of its own calendar."""

    day: str
    calendar: str
    leap: bool


def compact(plain: str) -> str:
    """As `wishes.compact`; "" for what is too long to be a wish."""
    return wishes.compact(plain) if len(plain) <= LONGEST else ""


def asks_what_is_known(plain: str) -> bool:
    return bool(KNOWN.fullmatch(compact(plain)))


def asks_for_more(plain: str) -> bool:
    return bool(MORE.fullmatch(compact(plain)))


def wants_copy(plain: str) -> bool:
    return bool(COPY.fullmatch(compact(plain)))


def wants_erasure(plain: str) -> bool:
    words = compact(plain)
    return bool(ERASE.fullmatch(words) or ERASE_ALL.fullmatch(words))


def wants_all_forgotten(plain: str) -> bool:
    """ "忘记全部": of the list that she reads, or else of everything."""
    return bool(FORGET_ALL.fullmatch(compact(plain)))


def is_name(name: str) -> bool:
    """Spelled like one, and no other word."""
    return bool(SPELLED.fullmatch(name)) and not QUESTION.search(name) and may_be_name(name)


def wants_fewer(plain: str) -> bool:
    words = compact(plain)
    return bool(FEWER.fullmatch(words)) and not NOT_FEWER.search(words)


def wants_normal(plain: str) -> bool:
    return bool(NORMAL.fullmatch(compact(plain)))


def mends_phone(plain: str) -> bool:
    return bool(PHONE.fullmatch(compact(plain)))


def removes_phone(plain: str) -> bool:
    return bool(PHONE_AWAY.fullmatch(compact(plain)))


def mends_gender(plain: str) -> bool:
    return bool(GENDER.fullmatch(compact(plain)))


def new_gender(plain: str) -> str | None:
    """ "male" or "female", as the shop's tables write it, "" for 保密; None where she did not say which."""
    found = GENDER.fullmatch(compact(plain))
    said = (found["mended"] or found["said"] or found["first"] or "") if found else ""
    return {"男": "male", "先": "male", "女": "female", "小": "female", "保": "", "不": ""}.get(said[:1])


def says_name_is_wrong(plain: str) -> bool:
    """Without the right one."""
    return bool(NAME_WRONG.fullmatch(compact(plain)))


def says_allergies_are_wrong(plain: str) -> bool:
    return bool(ALLERGY_WRONG.fullmatch(compact(plain)))


def asks_to_mend(plain: str) -> bool:
    return bool(MEND.fullmatch(compact(plain)))


def new_name(plain: str) -> str:
    """The name that she says is right; "" when it is none.

    Talk about engraving says 名字, too: without 我的, 写错了 or 不叫 a known surname is asked for.
    """
    words = compact(plain)
    found = NAME.fullmatch(words)
    if found is None:
        found = CALLED.fullmatch(words)
        name, hers = (found["named"] if found else ""), False
    else:
        name, hers = found["named"] or found["instead"] or "", bool(HERS.search(words))
    return name if is_name(name) and (hers or has_surname(name)) else ""


def mends_birthday(plain: str) -> bool:
    return BIRTHDAY.fullmatch(plain.replace(" ", "")) is not None


def new_birthday(plain: str, today: date) -> Birthday | None:
    """The day that she says is right, None when it is no whole date of the past."""
    found = BIRTHDAY.fullmatch(plain.replace(" ", ""))
    day = _DAY.search(found["when"]) if found else None
    if day is None:
        return None
    year, month, number = int(day["year"]), _number(day["month"]), _number(day["day"])
    lunar = day["calendar"] in LUNAR_WORDS or bool(day["leap"])
    try:
        solar = solar_of(LunarDate(year, month, number, bool(day["leap"]))) if lunar else date(year, month, number)
    except ValueError:
        return None
    if not date(1900, 1, 1) <= solar <= today:
        return None
    return Birthday(f"{year:04}-{month:02}-{number:02}", "lunar" if lunar else "solar", bool(day["leap"]))


def _number(written: str) -> int:
    """12, 十二, 初五, 廿三, 正, 腊."""
    if written.isdecimal():
        return int(written)
    plain = written.removeprefix("初").replace("廿", "二十")
    tens, ten, ones = plain.rpartition("十")
    if not ten:
        return _DIGITS.get(plain, 0)
    return _DIGITS.get(tens, 0 if tens else 1) * 10 + _DIGITS.get(ones, 0)
