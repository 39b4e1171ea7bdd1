"""What a customer wants remembered: said back exactly, taken back with one word, listed, forgotten one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.messages import Reply, Text
from bot.router import Router, said, state, words
from crm.models import Customer
from crm.services.households import bearing, remembering
from crm.services.households.days import LUNAR, SOLAR
from crm.services.households.reading import DayTold, Told, is_request, read
from crm.services.households.relations import KEPT_AS
from crm.services.households.relations import PATTERN as RELATION
from crm.services.households.remembering import Remembered
from handlers.context import ShopFacts, Visit
from handlers.customer.remembered_words import line, told_line
from handlers.dialogue import NUMBERS, Dialogue
from handlers.filters import customer as by_customer
from handlers.filters import when
from handlers.states import State
from wording import Wording

router = Router("remembered")

# While a visit is talked about, "我喜欢玫瑰金" says what she wants to try; only an explicit wish is kept.
BUSY = (State.BOOKING, State.CONFIRMING_BOOKING, State.JUST_BOOKED, State.OFFERED_BOOKING, State.COMPLAINING)
# Lines of one list that fit a phone's screen and the 2,048 bytes of a message.
LISTED = 20

_MY = (
    r"(?:你好|您好|请问|帮我|查一?下|看一?下|看看)*(?:你们?)?(?:记得|记住了?|记下了?)?"
    r"(?:我|咱)们?(?:家|让你记)?(?:的|所有的)*"
)
_END = r"(?:是多少|是几号|多少|几号|有哪些|是什么|列表|清单)?(?:吗|呢|呀|来着)?"
ASKED_SIZES = rf"{_MY}(?:尺寸|手寸|圈号|圈口|指圈|戒指尺寸|戒指号|手围){_END}"
ASKED_DAYS = (
    rf"{_MY}(?:日子|纪念日|重要日子|重要的日子|生日和纪念日|家人生日|生日|结婚纪念日)"
    rf"(?:是哪天|是什么时候|在哪天|{_END})?"
)
ASKED_TASTES = rf"{_MY}(?:喜好|偏好|口味|风格偏好|心愿|心愿单|愿望清单|过敏记录|过敏史){_END}"
ASKED_ALL = (
    r"(?:你们?)?(?:都|还)?(?:记住|记得|记下)了?(?:我|我家)的?(?:哪些|什么|些什么)(?:了|呢|吗)?"
    r"|我(?:让|叫)你们?记(?:住|下)?(?:的|了)(?:什么|事|事情|东西)?"
)
TAKE_BACK = r"撤销|撤回|说错了?|记错了|不对|错了|不是(?:的|这样)?|不用记了|别记了|删掉吧?|我说错了"
_NUMBERED = re.compile(
    r"(?:忘记|忘掉|忘了|删除?|删掉|去掉|移除|不要)(?:第)?(?P<number>[0-9]{1,2}|[一二两三四五六七八九])(?:条|个|项)?(?:吧)?"
)
_NAMED = re.compile(
    r"(?P<please>(?:请|帮我|麻烦)*)(?:(?P<forget>忘记|忘掉)|删除?|删掉|去掉|别记|不要记|不用记)(?:着|住)?"
    r"(?P<whose>(?:我|咱)?(?:们)?(?:家)?的?)"
    rf"(?P<relation>{RELATION})?的?(?P<what>手寸|戒指尺寸|尺寸|圈号|手围|圈口|项链长度|生日|结婚纪念日|订婚纪念日|恋爱纪念日|纪念日|喜好|偏好|过敏|心愿)"
    r"(?:记录|吧)*"
)
_KINDS = {
    "手寸": ("ring",),
    "戒指尺寸": ("ring",),
    "圈号": ("ring",),
    "尺寸": ("ring", "bracelet", "necklace"),
    "手围": ("bracelet",),
    "圈口": ("bracelet",),
    "项链长度": ("necklace",),
    "生日": ("birthday",),
    "结婚纪念日": ("wedding",),
    "订婚纪念日": ("engagement",),
    "恋爱纪念日": ("first_date",),
    "纪念日": ("wedding", "engagement", "first_date", "other"),
    "喜好": ("style", "material", "stone", "colour", "price_band", "dislikes"),
    "偏好": ("style", "material", "stone", "colour", "price_band", "dislikes"),
    "过敏": ("skin",),
    "心愿": ("wish",),
}


def _tells(visit: Visit) -> bool:
    return bool(read(visit.plain)) and (visit.state not in BUSY or is_request(visit.plain))


def _says_calendar(visit: Visit) -> bool:
    return visit.state == State.JUST_REMEMBERED and "sentence" in visit.dialogue.step


@router.on(by_customer, said, when(_tells))
def told(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """Kept in this very transaction, and said back as it was understood."""
    facts = read(plain)
    _keep(session, customer, dialogue, facts, plain, now)
    today = _today(shop, now)
    lines = [told_line(fact, today, say) for fact in facts]
    tail = say("household.calendar_hint") if _may_be_solar(facts, plain) else say("household.take_back_hint")
    return Text("\n".join([say("household.kept"), *lines, tail]))


@router.on(by_customer, said, when(lambda visit: visit.state not in BUSY and bool(bearing.borne(visit.plain))))
def bears(plain: str, session: Session, customer: Customer, dialogue: Dialogue, say: Wording) -> Reply | None:
    """ "我对镍不过敏" corrects what stands on her card; where nothing stands, it is a word about care."""
    material = bearing.borne(plain)
    steps = bearing.take_out(session, customer, material, plain)
    if not steps:
        return None
    dialogue.enter(State.JUST_REMEMBERED, steps=steps)
    return Text("\n".join([say("household.no_allergy", value=material), say("household.take_back_hint")]))


@router.on(by_customer, said, state(State.JUST_REMEMBERED), words(TAKE_BACK))
def take_back(session: Session, customer: Customer, dialogue: Dialogue, say: Wording) -> Reply:
    remembering.take_back(session, customer, dialogue.step.get("steps", []))
    dialogue.leave()
    return Text(say("household.taken_back"))


@router.on(
    by_customer, said, when(_says_calendar), words(r"(?:不是?,?)?(?:是)?(?:阳历|公历|新历|农历|阴历)(?:的|生日)?")
)
def other_calendar(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply | None:
    """The same day of the other calendar."""
    facts = read(str(dialogue.step["sentence"]))
    if len(facts) != 1 or not isinstance(facts[0], DayTold):
        return None
    calendar = LUNAR if re.search("农历|阴历", plain) else SOLAR
    fact = replace(facts[0], day=replace(facts[0].day, calendar=calendar, leap_month=False))
    remembering.take_back(session, customer, dialogue.step.get("steps", []))
    _keep(session, customer, dialogue, (fact,), str(dialogue.step["sentence"]), now)
    return Text("\n".join([say("household.kept"), told_line(fact, _today(shop, now), say)]))


@router.on(by_customer, said, words(ASKED_SIZES))
def her_sizes(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.sizes, "household.no_sizes", session, customer, dialogue, _today(shop, now), say)


@router.on(by_customer, said, words(ASKED_DAYS))
def her_days(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.days, "household.no_days", session, customer, dialogue, _today(shop, now), say)


@router.on(by_customer, said, words(ASKED_TASTES))
def her_tastes(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.tastes, "household.no_tastes", session, customer, dialogue, _today(shop, now), say)


@router.on(by_customer, said, words(ASKED_ALL))
def everything(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.remembered, "household.nothing_yet", session, customer, dialogue, _today(shop, now), say)


@router.on(by_customer, said, state(State.FORGETTING), when(lambda visit: bool(_NUMBERED.fullmatch(visit.plain))))
def forget_numbered(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """One line of the list that she just read; the numbers of the others stay as they are."""
    found = _NUMBERED.fullmatch(plain)
    number = _number(found["number"]) if found else 0
    names: list[str] = dialogue.step.get("names", [])
    known = {one.name: one for one in remembering.remembered(session, customer)}
    wanted = known.get(names[number - 1]) if 0 < number <= len(names) else None
    if wanted is None:
        return Text(say("household.no_such_line"))
    return _forgotten([wanted], session, customer, _today(shop, now), say)


@router.on(by_customer, said, when(lambda visit: _to_forget(visit.plain) is not None))
def forget_named(
    plain: str, session: Session, customer: Customer, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """ "忘记我妈妈的生日"."""
    found = _to_forget(plain)
    assert found is not None
    relation = KEPT_AS[found["relation"]] if found["relation"] else ""
    kinds = _KINDS[found["what"]]
    hers = [one for one in remembering.remembered(session, customer) if one.of == relation and str(one.kind) in kinds]
    if not hers:
        return Text(say("household.not_remembered"))
    return _forgotten(hers, session, customer, _today(shop, now), say)


def _to_forget(plain: str) -> re.Match[str] | None:
    """What shall be forgotten. "忘记尺寸" alone may say that she forgot it herself: forgetting is for good."""
    found = _NAMED.fullmatch(plain)
    if found is None or not found["forget"]:
        return found
    return found if found["please"] or found["relation"] or found["whose"].endswith("的") else None


def _keep(
    session: Session, customer: Customer, dialogue: Dialogue, facts: Sequence[Told], sentence: str, now: datetime
) -> None:
    steps = [step for fact in facts for step in remembering.keep(session, customer, fact, now)]
    only_day = {"sentence": sentence} if len(facts) == 1 and isinstance(facts[0], DayTold) else {}
    dialogue.enter(State.JUST_REMEMBERED, steps=steps, **only_day)


def _may_be_solar(facts: Sequence[Told], plain: str) -> bool:
    """八月十五 is taken for the lunar day; whoever meant the other one has a word for it."""
    one = facts[0] if len(facts) == 1 else None
    return isinstance(one, DayTold) and one.day.calendar == LUNAR and not re.search("农历|阴历|旧历|古历", plain)


def _listed(
    wanted: Callable[[Session, Customer], Sequence[Remembered]],
    nothing: str,
    session: Session,
    customer: Customer,
    dialogue: Dialogue,
    today: date,
    say: Wording,
) -> Reply:
    found = wanted(session, customer)[:LISTED]
    if not found:
        return Text(say(nothing))
    dialogue.enter(State.FORGETTING, names=[one.name for one in found])
    lines = [f"{number}. {line(one, today, say)}" for number, one in enumerate(found, 1)]
    return Text("\n".join([say("household.remembered"), *lines, say("household.forget_hint")]))


def _forgotten(wanted: Sequence[Remembered], session: Session, customer: Customer, today: date, say: Wording) -> Reply:
    lines = [line(one, today, say) for one in wanted if remembering.forget(session, customer, one.name)]
    return Text("\n".join([say("household.forgotten"), *lines]))


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS[word]


def _today(shop: ShopFacts, now: datetime) -> date:
    return now.astimezone(shop.zone).date()
