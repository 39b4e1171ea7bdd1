"""The erasures once more, in a file outside the database: what a restored backup does not know.

One line for each: the moment, its key, the signs, all of them keyed hashes in hexadecimal.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from crm.errors import Invalid
from crm.services.privacy.tombstones import Stone

# Nobody but the owner has to read it.
MODE = 0o600
# Closes a line that a power cut left half-written.
CUT = " cut"


class StoneFile:
    """Appended to by one process at a time; what stands in it is never changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._keys: frozenset[bytes] = frozenset()

    def read(self) -> list[Stone]:
        """Every line, the oldest first; raises Invalid naming a line that is none of ours.

        The last line may be cut off by a power cut: without its end it was never acknowledged and is left out.
        """
        whole = enumerate(self._text().split("\n")[:-1], 1)
        return [self._stone(number, line) for number, line in whole if not line.endswith(CUT)]

    def keys(self) -> frozenset[bytes]:
        """Of every line; read again only when the file has changed."""
        if not self.path.exists():
            return frozenset()
        stat = self.path.stat()
        seen = (stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._keys, self._seen = frozenset(stone.key for stone in self.read()), seen
        return self._keys

    def append(self, stones: Sequence[Stone]) -> int:
        """Add those that are missing, and wait until they are on the disk; how many were added. Raises Invalid."""
        if not stones:
            return 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(self.path) as file:
                missing = self._missing(stones)
                os.write(file, self._mend() + "".join(map(_line, missing)).encode("ascii"))
                os.fsync(file)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise Invalid(f"Erasures cannot be written to {self.path}: {error.strerror}.") from None
        return len(missing)

    def _missing(self, stones: Sequence[Stone]) -> list[Stone]:
        known = {stone.key for stone in self.read()}
        return [stone for stone in stones if stone.key not in known]

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="ascii", errors="replace") if self.path.exists() else ""
        except OSError as error:
            raise Invalid(f"Erasures cannot be read from {self.path}: {error.strerror}.") from None

    def _mend(self) -> bytes:
        """A line that was cut off ends here, so that the next one stands alone."""
        text = self._text()
        return f"{CUT}\n".encode() if text and not text.endswith("\n") else b""

    def _stone(self, number: int, line: str) -> Stone:
        try:
            moment, key, signs = line.split(" ")
            hashes = frozenset(bytes.fromhex(sign) for sign in signs.split(","))
            return Stone(datetime.fromisoformat(moment), bytes.fromhex(key), hashes)
        except ValueError:
            raise Invalid(f"{self.path}, line {number} is no erasure.") from None


def _line(stone: Stone) -> str:
    return f"{stone.at.isoformat()} {stone.key.hex()} {','.join(sorted(sign.hex() for sign in stone.signs))}\n"


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The open file; other processes wait for it."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _sync_folder(folder: Path) -> None:
    """A new file's name has to survive a power cut as well."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
