"""How was it: one tap or one word after a visit or a service; what was not right reaches the manager at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Text
from bot.router import Router, said, state
from crm.models import Complaint, Customer, Feedback
from crm.services.households import satisfaction
from crm.services.households.satisfaction import NOT_PLEASED, PLEASED, SO_SO
from handlers.context import Visit
from handlers.customer.appointments.intent import Intent, intent_of
from handlers.customer.complaints import tell_added, tell_responsible
from handlers.customer.wishes import wants_person
from handlers.dialogue import Dialogue
from handlers.filters import customer as by_customer
from handlers.filters import in_talk, tapped, when
from handlers.outbox import Outbox
from handlers.speech import as_said
from handlers.states import BUSY, State
from wording import Wording

router = Router("satisfaction")

# "score:<ref>:<score>", as the scheduler writes it into the question.
SCORE = "score:"
WORDS: Mapping[str, int] = {
    **dict.fromkeys(("满意", "很满意", "非常满意", "挺满意", "挺好", "很好", "非常好", "1"), PLEASED),
    **dict.fromkeys(("一般", "还行", "还可以", "一般般", "凑合", "2"), SO_SO),
    **dict.fromkeys(("不满意", "很不满意", "非常不满意", "不太满意", "很差", "太差了", "3"), NOT_PLEASED),
}
_COMPLAINS = re.compile(
    r"(?:我要|我想|我得|我|要)?(?:投诉|举报)(?:你们(?:店|家)?|一下)?(?:[,，:：。!！\s]+(?P<words>.{2,}))?", re.DOTALL
)
# Whoever asks something has turned to another matter.
_ASKING = re.compile(r"[?？]|吗$|怎么|多少|什么时候|能不能|可以.{0,6}吗|预约|保养")

# "我的权益", but not "我的戒指刻错字了".
_OWN = re.compile(r"我的.{1,4}")
# She has nothing to add: thanks, or she takes it back.
_ENDS = re.compile(r"(?:好的?|行|嗯+|谢谢[你您]?(?:们|了|啦)?|多谢|知道了|收到|没事了?|没有了|ok|[,，。!！\s])+")
_DROPS = re.compile(
    r"(?:那?(?:就)?算了吧?|没事了?|[,，。!！\s])*(?:我)?(?:先|就)?(?:不|别)(?:想|要|再)?(?:投诉|举报)(?:你们)?(?:了|吧|[。!！])*|算了吧?[。!！]?"
)
# After this without a word of hers, what she says is no longer the complaint.
TELLING = timedelta(minutes=10)

scores = when(lambda visit: visit.plain in WORDS and (visit.state == "" or _judges(visit)))
judges = when(lambda visit: _judges(visit))
complains = when(lambda visit: bool(_COMPLAINS.fullmatch(visit.plain)))
tells = when(
    lambda visit: not _ASKING.search(visit.plain) and len(visit.plain) > 1 and intent_of(visit.plain) is Intent.NONE
)
drops = when(lambda visit: bool(_DROPS.fullmatch(visit.plain)))


def _judges(visit: Visit) -> bool:
    """满意 is said of us alone, while 还行 and 3 may be about anything that is open."""
    return "满意" in visit.plain and visit.plain in WORDS and visit.state not in (*BUSY, State.SCORING)


@router.on(by_customer, said, tapped(SCORE), ~in_talk)
def tapped_score(
    choice: str, customer: Customer, session: Session, dialogue: Dialogue, outbox: Outbox, say: Wording, now: datetime
) -> Reply:
    """One tap; a second one, or one of last month, changes nothing."""
    ref, _, score = choice.removeprefix(SCORE).rpartition(":")
    asked = satisfaction.open_question(session, customer.id, now, ref)
    if asked is None or score not in ("1", "2", "3"):
        answered = satisfaction.was_asked(session, customer.id, ref)
        return Text(say("household.score_over") if answered else say("household.score_none"))
    return _answered(asked, int(score), customer, session, dialogue, outbox, say, now)


@router.on(by_customer, said, scores, ~in_talk)
def said_score(
    plain: str, customer: Customer, session: Session, dialogue: Dialogue, outbox: Outbox, say: Wording, now: datetime
) -> Reply | None:
    """The same in a word or by the number of the line, while the question is open."""
    asked = satisfaction.open_question(session, customer.id, now)
    if asked is None:
        return None
    return _answered(asked, WORDS[plain], customer, session, dialogue, outbox, say, now)


@router.on(by_customer, said, judges, ~in_talk)
def judged(plain: str, say: Wording) -> Reply:
    """Nothing was asked: a kind word is thanked for, for another one she learns how the manager hears of it."""
    if WORDS[plain] == PLEASED:
        return Text(say("household.pleased_unasked"))
    return Text(say("household.not_pleased_unasked"))


@router.on(by_customer, said, complains, ~in_talk)
def complain(
    plain: str, customer: Customer, session: Session, dialogue: Dialogue, outbox: Outbox, say: Wording, now: datetime
) -> Reply:
    """投诉: the manager knows it before she has put the phone down."""
    found = _COMPLAINS.fullmatch(plain)
    words = (found["words"] or "") if found else ""
    made = satisfaction.complain(session, customer.id, None, words, now)
    tell_responsible(outbox, session, made, customer, say)
    _listen(dialogue, made, now)
    return Text(say("household.complaint_taken" if words else "household.sorry"))


@router.on(by_customer, said, state(State.COMPLAINING), drops, ~in_talk)
def no_complaint(
    message: IncomingMessage,
    customer: Customer,
    session: Session,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply | None:
    """She wants to say no more; the manager reads it and closes the complaint himself."""
    made = _told_now(session, customer, dialogue, now)
    dialogue.leave()
    if made is None:
        return None
    tell_added(outbox, session, made, customer, as_said(message.text), say)
    return Text(say("household.complaint_dropped"))


@router.on(by_customer, said, state(State.COMPLAINING), tells, ~in_talk)
def go_on(
    visit: Visit,
    message: IncomingMessage,
    customer: Customer,
    session: Session,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply | None:
    """What she adds goes the same way."""
    made = _told_now(session, customer, dialogue, now)
    if made is None or asks_for_more_than_words(visit) or _ENDS.fullmatch(visit.plain):
        dialogue.leave()
        return None
    words = as_said(message.text)
    satisfaction.add_words(session, made, words)
    tell_added(outbox, session, made, customer, words, say)
    _listen(dialogue, made, now)
    return Text(say("household.complaint_added"))


@router.on(by_customer, said, state(State.SCORING), tells, ~in_talk)
def words_for_it(
    visit: Visit, message: IncomingMessage, customer: Customer, session: Session, dialogue: Dialogue, say: Wording
) -> Reply | None:
    """What could be better, in her words."""
    asked = session.get(Feedback, int(dialogue.step.get("feedback", 0)))
    dialogue.leave()
    if asked is None or asked.customer_id != customer.id or asks_for_more_than_words(visit):
        return None
    asked.words = message.text[: satisfaction.WORDS_LENGTH]
    return Text(say("household.thanks_words"))


def asks_for_more_than_words(visit: Visit) -> bool:
    """A person, 退订, 我的权益 and the like are wishes of their own."""
    return visit.plain == "退订" or wants_person(visit.plain) or bool(_OWN.fullmatch(visit.plain))


def _listen(dialogue: Dialogue, made: Complaint, now: datetime) -> None:
    dialogue.enter(State.COMPLAINING, complaint=made.id, until=(now + TELLING).isoformat())


def _told_now(session: Session, customer: Customer, dialogue: Dialogue, now: datetime) -> Complaint | None:
    """The complaint that she is telling; None when it is too long ago."""
    step = dialogue.step
    made = session.get(Complaint, int(step.get("complaint", 0)))
    late = "until" in step and now > datetime.fromisoformat(step["until"])
    return made if made is not None and made.customer_id == customer.id and not late else None


def _answered(
    asked: Feedback,
    score: int,
    customer: Customer,
    session: Session,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    made = satisfaction.answer(session, asked, score, now)
    if made is not None:
        tell_responsible(outbox, session, made, customer, say)
        _listen(dialogue, made, now)
        return Text(say("household.sorry"))
    if score == SO_SO:
        dialogue.enter(State.SCORING, feedback=asked.id)
        return Text(say("household.thanks_so_so"))
    return Text(say("household.thanks"))
