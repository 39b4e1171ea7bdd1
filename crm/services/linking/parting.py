"""What was said of two while they were one (`spoken.py`), given to each when they part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crm.models import Customer, LifeStage, MergeMove, Occasion, PieceCare, Relative, Size
from crm.services.households.people import find_or_make
from crm.services.linking import fields
from crm.services.linking.acts import RELATION, TOLD, Version, Versions, owner_of
from crm.services.linking.sides import OWNER
from crm.services.linking.snapshots import from_json
from crm.services.linking.spoken import BOTH, HER_CARD, hearing

# Who changes these of the other one's has no such row herself: a piece is its owner's, a stage only ends.
NEVER_TWICE = (PieceCare, LifeStage)
# What a row of hers takes from the other one's only if she said it herself.
HER_OWN_WORDS = ("called", "notes", "words", "linked_customer_id")
# A field of a card, and what was said there.
Change = tuple[str, dict[str, Any]]
# Rows that may be gone when what names them comes back.
NAMED: dict[str, type[Any]] = {"wearer_relative_id": Relative, "linked_customer_id": Customer}


def give_back(session: Session, record_id: int, kept: Customer, back: Customer, now: datetime) -> None:
    """To each what she knows; the rows of the merge are theirs again already."""
    _part_cards(session, record_id, kept, back)
    for table in TOLD:
        here = (MergeMove.record_id == record_id, MergeMove.table == table, MergeMove.column == BOTH)
        for note in session.scalars(select(MergeMove).where(*here).order_by(MergeMove.id)).all():
            _part_row(session, note, kept, back, now)


def _part_cards(session: Session, record_id: int, kept: Customer, back: Customer) -> None:
    """What stood in the kept one's card before, and the other one's words in her own, in the order of speaking."""
    here = (MergeMove.record_id == record_id, MergeMove.table == HER_CARD[0])
    noted = session.scalars(select(MergeMove).where(*here).order_by(MergeMove.id)).all()
    changes = [(note.column, from_json(note.was)) for note in noted]
    for name, change in reversed(changes):
        fields.take_back(session, kept, name, change["was"], change["told"])
    for name, change in _of_her_own(back, changes):
        told = fields.upon(name, getattr(back, name), change["was"], change["told"])
        with hearing(session, (change["account"], change["person"])):
            fields.write(session, back, name, told)


def _of_her_own(back: Customer, changes: Sequence[Change]) -> Iterator[Change]:
    """What she had taken off her card may be the other one's alone: then her own of before holds again.

    Each is read when those before it stand in `back`. A calendar goes with its day.
    """
    day, *calendar = fields.BIRTHDAY
    tells_day = day in {name for name, _ in changes}
    day_stays = False
    for name, change in changes:
        others = name not in fields.LISTS and not change["told"] and change["was"] != getattr(back, name)
        day_stays = others if name == day else day_stays
        idle = change["was"] == change["told"] and not tells_day
        if not (day_stays or idle if name in calendar else others):
            yield name, change


def _part_row(session: Session, note: MergeMove, kept: Customer, back: Customer, now: datetime) -> None:
    versions = Versions.read(note.was)
    row = session.get(TOLD[note.table], note.row_id, populate_existing=True)
    owner_id = owner_of(session, row) if row is not None else (back if _was_others(session, note) else kept).id
    pairs = ((kept, versions.kept, versions.other), (back, versions.other, versions.kept))
    for one, hers, others in pairs if owner_id in (kept.id, back.id) else ():
        if one.id == owner_id:
            _as_she_knows_it(session, note, row, one, hers, others, now)
        elif hers is not None and TOLD[note.table] not in NEVER_TWICE:
            with hearing(session, versions.by):
                _insert(session, TOLD[note.table], one, _in_her_own_words(hers, others), now)


def _in_her_own_words(hers: dict[str, Any], others: Version) -> dict[str, Any]:
    """Without what only the other one said of the same."""
    same = [name for name in HER_OWN_WORDS if name in hers and others is not None and hers[name] == others[name]]
    return {**hers, **{name: None if name in NAMED else "" for name in same}}


def _was_others(session: Session, note: MergeMove) -> bool:
    same = (MergeMove.record_id == note.record_id, MergeMove.table == note.table, MergeMove.row_id == note.row_id)
    return bool(session.scalar(select(exists().where(*same, MergeMove.column == OWNER))))


def _as_she_knows_it(
    session: Session, note: MergeMove, row: Any, owner: Customer, hers: Version, others: Version, now: datetime
) -> None:
    """By the same id as before: merges below know the row by that."""
    if row is None:
        if hers is not None:
            _insert(session, TOLD[note.table], owner, {**hers, "id": note.row_id}, now)
    elif hers is None:
        session.delete(row)
    else:
        told = _living(session, hers)
        for name in _columns(told):
            if others is None or others.get(name) != hers[name]:
                setattr(row, name, told[name])
    session.flush()


def _insert(session: Session, model: type[Any], owner: Customer, version: dict[str, Any], now: datetime) -> None:
    told = _living(session, version)
    if model in (Size, Occasion):
        relation = told.get(RELATION)
        told["relative_id"] = find_or_make(session, owner.id, relation, now).id if relation else None
    session.add(model(**{name: told[name] for name in _columns(told)}, customer_id=owner.id))
    session.flush()


def _living(session: Session, version: dict[str, Any]) -> dict[str, Any]:
    gone = [name for name, model in NAMED.items() if version.get(name) and session.get(model, version[name]) is None]
    return {**version, **dict.fromkeys(gone)}


def _columns(version: dict[str, Any]) -> Sequence[str]:
    return [name for name in version if name != RELATION]
