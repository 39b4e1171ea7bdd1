"""Two customers who are one person become one without loss, and two again when that was wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from crm.actors import Actor
from crm.errors import Invalid, NotAllowed, NotFound
from crm.models import (
    BindCode,
    Consent,
    Customer,
    DoubtfulMatch,
    Identity,
    LinkToken,
    MatchVerdict,
    MergedCode,
    MergeMove,
    MergeRecord,
    Purchase,
    Role,
)
from crm.services import audit, consents
from crm.services.customers import STRANGERS_CODE
from crm.services.linking import correcting, fields, parting, since, spoken
from crm.services.linking.moving import move_all, move_back
from crm.services.linking.snapshots import from_json, to_json
from crm.services.membership import points
from crm.services.membership.standings import mark_stale
from crm.services.privacy import answers, staff_texts
from crm.services.privacy.signs import signs_of_card

# The channel under which an erasure stands in the ledger of consents (crm/services/erasure.py).
ERASED = "erased"
WHY_CHARS = 256


def is_stranger(session: Session, former_id: int, customer: Customer, beside: int | None = None) -> bool:
    """Made by the program for an id that is now `customer`'s: no card, no purchase, no other id, no other phone.

    `beside`: the identity by which she was met.
    """
    former = session.get_one(Customer, former_id)
    if not STRANGERS_CODE.fullmatch(former.code) or former.phone not in ("", customer.phone or former.phone):
        return False
    bought = select(Purchase.id).where(Purchase.customer_id == former_id)
    known_by = select(Identity.id).where(Identity.customer_id == former_id, Identity.id != (beside or 0))
    return all(session.scalar(rows.limit(1)) is None for rows in (bought, known_by))


def absorb(session: Session, former_id: int, customer: Customer, now: datetime | None = None) -> MergeRecord:
    """Move every row about a stranger to `customer`, keep what she told, and end the stranger."""
    session.flush()
    former = session.get_one(Customer, former_id)
    return merge(session, Actor.program("linking"), customer, former, "a stranger of whom we know now who she is", now)


def may_merge(actor: Actor) -> bool:
    """Advisors propose; managers, headquarters and the operator decide."""
    return actor.role != Role.ADVISOR


@spoken.unheard
def merge(
    session: Session, actor: Actor, keep: Customer, other: Customer, why: str, now: datetime | None = None
) -> MergeRecord:
    """`other` is `keep` from now on; raises Invalid for one and the same, or one who was erased, and NotAllowed.

    Every row moves, points add up, a refusal of either holds, `other`'s code still finds her.
    """
    if not may_merge(actor):
        raise NotAllowed("An advisor may propose that two customers are one, a manager decides.")
    _hold(session, keep, other)
    at = now or other.created_at
    words = [_words(session, one.id) for one in (keep, other)]
    before, former = fields.fields_of(keep), fields.fields_of(other)
    record = _record(session, actor, keep, other, why, at)
    fields.fill(session, keep, former)
    record.former = to_json({**former, "created_at": other.created_at})
    record.before, record.after = to_json(before), to_json(fields.fields_of(keep))
    session.flush()
    move_all(session, record.id, other, keep)
    correcting.mark(session, record.id)
    _end(session, keep, other)
    record.stopped = json.dumps(_keep_refusals(session, actor, keep, words, at))
    _settle_matches(session, actor, keep, at)
    mark_stale(session, [keep.id])
    audit.note(session, at, actor, "merge", keep.code, f"{record.former_code}: {why}")
    audit.note(session, at, actor, "merged-away", record.former_code, keep.code)
    session.flush()
    return record


@spoken.unheard
def unmerge(session: Session, actor: Actor, record: MergeRecord, now: datetime) -> Customer:
    """Two again: each row that the merge moved goes back, and what was said since by the other one's own ids.

    Raises Invalid for a merge that was undone, that an erasure overtook, or that a later one builds upon.
    """
    if not may_merge(actor):
        raise NotAllowed("A manager undoes a merge.")
    keep = session.scalars(select(Customer).where(Customer.id == record.customer_id).with_for_update()).one()
    _check_undoable(session, record, keep)
    shown, former = signs_of_card(session, keep), from_json(record.former)
    session.execute(delete(MergedCode).where(MergedCode.code == record.former_code))
    back = Customer(code=record.former_code, created_at=former.pop("created_at"))
    session.add(back)
    session.flush()
    for name, value in former.items():
        fields.write(session, back, name, value)
    session.flush()
    move_back(session, record.id, keep, back)
    since.follow_identities(session, keep, back, record.at)
    parting.give_back(session, record.id, keep, back, now)
    before = from_json(record.before)
    fields.restore(session, keep, before, from_json(record.after))
    correcting.part(session, record, (keep, before), (back, former), now)
    since.follow_what_it_is_about(session, keep, back)
    since.part_relatives(session, (keep, back), now)
    points.part(session, keep, record.id, now)
    # What staff and the two themselves were shown of both: the other one's erasure would not find it.
    staff_texts.empty(session, shown, now, since=record.at)
    answers.empty(session, (keep, back), record.at)
    _end_what_proves(session, (keep, back), record.at, now)
    _let_go(session, record)
    _forget_snapshots(session, record)
    record.undone_at, record.undone_by = now, actor.name
    mark_stale(session, [keep.id, back.id])
    audit.note(session, now, actor, "unmerge", keep.code, back.code)
    audit.note(session, now, actor, "unmerged", back.code, keep.code)
    session.flush()
    session.expire_all()
    return back


def record_of(session: Session, code: str) -> MergeRecord:
    """The newest merge, not undone, that this customer was kept in or went up in; raises NotFound."""
    standing = select(MergeRecord).join(MergeRecord.customer).where(MergeRecord.undone_at.is_(None))
    for named in (MergeRecord.former_code == code, Customer.code == code):
        found = session.scalars(standing.where(named).order_by(MergeRecord.id.desc()).limit(1)).one_or_none()
        if found is not None:
            return found
    raise NotFound(f"There is no merge of {code} that could be undone.")


def conflicts_of(record: MergeRecord) -> dict[str, tuple[Any, Any]]:
    """What the two said differently: by field, what holds and what the other one said."""
    return fields.conflicts(from_json(record.before), from_json(record.former)) if record.former else {}


def notes_before(record: MergeRecord) -> list[str]:
    """What stood in the kept one's notes before the merge; nothing of a merge that was undone."""
    notes: str = from_json(record.before).get("notes", "")
    return notes.splitlines()


def is_erased(session: Session, customer: Customer) -> bool:
    """Whether her person was erased: nothing is told of her any more, so nobody can be the same."""
    word = consents.latest(session, [customer.id]).get(customer.id)
    return word is not None and word.channel == ERASED


def _hold(session: Session, keep: Customer, other: Customer) -> None:
    """Whoever writes about one of them in this moment holds her row: wait for it, so that its row moves too."""
    session.flush()
    if keep.id == other.id:
        raise Invalid(f"{keep.code} is one customer already.")
    both = select(Customer.id).where(Customer.id.in_((keep.id, other.id))).order_by(Customer.id)
    session.execute(both.with_for_update())
    for one in (keep, other):
        if is_erased(session, one):
            raise Invalid(f"{one.code} was erased: nobody can be merged with her.")


def _record(session: Session, actor: Actor, keep: Customer, other: Customer, why: str, now: datetime) -> MergeRecord:
    record = MergeRecord(
        customer_id=keep.id, former_code=other.code, at=now, actor=actor.name, why=why[:WHY_CHARS], former=""
    )
    session.add(record)
    session.flush()
    return record


def _end(session: Session, keep: Customer, other: Customer) -> None:
    """The other row goes; its code stays as another name of the kept one."""
    code, other_id = other.code, other.id
    session.flush()
    session.expire_all()
    session.execute(delete(Customer).where(Customer.id == other_id), execution_options={"synchronize_session": False})
    session.expunge(other)
    session.add(MergedCode(code=code, customer_id=keep.id))
    session.flush()


def _words(session: Session, customer_id: int) -> dict[str, Consent]:
    """By purpose the word that holds."""
    rows = session.scalars(select(Consent).where(Consent.customer_id == customer_id).order_by(Consent.id))
    return {row.purpose: row for row in rows}


def _keep_refusals(
    session: Session, actor: Actor, keep: Customer, both: list[dict[str, Consent]], now: datetime
) -> dict[str, int]:
    """The stricter word holds: a no of either is said again where the newest row is a yes.

    Returns, by purpose, the row that was added.
    """
    added: dict[str, int] = {}
    for purpose, word in _words(session, keep.id).items():
        refused = next((words[purpose] for words in both if purpose in words and not words[purpose].granted), None)
        if not word.granted or refused is None:
            continue
        proof = refused.proof or actor.name
        consents.withdraw(session, keep.id, purpose, channel=refused.channel, at=refused.at, proof=proof)
        session.flush()
        added[purpose] = _words(session, keep.id)[purpose].id
    return added


def _end_what_proves(session: Session, both: Sequence[Customer], merged_at: datetime, now: datetime) -> None:
    """Open codes of either may be in the other one's hands: none links, but a contact code of before the merge.

    That one was shown to nobody since (`tokens.issue`).
    """
    ids = [one.id for one in both]
    contact = (LinkToken.customer_id.in_(ids), LinkToken.created_at >= merged_at, LinkToken.used_at.is_(None))
    bind = (BindCode.customer_id.in_(ids), BindCode.used_at.is_(None))
    for theirs in (update(LinkToken).where(*contact), update(BindCode).where(*bind)):
        session.execute(theirs.values(used_at=now), execution_options={"synchronize_session": False})


def _let_go(session: Session, record: MergeRecord) -> None:
    """The merge's own echo of a refusal goes with it: whoever refused has her own row, and the other never did."""
    session.flush()
    echoes = list(json.loads(record.stopped).values())
    if echoes:
        session.execute(delete(Consent).where(Consent.id.in_(echoes)))


def _forget_snapshots(session: Session, record: MergeRecord) -> None:
    """What was known of the one lies no longer with the other, whose erasure would not find it."""
    session.execute(delete(MergeMove).where(MergeMove.record_id == record.id))
    record.former = record.before = record.after = ""


def _check_undoable(session: Session, record: MergeRecord, keep: Customer) -> None:
    if record.undone_at is not None:
        raise Invalid(f"The merge of {record.former_code} is undone already.")
    if not record.former or is_erased(session, keep):
        raise Invalid(f"{keep.code} was erased since: the merge can't be undone.")
    later = select(MergeRecord.former_code).where(
        MergeRecord.customer_id == keep.id, MergeRecord.undone_at.is_(None), MergeRecord.id > record.id
    )
    if (code := session.scalar(later.limit(1))) is not None:
        raise Invalid(f"{code} was merged into {keep.code} later: undo that one first.")


def _settle_matches(session: Session, actor: Actor, keep: Customer, now: datetime) -> None:
    """Whether these two are one is no question any more."""
    asked = (DoubtfulMatch.customer_id == keep.id, DoubtfulMatch.other_id == keep.id, DoubtfulMatch.verdict.is_(None))
    for match in session.scalars(select(DoubtfulMatch).where(*asked)):
        match.verdict, match.decided_at, match.decided_by = MatchVerdict.SAME, now, actor.name


def merges_of(session: Session, customer: Customer) -> Sequence[MergeRecord]:
    """Every merge she was kept in, the newest first."""
    hers = select(MergeRecord).where(MergeRecord.customer_id == customer.id)
    return session.scalars(hers.order_by(MergeRecord.id.desc())).all()
