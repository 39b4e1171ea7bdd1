"""Spellings brought to one form: simplified characters, half width, no gaps, frequent slips of the finger mended."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from opencc import OpenCC

# Characters in which Chinese words are written.
_HAN = range(0x4E00, 0xA000)
# Slips of ear and finger that turn time words into something else; both sides have the same length.
_SLIPS_OF = {
    "明天": "明忝 明添 名天 明田 眀天",
    "后天": "后填 后忝 后添",
    "今天": "今忝 今添 今填",
    "下午": "下舞 下武 吓午 夏午",
    "上午": "上舞 尚午",
    "中午": "中舞 忠午",
    "晚上": "晚尚 挽上",
    "早上": "早尚 枣上",
    "傍晚": "旁晚 榜晚 膀晚",
    "星期": "星其 星欺 醒期",
    "礼拜": "里拜 礼败 理拜 礼摆 礼白",
    "周末": "周未 周沫 周莫 州末 周抹",
    "点钟": "点种 点终",
    "元旦": "圆旦 元但 园旦",
    "圣诞": "圣旦 生诞 胜诞 圣蛋",
    "国庆": "国青 国请",
    "除夕": "除息 除希",
    "腊八": "蜡八 辣八",
    "端午": "端五 断午",
    "下周": "吓周 夏周",
}
_SLIPS = {
    **{slip: meant for meant, slips in _SLIPS_OF.items() for slip in slips.split()},
    **{f"{slip}{day}": f"周{day}" for slip in "粥舟" for day in "一二三四五六日末"},
    # 曰 looks like 日.
    **{f"{before}曰": f"{before}日" for before in "周期拜月一二三四五六七八九十0123456789"},
}
_SLIP = re.compile("|".join(sorted(map(re.escape, _SLIPS), key=len, reverse=True)))
# Slips that are words elsewhere: 下五三点 before an hour alone, 三点办 not in 办理, 州六 not in 杭州六.
_RISKY_SLIPS = (
    (re.compile("(?<=[上中下])五(?=[0-9一二两三四五六七八九十]{1,3}点)"), "午"),
    (re.compile("(?<=[0-9一二两三四五六七八九十]点)办(?![理事卡婚好妥下])"), "半"),
    (re.compile("(?:(?<=^)|(?<=[，。下这上本]))[州洲](?=[一二三四五六日末])"), "周"),
)
# What a customer who writes English most often types, as the rules read it; gaps are gone by then.
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_ENGLISH = {
    "tomorrow": "明天",
    "today": "今天",
    "tonight": "今晚",
    "afternoon": "下午",
    "morning": "上午",
    "evening": "晚上",
    "weekend": "周末",
    **{english: f"周{day}" for english, day in zip(_WEEKDAYS, "一二三四五六日", strict=True)},
}
_ENGLISH_WORD = re.compile(f"(?:on|in|this|the|at)?({'|'.join(_ENGLISH)})|at(?=[0-9]{{1,2}}(?::[0-9]{{2}})?[ap]m)")
_BREAKS = str.maketrans({"\n": "，", "\r": "，", "〜": "~", "～": "~", "—": "-", "–": "-", "―": "-", "−": "-"})


def _to_simplified() -> dict[int, str]:
    """Each traditional character with its simplified one, character by character so that places are kept."""
    every = [chr(code) for code in _HAN]
    plain = OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {ord(old): new for old, new in zip(every, plain, strict=True) if old != new and len(new) == 1}


_SIMPLIFIED = _to_simplified() | {ord("禮"): "礼", ord("鍾"): "钟", ord("裡"): "里"}


@dataclass(frozen=True, slots=True)
class Writing:
    """Words in the one form in which they are read, and where each character stood."""

    words: str
    plain: str
    places: tuple[int, ...]

    def without(self, spans: list[tuple[int, int]]) -> str:
        """The words as they were written, without these spans of `plain`."""
        kept, at = [], 0
        for first, end in sorted(span for span in spans if span[0] < span[1]):
            kept.append(self.words[at : max(at, self.places[first])])
            at = max(at, self.places[end - 1] + 1)
        return _tidy("".join([*kept, self.words[at:]]))


def read_writing(words: str) -> Writing:
    """Words as the layers after this one want them; any text will do."""
    folded, places = [], []
    for place, char in enumerate(words):
        for plain in _plain(char):
            folded.append(plain)
            places.append(place)
    kept = [at for at in range(len(folded)) if folded[at] != " " or _parts_digits(folded, at)]
    text, places = _from_english("".join(folded[at] for at in kept), [places[at] for at in kept])
    mended = _SLIP.sub(lambda slip: _SLIPS[slip.group()], text)
    for slip, meant in _RISKY_SLIPS:
        mended = slip.sub(meant, mended)
    return Writing(words, mended, tuple(places))


def _from_english(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Time words in Chinese; the first character keeps the place of the word's beginning, the last that of its end."""
    made, stood, at = [], [], 0
    for found in _ENGLISH_WORD.finditer(text):
        chinese = _ENGLISH.get(found[1] or "", "在")
        made += [text[at : found.start()], chinese]
        stood += places[at : found.start()] + [places[found.start()]] * (len(chinese) - 1) + [places[found.end() - 1]]
        at = found.end()
    return "".join([*made, text[at:]]), stood + places[at:]


def _plain(char: str) -> str:
    if char < "\x7f":
        return "，" if char in "\n\r" else " " if char.isspace() else char.lower()
    if char in "，。、（）～：；！？":
        return _MARKS.get(char, char)
    if ord(char) in _HAN:
        return _SIMPLIFIED.get(ord(char), char)
    if unicodedata.category(char) in ("Cf", "Mn", "Cc"):
        return ""
    folded = unicodedata.normalize("NFKC", char).translate(_BREAKS)
    return "".join(" " if one.isspace() else one for one in folded.lower())


_MARKS = {"：": ":", "～": "~", "；": "，", "！": "。"}


def _parts_digits(folded: list[str], at: int) -> bool:
    """A gap counts between two digits alone: "12 5", not "周 六"."""
    before = next((char for char in reversed(folded[:at]) if char != " "), "")
    after = next((char for char in folded[at + 1 :] if char != " "), "")
    return before.isdigit() and after.isdigit() and folded[at - 1] != " "


_TIDY = re.compile(r"^[\s，,。、；;：:！!？?~\-—（）()|/]+|[\s，,。、；;：:~\-—（(|/]+$")
_DOUBLED = re.compile(r"(?<=[，,。、；;\s])[\s，,、；;]+|[（(][）)]")


def _tidy(words: str) -> str:
    return _TIDY.sub("", _DOUBLED.sub("", words))
