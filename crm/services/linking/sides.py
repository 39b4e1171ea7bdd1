"""Merges as a tree: of each, what came with the one who went up and what with the one who was kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from crm.models import Conversation, Identity, MergedCode, MergeMove, MergeRecord

# Who speaks: the account of a platform and her id there; "" and a code: a member of staff who typed that.
Voice = tuple[str, str]
# A row by its table and id.
Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Fork:
    """One merge: whether the voice, and the row, belong to the one who went up in it."""

    merge: int
    voice: bool
    row: bool


class Sides:
    """The merges of this customer that could be undone: of any two things one merge alone made them one person's."""

    def __init__(self, session: Session, owner_id: int) -> None:
        standing = (MergeRecord.customer_id == owner_id, MergeRecord.undone_at.is_(None))
        self.session = session
        self.merges = list(session.scalars(select(MergeRecord.id).where(*standing).order_by(MergeRecord.id.desc())))

    def path(self, voice: Voice, row: Row | None = None) -> Iterator[Fork]:
        """From the newest merge down to the one that parts the two; without a row, down to who it is that speaks."""
        speaking = self._voiced(voice)
        owned = speaking if row is None else self._moved(_is(row))
        branch = self.merges
        while branch:
            top, *older = branch
            fork = Fork(top, top in speaking, top in owned)
            yield fork
            if fork.voice != fork.row:
                return
            branch = [one for one in older if (top in self._moved(_is((_RECORDS, one)))) == fork.voice]

    def gone_up(self, voice: Voice) -> list[int]:
        """The merges in which this speaker, or who bore this code, went up in the other one."""
        return [fork.merge for fork in self.path(voice) if fork.voice]

    def _voiced(self, voice: Voice) -> set[int]:
        account, name = voice
        if account:
            ids = select(Identity.id).where(Identity.account == account, Identity.value == name)
            talks = select(Conversation.id).where(Conversation.account == account, Conversation.person == name)
            return self._moved(or_(_in(Identity.__tablename__, ids), _in(Conversation.__tablename__, talks)))
        codes = select(MergedCode.id).where(MergedCode.code == name)
        given_up = select(MergeRecord.id).where(MergeRecord.id.in_(self.merges), MergeRecord.former_code == name)
        return self._moved(_in(MergedCode.__tablename__, codes)) | set(self.session.scalars(given_up))

    def _moved(self, what: ColumnElement[bool]) -> set[int]:
        under = select(MergeMove.record_id).where(MergeMove.record_id.in_(self.merges), MergeMove.column == OWNER)
        return set(self.session.scalars(under.where(what)))


# The column of a note that says whose a whole row is.
OWNER = "customer_id"
_RECORDS = MergeRecord.__tablename__


def _is(row: Row) -> ColumnElement[bool]:
    return and_(MergeMove.table == row[0], MergeMove.row_id == row[1])


def _in(table: str, ids: object) -> ColumnElement[bool]:
    return and_(MergeMove.table == table, MergeMove.row_id.in_(ids))  # type: ignore[arg-type]
