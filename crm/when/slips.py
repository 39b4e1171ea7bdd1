"""Time words as other regions, other keyboards and hasty fingers write them, each with the word that the rules read."""

from __future__ import annotations

import re
from collections.abc import Callable

_WEEK = "一二三四五六日"
# Slips of ear, eye and finger that turn time words into something else; both sides have the same length.
_SLIPS_OF = {
    "明天": "明忝 明添 名天 明田 眀天 明夭 朋天",
    "后天": "后填 后忝 后添 后夭",
    "今天": "今忝 今添 今填 今夭",
    "下午": "下舞 下武 吓午 夏午 下牛 下伍",
    "上午": "尚午",
    "中午": "中舞 忠午 种午",
    "晚上": "晚尚 挽上",
    "早上": "早尚 枣上",
    "傍晚": "旁晚 榜晚 膀晚 磅晚",
    "星期": "星其 星欺 醒期",
    "礼拜": "里拜 礼败 理拜 礼摆 礼白",
    "周末": "周未 周沫 周莫 州末 周抹 周沬",
    "点钟": "点种 点终",
    "元旦": "圆旦 元但 园旦",
    "圣诞": "圣旦 生诞 胜诞 圣蛋",
    "国庆": "国青 国请",
    "除夕": "除息 除希",
    "腊八": "蜡八 辣八",
    "端午": "端五 断午",
    "下周": "吓周 夏周",
}
SLIPS = {
    **{slip: meant for meant, slips in _SLIPS_OF.items() for slip in slips.split()},
    **{f"{slip}{day}": f"周{day}" for slip in "粥舟" for day in f"{_WEEK}末"},
    # 曰 looks like 日.
    **{f"{before}曰": f"{before}日" for before in "周期拜月一二三四五六七八九十0123456789"},
}
_NUMBER = "[0-9一二两三四五六七八九十]"
# Capital numerals, and hours as the ear gives them.
_CAPITAL = dict(zip("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十", strict=True))
_CAPITALS = f"[{''.join(_CAPITAL)}]"
_HOURS = dict(zip("散似武舞巴久酒", "三四五五八九九", strict=True))
# Slips that are words elsewhere, read so only where a time stands: one character for one.
RISKY_SLIPS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile("(?<=[上中下])五(?=[0-9一二两三四五六七八九十]{1,3}点)"), "午"),
    (re.compile("(?<![晚早])上[舞武伍](?![会台功蹈])"), "上午"),
    (re.compile("(?<![时气等])候天"), "后天"),
    (re.compile(f"(?<={_NUMBER})[典奌惦踮](?![故礼当籍型藏])"), "点"),
    (re.compile(f"{_CAPITALS}(?=[点号月十拾])|(?<=[周期拜月十拾]){_CAPITALS}"), lambda found: _CAPITAL[found[0]]),
    (
        re.compile(f"(?<=上午|中午|下午|晚上|早上|傍晚|明天|后天|今天)[{''.join(_HOURS)}](?=点)"),
        lambda found: _HOURS[found[0]],
    ),
    (
        re.compile(f"(?<={_NUMBER}点)(?:办(?![理事卡婚好妥下])|伴(?![手侣娘郎奏])|[版扮](?![本型权式面演成])|[拌绊])"),
        "半",
    ),
    (re.compile("(?:(?<=^)|(?<=[，。下这上本]))[州洲](?=[一二三四五六日末])"), "周"),
    # The letter for the digit: 1O点, l1点.
    (re.compile("(?<=[0-2])o(?=[点:号月])"), "0"),
    (re.compile("(?<![a-z0-9])[li](?=[0-9][点:号月])"), "1"),
)

# What a customer who writes English, or pinyin that was never turned into characters, types; gaps are gone by then.
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_PINYIN = ["yi", "er", "san", "si", "wu", "liu", "ri"]
_PINYIN_HOURS = [*_PINYIN[:6], "qi", "ba", "jiu", "shi", "liang", "shiyi", "shier"]
_WHICH = {"": "", "xia": "下", "xiage": "下个", "zhe": "这", "zhege": "这个"}
LATIN = {
    "tomorrow": "明天",
    "today": "今天",
    "tonight": "今晚",
    "afternoon": "下午",
    "morning": "上午",
    "evening": "晚上",
    "weekend": "周末",
    **{english: f"周{day}" for english, day in zip(_WEEKDAYS, _WEEK, strict=True)},
    "jintian": "今天",
    "mingtian": "明天",
    "houtian": "后天",
    "dahoutian": "大后天",
    "zaoshang": "早上",
    "shangwu": "上午",
    "zhongwu": "中午",
    "xiawu": "下午",
    "bangwan": "傍晚",
    "wanshang": "晚上",
    **{
        f"{ahead}{week}{day}": f"{which}{'周' if week == 'zhou' else '星期'}{meant}"
        for ahead, which in _WHICH.items()
        for week in ("zhou", "xingqi", "libai")
        for day, meant in zip([*_PINYIN, "tian", "mo"], f"{_WEEK}日末", strict=True)
    },
    **{
        f"{hour}dian": f"{meant}点"
        for hour, meant in zip(_PINYIN_HOURS, [*"一二三四五六七八九十两", "十一", "十二"], strict=True)
    },
}
_BEHIND_NUMBER = {"dian": "点", "dianzhong": "点钟", "yue": "月", "hao": "号"}
LATIN_WORD = re.compile(
    f"(?:on|in|this|the|at)?({'|'.join(sorted(LATIN, key=len, reverse=True))})"
    "|at(?=[0-9]{1,2}(?::[0-9]{2})?[ap]m)"
    f"|(?<={_NUMBER})({'|'.join(sorted(_BEHIND_NUMBER, key=len, reverse=True))})(?![a-z](?!an))"
    "|(?:(?<=点)|(?<=dian))(ban)(?![a-z])"
)


def from_latin(found: re.Match[str]) -> str:
    """What an English word or pinyin says."""
    if found[3]:
        return "半"
    return LATIN.get(found[1] or "") or _BEHIND_NUMBER.get(found[2] or "", "在")
