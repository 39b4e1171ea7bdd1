"""SQLite for many threads: writers take turns, and their commits survive a power cut together.

Turns: SQLite lets one writer in and has the others ask again after pauses that grow. The threads of
one process queue on a lock of ours instead and go in at once; only processes ask again.

Flush: `synchronous=FULL` flushes the write-ahead log inside every commit, while all other writers wait.
Here a commit writes the log and lets the next one in (`synchronous=NORMAL`), and only then waits for
a flush that began after it; all commits that wait together share one. Nothing is answered before
its flush is done, so the promise is FULL's. The log is flushed whole and read back in order,
which is all that recovery needs.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time

# As SQLite itself does: content and size, not the time of the last change.
DATA_TO_DISK = getattr(os, "fdatasync", os.fsync)
# Waiting less than this for our turn leaves SQLite its whole patience: no pragma for a moment's queue.
MOMENT_SECONDS = 0.05


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
            DATA_TO_DISK(log)
        finally:
            os.close(log)


class Writers:
    """The writers of one database file in this process."""

    def __init__(self, path: str) -> None:
        self.turn = threading.Lock()
        self.flush = SharedFlush(path)


_writers: dict[str, Writers] = {}
_writers_lock = threading.Lock()


def writers_of(path: str) -> Writers:
    """One per database file and process."""
    with _writers_lock:
        return _writers.setdefault(os.path.realpath(path), Writers(os.path.realpath(path)))


def _forget_writers() -> None:
    """A child of a fork has none of its parent's transactions: turns that were taken there are free here."""
    global _writers_lock
    _writers.clear()
    _writers_lock = threading.Lock()


os.register_at_fork(after_in_child=_forget_writers)


class DurableConnection(sqlite3.Connection):
    """A connection whose writing transactions take turns and whose commits wait for the shared flush."""

    writers: Writers | None = None
    patience_seconds: float = 0.0
    _has_turn = False
    _changes_flushed = 0
    _busy_seconds = -1.0

    def begin(self, *, reading: bool) -> None:
        """Begin a transaction; raises sqlite3.OperationalError when the turn does not come in time.

        The patience is one for both queues: who waited three seconds for the threads of this process
        waits one for other processes.
        """
        if reading:
            self.execute("BEGIN")
            return
        began = time.monotonic()
        if self.writers is not None:
            if not self.writers.turn.acquire(timeout=self.patience_seconds):
                raise sqlite3.OperationalError("database is locked: other threads write")
            self._has_turn = True
        try:
            self._wait_at_most(self.patience_seconds, time.monotonic() - began)
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._leave()
            raise

    def _wait_at_most(self, patience: float, waited: float) -> None:
        """Let SQLite ask again for what is left of the patience."""
        left = patience if waited < MOMENT_SECONDS else max(patience - waited, 0.0)
        if left != self._busy_seconds:
            self._busy_seconds = left
            self.execute(f"PRAGMA busy_timeout={int(left * 1000)}")

    def commit(self) -> None:
        super().commit()
        self._leave()
        if self.writers is not None and self.total_changes != self._changes_flushed:
            self._changes_flushed = self.total_changes
            self.writers.flush.wait()

    def rollback(self) -> None:
        super().rollback()
        self._leave()

    def close(self) -> None:
        super().close()
        self._leave()

    def _leave(self) -> None:
        if self._has_turn and self.writers is not None:
            self._has_turn = False
            self.writers.turn.release()
