"""Reading a question: from characters to ideas, plain words and what does not belong to the trade."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.denying import without_denied
from knowledge.lexicon import CONCERN, MATERIAL, OBJECT, TREATMENT, Lexicon
from knowledge.segmenting import RARE_COUNT, Cut, everyday_words, segmenter
from knowledge.slips import Slips
from knowledge.sounds import Sounds
from knowledge.text import normalise

# The longest way of writing an idea has this many words after cutting.
LONGEST_SPAN = 6
# Characters; longer names are names.
LONGEST_MISCUT = 3
_MARKS = re.compile(r"^[\s,?\n%+\-/*=.']+$")
_AMOUNT = re.compile(
    r"^(?:[0-9.]+|[一二三四五六七八九十百千万两几半多]+)(?:年|月|个月|天|日|周|星期|岁|号|点|块|元|块钱|层|楼|次|寸|条|件|对|根|多|来|几|内)*$"
)
# Questions that need no other word: "为什么要镀铑", "是不是B货".
_ASKS_ABOUT_IT = re.compile(
    r"为什么|为啥|为何|是不是|到底|算不算|算.{0,3}[吗么]|怎么知道|怎么看|真的?吗|是真"
    r"|优缺点|优点|缺点|好处|坏处|有什么用|有啥用|能叫|能买|怎么样|好不好|.和.|.跟.|还是|vs"
)
_LATIN_WORD = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """One question as the engine sees it."""

    text: str
    ideas: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    # Words of other trades, with their group (medicine, luck …).
    foreign: Mapping[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict, compare=False)
    # How the materials were written.
    written: tuple[str, ...] = field(default=(), compare=False)
    # Completed by the conversation from hardly anything: its few characters are not the question.
    completed: bool = field(default=False, compare=False)

    def of_kind(self, *kinds: str) -> tuple[str, ...]:
        """The ideas of these kinds, in order."""
        return tuple(idea for idea in self.ideas if self.kinds.get(idea) in kinds)

    @property
    def materials(self) -> tuple[str, ...]:
        """What pieces are made of."""
        return self.of_kind(MATERIAL)

    @property
    def objects(self) -> tuple[str, ...]:
        """What kind of piece it is."""
        return self.of_kind(OBJECT)

    @property
    def concerns(self) -> tuple[str, ...]:
        """What is asked about it, treatments included."""
        return self.of_kind(CONCERN, TREATMENT)

    @property
    def treatments(self) -> tuple[str, ...]:
        """What is to be done with it."""
        return self.of_kind(TREATMENT)


def asks_about_it(reading: Reading) -> bool:
    """Does it ask about what it names, without a concern of its own ("为什么要镀铑", "是不是B货")?"""
    return bool(_ASKS_ABOUT_IT.search(reading.text))


class Reader:
    """Turns questions into readings; the same reader reads the entries and the customers."""

    def __init__(self, lexicon: Lexicon, further_words: Iterable[str] = ()) -> None:
        self.lexicon = lexicon
        self._cut: Cut = segmenter([*lexicon.own_words(), *further_words])
        self._sounds = Sounds(lexicon.surfaces, lexicon.ignored)
        self._slips = Slips(lexicon)
        self.everyday = everyday_words(RARE_COUNT)
        self._latin = {wrong: right for wrong, right in lexicon.respellings.items() if wrong.isascii()}
        chinese = sorted((wrong for wrong in lexicon.respellings if not wrong.isascii()), key=len, reverse=True)
        self._respelled = re.compile("|".join(map(re.escape, chinese))) if chinese else None
        latin = sorted(self._latin, key=len, reverse=True)
        self._latin_words = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, latin))})(?![a-z])") if latin else None

    def read(self, raw: str) -> Reading:
        """The whole question as one reading."""
        text = without_denied(self.respell(normalise(raw)))
        tokens = [part for token in self._cut(text) for part in self._apart(token)]
        return self._ideas_and_words(text, tokens)

    def respell(self, text: str) -> str:
        """Known misspellings, dialect, Latin words, homophones and slips as the trade writes them."""
        if self._latin_words:
            text = self._latin_words.sub(lambda match: self._latin[match.group()], text)
        if _LATIN_WORD.search(text):
            text = self._sounds.spell_out(text)
        if self._respelled:
            respellings = self.lexicon.respellings
            text = self._respelled.sub(lambda match: respellings[match.group()], text)
        text = self._sounds.repair(self._cut(self._slips.mend_marks(text)), self._known, self.everyday.__contains__)
        return self._slips.mend(self._cut(text))

    def _known(self, token: str) -> bool:
        return token in self.lexicon.surfaces or token in self.lexicon.ignored or token in self.lexicon.foreign

    def _apart(self, token: str) -> list[str]:
        """A place or a name that is really a material beside a particle: 金都, 金行 in "下海戴金行吗"."""
        if not 1 < len(token) <= LONGEST_MISCUT or self._known(token) or token in self.lexicon.foreign:
            return [token]
        materials = sum(self.lexicon.kinds.get(idea) == MATERIAL for char in token for idea in self._ideas_of(char))
        return list(token) if materials and all(map(self._known, token)) else [token]

    def _ideas_of(self, written: str) -> tuple[str, ...]:
        return self.lexicon.surfaces.get(written, ())

    def _ideas_and_words(self, text: str, tokens: Sequence[str]) -> Reading:
        ideas: dict[str, None] = {}
        words: dict[str, None] = {}
        foreign: dict[str, str] = {}
        materials: list[str] = []
        at = 0
        while at < len(tokens):
            width, written = self._longest_known(tokens, at)
            if written in self.lexicon.foreign:
                foreign[written] = self.lexicon.foreign[written]
            if written in self.lexicon.surfaces:
                ideas.update(dict.fromkeys(self.lexicon.surfaces[written]))
                if any(self.lexicon.kinds.get(idea) == MATERIAL for idea in self.lexicon.surfaces[written]):
                    materials.append(written)
            elif written not in foreign and not self._says_nothing(written):
                words[written] = None
            at += width
        return Reading(text, tuple(ideas), tuple(words), foreign, self.lexicon.kinds, tuple(materials))

    def _says_nothing(self, written: str) -> bool:
        """A word of asking, a mark, a number with its measure, or a token made of such words (买回去)."""
        if written in self.lexicon.ignored or _MARKS.match(written) or _AMOUNT.match(written):
            return True
        return len(written) > 1 and any(
            written[:at] in self.lexicon.ignored and self._says_nothing(written[at:]) for at in range(1, len(written))
        )

    def _longest_known(self, tokens: Sequence[str], at: int) -> tuple[int, str]:
        for width in range(min(LONGEST_SPAN, len(tokens) - at), 0, -1):
            written = "".join(tokens[at : at + width])
            if written in self.lexicon.surfaces or written in self.lexicon.foreign or written in self.lexicon.ignored:
                return width, written
        return 1, tokens[at]
