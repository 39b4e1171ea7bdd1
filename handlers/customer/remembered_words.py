"""How a remembered thing is said back: whose, what, and when it comes round next."""

from __future__ import annotations

from datetime import date

from crm.models import OccasionKind, SizeKind, TasteKind
from crm.services.households.days import YearDay, in_words
from crm.services.households.remembering import NAME, Remembered
from crm.services.households.told import DayTold, NameTold, SizeTold, SkinTold, Told
from wording import Wording

SIZES = {
    SizeKind.RING: "household.ring",
    SizeKind.BRACELET: "household.bracelet",
    SizeKind.NECKLACE: "household.necklace",
}
DAYS = {
    OccasionKind.BIRTHDAY: "household.birthday",
    OccasionKind.WEDDING: "household.wedding",
    OccasionKind.ENGAGEMENT: "household.engagement",
    OccasionKind.FIRST_DATE: "household.first_date",
}
TASTES = {
    TasteKind.DISLIKES: "household.dislikes",
    TasteKind.PRICE_BAND: "household.price_band",
    TasteKind.WISH: "household.wish",
}


def told_line(fact: Told, today: date, say: Wording) -> str:
    """What she just said."""
    if isinstance(fact, SizeTold):
        return line(Remembered("", fact.kind, fact.relation, fact.value), today, say)
    if isinstance(fact, DayTold):
        return line(Remembered("", fact.kind, fact.relation, fact.label, fact.day), today, say)
    if isinstance(fact, NameTold):
        return say("household.called", relation=fact.relation, name=fact.called)
    if isinstance(fact, SkinTold):
        return say("household.allergy", value="、".join(fact.materials))
    return "\n".join(line(Remembered("", kind, "", value), today, say) for kind, value in fact.tastes)


def line(one: Remembered, today: date, say: Wording, herself: str = "") -> str:
    """妈妈的生日：农历八月十五（下一次：2027年9月15日）. `herself`: how she is called, where she is not the reader."""
    whose = one.of or herself or say("household.you")
    if one.day is not None:
        return _day(one, one.day, whose, today, say)
    if isinstance(one.kind, SizeKind):
        return say(SIZES[one.kind], whose=whose, value=one.value)
    if isinstance(one.kind, TasteKind):
        return say(TASTES.get(one.kind, "household.likes"), whose=whose, value=one.value)
    if one.kind == NAME:
        return say("household.called", relation=one.of, name=one.value)
    return say("household.allergic", value=one.value)


def day_name(told: DayTold, say: Wording) -> str:
    """生日, 结婚纪念日, or what she calls it."""
    return say(DAYS[told.kind]) if told.kind in DAYS else told.label


def _day(one: Remembered, day: YearDay, whose: str, today: date, say: Wording) -> str:
    comes = day.next(today)
    when = say(
        "household.day_is_today" if comes == today else "household.day_next", day=in_words(day), next=_date(comes)
    )
    what = say(DAYS[one.kind]) if one.kind in DAYS else one.value  # type: ignore[index]
    if one.kind is not OccasionKind.BIRTHDAY and not one.of:
        return say("household.day_of_both", what=what, when=when)
    return say("household.day_of", whose=whose, what=what, when=when)


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
