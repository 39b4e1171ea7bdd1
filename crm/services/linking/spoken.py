"""What is said of two who became one, each by her own ids or under her own code: hers again when they part.

A row that is made for her is noted like a row that the merge moved. Where she speaks about the other one's row, the
merge that made them one keeps it twice from then on, as each of the two knows it; `parting.py` gives it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import delete, event, insert, inspect, select
from sqlalchemy.orm import Session

from crm.models import (
    BindCode,
    Conversation,
    Correction,
    Coupon,
    Customer,
    DoubtfulMatch,
    HoldEntry,
    Identity,
    Interaction,
    LinkToken,
    MergedCode,
    MergeMove,
    MergeRecord,
    Occasion,
    PieceCare,
    PointsEntry,
    Purchase,
    Relative,
    Size,
    Standing,
    TierChange,
)
from crm.services.customers import typed_code
from crm.services.linking import fields
from crm.services.linking.acts import RELATION, TOLD, Act, Versions, owner_of, whole
from crm.services.linking.sides import OWNER, Row, Sides, Voice
from crm.services.linking.snapshots import from_json, to_json

# Who she is, what the shop counts, what linking itself writes: nothing that is said of her. Messages: see since.py.
NOT_SAID = (
    *(Customer, Identity, Conversation, Interaction, PieceCare, HoldEntry, Coupon, PointsEntry, Standing, TierChange),
    *(BindCode, Correction, DoubtfulMatch, LinkToken, MergeRecord, MergedCode),
)
# The column of a note that holds such a row as each of the two knows it.
BOTH = ""
P = ParamSpec("P")
R = TypeVar("R")


def hear(session: Session, account: str, person: str) -> None:
    """Whatever this session writes from now on is said by the owner of this id."""
    _listen(session, lambda _: (account, person))


def hear_staff(session: Session) -> None:
    """Whatever this session writes from now on is about whom the code, as staff typed it, named."""
    _listen(session, lambda owner_id: ("", typed_code(session, owner_id)))


def _listen(session: Session, voice_of: Callable[[int], Voice]) -> None:
    event.listen(session, "before_flush", _take_what_hangs_on_it)
    event.listen(
        session, "after_flush", partial(_note, lambda who: None if _UNHEARD in session.info else voice_of(who))
    )


@contextmanager
def hearing(session: Session, voice: Voice) -> Iterator[None]:
    """What is written inside is said by this one, for merges below the one that is undone."""
    listener = partial(_note, lambda _: voice)
    session.flush()
    event.listen(session, "after_flush", listener)
    yield
    session.flush()
    event.remove(session, "after_flush", listener)


def unheard(act: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """What the program does to both is nobody's word, whoever's message caused it."""

    @wraps(act)
    def done(session: Session, /, *words: P.args, **named: P.kwargs) -> R:
        session.flush()
        session.info[_UNHEARD] = True
        try:
            result = act(session, *words, **named)
            session.flush()
        finally:
            del session.info[_UNHEARD]
        return result

    return done


_UNHEARD = "nobody is heard"


def _take_what_hangs_on_it(session: Session, _flush: object, _instances: object) -> None:
    """With a relative the database takes her sizes and days: done here, so that it is heard.

    Two who are one may both have told of such a relative: whoever forgets her forgets both.
    """
    deleted = [row for row in session.deleted if isinstance(row, Relative)]
    for gone in dict.fromkeys([*deleted, *(twin for row in deleted for twin in _twins(session, row))]):
        session.delete(gone)
        for model in (Size, Occasion):
            for row in session.scalars(select(model).where(model.relative_id == gone.id)):
                session.delete(row)
        for care in session.scalars(select(PieceCare).where(PieceCare.wearer_relative_id == gone.id)):
            care.wearer, care.wearer_relative_id, care.surprise_until = None, None, None


def _twins(session: Session, gone: Relative) -> Sequence[Relative]:
    if _UNHEARD in session.info:
        return ()
    same = (Relative.customer_id == gone.customer_id, Relative.relation == gone.relation, Relative.id != gone.id)
    return session.scalars(select(Relative).where(*same)).all()


def _note(voice_of: Callable[[int], Voice | None], session: Session, _flush: object) -> None:
    """Only where somebody went up in the customer: one short query, and only about a row that is said of her."""
    by_owner: dict[int, list[Act]] = defaultdict(list)
    for act in (*_made(session), *_touched(session)):
        by_owner[act.owner_id].append(act)
    for owner_id, acts in by_owner.items():
        voice = voice_of(owner_id)
        if voice is not None and (sides := Sides(session, owner_id)).merges:
            for act in acts:
                _note_act(session, sides, voice, act)


def _made(session: Session) -> Iterator[Act]:
    for row in session.new:
        if isinstance(row, PieceCare) or (not isinstance(row, NOT_SAID) and getattr(row, OWNER, None) is not None):
            yield Act(row, owner_of(session, row), None, whole(row) if isinstance(row, PieceCare) else {})


def _touched(session: Session) -> Iterator[Act]:
    for row in session.dirty:
        told = row.__tablename__ in TOLD or isinstance(row, Customer)
        if told and session.is_modified(row):
            now = {name: getattr(row, name) for name in fields.FIELDS} if isinstance(row, Customer) else whole(row)
            histories = {name: inspect(row).attrs[name].history for name in now if name != RELATION}
            was = {name: one.deleted[0] for name, one in histories.items() if one.has_changes() and one.deleted}
            yield Act(row, owner_of(session, row), {**now, **was}, now)
    for row in session.deleted:
        if row.__tablename__ in TOLD:
            yield Act(row, owner_of(session, row), whole(row), None)


def _note_act(session: Session, sides: Sides, voice: Voice, act: Act) -> None:
    if isinstance(act.row, Customer):
        _note_in_her_card(session, sides, voice, act)
    elif act.before is None and not isinstance(act.row, PieceCare):
        for merge in sides.gone_up(voice):
            _add(session, merge, act.place, OWNER, "")
    else:
        _note_versions(session, sides, voice, act)


def _note_in_her_card(session: Session, sides: Sides, voice: Voice, act: Act) -> None:
    """The card is the kept one's: noted is what the other one says there. A word that takes one back leaves no note."""
    assert act.before is not None
    *newer, last = sides.path(voice, act.place)
    for name, now in _told_in_card(act).items() if last.voice else ():
        was = act.before[name]
        for fork in newer:
            was = _without(session, fork.merge, name, was)
        told = fields.upon(name, was, act.before[name], now)
        newest = next(reversed(_changes(session, last.merge, name)), None)
        if newest and told != was and (newest[1]["was"], newest[1]["told"]) == (told, was):
            _drop(session, newest[0])
        else:
            change = {"was": was, "told": told, "account": voice[0], "person": voice[1]}
            _add(session, last.merge, HER_CARD, name, to_json(change))


def _told_in_card(act: Act) -> dict[str, Any]:
    """A birthday is told with its calendar, also where the card has the same one."""
    changed, now = act.changed, act.after or {}
    whole_day = fields.BIRTHDAY if fields.BIRTHDAY[0] in changed else ()
    return {name: now[name] for name in fields.FIELDS if name in changed or name in whole_day}


def _without(session: Session, merge: int, name: str, now: Any) -> Any:
    """As her card stood without the one whom a newer merge brought: nothing of hers is known to anybody below."""
    for _, change in reversed(_changes(session, merge, name)):
        now = fields.without(name, now, change["was"], change["told"])
    filled = select(MergeRecord.before, MergeRecord.after).where(MergeRecord.id == merge)
    before, after = (from_json(text) for text in session.execute(filled).one())
    return now if before == after else fields.without(name, now, before[name], after[name])


def _changes(session: Session, merge: int, name: str) -> list[tuple[int, dict[str, Any]]]:
    """In the order of speaking."""
    return [(note_id, from_json(was)) for note_id, was in _noted(session, merge, HER_CARD, name)]


# The card of whoever is kept: her row has another id when she went up in somebody and came back.
HER_CARD: Row = (Customer.__tablename__, 0)


def _note_versions(session: Session, sides: Sides, voice: Voice, act: Act) -> None:
    where = act.place
    owner = (Purchase.__tablename__, act.row.purchase_id) if isinstance(act.row, PieceCare) else where
    for fork in sides.path(voice, owner):
        noted = _noted(session, fork.merge, where, BOTH)
        if not noted and fork.voice == fork.row:
            continue
        both = Versions.read(noted[0][1]) if noted else Versions(act.before, act.before, voice)
        act = both.take(act, other=fork.voice)
        both.by = voice if fork.voice != fork.row else both.by
        for note_id, _ in noted:
            _drop(session, note_id)
        if both.kept != both.other:
            _add(session, fork.merge, where, BOTH, both.written())


def _noted(session: Session, merge: int, place: Row, column: str) -> list[tuple[int, str]]:
    here = (MergeMove.record_id == merge, MergeMove.table == place[0], MergeMove.row_id == place[1])
    found = select(MergeMove.id, MergeMove.was).where(*here, MergeMove.column == column).order_by(MergeMove.id)
    return [(row[0], row[1]) for row in session.execute(found)]


def _add(session: Session, merge: int, place: Row, column: str, was: str) -> None:
    note = {"record_id": merge, "table": place[0], "column": column, "row_id": place[1], "was": was}
    session.connection().execute(insert(MergeMove.__table__), [note])  # type: ignore[arg-type]


def _drop(session: Session, note_id: int) -> None:
    session.connection().execute(delete(MergeMove.__table__).where(MergeMove.id == note_id))  # type: ignore[arg-type]
