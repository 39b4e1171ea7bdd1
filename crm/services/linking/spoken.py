"""What two who became one say, each by her own ids: noted under the merge, so that it is hers when they part.

A row that she makes is noted like a row that the merge moved, and goes back with those. A value that she changes
in the other one's row is noted with what stood there: the row gets that back, and she a row of her own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import and_, delete, event, exists, insert, inspect, or_, select
from sqlalchemy.orm import Session

from crm.db import Base
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
    SkinTest,
    Standing,
    Taste,
    TierChange,
)
from crm.services.linking import fields
from crm.services.linking.snapshots import from_json, to_json

# Who she is, what the shop counts, what linking itself writes: nothing that she says. Messages: see since.py.
NOT_SAID = (
    *(Customer, Identity, Conversation, Interaction, PieceCare, HoldEntry, Coupon, PointsEntry, Standing, TierChange),
    *(BindCode, Correction, DoubtfulMatch, LinkToken, MergeRecord, MergedCode),
)
# What she tells of herself and hers is written over where it was told before.
TOLD: dict[str, type[Any]] = {
    model.__tablename__: model for model in (Customer, Relative, Size, Occasion, Taste, SkinTest, PieceCare)
}
# The column of a note that says that the whole row is hers, where the row names no customer itself.
MADE = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that somebody changed. `others`: she who went up in the other one; `by`: her account and id there.

    `of`: whose own row it was, by the code, which stays when the row does not; `column` MADE: the row is new.
    """

    column: str
    was: Any
    told: Any
    others: bool
    by: tuple[str, str]
    of: str


Line = tuple[int, str, str, int, dict[str, Any]]  # owner, table, column, row, what changed


def hear(session: Session, account: str, person: str) -> None:
    """Whatever this session writes from now on is said by the owner of this id."""
    event.listen(session, "after_flush", partial(_note, account, person))


@contextmanager
def _hearing(session: Session, account: str, person: str) -> Iterator[None]:
    listener = partial(_note, account, person)
    session.flush()
    event.listen(session, "after_flush", listener)
    yield
    session.flush()
    event.remove(session, "after_flush", listener)


def _note(account: str, person: str, session: Session, _flush: object) -> None:
    """Only where somebody went up in the customer: one short query, and only about a row that she said."""
    by_owner: dict[int, list[Line]] = defaultdict(list)
    for line in (*_made(session), *_changed(session)):
        by_owner[line[0]].append(line)
    for owner_id, lines in by_owner.items():
        for record_id, others in _standing(session, owner_id, account, person):
            for _, table, column, row_id, change in lines:
                place = {"record_id": record_id, "table": table, "column": column, "row_id": row_id}
                # Her own row takes only what the other one says; other rows may be either's.
                if change and (others or table != Customer.__tablename__):
                    _note_change(session, place, {**change, "others": others, "by": f"{account}\n{person}"})
                elif others and not change:
                    session.connection().execute(insert(MergeMove.__table__), [{**place, "was": ""}])  # type: ignore[arg-type]


def _standing(session: Session, owner_id: int, account: str, person: str) -> Sequence[tuple[int, bool]]:
    """Merges of this customer that could be undone, and whether this id came with the one that went up in her."""
    ids = select(Identity.id).where(Identity.account == account, Identity.value == person)
    talks = select(Conversation.id).where(Conversation.account == account, Conversation.person == person)
    came = or_(
        and_(MergeMove.table == Identity.__tablename__, MergeMove.row_id.in_(ids)),
        and_(MergeMove.table == Conversation.__tablename__, MergeMove.row_id.in_(talks)),
    )
    moved = exists().where(MergeMove.record_id == MergeRecord.id, came)
    hers = (MergeRecord.customer_id == owner_id, MergeRecord.undone_at.is_(None))
    return [(row[0], bool(row[1])) for row in session.execute(select(MergeRecord.id, moved).where(*hers))]


def _made(session: Session) -> Iterator[Line]:
    for row in session.new:
        if isinstance(row, PieceCare):
            yield (*_place(session, row), MADE, row.id, {"was": None, "told": None, "of": ""})
        elif not isinstance(row, NOT_SAID) and getattr(row, "customer_id", None) is not None:
            yield (row.customer_id, row.__tablename__, "customer_id", row.id, {})


def _changed(session: Session) -> Iterator[Line]:
    for row in session.dirty:
        if row.__tablename__ not in TOLD or not session.is_modified(row):
            continue
        columns = fields.FIELDS if isinstance(row, Customer) else [one.key for one in inspect(type(row)).column_attrs]
        for name in columns:
            history = inspect(row).attrs[name].history
            if history.has_changes() and history.deleted:
                of = row.code if isinstance(row, Customer) else ""
                change = {"was": history.deleted[0], "told": history.added[0], "of": of}
                yield (*_place(session, row), name, row.id, change)


def _place(session: Session, row: Any) -> tuple[int, str]:
    return _owner(session, row), row.__tablename__


def _owner(session: Session, row: Any) -> int:
    if isinstance(row, PieceCare):
        return session.scalar(select(Purchase.customer_id).where(Purchase.id == row.purchase_id)) or 0
    owner: int = row.id if isinstance(row, Customer) else row.customer_id
    return owner


def _note_change(session: Session, place: dict[str, Any], change: dict[str, Any]) -> None:
    """A word that takes the one before it back leaves no note of either."""
    here = (getattr(MergeMove, name) == value for name, value in place.items())
    newest = select(MergeMove.id, MergeMove.was).where(*here).order_by(MergeMove.id.desc()).limit(1)
    before = session.execute(newest).one_or_none()
    text = to_json(change)
    if before is not None and before.was:
        said, now = json.loads(before.was), json.loads(text)
        if (said["was"], said["told"]) == (now["told"], now["was"]):
            session.connection().execute(delete(MergeMove.__table__).where(MergeMove.id == before.id))  # type: ignore[arg-type]
            return
    session.connection().execute(insert(MergeMove.__table__), [{**place, "was": text}])  # type: ignore[arg-type]


def give_back(session: Session, record_id: int, kept: Customer, back: Customer) -> None:
    """What either told over the other's words, when they part; the rows of the merge are theirs again already."""
    for (table, row_id), changes in _changes(session, record_id).items():
        if table == Customer.__tablename__:
            _part_own(session, kept, back, [one for one in changes if one.others and one.of == kept.code])
            continue
        row = session.get(TOLD[table], row_id, populate_existing=True)
        owner = _owner(session, row) if row is not None else 0
        if owner in (kept.id, back.id):
            hers = owner == back.id
            _part_row(session, row, [one for one in changes if one.others != hers], kept if hers else back)


def _changes(session: Session, record_id: int) -> dict[tuple[str, int], list[Change]]:
    """By row, the newest first."""
    noted = select(MergeMove).where(MergeMove.record_id == record_id, MergeMove.column != "customer_id")
    found: dict[tuple[str, int], list[Change]] = defaultdict(list)
    for move in session.scalars(noted.where(MergeMove.table.in_(TOLD)).order_by(MergeMove.id.desc())):
        told = from_json(move.was)
        if "by" in told:
            account, _, person = told.pop("by").partition("\n")
            found[move.table, move.row_id].append(Change(move.column, by=(account, person), **told))
    return found


def _part_own(session: Session, kept: Customer, back: Customer, changes: Sequence[Change]) -> None:
    told: dict[str, Change] = {}
    allergies = []
    for change in changes:
        if change.column == "allergies":
            kept.allergies = fields.reworded(kept.allergies, change.told, change.was)
            allergies.append(change)
            continue
        told.setdefault(change.column, change)
        if getattr(kept, change.column) == change.told:
            fields.write(session, kept, change.column, change.was)
    for change in told.values():
        with _hearing(session, *change.by):
            fields.write(session, back, change.column, change.told)
    for change in reversed(allergies):
        with _hearing(session, *change.by):
            back.allergies = fields.reworded(back.allergies, change.was, change.told)


def _part_row(session: Session, row: Any, changes: Sequence[Change], speaker: Customer) -> None:
    """The row as its owner knows it, and one of her own for whoever changed it; a piece stays the owner's."""
    told: dict[str, Any] = {}
    for change in changes:
        if change.column == MADE:
            session.delete(row)
            return
        told.setdefault(change.column, change.told)
        if getattr(row, change.column) == change.told:
            setattr(row, change.column, change.was)
    if told and not isinstance(row, PieceCare):
        with _hearing(session, *changes[0].by):
            session.add(_copy(row, {**told, "customer_id": speaker.id}))


def _copy(row: Base, values: dict[str, Any]) -> Any:
    names = [column.key for column in inspect(type(row)).column_attrs if column.key != "id"]
    return type(row)(**({name: getattr(row, name) for name in names} | values))
