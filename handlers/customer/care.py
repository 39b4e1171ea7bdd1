"""Questions on care and craftsmanship, answered from the knowledge base."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.messages import Channel, IncomingMessage, Kind, Menu, Option, Reply, Text
from bot.router import Filter, Router, kind, said, state, words
from crm.models import Why
from crm.services.households.pieces import known_to_her
from handlers.context import ShopFacts, Visit
from handlers.customer.asked import (
    Asked,
    count,
    keep,
    last_answered,
    rate_once,
    remember_answered,
    remember_offered,
    take_offered,
    turn_of,
)
from handlers.dialogue import Dialogue
from handlers.filters import chose, overdue, tapped, waiting
from handlers.filters import customer as by_customer
from handlers.states import State
from knowledge import Answer, Decision, Knowledge, OwnedPiece
from knowledge.conversation import wants_more
from wording import Wording

router = Router("care")

TOPIC, RATE = "topic:", "rate:"
# Characters: a question longer than this is a letter; it is asked for in parts instead of guessed at.
LONGEST_QUESTION = 400
# She is asked whether it helped once in a sitting, not below every answer; saying so is always possible.
ASKED_TO_RATE_EVERY = timedelta(hours=2)
# Characters: behind a longer answer the links to tap could be cut off (2,048 bytes in all).
LONGEST_RATED = 500
# Of what she owns the newest pieces are looked at: more are a collection, which she names piece by piece.
PIECES_LOOKED_AT = 20
# She may be speaking of a piece of hers: only then her purchases are read.
HERS = re.compile(
    r"(?:我|俺|咱)们?家?(?:的|这|那|之前|以前|刚|上次|去年|前年|在你|从你|跟你|买|戴|自己|手上|脖子|耳朵)"
    r"|你们?(?:家|店|这)[^,，]{0,3}买"
)
# As they are typed, and as WeChat writes its own faces.
LIKED = words(r"👍[🏻-🏿]?|\[(?:强|赞)\]|/:strong|(?:很|挺|非常|真)?(?:有用|有帮助)|解决了|帮到我?了|答得好")
DISLIKED = words(
    r"👎[🏻-🏿]?|\[弱\]|/:weak|没用|没有用|没什么用|没帮助|没有帮助|没帮上|不对|答错了|说错了|回答错误|答非所问|不是我要问的"
)


@router.on(by_customer, said, overdue(State.CHOOSING_TOPIC, State.CHOOSING_OPT_OUT, State.RATING))
def too_late(dialogue: Dialogue, say: Wording) -> Reply:
    """A number for a list that is no longer open."""
    dialogue.leave()
    return Text(say("customer.choice_over"))


@router.on(by_customer, said, tapped(TOPIC) | chose(State.CHOOSING_TOPIC))
def chosen(choice: str, visit: Visit, knowledge: Knowledge, shop: ShopFacts, say: Wording) -> Reply:
    """One of the readings that we offered."""
    topic = choice.removeprefix(TOPIC)
    offered = take_offered(visit.dialogue)
    answer = knowledge.by_topic(topic, shop.current(), offered.words if offered else "")
    visit.dialogue.leave()
    if answer is None or answer.decision is not Decision.ANSWER:
        if offered:
            keep(visit, (offered, Why.UNANSWERED))
        return Text(say("customer.fallback"))
    count(visit, "chosen", answer.topics)
    asked = Asked(offered.words, offered.before, answer.topics) if offered else Asked.now(visit, answer.topics)
    remember_answered(visit, asked)
    visit.dialogue.memory["turn"] = answer.turn.to_json()
    return Text(_with_more(answer, say))


@router.on(
    by_customer,
    said,
    state(State.CHOOSING_TOPIC),
    words("(?:这些|这几个)?(?:都|全)?(?:不是|不对)(?:的|呢)?|没有我要问的"),
)
def none_of_these(visit: Visit, say: Wording) -> Reply | None:
    """None of the readings was meant."""
    offered = take_offered(visit.dialogue)
    visit.dialogue.leave()
    if offered is None:
        return None
    keep(visit, (offered, Why.PASSED_OVER))
    return Text(say("learning.none_of_these"))


@router.on(by_customer, said, tapped(RATE) | chose(State.RATING) | LIKED | DISLIKED)
def rate(choice: str, visit: Visit, say: Wording) -> Reply | None:
    """Did the last answer help? Counted once; one that did not help is kept, and a person is offered."""
    tap = choice if choice.startswith(RATE) else ""
    found = last_answered(visit)
    if found is None and not tap:
        return None
    if visit.state == State.RATING:
        visit.dialogue.leave()
    helped = tap.startswith(f"{RATE}up") if tap else LIKED.holds(visit)
    asked, number = found if found else (None, 0)
    about_the_last = not tap or tap.endswith(f":{number}")
    if asked is not None and about_the_last and rate_once(visit.dialogue):
        if not helped:
            keep(visit, (asked, Why.DISLIKED))
        count(visit, "liked" if helped else "disliked", asked.topics)
    return Text(say("learning.liked" if helped else "learning.disliked"))


@router.on(by_customer, kind(Kind.TEXT, Kind.VOICE), Filter(lambda visit: len(visit.plain) > LONGEST_QUESTION))
def letter(say: Wording) -> Reply:
    return Text(say("customer.too_long"))


@router.on(by_customer, said, words("详细|詳細|详情|詳情|更多|多说点|展开|再详细点|说详细点"))
def in_detail(dialogue: Dialogue, knowledge: Knowledge, shop: ShopFacts, say: Wording) -> Reply | None:
    """The longer answer to what was just asked."""
    turn = turn_of(dialogue)
    answer = knowledge.by_topic(turn.topic, shop.current()) if turn.topic else None
    if answer is None:
        return None
    return Text(answer.long_text or say("customer.no_more"))


@router.on(by_customer, said)
def answer(message: IncomingMessage, visit: Visit, knowledge: Knowledge, shop: ShopFacts, say: Wording) -> Reply | None:
    """Answer when sure, offer readings when not, otherwise leave it to the fallback and keep the question."""
    before = turn_of(visit.dialogue)
    found = knowledge.answer(message.text, shop.current(), before, _pieces(visit))
    visit.dialogue.memory["turn"] = found.turn.to_json()
    if found.small_talk:
        return Text(say(f"customer.{found.small_talk}"))
    if found.decision is Decision.ANSWER and wants_more(message.text, before):
        return Text(found.text)  # more of the last answer, in other words than "详细"
    asked = Asked.now(visit, found.topics)
    _keep_what_was_not_answered(visit, knowledge, asked, found)
    visit.dialogue.leave()
    if found.decision is Decision.HANDOVER:
        return None
    if found.decision is Decision.CLARIFY:
        return _offered(visit, asked, found, say)
    return _answered(visit, asked, found, say)


def _keep_what_was_not_answered(visit: Visit, knowledge: Knowledge, asked: Asked, found: Answer) -> None:
    """Readings that she passed over, and what we could not answer; not while she waits for a person."""
    unanswered: list[tuple[Asked, Why]] = []
    offered = take_offered(visit.dialogue)
    if offered is not None and not set(offered.topics) & set(found.topics):
        unanswered.append((offered, Why.PASSED_OVER))
    handed_over = found.decision is Decision.HANDOVER and not waiting.holds(visit)
    if handed_over and knowledge.in_reach(asked.words, asked.before):
        unanswered.append((asked, Why.UNANSWERED))
    keep(visit, *unanswered)


def _offered(visit: Visit, asked: Asked, answer: Answer, say: Wording) -> Reply:
    count(visit, "offered", answer.topics)
    remember_offered(visit.dialogue, asked)
    options = tuple(Option(f"{TOPIC}{offer.topic}", offer.title) for offer in answer.offers)
    offers = visit.dialogue.offer(State.CHOOSING_TOPIC, options)
    return Menu(say("customer.clarify"), offers, say("customer.clarify_tail"))


def _answered(visit: Visit, asked: Asked, answer: Answer, say: Wording) -> Reply:
    count(visit, "answered", answer.topics)
    number = remember_answered(visit, asked)
    text = _with_more(answer, say)
    if (
        len(text) > LONGEST_RATED
        or visit.message.channel is not Channel.OFFICIAL_ACCOUNT
        or not _may_ask_to_rate(visit)
    ):
        return Text(text)
    options = (
        Option(f"{RATE}up:{number}", say("learning.rate_up")),
        Option(f"{RATE}down:{number}", say("learning.rate_down")),
    )
    return Menu(f"{text}\n\n{say('learning.rate_ask')}", visit.dialogue.offer(State.RATING, options))


def _may_ask_to_rate(visit: Visit) -> bool:
    last = visit.dialogue.memory.get("asked_to_rate", "")
    if last and visit.now - datetime.fromisoformat(last) < ASKED_TO_RATE_EVERY:
        return False
    visit.dialogue.memory["asked_to_rate"] = visit.now.isoformat()
    return True


def _with_more(answer: Answer, say: Wording) -> str:
    return answer.text + (f"\n\n{say('customer.more_hint')}" if answer.long_text else "")


def _pieces(visit: Visit) -> Sequence[OwnedPiece]:
    """What she owns, when she speaks of it."""
    if not HERS.search(visit.plain) or visit.place.customer_id is None:
        return ()
    today = visit.now.astimezone(visit.desk.shop.zone).date()
    owned = known_to_her(visit.session, visit.place.customer_id, today)[:PIECES_LOOKED_AT]
    return [OwnedPiece(one.name, one.category, one.material, one.gem, one.setting) for one in owned]
