"""Every sentence that a customer or an advisor can read, for the brand to edit.

One YAML file per part of the conversation; `customer.welcome` is the entry `welcome` of
`customer.yaml`. Places are `{name}`: plain names only, no attributes and no indexes, so that a
nickname such as "{0.__class__}" stays the text that it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

PLACE = re.compile(r"\{([a-z_]+)\}")


class Wording:
    """The sentences of one folder, read once."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = dict(sentences)

    @classmethod
    def load(cls, folder: Path | None = None) -> Wording:
        """Read every file; raises ValueError naming the file whose entries are not text."""
        sentences: dict[str, str] = {}
        for path in sorted((folder or Path(__file__).parent).glob("*.yaml")):
            for key, value in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
                if not isinstance(value, str):
                    raise ValueError(f"{path.name}: {key} is not text.")
                sentences[f"{path.stem}.{key}"] = value.strip("\n")
        return cls(sentences)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence with its places filled; raises KeyError for an unknown sentence or place."""
        return PLACE.sub(lambda place: str(values[place[1]]), self._sentences[key])

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def keys(self) -> frozenset[str]:
        """Every sentence there is; a test holds that each is used and each used one is there."""
        return frozenset(self._sentences)


say = Wording.load()
