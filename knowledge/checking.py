"""Faults of the content that a test can find: missing parts, too long, a `never` that is said, unknown names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.entry import Entry
from knowledge.lexicon import Lexicon

# A chat answer is read on a phone between two other things.
LONGEST_SHORT_ANSWER = 120
FEWEST_WAYS = 8
FACT = re.compile(r"\{shop\.([a-z0-9_]+)\}")
# A clause with one of these forbids; what it names is not advised.
FORBIDDING = re.compile(r"不|别|勿|避|忌|禁|怕|远离|切莫|免|伤|毒|停用|没有|难|反而|坏|慎|取下|摘下|先摘|损")
_CLAUSE = re.compile(r"[，。；！？、：\n（）]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, with the place to mend it."""

    file: str
    line: int
    message: str


def faults(entries: Sequence[Entry], lexicon: Lexicon) -> list[Fault]:
    """All faults of these entries, in the order of the files."""
    ids = {entry.id for entry in entries}
    found: list[Fault] = []
    seen: set[str] = set()
    for entry in entries:
        messages = [*_faults_of(entry, ids, lexicon), *(["the id is used twice"] if entry.id in seen else [])]
        seen.add(entry.id)
        found.extend(Fault(entry.file, entry.line, f"{entry.id}: {message}") for message in messages)
    return found


def _faults_of(entry: Entry, ids: set[str], lexicon: Lexicon) -> Iterator[str]:
    if not entry.written:
        return
    yield from _missing(entry)
    if (length := chinese_length(entry.short)) > LONGEST_SHORT_ANSWER:
        yield f"the short answer has {length} characters, at most {LONGEST_SHORT_ANSWER} are read"
    yield from _never_said(entry)
    yield from (f"related topic {topic} does not exist" for topic in entry.related if topic not in ids)
    yield from (f"material {name} is not in the lexicon" for name in entry.materials if name not in lexicon.kinds)


def _missing(entry: Entry) -> Iterator[str]:
    if len(entry.ways) < FEWEST_WAYS:
        yield f"has {len(entry.ways)} ways of asking, at least {FEWEST_WAYS} are needed"
    if not entry.keywords:
        yield "has no keywords"
    if not entry.source:
        yield "names no source"
    if entry.checked is None:
        yield "has no date of check"


def _never_said(entry: Entry) -> Iterator[str]:
    for pattern in entry.never:
        try:
            forbidden = re.compile(pattern)
        except re.error as error:
            yield f"the pattern {pattern!r} can't be read: {error}"
            continue
        for text in (entry.short, entry.long):
            if clause := next((part for part in advising_clauses(text) if forbidden.search(part)), ""):
                yield f"advises what it must never: {clause!r} matches {pattern!r}"


def advising_clauses(text: str) -> Iterable[str]:
    """The clauses of an answer that don't forbid or warn."""
    for sentence in re.split(r"[。；！？\n]", text):
        forbidding = False
        for clause in _CLAUSE.split(sentence):
            # An enumeration goes on forbidding: 不用牙膏、砂纸.
            forbidding = bool(FORBIDDING.search(clause)) or (forbidding and len(clause) <= 6)
            if clause and not forbidding:
                yield clause


def chinese_length(text: str) -> int:
    """How many characters a reader sees; a fact of the shop counts as nothing, it is the shop's to keep short."""
    return len(FACT.sub("", text))
