"""What she says below the passport of a piece: whom it is for, and until when that is a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from crm.calendar import FESTIVALS
from crm.services.households.days import PATTERN as DAY
from crm.services.households.days import read_day
from crm.services.households.relations import KEPT_AS
from crm.services.households.relations import PATTERN as RELATION
from crm.when.writing import simplified

_FESTIVAL = "|".join(sorted(map(re.escape, FESTIVALS), key=len, reverse=True))
_WHOM = r"(?:她|他|ta|对方|我?(?:老婆|老公|太太|先生|女朋友|男朋友|妈妈|妈|爸爸|爸))"
_NOT_TO_HER = rf"先?(?:别|不要|不能)(?:告诉|让){_WHOM}(?:知道)?"
_HUSH = rf"(?:保密|{_NOT_TO_HER}|先?别说|瞒着(?:她|他|ta))"
_NEAR = {"明天": 1, "后天": 2, "大后天": 3}
_WEEKDAY = r"(?:下下|下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天末]"
_NEXT_YEAR = r"明年的?"
_DAY = (
    rf"(?:(?:{_NEXT_YEAR}|今年的?)?(?:{DAY}|{_FESTIVAL})|{'|'.join(sorted(_NEAR, key=len, reverse=True))}|{_WEEKDAY})"
)
_UNTIL = (
    rf"(?:先)?(?:请|麻烦|帮我|替我|给我|改成|改到|还是)*(?:先)?(?:{_HUSH}(?:到|至|直到|改到|改成)?(?P<day>{_DAY})?(?:再说|再告诉(?:她|他|ta)|为止|那天|之前|以前|前)?"
    rf"|(?P<before>{_DAY})(?:之前|以前|前)(?:先|都|请|一定|要|帮我)*{_HUSH}"
    rf"|{_HUSH}到(?P<unclear>[^,，。;；]{{1,12}}))(?:哦|吧|啊|呀|哈|喔|谢谢|可以吗)*"
)
_FOR = re.compile(
    r"(?:这(?:件|个|条|枚|只|对)?)?(?:是)?(?:要)?(?:送给?|买给|给|帮)(?:我|咱)?(?:们)?(?:家)?的?"
    rf"(?P<relation>{RELATION})(?:买|戴)?的?(?:了|礼物)?(?:的惊喜)?(?P<secret>[,，。;；\s]*{_UNTIL})?"
)
_SECRET = re.compile(_UNTIL)
_ENDED = re.compile(
    rf"(?:现在|已经)?(?:(?:不用|不必|不要|别|无需)(?:再)?(?:帮我|替我|给我)?(?:保密|瞒着?{_WHOM}?)|(?:取消|解除|结束|停止)保密|不保密"
    rf"|(?:现在|已经)?(?:可以|能)(?:告诉|跟|和){_WHOM}(?:说|讲|知道)?)(?:了|吧|啊|哦|呀|谢谢)*"
)
_HERS = re.compile(
    r"(?:这(?:件|个|条|枚|只|对)?)?(?:其实|现在)?(?:(?:是)?(?:我|留着|留给)?(?:我)?自己(?:留着)?(?:戴|用|留)(?:着)?|(?:是)?我自己"
    rf"|不是?送(?:给)?(?:人|(?:我|咱)?(?:们)?(?:家)?的?(?:{RELATION}))|不送人)(?:的|了|吧|啊|哦)*"
)
# Days: "11月20日" said on the 22nd means the one just gone, and is asked about; "1月1日" in November is the next one.
GONE = 300


@dataclass(frozen=True, slots=True)
class RelationDay:
    """Whom a piece is for; whether it is a secret, and until when if she said."""

    relation: str
    secret: bool
    day: date | None


def wearer_in(plain: str, today: date) -> RelationDay | None:
    """ "送给老婆，保密到12月24日"; None for other words."""
    found = _FOR.fullmatch(simplified(plain))
    if found is None:
        return None
    day = _named(found, today)
    return RelationDay(KEPT_AS[found["relation"]], bool(found["secret"]), day)


def day_of_secret(plain: str, today: date) -> date | None:
    """ "保密到圣诞节"; None for other words and where no day is named."""
    found = _SECRET.fullmatch(simplified(plain))
    return _named(found, today) if found else None


def wants_secret(plain: str) -> bool:
    """She asks for it, with or without a day."""
    return _SECRET.fullmatch(simplified(plain)) is not None


def ends_secret(plain: str) -> bool:
    """ "不用保密了", "可以告诉她了"."""
    return _ENDED.fullmatch(simplified(plain)) is not None


def wears_herself(plain: str) -> bool:
    """ "我自己戴", "不是送给老婆的": it is for nobody else."""
    return _HERS.fullmatch(simplified(plain)) is not None


def _named(found: re.Match[str], today: date) -> date | None:
    words = found["day"] or found["before"]
    return named_day(words, today) if words else None


def named_day(words: str, today: date) -> date | None:
    """A day or a festival, as who keeps a secret until then means it: one just gone is past. None: other words."""
    words = simplified(words.strip())
    if words in _NEAR:
        return today + timedelta(_NEAR[words])
    if re.fullmatch(_WEEKDAY, words):
        return _weekday(words, today)
    later = re.match(_NEXT_YEAR, words)
    day = re.sub(rf"^(?:{_NEXT_YEAR}|今年的?)", "", words)
    coming = (lambda since: FESTIVALS[day].next(since)) if day in FESTIVALS else None
    if coming is None:
        found = read_day(day)
        if found is None:
            return None
        if found.year is not None and found.calendar == "solar":
            return date(found.year, found.month, found.day)
        coming = found.next
    if later:
        return coming(date(today.year + 1, 1, 1))
    if words != day:
        return coming(date(today.year, 1, 1))
    comes = coming(today)
    gone = coming(today - timedelta(366 - GONE))
    return gone if (comes - today).days > GONE and gone < today else comes


def _weekday(words: str, today: date) -> date:
    """下周五 is the Friday of next week, 周五 the next one to come; 周末 is Saturday."""
    number = "一二三四五六日".index(words[-1].replace("天", "日").replace("末", "六"))
    weeks = words.count("下")
    day = today + timedelta(number - today.weekday() + 7 * weeks)
    return day if weeks or words[0] in "这本" or day > today else day + timedelta(7)
