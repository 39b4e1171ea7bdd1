"""What a shop's own text must not advise: the `never` items of every entry concerned, and the matrix."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.advising import Clause, clauses, plain
from knowledge.entry import Entry
from knowledge.lexicon import MATERIAL, TREATMENT
from knowledge.matrix import Material, Matrix, Treatment
from knowledge.reading import Reader, Reading

NEVER = "never"
# Done to a piece of which nobody knows what it is made of, these harm one or the other.
HARSH = frozenset({"超声波", "蒸汽", "酒精", "洗银水", "牙膏", "火烧", "漂白水"})
# The smith may do what a customer may not.
FLAME, _BY_THE_SMITH = "火烧", re.compile(r"店|师傅|焊")
# A question or text with one of these is about a piece, even when it names no material.
_ABOUT_A_PIECE = frozenset({"清洗", "变黑", "发黄", "不闪", "发白", "养护", "在家"})
# What happens to a piece while it is worn is only advised with such a word; "出汗后擦干" is good advice.
_PERMITS = re.compile(
    r"可以|(?<!可)能(?!让|会)|放心|随便|尽管|照样|照常|照旧|一直|也行|都行|就行|没问题|没事|没关系|没影响|不怕|不要紧|不影响"
    r"|戴着|好"
)
_IN_ORDER = re.compile(r"后|完|前|先|再|沾|碰到|擦|取|摘|到店|店里|等|回家|记得|及时|马上|尽快|避")
# An answer that says yes.
_AGREES = re.compile(
    r"^(?:亲|您好|你好|嗯|哦|是的|当然|完全|一般|都|也|这个|这种|这样|这|那|肯定|[，！])*"
    r"(?:可以|能|行|没问题|没事|没关系|不要紧|不影响|不怕|是的|对|放心|无妨|不会|会|好|没有问题|不会有问题)"
    r"(?=$|[的啊哦呢呀吧了，、。！]|洗|用|泡|擦|刷|烧|戴|试|直接|放|短时|偶尔|坏|伤)"
)
_FOR_SOME_TIME = re.compile(r"(?:\d+|[一二两三四五六七八九十几半]+)个?(?:分钟|小时|秒|晚|夜|下|遍|次)|一夜|一晚|过夜")
# What is done instead; where it does not say yes, also by whom.
_INSTEAD = re.compile(r"布|取下|摘下|摘掉")
_BY_OTHERS = re.compile(r"到店|店里|送来|带来|拿来|师傅|拿到|带到|请人")
_HAPPENED = re.compile(r"怎么办|咋办|咋整|怎么处理|补救|已经|不小心|刚才|了[吗怎]|了$|坏了|丢")
_LIKEWISE = re.compile(r"一样|同样|也|都|所有|任何|全部|什么")
_LONG_NUMBER = re.compile(r"\d{5,}")
# What stops a pattern of `never` from matching must not come in by a synonym.
_NEGATES = re.compile(r"[不别勿免忌怕没难]")


@dataclass(frozen=True, slots=True)
class Concern:
    """What a text is about: the questions it answers, the materials they mean, the entries whose rules hold."""

    asked: Sequence[Reading] = ()
    materials: Sequence[Material] = ()
    rules: Sequence[Entry] = ()
    # The entry itself: its patterns hold for each clause, whatever material that names.
    own: str = ""


@dataclass(slots=True)
class Guard:
    """Holds a text to the rules; reads it with the reader of the questions, so that no other word gets round them."""

    reader: Reader
    matrix: Matrix
    _treatments: dict[str, Treatment] = field(init=False)

    def __post_init__(self) -> None:
        self._treatments = {idea: treatment for treatment in self.matrix.treatments for idea in treatment.ideas}

    def materials_of(self, ideas: Iterable[str]) -> list[Material]:
        """The rows of the matrix that these ideas mean."""
        reading = Reading("", tuple(ideas), kinds=self.reader.lexicon.kinds)
        return self.matrix.of_piece(reading, self.reader.lexicon)

    def faults(self, texts: Sequence[str], concern: Concern) -> Iterator[str]:
        """One sentence for each clause that advises what a rule forbids."""
        said = [clause for text in texts if text for clause in clauses(text)]
        advised = [clause for clause in said if not clause.forbids]
        found = {clause.text: rule for clause in advised if (rule := self._broken(clause, concern))}
        yield from (f"advises what it must never: {clause!r} breaks {rule}" for clause, rule in found.items())
        first = next((text for text in texts if text), "")
        if first and not found and (rule := self._agreed(texts, said, concern)):
            yield f"advises what it must never: {(said[0].text if said else first)!r} breaks {rule}"

    def _broken(self, clause: Clause, concern: Concern) -> str:
        """The rule that a clause breaks; "" when it breaks none."""
        # The number of a standard is no disinfectant (84).
        reading = self.reader.read(_LONG_NUMBER.sub("", clause.text))
        return self._by_matrix(clause, reading, concern) or self._by_patterns(clause, reading, concern)

    def _by_matrix(self, clause: Clause, reading: Reading, concern: Concern) -> str:
        named = (one for one in self._named(reading) if one.by_hand or self._lets_happen(clause, one))
        broken = (self._forbidden(one, self._meant(clause, reading, concern, one)) for one in named)
        return next(filter(None, broken), "")

    def _named(self, reading: Reading) -> list[Treatment]:
        found = (self._treatments[idea] for idea in reading.ideas if idea in self._treatments)
        return list({treatment.name: treatment for treatment in found}.values())

    def _lets_happen(self, clause: Clause, treatment: Treatment) -> bool:
        if treatment.name == FLAME:
            return not _BY_THE_SMITH.search(clause.before + clause.text)
        if treatment.name in HARSH:
            return True
        return bool(_PERMITS.search(clause.text)) and not _IN_ORDER.search(clause.before + clause.text)

    def _meant(self, clause: Clause, reading: Reading, concern: Concern, treatment: Treatment) -> Sequence[Material]:
        """The materials that a clause speaks of: its own, those of its sentence, those of the questions, or any."""
        if own := self.materials_of(reading.materials):
            return [*own, *(concern.materials if _LIKEWISE.search(clause.text) else ())]
        if near := self.materials_of(self.reader.read(clause.before).materials):
            return near
        if concern.materials:
            return concern.materials
        about = [reading, *concern.asked]
        of_a_piece = any(one.objects or _ABOUT_A_PIECE & set(one.concerns) for one in about)
        return self.matrix.materials if treatment.name in HARSH and of_a_piece else ()

    def _forbidden(self, treatment: Treatment, materials: Sequence[Material]) -> str:
        material = next((one for one in materials if one.cells[treatment.name].verdict == NEVER), None)
        if material is None:
            return ""
        return f"the matrix: {material.name}{treatment.says[NEVER]}，{material.cells[treatment.name].reason}"

    def _by_patterns(self, clause: Clause, reading: Reading, concern: Concern) -> str:
        forms = {clause.text, clause.bare, reading.text}
        if not _IN_ORDER.search(clause.text):
            forms.add(self._in_every_word(clause.bare, reading))
        for entry in concern.rules:
            if entry.id != concern.own and self._about_others(reading, entry):
                continue
            if any(re.search(pattern, form) for pattern in entry.never for form in forms):
                return f"the rule of {entry.id}"
        return ""

    def _about_others(self, reading: Reading, entry: Entry) -> bool:
        pairs = [(one, other) for one in reading.materials for other in entry.materials]
        return bool(pairs) and not any(self.reader.lexicon.related(*pair) for pair in pairs)

    def _in_every_word(self, text: str, reading: Reading) -> str:
        """The clause with every other word for what it names in the place of the one it has."""
        lexicon = self.reader.lexicon
        for idea in reading.of_kind(TREATMENT, MATERIAL):
            words = sorted(lexicon.written(idea), key=len, reverse=True)
            if here := next((word for word in words if word in text), ""):
                text = text.replace(here, "".join(word for word in words if not _NEGATES.search(word)), 1)
        return text

    def read(self, words: Iterable[str]) -> list[Reading]:
        """Questions as they are understood."""
        return [self.reader.read(one) for one in words if one]

    def forbidden_ways(self, ways: Sequence[str]) -> list[Reading]:
        """The ways of asking of an entry about something that must not be; none when only a few of them are."""
        readings = self.read(ways)
        found = [one for one in readings if self._agreed_to(one, (), Concern())]
        return found if 2 * len(found) > len(readings) else []

    def _agreed(self, texts: Sequence[str], said: Sequence[Clause], concern: Concern) -> str:
        """The rule that is broken by a yes, or by no word against it, to a question about what must not be."""
        whole = plain("。".join(texts))
        if _INSTEAD.search(whole):
            return ""
        lasting = any(not clause.forbids and _FOR_SOME_TIME.search(clause.text) for clause in said)
        agrees = lasting or bool(_AGREES.match(whole))
        denies = any(clause.forbids for clause in said) or bool(_BY_OTHERS.search(whole))
        # What to do after it happened needs no word against it.
        asked = [one for one in concern.asked if agrees or not (denies or _HAPPENED.search(one.text))]
        return next(filter(None, (self._agreed_to(reading, said, concern) for reading in asked)), "")

    def _agreed_to(self, asked: Reading, said: Sequence[Clause], concern: Concern) -> str:
        forbidden = {t.name for c in said if c.forbids for t in self._named(self.reader.read(c.text))}
        whole = Clause(asked.text, asked.text, forbids=False)
        open_ones = (one for one in self._named(asked) if one.name not in forbidden)
        broken = (self._forbidden(one, self._meant(whole, asked, concern, one)) for one in open_ones)
        return next(filter(None, broken), "")
