"""Answering customers who wait, talking through the bot, and ending the talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.messages import CardDone, IncomingMessage, Kind, Media, Menu, Option, Reply, Silence, Text
from bot.platforms.window import Refusal, Window, may_send
from bot.router import Filter, Router, command, event, kind, state, words
from crm.actors import Actor
from crm.models import Conversation, Customer, Staff, Talk
from crm.services import history, talks
from handlers.advisor.appointments.answers import answers_about_visits
from handlers.advisor.commands import about_appointments, about_households, about_linking, rest_of
from handlers.advisor.held_back import why_held
from handlers.advisor.questions import NO, YES, numbered
from handlers.context import ShopFacts, Visit
from handlers.customer.talk import called
from handlers.dialogue import Dialogue, number_in
from handlers.filters import chose, in_talk
from handlers.filters import staff as by_staff
from handlers.outbox import Outbox
from handlers.speech import as_said
from handlers.states import State
from wording import Wording

router = Router("advisor_talk")

WAITING, TAKE = "talk:", "take:"
# What becomes of a line that was held back.
SEND, DROP = "held:send", "held:drop"
# Digits of an id that a database takes.
LONGEST_ID = 18
# How many of her last words an advisor sees when he takes the talk, and their characters.
WORDS_SHOWN, CHARACTERS_SHOWN = 5, 200
RELAYED = (Kind.TEXT, Kind.IMAGE)
# In a talk these are commands too: a look-up or a note must never reach the customer.
commanding = (
    Filter(lambda visit: visit.plain.startswith("/"))
    | command("客户", "查", "查询", "顾客", "备注", "记", "记录", "接待", "等待")
    | words("帮助|help|我是谁|谁在等|待接待")
    | command("问题", "未答问题", "未答", "知识", "知识统计")
    | numbered("回答", "归到", "归入", "忽略", "撤回")
    | about_appointments
    | about_linking
    | about_households
)
REFUSALS = {
    Refusal.NO_WINDOW: "advisor.window_none",
    Refusal.WINDOW_OVER: "advisor.window_over",
    Refusal.WINDOW_USED_UP: "advisor.window_used_up",
}


# What answers a question that we asked him: the words of a note, a number of a list.
answering_us = (
    state(State.WRITING_NOTE, State.WRITING_ANSWER)
    | chose(State.CHOOSING_CUSTOMER)
    | chose(State.CHOOSING_WAITING)
    | chose(State.CHOOSING_ENTRY)
    | chose(State.HOLDING_BACK)
    | (state(State.TEACHING) & words(f"{YES}|{NO}"))
    | answers_about_visits
)
ENDING = "/?(?:结束|结束对话|结束聊天)"


@router.on(by_staff, in_talk, words(ENDING))
def end(talk: Talk, session: Session, outbox: Outbox, say: Wording, now: datetime) -> Reply:
    talks.close(session, talk, "staff", now)
    outbox.to_customer(talk.conversation, Text(say("customer.talk_ended")))
    return Text(say("advisor.ended", name=called(talk.customer, say)))


@router.on(by_staff, words(ENDING))
def nothing_to_end(say: Wording) -> Reply:
    return Text(say("advisor.end_none"))


@router.on(by_staff, in_talk, kind(*RELAYED), ~commanding, ~answering_us)
def relay(
    talk: Talk,
    staff: Staff,
    message: IncomingMessage,
    session: Session,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """What he writes goes to the customer, as long as the platform lets it; otherwise he reads why not."""
    talk.staff_spoke_at = now
    if held := why_held(session, Actor.of(staff), message.text, called(talk.customer, say), say):
        return _asked_about(held, message, talk, dialogue, say)
    if dialogue.state == State.HOLDING_BACK:
        dialogue.leave()
    return _relayed(message, talk, staff, session, outbox, say, now)


@router.on(by_staff, in_talk, chose(State.HOLDING_BACK))
def relay_held(
    choice: str,
    talk: Talk,
    staff: Staff,
    message: IncomingMessage,
    session: Session,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """His click: it goes to her, if it is still the same talk, or to nobody."""
    held = dialogue.step
    dialogue.leave()
    if choice != SEND or held.get("talk") != talk.id:
        return Text(say("advisor.relay_dropped"))
    told = _relayed(replace(message, kind=Kind.TEXT, text=str(held["words"])), talk, staff, session, outbox, say, now)
    return Text(say("advisor.relay_sent", name=called(talk.customer, say))) if isinstance(told, Silence) else told


def _asked_about(held: str, message: IncomingMessage, talk: Talk, dialogue: Dialogue, say: Wording) -> Reply:
    name = called(talk.customer, say)
    options = (Option(SEND, say("advisor.relay_send", name=name)), Option(DROP, say("advisor.relay_drop")))
    ids = [option.id for option in options]
    dialogue.enter(State.HOLDING_BACK, options=ids, talk=talk.id, words=message.text)
    return Menu(held, options)


def _relayed(
    message: IncomingMessage,
    talk: Talk,
    staff: Staff,
    session: Session,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    left = _left(session, talk.conversation, now)
    if isinstance(left, Refusal):
        reason = say(REFUSALS.get(left, "advisor.window_used_up"))
        return Text(say("advisor.relay_unsent", name=called(talk.customer, say), reason=reason))
    outbox.to_customer(talk.conversation, _for_customer(message, staff, say))
    return Text(say("advisor.relay_last")) if left == 1 else Silence()


@router.on(by_staff, in_talk, ~kind(Kind.EVENT), ~commanding, ~answering_us)
def not_relayed(say: Wording) -> Reply:
    return Text(say("advisor.relay_kind"))


@router.on(by_staff, command("等待", "/等待", "谁在等", "待接待"))
def waiting(session: Session, actor: Actor, dialogue: Dialogue, say: Wording, now: datetime) -> Reply:
    """Who waits, longest first."""
    found = talks.waiting(session, actor)
    if not found:
        return Text(say("advisor.waiting_none"))
    options = tuple(Option(f"{WAITING}{talk.id}", _line(talk, say, now)) for talk in found)
    return Menu(say("advisor.waiting_head", count=len(found)), dialogue.offer(State.CHOOSING_WAITING, options))


@router.on(by_staff, command("接待", "/接待"))
def take_by_number(message: IncomingMessage, session: Session, actor: Actor, visit: Visit, say: Wording) -> Reply:
    """`接待 2` takes the second of the list he sees, or of those who wait now; `接待` the first."""
    wanted = rest_of(message.text)
    if wanted and not number_in(wanted):
        return Text(say("advisor.take_how"))
    listed = visit.dialogue.numbered(wanted) if visit.state == State.CHOOSING_WAITING else ""
    if listed:
        return _take(visit, int(listed.removeprefix(WAITING)))
    found = talks.waiting(session, actor)
    number = number_in(wanted) or 1
    if not found:
        return Text(say("advisor.take_none"))
    return _take(visit, found[number - 1].id) if number <= len(found) else Text(say("advisor.take_how"))


@router.on(by_staff, chose(State.CHOOSING_WAITING))
def take_chosen(choice: str, dialogue: Dialogue, visit: Visit) -> Reply:
    """A number of the list of those who wait."""
    dialogue.leave()
    return _take(visit, int(choice.removeprefix(WAITING)))


@router.on(by_staff, event("template_card_event"), Filter(lambda visit: _taps_take(visit.message)))
def take_by_card(message: IncomingMessage, session: Session, visit: Visit, say: Wording) -> Sequence[Reply]:
    """The button of the card: the card turns grey, the talk begins."""
    talk_id = int(str(message.fields["key"]).removeprefix(TAKE))
    reply = _take(visit, talk_id, tapped=f"card:{message.fields.get('task_id', '')}")
    taken = session.get(Talk, talk_id)
    by = taken.staff.name if taken and taken.staff else ""
    return (CardDone(say("advisor.waiting_card_taken", advisor=by)), reply) if by else (reply,)


def _taps_take(message: IncomingMessage) -> bool:
    key = str(message.fields.get("key", ""))
    number = key.removeprefix(TAKE)
    return key.startswith(TAKE) and number.isdecimal() and len(number) <= LONGEST_ID


def _take(visit: Visit, talk_id: int, tapped: str = "") -> Reply:
    """Take the talk unless somebody was first; every card that called for it turns grey, the tapped one in place."""
    say, session, advisor = visit.desk.say, visit.session, visit.staff.name
    if visit.talk is not None and visit.talk.id != talk_id:
        return Text(say("advisor.take_busy", name=called(visit.talk.customer, say)))
    talk = talks.take(session, talk_id, visit.actor, visit.now)
    if talk is None:
        return Text(say("advisor.take_gone"))
    visit.outbox.to_customer(talk.conversation, Text(say("customer.talk_taken", advisor=advisor)))
    talks.withdraw_cards(session, talk, visit.now)
    for card in talks.cards_of(session, talk):
        if card.key != tapped:
            visit.outbox.card_done(card, CardDone(say("advisor.waiting_card_taken", advisor=advisor)))
    window = _window_words(session, talk.conversation, visit.desk.shop, say, visit.now)
    head = say("advisor.taken", name=called(talk.customer, say), code=talk.customer.code, window=window)
    return Text("\n".join([head, *_last_words(session, talk.customer, say)]))


def _line(talk: Talk, say: Wording, now: datetime) -> str:
    minutes = int((now - talk.opened_at) / timedelta(minutes=1))
    return say(
        "advisor.waiting_line", name=called(talk.customer, say), minutes=minutes, words=talk.asked[:CHARACTERS_SHOWN]
    )


def _last_words(session: Session, customer: Customer, say: Wording) -> list[str]:
    recent = [one for one in history.interactions(session, customer.id) if one.direction == "in" and one.kind == "text"]
    return [
        say("advisor.taken_words", name=called(customer, say), words=as_said(one.text[:CHARACTERS_SHOWN]))
        for one in reversed(recent[:WORDS_SHOWN])
    ]


def _for_customer(message: IncomingMessage, staff: Staff, say: Wording) -> Reply:
    if message.kind is Kind.IMAGE:
        return Media(Kind.IMAGE, str(message.fields.get("media_id", "")), held_by=message.channel)
    return Text(say("customer.talk_from_advisor", advisor=staff.name, words=as_said(message.text)))


def _left(session: Session, conversation: Conversation, now: datetime) -> int | Refusal:
    """How many messages the platform still lets through now, those on their way counted; or why none."""
    if conversation.window_until is None:
        return Refusal.NO_WINDOW
    planned = talks.on_the_way(session, conversation.account, conversation.person)
    window = Window(conversation.window_opened_by, conversation.window_until, conversation.window_left - planned)
    return may_send(window, now) or window.left


def _window_words(session: Session, conversation: Conversation, shop: ShopFacts, say: Wording, now: datetime) -> str:
    left = _left(session, conversation, now)
    if isinstance(left, Refusal):
        return say(REFUSALS.get(left, "advisor.window_used_up"))
    assert conversation.window_until is not None
    until = conversation.window_until.astimezone(shop.zone)
    return say("advisor.window_open", left=left - 1, until=f"{until:%m-%d %H:%M}")
