"""One scheduler acts: a lease row whose term grows with every change of hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from crm.db import Sessions
from crm.models import Lease
from crm.services.claims import machine_now
from scheduler.errors import Fenced

NAME = "scheduler"
# How long a silent holder is waited for: three ticks of five seconds.
LEASE_TIME = timedelta(seconds=15)


@dataclass
class Leadership:
    """What one process knows of the lease. `term` is 0 while it does not hold it."""

    sessions: Sessions
    holder: str
    term: int = 0

    def acquire(self, *, seize: bool = False) -> bool:
        """Take the lease or keep it; False while somebody else holds it. `seize` asks nobody."""
        with self.sessions.begin() as session:
            lease = _locked(session)
            free = lease.until < machine_now() or seize
            if lease.holder == self.holder and lease.term == self.term:
                lease.until = machine_now() + LEASE_TIME
            elif free:
                lease.holder, lease.term = self.holder, lease.term + 1
                lease.until = machine_now() + LEASE_TIME
            self.term = lease.term if lease.holder == self.holder else 0
        return self.term > 0

    def fence(self, session: Session) -> None:
        """Hold the lease through this transaction; raises Fenced when it went to somebody else."""
        mine = (Lease.name == NAME, Lease.holder == self.holder, Lease.term == self.term)
        extended = update(Lease).where(*mine).values(until=machine_now() + LEASE_TIME)
        done = session.execute(extended, execution_options={"synchronize_session": False})
        assert isinstance(done, CursorResult)
        if not done.rowcount:
            self.term = 0
            raise Fenced("Another scheduler acts now.")

    def release(self) -> None:
        """Let the next one begin at once."""
        mine = (Lease.name == NAME, Lease.holder == self.holder, Lease.term == self.term)
        with self.sessions.begin() as session:
            session.execute(update(Lease).where(*mine).values(until=machine_now() - LEASE_TIME))
        self.term = 0


def _locked(session: Session) -> Lease:
    maker = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    never = {"name": NAME, "holder": "", "term": 0, "until": machine_now() - LEASE_TIME}
    session.execute(maker(Lease).values(never).on_conflict_do_nothing(index_elements=["name"]))
    return session.scalars(select(Lease).where(Lease.name == NAME).with_for_update()).one()
