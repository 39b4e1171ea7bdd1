"""Faults of the content that a test can find: missing parts, too long, a `never` that is said, unknown names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.entry import Entry
from knowledge.facts import FACT, KNOWN_FACTS
from knowledge.guarding import Concern, Guard
from knowledge.lexicon import Lexicon
from knowledge.matrix import MATRIX, Material, Matrix, sentence, topic_of
from knowledge.overlay import Addition
from knowledge.text import normalise

# Characters. A chat answer is read on a phone between two other things; "详细" may take a screen.
LONGEST_SHORT_ANSWER = 120
LONGEST_LONG_ANSWER = 600
LONGEST_POINT = 100
FEWEST_WAYS = 8
_BRACES = re.compile(r"\{[^{}]*\}?")
# WeChat shows these as they are typed.
_MARKDOWN = re.compile(r"\*\*|^#+ |^[-*] |\]\(|`", re.MULTILINE)
# A clause with one of these forbids; what it names is not advised.
FORBIDDING = re.compile(r"不|别|勿|避|忌|禁|怕|远离|切莫|免|伤|毒|停用|没有|难|反而|坏|慎|小心|失去|取下|摘下|先摘|损")
_CLAIMS, _ASKS = re.compile(r"可以|能|放心|没问题"), re.compile(r"[吗呢么嘛?？怎多什哪几不]")
_CLAUSE = re.compile(r"[，。；！？、：\n（）]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, with the place to mend it."""

    file: str
    line: int
    message: str


def faults(entries: Sequence[Entry], lexicon: Lexicon, matrix: Matrix | None = None) -> list[Fault]:
    """All faults of these entries, in the order of the files, then those of the matrix."""
    ids = {entry.id for entry in entries}
    found: list[Fault] = []
    seen: set[str] = set()
    for entry in entries:
        messages = [*_faults_of(entry, ids, lexicon), *(["the id is used twice"] if entry.id in seen else [])]
        seen.add(entry.id)
        found.extend(Fault(entry.file, entry.line, f"{entry.id}: {message}") for message in messages)
    found.extend(_shared_ways(entries))
    for material in matrix.materials if matrix else ():
        messages = list(_matrix_faults(material, matrix or Matrix(), entries, lexicon))
        found.extend(Fault(MATRIX.name, material.line, f"{material.name}: {message}") for message in messages)
    return found


def _faults_of(entry: Entry, ids: set[str], lexicon: Lexicon) -> Iterator[str]:
    if not entry.written:
        yield "has no answer"
        return
    yield from _missing(entry)
    yield from _text_faults("short", entry.short, LONGEST_SHORT_ANSWER)
    yield from _text_faults("long", entry.long, LONGEST_LONG_ANSWER)
    for point in entry.points:
        yield from _text_faults("pointed", point.say, LONGEST_POINT)
    yield from _never_said((entry.short, entry.long, *(point.say for point in entry.points)), entry.never)
    yield from (f"related topic {topic} does not exist" for topic in entry.related if topic not in ids)
    yield from (f"material {name} is not in the lexicon" for name in entry.materials if name not in lexicon.kinds)


def faults_of(addition: Addition, entry: Entry | None, reached: Sequence[Entry], guard: Guard) -> Iterator[str]:
    """Why what a shop adds should not be said.

    `entry` is what it is added to, `reached` the entries that its askings and its own words lead to: what any
    of them must never advise, this must not either, nor what the matrix forbids for the materials that are meant.
    """
    yield from _text_faults("short", addition.text, LONGEST_SHORT_ANSWER)
    yield from _text_faults("long", addition.long_text, LONGEST_LONG_ANSWER)
    written = entry or Entry(addition.topic, "")
    own = Concern((), guard.materials_of(written.materials), [written], written.id)
    asked = guard.read(addition.askings or (addition.title,))
    named = guard.materials_of([*written.materials, *(idea for reading in asked for idea in reading.materials)])
    concern = Concern([*asked, *guard.forbidden_ways(written.ways)], named, [written, *reached], written.id)
    yield from guard.faults((addition.text, addition.long_text, _claim(addition.title)), concern)
    if asked and not addition.text:
        # The written answer is checked for its own questions; these are new ones.
        texts = (written.short, "" if addition.long_text else written.long)
        passed = set(guard.faults(texts, own))
        yield from (fault for fault in guard.faults(texts, concern) if fault not in passed)


def _claim(title: str) -> str:
    """A title that says yes, and does not ask, is advice too."""
    return title if _CLAIMS.search(title) and not _ASKS.search(title) else ""


def _text_faults(name: str, text: str, longest: int) -> Iterator[str]:
    if (length := chinese_length(text)) > longest:
        yield f"the {name} answer has {length} characters, at most {longest} are read"
    if marks := _MARKDOWN.search(text):
        yield f"the {name} answer has markdown ({marks[0]!r}), which WeChat shows as it is"
    for place in _BRACES.findall(text):
        if not (fact := FACT.fullmatch(place)) or fact[1] not in KNOWN_FACTS:
            yield f"the {name} answer names the unknown fact {place}"


def _missing(entry: Entry) -> Iterator[str]:
    if len(entry.ways) < FEWEST_WAYS:
        yield f"has {len(entry.ways)} ways of asking, at least {FEWEST_WAYS} are needed"
    if not entry.keywords:
        yield "has no keywords"
    if not entry.source:
        yield "names no source"
    if entry.checked is None:
        yield "has no date of check"


def _never_said(texts: Sequence[str], never: Sequence[str]) -> Iterator[str]:
    for pattern in never:
        try:
            forbidden = re.compile(pattern)
        except re.error as error:
            yield f"the pattern {pattern!r} can't be read: {error}"
            continue
        for text in texts:
            if clause := next((part for part in advising_clauses(text) if forbidden.search(part)), ""):
                yield f"advises what it must never: {clause!r} matches {pattern!r}"


def advising_clauses(text: str) -> Iterable[str]:
    """The clauses of an answer that don't forbid or warn."""
    for part in re.split(r"[。；！？\n]", text):
        forbidding = False
        for clause in _CLAUSE.split(part):
            # An enumeration goes on forbidding: 不用牙膏、砂纸.
            forbidding = bool(FORBIDDING.search(clause)) or (forbidding and len(clause) <= 6)
            if clause and not forbidding:
                yield clause


def _shared_ways(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Ways of asking that lead to two topics: which one is answered would be chance."""
    first: dict[str, Entry] = {}
    for entry in entries:
        for way in dict.fromkeys(map(normalise, (*entry.ways, *entry.askings))):
            other = first.setdefault(way, entry)
            if other is not entry:
                yield Fault(entry.file, entry.line, f"{entry.id}: {way!r} is a way of {other.id} too")


def _matrix_faults(material: Material, matrix: Matrix, entries: Sequence[Entry], lexicon: Lexicon) -> Iterator[str]:
    by_id = {entry.id: entry for entry in entries}
    yield from (f"idea {idea} is not in the lexicon" for idea in material.ideas if idea not in lexicon.kinds)
    yield from (f"topic {topic} does not exist" for topic in material.topics.values() if topic not in by_id)
    for treatment in matrix.treatments:
        entry = by_id.get(topic_of(material, treatment))
        if entry is None:
            yield f"with {treatment.name} it answers under {topic_of(material, treatment)}, which does not exist"
            continue
        yield from (
            f"with {treatment.name}: {fault}" for fault in _never_said([sentence(material, treatment)], entry.never)
        )


def chinese_length(text: str) -> int:
    """How many characters a reader sees; a fact of the shop counts as nothing, it is the shop's to keep short."""
    return len(FACT.sub("", text))
