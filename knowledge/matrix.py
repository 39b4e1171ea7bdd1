"""Materials against treatments: "may I do X with Y" put together for combinations that nobody wrote about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import MatrixError
from knowledge.lexicon import Lexicon
from knowledge.reading import Reading

MATRIX = Path(__file__).parent / "matrix.yaml"
# From the kindest to the strictest; of several materials in one piece the strictest decides.
VERDICTS = ("safe", "caution", "never")
# What may stand in a question beside a material and a treatment without making it a question about something else.
BESIDE = frozenset({"清洗", "佩戴", "在家", "养护", "皮肤", "镶嵌", "能改", "爪镶", "包镶"})
STONE = "宝石"
# What a treatment may do to a piece: asking for it is asking whether the treatment may be.
HARM = frozenset({"碎", "褪色", "变形", "划痕", "掉石", "松动", "断"})
# A treatment with a tool is asked about because of these; one that happens (a bath, the sun) is not.
REASONS_TO_CLEAN = frozenset({"变黑", "发黄", "不闪", "发白"})
# "放超声波里" puts it into the bath, not into a box.
PUT_INTO = "存放"
_NAME = re.compile(r"^  (\S+):\s*$")
# Who says this asks how it is mended.
_MENDED = re.compile(r"洗坏|修复|恢复")
# A stone that is not as the table means it.
_TREATED = re.compile(r"[注浸]过?了?[油胶蜡]|填充|充填|充过?了?胶|玻璃填|扩散过?的|有裂|裂了|裂纹|有缝|处理过")
# It has happened: the rule comes too late, what helps now does not.
_HAPPENED = re.compile(
    r"怎么办|咋办|咋整|怎么处理|补救|已经|不小心|没注意|误|刚才|刚刚|[^能]了怎么|了[^,?]{0,8}(?:要紧|有事吗|没事吧)"
    r"|(?:碰|沾|溅|洒|淋|蹭|滴)(?:了|到了|上了|过)"
    r"|(?:碰|沾|溅|喷|洒|淋|蹭|滴|泡|染)(?:到|上|着|过)?了?[^,?吗呢么]{0,6}了[。!]?$|掉(?:进|到)"
)
NO_HARM = "不要紧，"
# A composed answer is as sure as the two names in the question; each further plain word takes some of it.
SURE, LESS_PER_WORD = 0.9, 0.06
MOST_FURTHER_WORDS = 3
# More in one message is a list that nobody reads to the end.
MOST_TREATMENTS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One verdict with its reason and source."""

    verdict: str
    reason: str
    source: str

    @property
    def strictness(self) -> int:
        """0 for safe, 2 for never."""
        return VERDICTS.index(self.verdict)


@dataclass(frozen=True, slots=True)
class Treatment:
    """Something that happens to a piece; `says` is the sentence for each verdict."""

    name: str
    ideas: tuple[str, ...]
    says: Mapping[str, str]
    # What to do when it has happened to a piece that does not bear it.
    after: str = ""
    topic: str = ""
    # What is said of it for most materials; a stone's own topic says it more exactly.
    general: str = ""
    instead: str = ""

    @property
    def by_hand(self) -> bool:
        """Is it a way of cleaning (then the gentle way is offered instead)?"""
        return not self.instead


@dataclass(frozen=True, slots=True)
class Material:
    """What a piece is made of, with a cell for every treatment."""

    name: str
    ideas: tuple[str, ...]
    topic: str
    wash: str
    cells: Mapping[str, Cell]
    topics: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def only_wiped(self) -> bool:
        """Is even soap and water too much for it?"""
        return "洗" not in self.wash


@dataclass(frozen=True, slots=True)
class Treated:
    """What holds for a stone with cracks, or with oil, wax or glass in them, whatever it is."""

    called: str = "{name}"
    reason: str = ""
    wash: str = ""
    source: str = ""

    def of(self, material: Material, treatment: Treatment) -> Material:
        """The same stone, to which nothing but a damp cloth may come."""
        if not treatment.by_hand:
            return material
        never = Cell("never", self.reason, self.source)
        cells = {**material.cells, treatment.name: never}
        return replace(material, name=self.called.format(name=material.name), wash=self.wash, cells=cells)


@dataclass(frozen=True, slots=True)
class Combination:
    """A composed answer: what to say, under which topic, and which topics would say the same in their own words."""

    text: str
    topic: str
    neighbours: frozenset[str]
    # The topic that this answer goes before, however sure that one is; empty when there is none.
    general: str
    # The idea of the material as it was asked for, and that of the treatment.
    ideas: tuple[str, str]
    confidence: float
    strictness: int
    # Whether it says what an entry's rule does not: what helps after it happened, or of a treated stone.
    beyond_the_entry: bool = False
    # Of several treatments: nothing need stand behind it.
    of_several: bool = False


class Matrix:
    """The table, ready to be asked; an empty one never answers."""

    def __init__(
        self,
        treatments: tuple[Treatment, ...] = (),
        materials: tuple[Material, ...] = (),
        treated: Treated | None = None,
    ) -> None:
        self.treatments = treatments
        self.materials = materials
        self.treated = treated or Treated()
        self._treatment_of = {idea: treatment for treatment in treatments for idea in treatment.ideas}
        self._material_of = {idea: material for material in materials for idea in material.ideas}

    def combine(self, reading: Reading, lexicon: Lexicon) -> Combination | None:
        """The composed answer to a question that names materials and treatments and asks whether they agree."""
        asked = {self._treatment_of[idea].name: self._treatment_of[idea] for idea in reading.ideas if self._knows(idea)}
        treatments = list(asked.values())
        materials = [self._nearest(idea, lexicon) for idea in _narrowest(reading.materials, lexicon)]
        known = [material for material in materials if material is not None]
        if not 0 < len(treatments) <= MOST_TREATMENTS or not known or None in materials:
            return None
        happened, treated = bool(_HAPPENED.search(reading.text)), bool(_TREATED.search(reading.text))
        if _MENDED.search(reading.text) or not (treated or _asks_nothing_else(reading, treatments, happened)):
            return None
        if len(treatments) > 1 and (happened or len({treatment.by_hand for treatment in treatments}) > 1):
            # "戴着出汗了，能用皂水洗吗": one of them is how it came about.
            return None
        several = len(set(map(id, known))) > 1
        found = []
        for treatment in treatments:
            # Between equals what may only be wiped decides, then the stone rather than its metal.
            delicate = max(
                known, key=lambda one: (one.cells[treatment.name].strictness, one.only_wiped, is_stone(one, lexicon))
            )
            found.append(self._one(reading, delicate, treatment, lexicon, several, happened, treated))
        return _together(found)

    def _one(
        self,
        reading: Reading,
        material: Material,
        treatment: Treatment,
        lexicon: Lexicon,
        several: bool,
        happened: bool,
        treated: bool,
    ) -> Combination:
        ideas = (material.ideas[0], treatment.ideas[0])
        delicate = self.treated.of(material, treatment) if treated else material
        topic = topic_of(delicate, treatment)
        harmless = delicate.cells[treatment.name].strictness == 0
        rule = sentence(delicate, treatment, several)
        return Combination(
            text=(NO_HARM + rule if harmless else treatment.after) if happened else rule,
            topic=topic,
            neighbours=frozenset({topic, treatment.topic, delicate.topic, *delicate.topics.values()} - {""}),
            general=treatment.general if is_stone(delicate, lexicon) else "",
            ideas=ideas,
            confidence=SURE - LESS_PER_WORD * len(reading.words),
            strictness=delicate.cells[treatment.name].strictness,
            beyond_the_entry=(happened and not harmless) or treated,
        )

    def _knows(self, idea: str) -> bool:
        return idea in self._treatment_of

    def of_piece(self, reading: Reading, lexicon: Lexicon) -> list[Material]:
        """What a described piece is made of, as far as the table knows it; each once."""
        named = (self._nearest(idea, lexicon) for idea in _narrowest(reading.materials, lexicon))
        return list({id(material): material for material in named if material is not None}.values())

    def _nearest(self, idea: str, lexicon: Lexicon) -> Material | None:
        names = (idea, *lexicon.wider_ideas(idea))
        return next((self._material_of[name] for name in names if name in self._material_of), None)


def is_stone(material: Material, lexicon: Lexicon) -> bool:
    return any(STONE in (idea, *lexicon.wider_ideas(idea)) for idea in material.ideas)


def topic_of(material: Material, treatment: Treatment) -> str:
    """The topic of a combination: one named for this pair, else the treatment's, else the material's."""
    return material.topics.get(treatment.name) or treatment.topic or material.topic


def _narrowest(ideas: tuple[str, ...], lexicon: Lexicon) -> list[str]:
    """Without the ideas that another one of the same question says more exactly (gold beside pure gold)."""
    wider = {parent for idea in ideas for parent in lexicon.wider_ideas(idea)}
    return [idea for idea in ideas if idea not in wider]


def _together(found: Sequence[Combination]) -> Combination:
    """Several treatments in one answer, under the topic of the strictest; no entry says all of it."""
    strictest = max(found, key=lambda one: one.strictness)
    if len(found) == 1:
        return strictest
    return replace(
        strictest,
        text="\n".join(dict.fromkeys(one.text for one in found)),
        neighbours=frozenset().union(*(one.neighbours for one in found)),
        general="",
        of_several=True,
    )


def _asks_nothing_else(reading: Reading, treatments: Sequence[Treatment], happened: bool) -> bool:
    allowed = BESIDE | HARM | {idea for treatment in treatments for idea in treatment.ideas}
    allowed |= REASONS_TO_CLEAN | {PUT_INTO} if any(treatment.by_hand for treatment in treatments) else set()
    allowed |= {"修"} if happened else set()
    further = set(reading.concerns) - allowed
    return not further and len(reading.words) <= MOST_FURTHER_WORDS


def sentence(material: Material, treatment: Treatment, several: bool = False) -> str:
    """The verdict with its reason and what to do instead; of `several` materials this is the most delicate."""
    cell = material.cells[treatment.name]
    opening = f"几种材质里以最娇气的为准，{material.name}" if several and cell.verdict != "safe" else material.name
    instead = "" if cell.verdict == "safe" else treatment.instead or material.wash
    return f"{opening}{treatment.says[cell.verdict]}：{cell.reason}。{instead}"


def load_matrix(path: Path = MATRIX) -> Matrix:
    """The shop's matrix. Raises MatrixError naming what is missing."""
    try:
        text = path.read_text(encoding="utf-8")
        stored = yaml.load(text, Loader=yaml.CSafeLoader)
        lines = {match[1]: number for number, line in enumerate(text.splitlines(), 1) if (match := _NAME.match(line))}
        treatments = tuple(_treatment(name, row) for name, row in stored["treatments"].items())
        materials = tuple(
            _material(name, row, stored["groups"][row["group"]], treatments, lines[name])
            for name, row in stored["materials"].items()
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise MatrixError(f"{path.name} can't be read: {error!r}") from error
    return Matrix(treatments, materials, Treated(**stored["treated"]))


def _treatment(name: str, row: Mapping[str, Any]) -> Treatment:
    says = {verdict: str(row[verdict]) for verdict in VERDICTS}
    further = {key: str(row.get(key, "")) for key in ("after", "topic", "general", "instead")}
    return Treatment(name, tuple(row["ideas"]), says, **further)


def _material(
    name: str, row: Mapping[str, Any], group: Mapping[str, Any], treatments: tuple[Treatment, ...], line: int
) -> Material:
    cells = group["cells"] | (row.get("cells") or {})
    return Material(
        name=name,
        ideas=tuple(row["ideas"]),
        topic=str(row["topic"]),
        wash=str(row.get("wash") or group["wash"]),
        cells={treatment.name: _cell(cells[treatment.name]) for treatment in treatments},
        topics=(group.get("topics") or {}) | (row.get("topics") or {}),
        line=line,
    )


def _cell(row: list[str]) -> Cell:
    verdict, reason, source = row
    if verdict not in VERDICTS:
        raise ValueError(f"the verdict {verdict!r} is none of {', '.join(VERDICTS)}")
    return Cell(verdict, reason, source)
