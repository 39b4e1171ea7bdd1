"""SQLite commits that survive a power cut without one disk flush each.

`synchronous=FULL` flushes the write-ahead log inside every commit, while all other writers wait: at 3 ms
a flush that is 300 messages a second. Here a commit writes the log and lets go of the lock
(`synchronous=NORMAL`), and only then waits for a flush that began after it; all commits of one
process that wait together share one. Nothing is answered before its flush is done, so the promise is
FULL's. The log is flushed whole and read back in order, which is all that recovery needs.
"""

from __future__ import annotations

import os
import sqlite3
import threading


class SharedFlush:
    """Flushes one database's write-ahead log for everybody who waits."""

    def __init__(self, path: str) -> None:
        self._log = f"{path}-wal"
        self._turn = threading.Lock()
        self._begun = 0
        self._finished = 0

    def wait(self) -> None:
        """Return when a flush that began after this call is done; raises OSError when the disk fails."""
        wanted = self._begun + 1
        with self._turn:
            if self._finished >= wanted:
                return
            self._begun += 1
            self._flush()
            self._finished = self._begun

    def _flush(self) -> None:
        try:
            log = os.open(self._log, os.O_RDONLY)
        except FileNotFoundError:
            return  # the last connection moved everything into the database and flushed that
        try:
            os.fsync(log)
        finally:
            os.close(log)


_flushes: dict[str, SharedFlush] = {}
_flushes_lock = threading.Lock()


def flush_of(path: str) -> SharedFlush:
    """The one flush of a database file in this process."""
    with _flushes_lock:
        return _flushes.setdefault(os.path.realpath(path), SharedFlush(os.path.realpath(path)))


class DurableConnection(sqlite3.Connection):
    """Commits wait for the shared flush when they changed anything."""

    flush: SharedFlush | None = None
    _changes_flushed = 0

    def commit(self) -> None:
        super().commit()
        if self.flush is not None and self.total_changes != self._changes_flushed:
            self._changes_flushed = self.total_changes
            self.flush.wait()
