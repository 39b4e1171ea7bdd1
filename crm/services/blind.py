"""Blind indexes of phones and names: what is stored, and what a search asks for.

A name is found by any two neighbouring characters, its surname (also in pinyin), and the pinyin
(full or initials) of the whole and of the given name. Equal parts have equal hashes, so somebody with the database
but no key learns how often a part occurs, not which it is (docs/privacy.md).
"""

from __future__ import annotations

import itertools
import re
import unicodedata

from pypinyin import Style, lazy_pinyin, pinyin

from crm.errors import Invalid
from crm.vault import vault

# Characters of a name that are indexed: no search needs more, and nobody can fill the index.
INDEXED_CHARACTERS = 24
# What a mainland mobile number may be written with in front.
COUNTRY_CODE = re.compile(r"^(\+|00)?86(?=1\d{10}$)", re.ASCII)
PHONE = re.compile(r"\+?\d{5,20}", re.ASCII)
TAIL_DIGITS = 4
# Two-character surnames that are met in practice; the given name begins after them.
LONG_SURNAMES = frozenset(re.findall("..", "欧阳司马诸葛上官皇甫令狐慕容司徒夏侯端木东方尉迟公孙长孙南宫独孤"))


def normal_phone(written: str) -> str:
    """Digits only, without +86; "" stays ""; raises Invalid for what is no telephone number."""
    digits = re.sub(r"[\s()（）.\-－–]", "", unicodedata.normalize("NFKC", written))
    if not digits:
        return ""
    if not PHONE.fullmatch(digits):
        raise Invalid("A telephone number has 5 to 20 digits.")
    return COUNTRY_CODE.sub("", digits)


def phone_index(phone: str) -> bytes | None:
    return vault.index(phone, "phone") if phone else None


def phone_tail_index(phone: str) -> bytes | None:
    return vault.index(phone[-TAIL_DIGITS:], "phone-tail") if phone else None


def normal_name(name: str) -> str:
    """As names are compared: no blanks, no dots between parts, no case, no full width."""
    return re.sub(r"[\s·.\-']", "", unicodedata.normalize("NFKC", name)).casefold()


def name_tokens(name: str) -> set[bytes]:
    """Every index under which this name is found."""
    normal = normal_name(name)[:INDEXED_CHARACTERS]
    if not normal:
        return set()
    parts = {f"surname:{normal[0]}", *(f"part:{part}" for part in _neighbours(normal)), *_pinyin_tokens(normal)}
    return {vault.index(part, "name") for part in parts}


def name_searches(words: str) -> list[set[bytes]]:
    """Alternatives, each a set of indexes that must all be there; [] when the words are too few."""
    normal = normal_name(words)[:INDEXED_CHARACTERS]
    asked = [{f"part:{part}" for part in _neighbours(normal)}]
    if len(normal) == 1:
        asked.append({f"surname:{normal}"})
    if normal.isascii() and len(normal) > 1:
        asked.append({f"pinyin:{normal}"})
    return [{vault.index(part, "name") for part in parts} for parts in asked if parts]


def is_found_by(name: str, words: str) -> bool:
    """Whether a name that the indexes brought really answers the words (hashes know only pairs)."""
    normal, asked = normal_name(name), normal_name(words)
    return asked in normal or f"pinyin:{asked}" in _pinyin_tokens(normal[:INDEXED_CHARACTERS])


def _neighbours(text: str) -> set[str]:
    return {first + second for first, second in itertools.pairwise(text)}


def _pinyin_tokens(normal: str) -> set[str]:
    """Full and initial pinyin of the whole name and the given name, and the surname, in its every reading."""
    syllables = lazy_pinyin(normal)
    length = 2 if normal[:2] in LONG_SURNAMES else 1
    given = syllables[length:]
    readings = [syllables]
    if normal[:1] and len(syllables) == len(normal):  # a name in Chinese characters, one syllable each
        surname = pinyin(normal[0], style=Style.NORMAL, heteronym=True)[0]
        readings = [[reading, *syllables[1:]] for reading in surname]
    tokens = {_joined(reading) for reading in readings} | {_initials(reading) for reading in readings}
    tokens |= {_joined(reading[:length]) for reading in readings}
    if len(given) > 1:
        tokens |= {_joined(given), _initials(given)}
    return {f"pinyin:{token}" for token in tokens}


def _joined(syllables: list[str]) -> str:
    return "".join(syllables)


def _initials(syllables: list[str]) -> str:
    return "".join(syllable[:1] for syllable in syllables)
