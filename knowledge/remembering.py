"""Readings of what is written here, kept in a file between starts: reading 15,000 wordings takes two seconds."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from knowledge.reading import Reader, Reading

PACKAGE = Path(__file__).parent
KEPT = PACKAGE.parent / "var" / "knowledge-readings.json"
# What a reading depends on; a change of any of it reads everything anew.
_WRITTEN = ("*.py", "entries/*.yaml", "askings/*.tsv", "lexicon/*")
_PACKAGES = ("jieba", "rjieba", "pypinyin", "rapidfuzz", "opencc")


def readings_of(texts: Iterable[str], reader: Reader, kept: Path = KEPT) -> dict[str, Reading]:
    """The readings of these texts; from the file where it was written by this very content and code."""
    key = _key()
    stored = _stored(kept, key)
    found = {text: _opened(stored[text], reader) if text in stored else reader.read(text) for text in texts}
    if len(found.keys() & stored.keys()) < len(found):
        _keep(kept, {"key": key, "readings": {text: _closed(reading) for text, reading in found.items()}})
    return found


def _key() -> str:
    digest = hashlib.sha256()
    for pattern in _WRITTEN:
        for path in sorted(PACKAGE.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes() if path.is_file() else b"")
    digest.update("".join(map(_version, _PACKAGES)).encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _stored(kept: Path, key: str) -> dict[str, Any]:
    try:
        stored = json.loads(kept.read_bytes())
        return dict(stored["readings"]) if stored["key"] == key else {}
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, or broken by a full disk: it is only a memory.
        return {}


def _keep(kept: Path, stored: dict[str, Any]) -> None:
    """Write it whole or not at all; a place that can't be written to costs two seconds at the next start."""
    beside = kept.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        beside.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        beside.replace(kept)


def _closed(reading: Reading) -> list[Any]:
    return [reading.text, reading.ideas, reading.words, dict(reading.foreign), reading.written]


def _opened(stored: list[Any], reader: Reader) -> Reading:
    text, ideas, words, foreign, written = stored
    return Reading(text, tuple(ideas), tuple(words), foreign, reader.lexicon.kinds, tuple(written))
