"""What the wordings teach, kept in a file between starts: reading 25,000 of them takes six seconds."""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from knowledge.index import Counts
from knowledge.learned import Learned

PACKAGE = Path(__file__).parent
KEPT = PACKAGE.parent / "var" / "knowledge-learned.json"
# What it depends on; a change of any of it reads everything anew.
_WRITTEN = ("*.py", "entries/*.yaml", "askings/*.tsv", "lexicon/*")
_PACKAGES = ("jieba", "rjieba", "pypinyin", "rapidfuzz", "opencc")


def remembered(learn: Callable[[], Learned], kept: Path = KEPT) -> Learned:
    """What was learned from this very content by this very code; learned now where the file does not have it."""
    key = _key()
    try:
        stored = json.loads(kept.read_bytes())
        if stored["key"] == key:
            return _opened(stored)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Not there, or broken by a full disk: it is only a memory.
        pass
    learned = learn()
    _keep(kept, {"key": key, **_closed(learned)})
    return learned


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


def _keep(kept: Path, stored: dict[str, Any]) -> None:
    """Write it whole or not at all; a place that can't be written to costs six seconds at the next start."""
    beside = kept.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        beside.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        beside.replace(kept)


def _closed(learned: Learned) -> dict[str, Any]:
    counts = learned.counts
    return {
        "asked": {feature: [list(asked), list(asked.values())] for feature, asked in counts.asked.items()},
        "said": list(counts.said.items()),
        "vocabulary": [[entry, sorted(words)] for entry, words in counts.vocabulary.items()],
        "claimed": [sorted(words) for words in learned.claimed],
    }


def _opened(stored: dict[str, Any]) -> Learned:
    asked = {feature: dict(zip(*entries, strict=True)) for feature, entries in stored["asked"].items()}
    vocabulary = {entry: set(words) for entry, words in stored["vocabulary"]}
    return Learned(Counts(asked, dict(stored["said"]), vocabulary), [frozenset(words) for words in stored["claimed"]])
