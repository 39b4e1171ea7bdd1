"""From all the times of a message to the one answer: corrections, refusals, alternatives."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from crm.when.marks import Days, Seen, Sort
from crm.when.meaning import When, WhenKind
from crm.when.phrases import Phrase, Reading
from crm.when.resolving import every_day, from_to, of_days, resolve

# 随时 is the coming week, 尽快 the next three days: offers begin with the first.
_ANY_TIME, _SOON = timedelta(days=6), timedelta(days=2)
# A day on which something else happens, not the visit.
_EVENT = re.compile(
    r"[当那就]?[天日]?(?:是|就|要|我|我们|妈妈?|老婆|老公|女儿|儿子|闺女|男朋友|女朋友|过|的|才|刚){0,6}(?:在.{0,6}?)?"
    r"(?:生日|结婚|领证|订婚|办?婚礼|办酒|摆酒|满月|周岁|百天|买[的了过]|入手|下的?单|付的?款|付了|拍的|寄[出的]|发的货|签收|订的|拿到?的|收到的|取的|旅游|出国|回老家|纪念日)"
)
_EVENT_BEFORE = re.compile(r"(?:生日|婚礼|婚期|纪念日|结婚日子?|领证|预产期|出差|结婚)(?:是|在|定在|就在|:|，)*$")
# She comes: of two times the one that is said of the visit.
_VISIT = re.compile(r"来(?!自|着)|到店|过去|去(?!年)|试|预?约(?!的)|取|看看|逛|安排|见|能到|到(?=$|，)")
# Asked of a time that is over, as if it were ahead: by mistake. Whatever else is said of it is told.
_ASKED = re.compile(rf"^[吧呢啊呀哦嘛的左右]*$|可以|行|好[吗不]|能|吗|空|位|时间|方便|休|假|班|{_VISIT.pattern}")
_DONE = re.compile(r"[了过](?!来|去)|还?没(?!空|有?时间|有?位)|的(?!话|时间|位|预?约)")
_CLAUSE_END = "，。?!"


def choose(reading: Reading, plain: str, seen: Seen) -> When:
    """The time that the words mean after all."""
    phrases = _after_corrections(reading.phrases)
    _share_hours(phrases)
    excluded = [phrase for phrase in phrases if phrase.unwanted is Sort.EXCEPT]
    wanted = [phrase for phrase in phrases if phrase.unwanted is None and not _only_lends_its_day(phrase, phrases)]
    wanted = _of_the_visit([phrase for phrase in wanted if not _is_told(phrase, plain, seen)], plain)
    if any(phrase.impossible for phrase in wanted):
        return When(WhenKind.NONE, impossible=True)
    if excluded:
        return _without(wanted, excluded, seen)
    if wanted:
        return _joined(_resolved(wanted, seen))
    if phrases:
        return When(WhenKind.NONE)
    if reading.soon:
        return of_days(seen, Days(seen.today, seen.today + _SOON))
    if reading.any_time:
        return of_days(seen, Days(seen.today, seen.today + _ANY_TIME))
    return When(WhenKind.NONE)


def _after_corrections(phrases: list[Phrase]) -> list[Phrase]:
    """What stands behind the last correction; all, when nothing was corrected."""
    for at in range(len(phrases) - 1, 0, -1):
        if phrases[at].joint is Sort.CHANGE:
            return phrases[at:]
    return phrases


def _share_hours(phrases: list[Phrase]) -> None:
    """明天或者后天下午三点: the hour holds for both."""
    for before, after in reversed(list(pairwise(phrases))):
        if after.joint is Sort.OR and before.day_alone and after.day_from is None and (after.part or after.clock):
            before.part, before.clock, before.limit = after.part, after.clock, after.limit


def _only_lends_its_day(phrase: Phrase, phrases: list[Phrase]) -> bool:
    """周六不是三点，是四点: the first phrase gave only its day to the others."""
    return phrase.day_alone and phrase.limit is None and any(other.day_from is phrase for other in phrases)


def _of_the_visit(phrases: list[Phrase], plain: str) -> list[Phrase]:
    """Without days on which something else happens; of several the ones that are said of coming."""
    kept = [phrase for phrase in phrases if not _is_event(phrase, plain)]
    if len(kept) < 2 or any(phrase.joint for phrase in kept[1:]):
        return kept
    visits = [phrase for phrase in kept if _VISIT.search(_clause(phrase, plain))]
    return visits or kept


def _is_event(phrase: Phrase, plain: str) -> bool:
    return bool(_EVENT.match(plain, phrase.end) or _EVENT_BEFORE.search(plain[: phrase.first]))


def _is_told(phrase: Phrase, plain: str, seen: Seen) -> bool:
    """昨天聊的那款, 上周来过: what happened is no time to come; 昨天下午三点可以吗 is one, and over."""
    found = resolve(phrase, seen)
    if not found or not all(when.past for when in found):
        return False
    said = _clause(phrase, plain, phrase.end)
    return bool(_DONE.search(said)) or (phrase.day_alone and not _ASKED.search(said))


def _clause(phrase: Phrase, plain: str, since: int | None = None) -> str:
    """The clause in which the phrase stands; since a place, what follows there."""
    begin = max(plain.rfind(mark, 0, phrase.first) for mark in _CLAUSE_END) + 1 if since is None else since
    ends = [at for mark in _CLAUSE_END if (at := plain.find(mark, phrase.end)) >= 0]
    return plain[begin : min(ends, default=len(plain))]


def _resolved(phrases: list[Phrase], seen: Seen) -> list[When]:
    found: list[When] = []
    at = 0
    while at < len(phrases):
        if at + 1 < len(phrases) and phrases[at + 1].joint is Sort.TO:
            found += from_to(phrases[at], phrases[at + 1], seen)
            at += 2
        else:
            found += resolve(phrases[at], seen)
            at += 1
    return found


def _joined(found: list[When]) -> When:
    """One time, or alternatives; what is over does not count beside what is ahead."""
    kept = list(dict.fromkeys([when for when in found if not when.past] or found))
    if not kept:
        return When(WhenKind.NONE)
    if len(kept) == 1:
        return kept[0]
    bare = tuple(replace(when, choices=()) for when in kept)
    return When(WhenKind.ALTS, bare[0].start, bare[0].end, alternatives=bare, past=all(one.past for one in bare))


def _without(wanted: list[Phrase], excluded: list[Phrase], seen: Seen) -> When:
    """除了周三都可以: every other day of those she named, or of the coming week."""
    named = next((phrase for phrase in wanted if phrase.days and not phrase.days.single), None)
    if wanted and named is None:
        return _joined(_resolved(wanted, seen))
    days = named.days if named and named.days else Days(seen.today, seen.today + _ANY_TIME)
    left = [day for day in every_day(days) if day >= seen.today and not _is_taken_out(day, excluded)]
    frame = named or Phrase(0, 0)
    return _joined([one for day in left for one in resolve(replace(frame, days=Days(day, day)), seen)])


def _is_taken_out(day: date, excluded: list[Phrase]) -> bool:
    for phrase in excluded:
        days = phrase.days
        if days and not phrase.part and not phrase.clock:
            if days.first <= day <= days.last:
                return True
            if (days.by_weekday or days.again) and _same_weekdays(day, days):
                return True
    return False


def _same_weekdays(day: date, days: Days) -> bool:
    """工作日 and 周三 take out every week's."""
    again = days.again() if days.again else days
    return (again.first - days.first).days == 7 and any(one.weekday() == day.weekday() for one in every_day(days))


def starts(when: When) -> list[datetime | date]:
    """The beginnings that are meant: one, or each alternative's."""
    every = when.alternatives or (when,)
    return [one.start for one in every if one.start is not None]
