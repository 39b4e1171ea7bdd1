"""What she says below the passport of a piece: whom it is for, and until when that is a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crm.calendar import FESTIVALS
from crm.services.households.days import PATTERN as DAY
from crm.services.households.days import read_day
from crm.services.households.relations import KEPT_AS
from crm.services.households.relations import PATTERN as RELATION
from crm.when.writing import simplified

_FESTIVAL = "|".join(sorted(map(re.escape, FESTIVALS), key=len, reverse=True))
_NOT_TO_HER = r"先?(?:别|不要|不能)(?:告诉|让)(?:她|他|ta|对方|我?(?:老婆|老公|太太|先生))(?:知道)?"
_HUSH = rf"(?:保密|{_NOT_TO_HER}|先?别说|瞒着(?:她|他|ta))"
_DAY = rf"(?:{DAY}|{_FESTIVAL})"
_UNTIL = (
    rf"(?:先)?(?:请|麻烦|帮我|替我|给我)*(?:先)?(?:{_HUSH}(?:到|至|直到)?(?P<day>{_DAY})?(?:再说|再告诉(?:她|他|ta)|为止|那天|之前|以前|前)?"
    rf"|(?P<before>{_DAY})(?:之前|以前|前)(?:先|都|请|一定|要|帮我)*{_HUSH})(?:哦|吧|啊|呀|哈|喔|谢谢|可以吗)*"
)
_FOR = re.compile(
    r"(?:这(?:件|个|条|枚|只|对)?)?(?:是)?(?:要)?(?:送给?|买给|给|帮)(?:我|咱)?(?:们)?(?:家)?的?"
    rf"(?P<relation>{RELATION})(?:买|戴)?的?(?:了|礼物)?(?:的惊喜)?(?P<secret>[,，。;；\s]*{_UNTIL})?"
)
_SECRET = re.compile(_UNTIL)


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


def _named(found: re.Match[str], today: date) -> date | None:
    words = found["day"] or found["before"]
    return named_day(words, today) if words else None


def named_day(words: str, today: date) -> date | None:
    """A day or a festival, the next time it comes; None for other words."""
    if words in FESTIVALS:
        return FESTIVALS[words].next(today)
    found = read_day(words)
    if found is None:
        return None
    if found.year is not None and found.calendar == "solar":
        return date(found.year, found.month, found.day)
    return found.next(today)
