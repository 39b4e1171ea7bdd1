"""What a customer wants remembered: said back exactly, asked about where her card differs, taken back, listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.messages import Menu, Option, Reply, Text
from bot.router import Router, menu_tap, said, state
from crm.models import Customer, OccasionKind
from crm.services.households import keeping, remembering
from crm.services.households.days import LUNAR, SOLAR, in_words
from crm.services.households.reading import is_request, read
from crm.services.households.remembering import Remembered
from crm.services.households.told import DayTold, SkinTold, Told
from crm.services.households.weighing import weigh
from crm.when.writing import simplified
from handlers.context import ShopFacts, Visit
from handlers.customer.remembered_words import day_name, line, told_line
from handlers.customer.taking_back import last_told, may_take_back
from handlers.customer.wishes import says
from handlers.dialogue import Dialogue
from handlers.filters import chose, when
from handlers.filters import customer as by_customer
from handlers.states import BUSY, State
from wording import Wording

router = Router("remembered")

# Lines of one list that fit a phone's screen and the 2,048 bytes of a message.
LISTED = 20
CHANGE_DAY, KEEP_DAY = "day:change", "day:keep"

_MY = (
    r"(?:你好|您好|请问|帮我|查一?下|看一?下|看看)*(?:你们?)?(?:还)?(?:知道|知不知道|记得|记住了?|记下了?|有没有记)?"
    r"(?:我|咱)们?(?:家|让你记)?(?:的|所有的)*"
)
_END = r"(?:是多少|是几号|多少|几号|有哪些|是什么|列表|清单)?(?:吗|呢|呀|来着)?"
ASKED_SIZES = rf"{_MY}(?:尺寸|手寸|圈号|圈口|指圈|戒指尺寸|戒指号|手围){_END}"
ASKED_DAYS = (
    rf"{_MY}(?:日子|纪念日|重要日子|重要的日子|生日和纪念日|家人生日|生日|结婚纪念日)"
    rf"(?:是?哪一?天|是?什么时候|在哪一?天|{_END})?(?:吗|呢|呀|来着)?"
)
ASKED_TASTES = (
    rf"{_MY}(?:喜好|偏好|口味|风格偏好|心愿|心愿单|愿望清单|过敏记录|过敏史|过敏(?=有哪些|是什么|记录|清单)){_END}"
)
ASKED_ALL = (
    r"(?:你们?)?(?:都|还)?(?:记住|记得|记下)了?(?:我|我家)的?(?:哪些|什么|些什么)(?:了|呢|吗)?"
    r"|我(?:让|叫)你们?记(?:住|下)?(?:的|了)(?:什么|事|事情|东西)?"
)
TAKE_BACK = r"撤销|撤回|说错了?|记错了|不对|错了|不是(?:的|这样)?|不用记了|别记了|删掉吧?|我说错了"
# So plain that it is meant also when something else was said in between.
TAKE_BACK_LATER = r"(?:我要?)?(?:撤销|撤回)(?:一下|刚才的?|刚刚的?|上一?条|吧|了)*"


def _tells(visit: Visit) -> bool:
    return bool(read(visit.plain)) and (visit.state not in BUSY or is_request(visit.plain))


def _says_calendar(visit: Visit) -> bool:
    return visit.state == State.JUST_REMEMBERED and "sentence" in visit.dialogue.step


@router.on(by_customer, said, when(_tells))
def told(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """Kept in this very transaction, and said back as it was understood."""
    weighed = weigh(session, customer, read(plain), plain)
    lines = _keep(session, customer, dialogue, weighed.kept, plain, shop, say, now)
    if weighed.doubtful is not None:
        head = "\n".join([say("household.kept"), *lines, "", ""]) if lines else ""
        return _ask_about(weighed.doubtful, head, customer, dialogue, say)
    if not lines:
        return _was_never_noted(weighed.kept, say)
    solar = _may_be_solar(weighed.kept, plain)
    hint = say("household.calendar_hint") if solar else say("household.take_back_hint")
    return Text("\n".join([say("household.kept"), *lines, hint]))


@router.on(by_customer, said, menu_tap(CHANGE_DAY, KEEP_DAY) | chose(State.CORRECTING_DAY))
def day_chosen(
    choice: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """The day that she told without a year, or the one on her card."""
    told = _asked_about(customer, dialogue)
    dialogue.leave()
    if choice == KEEP_DAY or told is None:
        return Text(say("household.day_kept" if choice == KEEP_DAY else "household.day_choice_over"))
    lines = _keep(session, customer, dialogue, (told,), "", shop, say, now)
    return Text("\n".join([say("household.kept"), *lines, say("household.take_back_hint")]))


@router.on(
    by_customer,
    said,
    (state(State.JUST_REMEMBERED) & says(TAKE_BACK))
    | (says(TAKE_BACK_LATER) & when(lambda visit: visit.state not in BUSY)),
)
def take_back(session: Session, customer: Customer, dialogue: Dialogue, say: Wording, now: datetime) -> Reply:
    """What she told last, also when she has looked at a list since."""
    found, steps = last_told(dialogue, now)
    if not steps:
        return Text(say("household.forgotten_is_gone" if found else "household.nothing_to_take_back"))
    keeping.take_back(session, customer, steps)
    dialogue.leave()
    return Text(say("household.taken_back"))


@router.on(
    by_customer,
    said,
    when(_says_calendar),
    says(r"(?:不是?)?(?:是|按|过)?(?:阳历|公历|新历|农历|阴历)(?:的|生日|算|过)*"),
)
def other_calendar(
    plain: str, session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply | None:
    """The same day of the other calendar."""
    sentence = str(dialogue.step["sentence"])
    facts = read(sentence)
    if len(facts) != 1 or not isinstance(facts[0], DayTold):
        return None
    calendar = LUNAR if re.search("农历|阴历", simplified(plain)) else SOLAR
    fact = replace(facts[0], day=replace(facts[0].day, calendar=calendar, leap_month=False))
    keeping.take_back(session, customer, last_told(dialogue, now)[1])
    weighed = weigh(session, customer, (fact,), sentence)
    if weighed.doubtful is not None:
        return _ask_about(weighed.doubtful, "", customer, dialogue, say)
    lines = _keep(session, customer, dialogue, weighed.kept, sentence, shop, say, now)
    return Text("\n".join([say("household.kept"), *lines]))


@router.on(by_customer, said, says(ASKED_SIZES))
def her_sizes(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.sizes, "household.no_sizes", session, customer, dialogue, _today(shop, now), say)


@router.on(by_customer, said, says(ASKED_DAYS))
def her_days(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.days, "household.no_days", session, customer, dialogue, _today(shop, now), say)


@router.on(by_customer, said, says(ASKED_TASTES))
def her_tastes(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.tastes, "household.no_tastes", session, customer, dialogue, _today(shop, now), say)


@router.on(by_customer, said, says(ASKED_ALL))
def everything(
    session: Session, customer: Customer, dialogue: Dialogue, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    return _listed(remembering.remembered, "household.nothing_yet", session, customer, dialogue, _today(shop, now), say)


def _was_never_noted(facts: Sequence[Told], say: Wording) -> Reply:
    """She bears what stood nowhere."""
    materials = [material for fact in facts if isinstance(fact, SkinTold) for material in fact.materials]
    if not materials:
        return Text(say("household.no_allergies_noted"))
    return Text(say("household.no_allergy_noted", value="、".join(dict.fromkeys(materials))))


def _ask_about(told: DayTold, head: str, customer: Customer, dialogue: Dialogue, say: Wording) -> Reply:
    """Her card has another day: which one holds? Of another calendar the year is not known, so she says all of it."""
    card = remembering.day_on_card(customer, told.kind)
    assert card is not None
    words = {"what": day_name(told, say), "card": in_words(card), "day": in_words(told.day)}
    whole = told.day.in_year_of(card)
    if whole is None:
        dialogue.leave()
        return Text(head + say("household.day_whole", **words))
    options = (
        Option(CHANGE_DAY, say("household.day_change", day=in_words(whole))),
        Option(KEEP_DAY, say("household.day_keep", day=in_words(card))),
    )
    day = {"kind": told.kind.value, "month": told.day.month, "day": told.day.day, "leap": told.day.leap_month}
    dialogue.enter(State.CORRECTING_DAY, options=[option.id for option in options], **day)
    return Menu(head + say("household.day_doubted", **words), options)


def _asked_about(customer: Customer, dialogue: Dialogue) -> DayTold | None:
    """The day that she was asked about, in the year of her card; None when that is too long ago."""
    step = dialogue.step
    if dialogue.state != State.CORRECTING_DAY:
        return None
    kind = OccasionKind(step["kind"])
    card = remembering.day_on_card(customer, kind)
    if card is None:
        return None
    day = replace(card, month=step["month"], day=step["day"], leap_month=step["leap"])
    return DayTold("", kind, "", day)


def _keep(
    session: Session,
    customer: Customer,
    dialogue: Dialogue,
    facts: Sequence[Told],
    sentence: str,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> list[str]:
    """Remember all of it; what is said back, [] when nothing of it changed anything."""
    steps: list[keeping.Step] = []
    lines: list[str] = []
    for fact in facts:
        before = _skin(session, customer)
        done = keeping.keep(session, customer, fact, now)
        steps += done
        if not (isinstance(fact, SkinTold) and fact.bears):
            lines.append(told_line(fact, _today(shop, now), say))
        elif done:
            gone = "、".join(word for word in before if word not in _skin(session, customer))
            lines.append(say("household.no_allergy", value=gone))
    if lines:
        only_day = {"sentence": sentence} if len(facts) == 1 and isinstance(facts[0], DayTold) and sentence else {}
        dialogue.enter(State.JUST_REMEMBERED, **only_day)
        may_take_back(dialogue, steps, now)
    return lines


def _skin(session: Session, customer: Customer) -> list[str]:
    return [one.value for one in remembering.tastes(session, customer) if one.kind == remembering.SKIN]


def _may_be_solar(facts: Sequence[Told], plain: str) -> bool:
    """八月十五 is taken for the lunar day; whoever meant the other one has a word for it."""
    one = facts[0] if len(facts) == 1 else None
    lunar = isinstance(one, DayTold) and one.day.calendar == LUNAR
    return lunar and not re.search("农历|阴历|旧历|古历", simplified(plain))


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


def _today(shop: ShopFacts, now: datetime) -> date:
    return now.astimezone(shop.zone).date()
