"""Fifty sentences that are remembered, each as it was meant, and fifty that are not."""

from __future__ import annotations

import pytest

from crm.models import OccasionKind, SizeKind, TasteKind
from crm.services.households.days import YearDay, in_words, read_day
from crm.services.households.reading import read
from crm.services.households.told import DayTold, NameTold, SizeTold, SkinTold, TastesTold

BIRTHDAY, WEDDING = OccasionKind.BIRTHDAY, OccasionKind.WEDDING


def ring(value: str, of: str = "") -> SizeTold:
    return SizeTold(of, SizeKind.RING, value)


def day(kind: OccasionKind, month: int, on: int, of: str = "", label: str = "", **more: object) -> DayTold:
    return DayTold(of, kind, label, YearDay(month, on, **more))  # type: ignore[arg-type]


def likes(*tastes: tuple[TasteKind, str]) -> TastesTold:
    return TastesTold(tastes)


REMEMBERED = [
    ("记住我的手寸12号", ring("12号")),
    ("我的手寸是13号", ring("13号")),
    ("手寸12号", ring("12号")),
    ("我手寸 12", ring("12号")),
    ("帮我记一下我戒指戴14号", ring("14号")),
    ("老婆戒指13号", ring("13号", "太太")),
    ("我老婆的戒指是13号的", ring("13号", "太太")),
    ("我妈妈戴15号的戒指", ring("15号", "妈妈")),
    ("我平时戴十二号戒指", ring("12号")),
    ("我的无名指是11号", ring("11号")),
    ("请登记一下：女朋友手寸10号，谢谢", ring("10号", "女朋友")),
    ("我的戒指尺寸改成12号半", ring("12号半")),
    ("我老公手寸港码20", ring("港码20号", "先生")),
    ("我的手寸写错了，应该是14号", ring("14号")),
    ("我的手寸不对，是14号", ring("14号")),
    ("手寸记错了，应该14号", ring("14号")),
    ("我的手寸不是12号，是14号", ring("14号")),
    ("我的手寸改一下，14号", ring("14号")),
    ("帮我把手寸改成14号", ring("14号")),
    ("我的手寸寫錯了，應該是14號", ring("14号")),
    ("妈妈的手寸写错了，是15号", ring("15号", "妈妈")),
    ("我左手中指12号，右手无名指13号", ring("左中指12号、右无名指13号")),
    ("我左手12号右手13号", ring("左手12号、右手13号")),
    ("我老婆左手中指12号、右手无名指13号半", ring("左中指12号、右无名指13号半", "太太")),
    ("我手围记错了，应该是16cm", SizeTold("", SizeKind.BRACELET, "16cm")),
    ("我妈妈的生日记错了，应该是农历八月十六", day(BIRTHDAY, 8, 16, "妈妈", calendar="lunar")),
    ("我們的結婚紀念日改成2018年5月20日", day(WEDDING, 5, 20, year=2018)),
    ("我女兒叫王曉雨", NameTold("女儿", "王曉雨")),
    ("我手围15.5厘米", SizeTold("", SizeKind.BRACELET, "15.5cm")),
    ("妈妈的手镯圈口56", SizeTold("妈妈", SizeKind.BRACELET, "56号")),
    ("我的项链长度45cm", SizeTold("", SizeKind.NECKLACE, "45cm")),
    ("我妈妈生日是农历八月十五", day(BIRTHDAY, 8, 15, "妈妈", calendar="lunar")),
    ("结婚纪念日5月20日", day(WEDDING, 5, 20)),
    ("我的生日是1990年5月20日", day(BIRTHDAY, 5, 20, year=1990)),
    ("我生日5.20", day(BIRTHDAY, 5, 20)),
    ("我生日农历闰四月初八", day(BIRTHDAY, 4, 8, calendar="lunar", leap_month=True)),
    ("老婆生日正月初一", day(BIRTHDAY, 1, 1, "太太", calendar="lunar")),
    ("我女儿2015年6月1日出生", day(BIRTHDAY, 6, 1, "女儿", year=2015)),
    ("老公的生日是腊月廿三", day(BIRTHDAY, 12, 23, "先生", calendar="lunar")),
    ("我婆婆农历九月初九过生日", day(BIRTHDAY, 9, 9, "婆婆", calendar="lunar")),
    ("我们的结婚纪念日是2018年5月20日", day(WEDDING, 5, 20, year=2018)),
    ("我们2018年5月20日结婚的", day(WEDDING, 5, 20, year=2018)),
    ("我们是2020年9月9日领证的", day(WEDDING, 9, 9, year=2020)),
    ("订婚纪念日10月1号", day(OccasionKind.ENGAGEMENT, 10, 1)),
    ("恋爱纪念日是2月14日", day(OccasionKind.FIRST_DATE, 2, 14)),
    ("入职纪念日3月8日", day(OccasionKind.OTHER, 3, 8, label="入职纪念日")),
    ("我妈生日五月二十号", day(BIRTHDAY, 5, 20, "妈妈")),
    ("我的生日改成5月21日", day(BIRTHDAY, 5, 21)),
    ("记住我闺蜜的生日是11月11号哦", day(BIRTHDAY, 11, 11, "闺蜜")),
    ("我生日是阳历8月15", day(BIRTHDAY, 8, 15)),
    ("我的农历生日是八月十五", day(BIRTHDAY, 8, 15, calendar="lunar")),
    ("我老公阳历生日8月15", day(BIRTHDAY, 8, 15, "先生")),
    ("结婚纪念日是520", day(WEDDING, 5, 20)),
    ("我和老公的结婚纪念日是9月9日", day(WEDDING, 9, 9)),
    ("我戴13号的", ring("13号")),
    ("我喜欢复古风的首饰", likes((TasteKind.STYLE, "复古"))),
    ("我女儿叫朵朵", NameTold("女儿", "朵朵")),
    ("我老婆名字叫秦可卿", NameTold("太太", "秦可卿")),
    ("我女儿叫王小雨", NameTold("女儿", "王小雨")),
    ("我女儿小名叫糖豆", NameTold("女儿", "糖豆")),
    ("我对镍过敏", SkinTold(("镍",), "我对镍过敏")),
    ("我对胶水过敏", SkinTold(("胶水",), "我对胶水过敏")),
    ("我对18K金过敏", SkinTold(("18K金",), "我对18k金过敏")),
    ("去年结婚纪念日5月20日", day(WEDDING, 5, 20)),
    ("我镍过敏", SkinTold(("镍",), "我镍过敏")),
    ("我皮肤对925银有点过敏", SkinTold(("925银",), "我皮肤对925银有点过敏")),
    ("我戴银会过敏", SkinTold(("银",), "我戴银会过敏")),
    ("我喜欢玫瑰金", likes((TasteKind.MATERIAL, "玫瑰金"))),
    ("我最喜欢18K金的首饰", likes((TasteKind.MATERIAL, "18K金"))),
    ("我喜欢简约的款式", likes((TasteKind.STYLE, "简约"))),
    ("我比较喜欢珍珠和翡翠", likes((TasteKind.STONE, "珍珠"), (TasteKind.STONE, "翡翠"))),
    ("我不喜欢黄金", likes((TasteKind.DISLIKES, "黄金"))),
    ("我偏爱复古风格", likes((TasteKind.STYLE, "复古"))),
    ("我喜欢绿色的宝石", None),  # a colour of something that we do not know: rather not
    ("记住我预算5000到8000", likes((TasteKind.PRICE_BAND, "5000到8000"))),
    ("记住我想要一条珍珠项链", likes((TasteKind.WISH, "一条珍珠项链"))),
    ("我的心愿是和田玉手镯", likes((TasteKind.WISH, "和田玉手镯"))),
]

NOT_REMEMBERED = [
    *("珍珠项链怎么保养", "我的戒指变黑了", "戒指能戴着洗澡吗", "12", "12号", "戒指12号", "我的手寸", "我的手寸是多少"),
    *("手寸怎么量", "怎么知道自己戴几号戒指", "12号能改成14号吗", "戒指改圈要多久", "我12号来试戴戒指", "12号下午三点"),
    *("我想12号去店里看戒指", "改到12号", "取消12号的预约", "我老婆12号去取戒指", "5月20日", "5月20日有活动吗"),
    *(
        "我5月20日结婚，想看对戒",
        "我5月20日结婚",
        "生日可以打折吗",
        "生日有礼物吗",
        "我妈妈生日送什么好",
        "下周我妈妈生日",
    ),
    *("今天我生日", "生日是什么石头", "结婚纪念日送什么", "结婚纪念日快到了", "我妈妈生日想买个手镯", "我生日2月30日"),
    *("我对镍过敏能戴什么", "对镍过敏怎么办", "925银会过敏吗", "我戴银过敏了怎么办", "过敏", "我对你们的服务过敏"),
    *("我喜欢这个", "我喜欢你们家的服务", "喜欢", "我喜欢玫瑰金，会掉色吗", "我想要玫瑰金的", "我想买一个玫瑰金戒指"),
    *(
        "玫瑰金好还是黄金好",
        "预算5000左右有什么推荐",
        "我预算5000",
        "我女儿叫什么名字好",
        "我妈叫我来拿戒指",
        "我老婆的戒指 3",
    ),
    *(
        "戒指13号能改小吗",
        "我的金镯子重12克",
        "老婆的戒指掉了一颗钻",
        "我买了13号的戒指",
        "帮我记一下",
        "我老公叫我别买",
    ),
    *("我戴着13号戒指去店里", "我12号戴去修", "我生日是12", "我想要一个12号的戒指", "我要12号戒指"),
    *("我对金属应该不过敏", "我对镍不过敏吗", "我对这个不过敏", "我过敏", "银不过敏", "我戴银会不会过敏"),
    *("我左手中指12号来试戴", "左手12号", "把我的戒指改成12号", "我的手寸写错了", "我左手中指40号，右手无名指13号"),
    *("我对老公过敏", "我对男人过敏", "我对海鲜过敏", "我对花粉过敏", "我对镍好像过敏"),
    *("我女儿叫了外卖", "我妈叫外卖", "我老公叫人来取", "我妈妈叫号", "我妈妈叫车", "我女儿叫吃饭"),
    *("我妈妈叫不起来", "我弟弟叫停", "我婆婆叫救命", "我老公名字是刻里面", "我妈叫方便面", "我女儿叫小点声"),
    *("我的戒指改成12号", "我戒指要12号", "老婆的戒指改为13号"),
    *("退订", "我的预约改成5月20日", "我的项链45克", "手镯圈口怎么选", "纪念日刻字可以吗"),
]


@pytest.mark.parametrize(("sentence", "meant"), [case for case in REMEMBERED if case[1] is not None])
def test_it_is_remembered_as_it_was_meant(sentence: str, meant: object) -> None:
    assert read(sentence) == (meant,)


@pytest.mark.parametrize("sentence", [*NOT_REMEMBERED, *(words for words, meant in REMEMBERED if meant is None)])
def test_it_is_left_to_others(sentence: str) -> None:
    assert read(sentence) == ()


def bears(*materials: str) -> tuple[bool, tuple[str, ...]]:
    return True, materials


def reacts(*materials: str) -> tuple[bool, tuple[str, ...]]:
    return False, materials


SKIN = [
    ("我对镍不过敏", [bears("镍")]),
    ("我对镍和银不过敏", [bears("镍", "银")]),
    ("我其实对镍不过敏", [bears("镍")]),
    ("我对银从来不过敏", [bears("银")]),
    ("我已经不对镍过敏了", [bears("镍")]),
    ("我现在對鎳不過敏了", [bears("镍")]),
    ("我没有镍过敏", [bears("镍")]),
    ("镍我不过敏的", [bears("镍")]),
    ("我戴银没事", [bears("银")]),
    ("我对镍不过敏，对银过敏", [bears("镍"), reacts("银")]),
    ("我对镍过敏，对银不过敏", [reacts("镍"), bears("银")]),
    ("我银过敏，镍不过敏", [reacts("银"), bears("镍")]),
    ("我不是对镍过敏，是对银", [bears("镍"), reacts("银")]),
    ("我对镍、银、铜都过敏", [reacts("镍", "银", "铜")]),
    ("我只对镍过敏", [bears(), reacts("镍")]),
    ("我不过敏", [bears()]),
    ("我什么都不过敏", [bears()]),
    ("我没有过敏史", [bears()]),
    ("我不是过敏体质", [bears()]),
]


@pytest.mark.parametrize(("sentence", "meant"), SKIN)
def test_what_her_skin_bears_and_what_not(sentence: str, meant: list[tuple[bool, tuple[str, ...]]]) -> None:
    told = read(sentence)
    assert [(one.bears, one.materials) for one in told if isinstance(one, SkinTold)] == meant
    assert len(told) == len(meant)


def test_there_are_fifty_of_each() -> None:
    assert len([meant for _, meant in REMEMBERED if meant]) >= 50
    assert len(set(NOT_REMEMBERED)) >= 50


def test_several_facts_in_one_message() -> None:
    assert read("我手寸12号，老婆戒指13号，结婚纪念日5月20日") == (
        ring("12号"),
        ring("13号", "太太"),
        day(WEDDING, 5, 20),
    )
    assert read("我手寸12号，戒指能洗吗") == ()
    assert read("我婆婆叫王秀英，生日农历腊月初八") == (
        NameTold("婆婆", "王秀英"),
        day(BIRTHDAY, 12, 8, "婆婆", calendar="lunar"),
    )
    assert read("我婆婆叫王秀英，我生日5月20日")[1] == day(BIRTHDAY, 5, 20)
    assert read("我手寸12号，下午过来") == ()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("农历八月十五", "农历八月十五"),
        ("八月十五", "农历八月十五"),
        ("八月十五号", "8月15日"),
        ("5月20日", "5月20日"),
        ("2月29日", "2月29日"),
        ("1990-05-20", "1990年5月20日"),
        ("腊月廿三", "农历腊月廿三"),
        ("十一月十一", "农历冬月十一"),
        ("农历12月30", "农历腊月三十"),
        ("闰四月初八", "农历闰四月初八"),
        ("阳历8月15", "8月15日"),
        ("2月30日", ""),
        ("13月1日", ""),
        ("农历8月31", ""),
        ("阳历闰四月初八", ""),
    ],
)
def test_days_are_said_back_as_they_were_meant(said: str, kept: str) -> None:
    found = read_day(said)
    assert (in_words(found) if found else "") == kept
