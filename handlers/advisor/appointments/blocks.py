"""A time in which no visits are taken: the manager's for the shop, an advisor's for himself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from bot.messages import Reply, Text
from bot.router import Router
from crm.models import Block, Role, Store
from crm.services import appointments, stores
from crm.when import DAY_BEGINS, When, WhenKind, read_when, windows_of
from handlers.advisor.appointments.affected import affected_words, standing
from handlers.advisor.commands import BLOCK, UNBLOCK, first_word, rest_of, spelled
from handlers.context import Visit
from handlers.filters import staff as by_staff
from handlers.schedule_words import clipped, span_words

router = Router("visit_blocks")

NOTE_CHARS = 60
# How far ahead blocks are listed: as far as visits can be booked.
AHEAD = timedelta(days=60)
Span = tuple[datetime, datetime]


@router.on(by_staff, spelled(*BLOCK))
def block(visit: Visit) -> Reply:
    """`停约 周六下午`, `停约 12月5日 14:00-16:00 设备检修`; what stands in that time is listed."""
    say, typed = visit.desk.say, rest_of(visit.message.text)
    store, words = _store_of(visit, typed)
    if store is None or not _is_his(visit, store):
        return _not_there(visit, store)
    if not words:
        return _listed(visit, store)
    meant = _read(visit, words)
    spans = _spans(visit, meant)
    if not spans:
        return Text(say(f"schedule.{_unread(meant)}"))
    note = clipped(meant.rest.strip(" ,，、。"), NOTE_CHARS)
    alone = None if visit.actor.role in (Role.MANAGER, Role.HEADQUARTERS) else visit.staff
    for first, last in spans:
        appointments.block(visit.session, store, first, last, advisor=alone, note=note, by=visit.staff)
    when = _when(visit, spans)
    head = say("schedule.blocked_own", when=when) if alone else say("schedule.blocked", when=when, store=store.name)
    found = [one for first, last in spans for one in standing(visit.session, first, last, store=store, staff=alone)]
    undo = typed.removesuffix(words) + _only_time(words, meant)
    return Text("\n".join([head, *affected_words(visit, found), say("schedule.block_undo", words=undo)]))


@router.on(by_staff, spelled(*UNBLOCK))
def unblock(visit: Visit) -> Reply:
    """`恢复 周六下午`: whatever was blocked in that time is open again."""
    say, words = visit.desk.say, rest_of(visit.message.text)
    store, words = _store_of(visit, words)
    if store is None or not _is_his(visit, store):
        return _not_there(visit, store)
    if not words:
        return _listed(visit, store)
    meant = _read(visit, words)
    spans = _spans(visit, meant)
    if not spans:
        return Text(say("schedule.no_such_day" if meant.impossible else "schedule.unblock_how"))
    opened = [one for first, last in spans for one in appointments.blocks_of(visit.session, store, first, last)]
    mine = [one for one in opened if _may_open(visit, one)]
    for one in mine:
        appointments.unblock(visit.session, one)
    if not mine:
        return Text(say("schedule.unblock_not_yours" if opened else "schedule.unblock_none", when=_when(visit, spans)))
    return Text("\n".join([say("schedule.unblocked"), *(_block_line(visit, one) for one in mine)]))


def _only_time(words: str, meant: When) -> str:
    """What he typed, without the note behind it."""
    note = meant.rest.strip(" ,，、。")
    return words.partition(note)[0].strip(" ,，、。") or words if note else words


def _may_open(visit: Visit, one: Block) -> bool:
    """An advisor his own; who answers for the shop every one."""
    return visit.actor.role in (Role.MANAGER, Role.HEADQUARTERS) or one.advisor_id == visit.staff.id


def _listed(visit: Visit, store: Store) -> Reply:
    """What is blocked from now on, and how to write it."""
    say = visit.desk.say
    found = appointments.blocks_of(visit.session, store, visit.now, visit.now + AHEAD)
    lines = [_block_line(visit, one) for one in found]
    head = say("schedule.blocks_head", store=store.name) if lines else say("schedule.blocks_none", store=store.name)
    return Text("\n".join([head, *lines, say("schedule.block_how")]))


def _block_line(visit: Visit, one: Block) -> str:
    say = visit.desk.say
    whose = one.advisor.name if one.advisor else say("schedule.whole_shop")
    when = span_words(one.starts_at, one.ends_at, visit.desk.shop.zone, say)
    return say("schedule.block_line", when=when, whose=whose, note=one.note)


def _store_of(visit: Visit, words: str) -> tuple[Store | None, str]:
    """The shop that is named in front, else his own."""
    name, rest = first_word(words)
    named = stores.named(visit.session, name)
    return (named, rest) if named else (visit.staff.store, words)


def _is_his(visit: Visit, store: Store) -> bool:
    return visit.actor.role is Role.HEADQUARTERS or visit.staff.store_id in (None, store.id)


def _not_there(visit: Visit, store: Store | None) -> Reply:
    """No shop is named, or another one."""
    say, own = visit.desk.say, visit.staff.store
    if store is None or own is None:
        return Text(say("schedule.block_no_store"))
    return Text(say("schedule.block_other_store", store=store.name, own=own.name))


def _unread(meant: When) -> str:
    """Why no time came of the words; the last part of a sentence's name."""
    if meant.impossible:
        return "no_such_day"
    return "block_past" if meant.past else "block_how"


def _read(visit: Visit, words: str) -> When:
    return read_when(words, visit.now.astimezone(visit.desk.shop.zone), DAY_BEGINS)


def _spans(visit: Visit, meant: When) -> Sequence[Span]:
    """A day is the whole day; a minute has no end, so it is none; nothing that is over."""
    readings = meant.alternatives if meant.kind is WhenKind.ALTS else (meant,)
    if any(one.kind in (WhenKind.POINT, WhenKind.NONE) for one in readings):
        return ()
    zone = visit.desk.shop.zone
    spans = [_whole(one, span, visit) for one in readings for span in windows_of(one, zone)]
    return [(first, last) for first, last in spans if last > visit.now]


def _whole(meant: When, span: Span, visit: Visit) -> Span:
    """Days end at midnight, not a minute before."""
    if isinstance(meant.start, datetime):
        return span
    zone = visit.desk.shop.zone
    following = span[1].astimezone(zone).date() + timedelta(days=1)
    return span[0], datetime.combine(following, time.min, zone).astimezone(UTC)


def _when(visit: Visit, spans: Sequence[Span]) -> str:
    zone, say = visit.desk.shop.zone, visit.desk.say
    return "、".join(span_words(first, last, zone, say) for first, last in spans)
