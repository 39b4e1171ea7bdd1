"""Staff say who is who: matches in doubt, bind codes, merging two customers and undoing it."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.messages import CardDone, IncomingMessage, Reply, Text
from bot.router import Filter, Router, event
from crm.actors import Actor
from crm.errors import Invalid, NotFound
from crm.models import Customer, DoubtfulMatch, MatchReason, MatchVerdict, Staff
from crm.services import customers, merging
from crm.services import staff as people
from crm.services.linking import binding, matches
from crm.services.linking.fields import conflicts, fields_of
from handlers.advisor.commands import (
    BIND_CODE,
    CONFIRM_MERGE,
    MATCH_DIFFERENT,
    MATCH_SAME,
    MATCHES,
    MERGE,
    UNMERGE,
    rest_of,
    spelled,
)
from handlers.customer.linking import REASONS, ask_staff
from handlers.dialogue import Dialogue
from handlers.filters import staff as by_staff
from handlers.linking_news import GoneUp, called, person, tell_of_merge, tell_of_undoing
from handlers.outbox import Outbox
from handlers.states import State
from wording import Wording

router = Router("advisor_linking")

SAME, DIFFERENT = "same:", "different:"
# Digits of an id that a database takes.
LONGEST_ID = 18
# How long a merge waits for its code, and the digits of that.
CONFIRM_WITHIN = timedelta(minutes=2)
CONFIRM_DIGITS = 4
# Notes of the time as one that the manager looks over, the newest.
NOTES_SHOWN = 5
NAMED_FIELDS = {
    "name": "linking.field_name",
    "phone": "linking.field_phone",
    "birthday": "linking.field_birthday",
    "ring_size": "linking.field_ring_size",
    "allergies": "linking.field_allergies",
    "gender": "linking.field_gender",
}


@router.on(by_staff, spelled(*BIND_CODE))
def bind_code(message: IncomingMessage, session: Session, actor: Actor, say: Wording, now: datetime) -> Reply:
    """Six digits for a customer of his, to be read out to her."""
    wanted = rest_of(message.text)
    if not wanted:
        return Text(say("linking.bind_code_how"))
    try:
        customer = customers.by_code(session, actor, wanted.upper())
    except NotFound:
        return Text(say("linking.not_found"))
    if merging.is_erased(session, customer):
        return Text(say("advisor.profile_erased", code=customer.code))
    digits = binding.make_code(session, actor, customer, now)
    return Text(say("linking.bind_code", name=called(customer, say), code=customer.code, digits=digits))


@router.on(by_staff, spelled(*MATCHES))
def doubtful(session: Session, actor: Actor, say: Wording) -> Reply:
    """What waits for his word."""
    found = matches.waiting(session, actor)
    if not found:
        return Text(say("linking.match_none"))
    lines = [
        say(
            "linking.match_line",
            number=match.id,
            one=person(match.customer, say),
            second=person(match.other, say),
            reason=say(REASONS[match.reason]),
        )
        for match in found
    ]
    return Text("\n".join([say("linking.match_head", count=len(found)), *lines]))


@router.on(by_staff, spelled(*MATCH_SAME, *MATCH_DIFFERENT))
def decided(
    message: IncomingMessage, session: Session, staff: Staff, outbox: Outbox, say: Wording, now: datetime
) -> Reply:
    """`是同一人 12`, `不是同一人 12`."""
    number = rest_of(message.text)
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID):
        return Text(say("linking.match_how"))
    same = not message.text.strip().lstrip("/").startswith(MATCH_DIFFERENT)
    return _decide(session, staff, int(number), same, outbox, say, now)[0]


@router.on(by_staff, event("template_card_event"), Filter(lambda visit: _number_of(visit.message) > 0))
def tapped(
    message: IncomingMessage, session: Session, staff: Staff, outbox: Outbox, say: Wording, now: datetime
) -> Reply | tuple[Reply, ...]:
    """The card's buttons; the card turns grey."""
    same = str(message.fields.get("key", "")).startswith(SAME)
    reply, done = _decide(session, staff, _number_of(message), same, outbox, say, now)
    if not done:
        return reply
    return CardDone(say("linking.match_card_same" if same else "linking.match_card_different")), reply


@router.on(by_staff, spelled(*MERGE))
def ask_to_merge(
    message: IncomingMessage,
    session: Session,
    actor: Actor,
    staff: Staff,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """What would happen, and a code that confirms it; an advisor's word goes to those who decide."""
    try:
        keep, other = _named(session, actor, rest_of(message.text))
    except NotFound:
        return Text(say("linking.not_found"))
    except ValueError:
        return Text(say("linking.merge_how"))
    if keep.id == other.id:
        return Text(say("linking.merge_same"))
    if any(merging.is_erased(session, one) for one in (keep, other)):
        return Text(say("linking.merge_erased"))
    if not merging.may_merge(actor):
        return _propose(session, keep, other, staff, outbox, say, now)
    digits = f"{secrets.randbelow(10**CONFIRM_DIGITS):0{CONFIRM_DIGITS}}"
    dialogue.enter(
        State.CONFIRMING_MERGE,
        keep=keep.code,
        other=other.code,
        digits=digits,
        until=(now + CONFIRM_WITHIN).isoformat(),
    )
    shown = {"keep": person(keep, say), "other": person(other, say), "digits": digits}
    return Text(say("linking.merge_ask", differences=_differences(keep, other, say), **shown))


@router.on(by_staff, spelled(*CONFIRM_MERGE))
def confirm_merge(
    message: IncomingMessage,
    session: Session,
    actor: Actor,
    staff: Staff,
    dialogue: Dialogue,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """Once, within two minutes, by whoever asked and for exactly these two."""
    step = dialogue.step if dialogue.state == State.CONFIRMING_MERGE else {}
    dialogue.leave()
    in_time = bool(step) and now <= datetime.fromisoformat(step["until"])
    if not in_time or not hmac.compare_digest(rest_of(message.text).encode(), str(step["digits"]).encode()):
        return Text(say("linking.merge_over"))
    try:
        keep, other = (customers.by_code(session, actor, step[name]) for name in ("keep", "other"))
        if any(merging.is_erased(session, one) for one in (keep, other)):
            return Text(say("linking.merge_erased"))
        gone = GoneUp.of(other)
        merging.merge(session, actor, keep, other, "a manager's command", now)
    except NotFound:
        return Text(say("linking.not_found"))
    except Invalid:
        return Text(say("linking.merge_same"))
    tell_of_merge(session, keep, gone, staff, say("linking.how_staff", who=staff.name), outbox, say)
    return Text(say("linking.merge_done", name=called(keep, say), code=keep.code, former=gone.code))


@router.on(by_staff, spelled(*UNMERGE))
def undo(
    message: IncomingMessage,
    session: Session,
    actor: Actor,
    staff: Staff,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """`撤销合并 C0001`: the newest merge of hers."""
    wanted = rest_of(message.text).upper()
    if not wanted:
        return Text(say("linking.unmerge_how"))
    if not merging.may_merge(actor):
        return Text(say("linking.unmerge_not_allowed"))
    try:
        kept = customers.by_code(session, actor, wanted)
        record = merging.record_of(session, wanted)
    except NotFound:
        return Text(say("linking.unmerge_none"))
    known = merging.notes_before(record)
    try:
        back = merging.unmerge(session, actor, record, now)
    except Invalid:
        return Text(say("linking.unmerge_later"))
    tell_of_undoing(session, kept, back, staff, outbox, say)
    done = say("linking.unmerge_done", kept=kept.code, code=back.code)
    since = [line for line in kept.notes.splitlines() if line not in known][-NOTES_SHOWN:]
    return Text("\n".join([done, say("linking.unmerge_notes", kept=kept.code), *since]) if since else done)


def _decide(
    session: Session, staff: Staff, match_id: int, same: bool, outbox: Outbox, say: Wording, now: datetime
) -> tuple[Reply, bool]:
    asked = session.get(DoubtfulMatch, match_id)
    gone = GoneUp.of(asked.other) if asked else None
    try:
        match = matches.decide(session, Actor.of(staff), match_id, same, now)
    except NotFound:
        return Text(say("linking.match_gone")), False
    if match.verdict is MatchVerdict.VOID:
        return Text(say("linking.merge_erased")), True
    if match.verdict is MatchVerdict.DIFFERENT:
        return Text(say("linking.match_done_different")), True
    keep = session.get_one(Customer, match.customer_id)
    if gone is not None:
        tell_of_merge(session, keep, gone, staff, say("linking.how_staff", who=staff.name), outbox, say)
    return Text(say("linking.match_done_same", name=called(keep, say), code=keep.code)), True


def _number_of(message: IncomingMessage) -> int:
    """The match that a tapped button is about; 0 for any other button."""
    kind, _, number = str(message.fields.get("key", "")).partition(":")
    known = f"{kind}:" in (SAME, DIFFERENT) and number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID
    return int(number) if known else 0


def _named(session: Session, actor: Actor, words: str) -> tuple[Customer, Customer]:
    """Raises ValueError unless there are two codes, NotFound for one that the actor may not see."""
    first, second = words.upper().replace("，", " ").replace(",", " ").split()
    return customers.by_code(session, actor, first), customers.by_code(session, actor, second)


def _propose(
    session: Session, keep: Customer, other: Customer, staff: Staff, outbox: Outbox, say: Wording, now: datetime
) -> Reply:
    deciding = people.manager_of(session, staff)
    match = matches.doubt(session, keep, other, MatchReason.PROPOSED, now, deciding)
    ask_staff(match, outbox, say)
    return Text(say("linking.merge_proposed"))


def _differences(keep: Customer, other: Customer, say: Wording) -> str:
    found = conflicts(fields_of(keep), fields_of(other))
    names = dict.fromkeys(say(NAMED_FIELDS.get(name, "linking.field_other")) for name in found)
    return say("linking.merge_differences", fields="、".join(names), keep=keep.name or keep.code) if names else ""
