"""How was it: one tap or one word after a visit or a service; what was not right reaches the manager at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Text
from bot.router import Router, said, state
from crm.models import Complaint, Customer, Feedback
from crm.services.households import satisfaction
from crm.services.households.satisfaction import NOT_PLEASED, PLEASED, SO_SO
from handlers.context import Visit
from handlers.customer.complaints import tell_added, tell_responsible
from handlers.dialogue import Dialogue
from handlers.filters import customer as by_customer
from handlers.filters import in_talk, tapped, when
from handlers.outbox import Outbox
from handlers.speech import as_said
from handlers.states import State
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

scores = when(lambda visit: visit.plain in WORDS and visit.state == "")
complains = when(lambda visit: bool(_COMPLAINS.fullmatch(visit.plain)))
tells = when(lambda visit: not _ASKING.search(visit.plain) and len(visit.plain) > 1)


@router.on(by_customer, said, tapped(SCORE), ~in_talk)
def tapped_score(
    choice: str, customer: Customer, session: Session, dialogue: Dialogue, outbox: Outbox, say: Wording, now: datetime
) -> Reply:
    """One tap; a second one, or one of last month, changes nothing."""
    ref, _, score = choice.removeprefix(SCORE).rpartition(":")
    asked = satisfaction.open_question(session, customer.id, now, ref)
    if asked is None or score not in ("1", "2", "3"):
        return Text(say("household.score_over"))
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


@router.on(by_customer, said, complains, ~in_talk)
def complain(
    plain: str, customer: Customer, session: Session, dialogue: Dialogue, outbox: Outbox, say: Wording, now: datetime
) -> Reply:
    """投诉: the manager knows it before she has put the phone down."""
    found = _COMPLAINS.fullmatch(plain)
    words = (found["words"] or "") if found else ""
    made = satisfaction.complain(session, customer.id, None, words, now)
    tell_responsible(outbox, session, made, customer, say)
    dialogue.enter(State.COMPLAINING, complaint=made.id)
    return Text(say("household.complaint_taken" if words else "household.sorry"))


@router.on(by_customer, said, state(State.COMPLAINING), tells, ~in_talk)
def go_on(
    visit: Visit,
    message: IncomingMessage,
    customer: Customer,
    session: Session,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
) -> Reply | None:
    """What she adds goes the same way."""
    made = session.get(Complaint, int(dialogue.step.get("complaint", 0)))
    if made is None or made.customer_id != customer.id or asks_for_more_than_words(visit):
        dialogue.leave()
        return None
    words = as_said(message.text)
    satisfaction.add_words(session, made, words)
    tell_added(outbox, session, made, customer, words, say)
    dialogue.enter(State.COMPLAINING, complaint=made.id)
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
    """人工, 退订, 我的权益 and the like are wishes of their own."""
    return visit.plain in ("人工", "客服", "退订", "转人工") or visit.plain.startswith("我的")


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
        dialogue.enter(State.COMPLAINING, complaint=made.id)
        return Text(say("household.sorry"))
    if score == SO_SO:
        dialogue.enter(State.SCORING, feedback=asked.id)
        return Text(say("household.thanks_so_so"))
    return Text(say("household.thanks"))
