"""Questions on care and craftsmanship, answered from the knowledge base."""

from __future__ import annotations

from bot.messages import IncomingMessage, Kind, Menu, Option, Reply, Text
from bot.router import Filter, Router, kind, said, words
from handlers.context import ShopFacts
from handlers.dialogue import Dialogue
from handlers.filters import chose, overdue, tapped
from handlers.filters import customer as by_customer
from handlers.states import State
from knowledge import Answer, Decision, Knowledge, Turn
from wording import Wording

router = Router("care")

TOPIC = "topic:"
# Characters: a question longer than this is a letter; it is asked for in parts instead of guessed at.
LONGEST_QUESTION = 400


@router.on(by_customer, said, overdue(State.CHOOSING_TOPIC, State.CHOOSING_OPT_OUT))
def too_late(dialogue: Dialogue, say: Wording) -> Reply:
    """A number for a list that is no longer open."""
    dialogue.leave()
    return Text(say("customer.choice_over"))


@router.on(by_customer, said, tapped(TOPIC) | chose(State.CHOOSING_TOPIC))
def chosen(choice: str, dialogue: Dialogue, knowledge: Knowledge, shop: ShopFacts, say: Wording) -> Reply:
    """One of the readings that we offered."""
    answer = knowledge.by_topic(choice.removeprefix(TOPIC), shop.current())
    return _said(answer, dialogue, say) or Text(say("customer.fallback"))


@router.on(by_customer, kind(Kind.TEXT, Kind.VOICE), Filter(lambda visit: len(visit.plain) > LONGEST_QUESTION))
def letter(say: Wording) -> Reply:
    return Text(say("customer.too_long"))


@router.on(by_customer, said, words("详细|详情|更多|多说点|展开|再详细点|说详细点"))
def in_detail(dialogue: Dialogue, knowledge: Knowledge, shop: ShopFacts, say: Wording) -> Reply | None:
    """The longer answer to what was just asked."""
    turn = Turn.from_json(dialogue.memory.get("turn"))
    answer = knowledge.by_topic(turn.topic, shop.current()) if turn.topic else None
    if answer is None:
        return None
    return Text(answer.long_text or say("customer.no_more"))


@router.on(by_customer, said)
def answer(
    message: IncomingMessage, dialogue: Dialogue, knowledge: Knowledge, shop: ShopFacts, say: Wording
) -> Reply | None:
    """Answer when sure, offer readings when not, otherwise leave it to the fallback."""
    found = knowledge.answer(message.text, shop.current(), Turn.from_json(dialogue.memory.get("turn")))
    if found.small_talk:
        return Text(say(f"customer.{found.small_talk}"))
    return _said(found, dialogue, say)


def _said(answer: Answer | None, dialogue: Dialogue, say: Wording) -> Reply | None:
    if answer is None or answer.decision is Decision.HANDOVER:
        dialogue.leave()
        return None
    dialogue.memory["turn"] = answer.turn.to_json()
    if answer.decision is Decision.CLARIFY:
        options = tuple(Option(f"{TOPIC}{offer.topic}", offer.title) for offer in answer.offers)
        offered = dialogue.offer(State.CHOOSING_TOPIC, options)
        return Menu(say("customer.clarify"), offered, say("customer.clarify_tail"))
    dialogue.leave()
    more = f"\n\n{say('customer.more_hint')}" if answer.long_text else ""
    return Text(answer.text + more)
