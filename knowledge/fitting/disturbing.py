"""Questions made of questions: said politely, misspelt, turned round, or with their key word exchanged for another."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random

from knowledge.base.words import EVERYDAY
from knowledge.lexicon import MATERIAL, OBJECT, TREATMENT, Lexicon
from knowledge.sounds import syllable

BEFORE = ("请问", "想问一下", "你好，", "麻烦问下，", "我想知道", "")
BEHIND = ("", "", "谢谢", "呢", "啊", "，急")
_CLAUSES = re.compile(r"[，,？?。]")
Disturb = Callable[[str], str]


class Disturber:
    """Makes other questions of one, by a random number generator that is the caller's."""

    def __init__(self, random: Random, texts: Sequence[str]) -> None:
        self._random = random
        self._same = _exchangeable()
        self._sounding: dict[str, list[str]] = defaultdict(list)
        for char in sorted({char for text in texts for char in text if "一" <= char <= "鿿"}):
            self._sounding[syllable(char)].append(char)

    def again(self, question: str) -> str:
        """The same question in another mood: polite, with other everyday words, with a slip of the finger."""
        said = question
        for change, share in ((self._other_words, 0.7), (self._slip, 0.35), (self._misheard, 0.3), (self._turned, 0.2)):
            if self._random.random() < share:
                said = change(said)
        return f"{self._random.choice(BEFORE)}{said}{self._random.choice(BEHIND)}"

    def _other_words(self, text: str) -> str:
        for words in self._same:
            if (here := [word for word in words if word in text]) and self._random.random() < 0.6:
                text = text.replace(here[0], self._random.choice(words), 1)
        return text

    def _slip(self, text: str) -> str:
        if len(text) < 5:
            return text
        at = self._random.randrange(len(text) - 1)
        if self._random.random() < 0.5:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        return text[:at] + text[at + 1 :]

    def _misheard(self, text: str) -> str:
        at = self._random.randrange(len(text))
        like = self._sounding.get(syllable(text[at]), [text[at]]) if "一" <= text[at] <= "鿿" else [text[at]]
        return text[:at] + self._random.choice(like) + text[at + 1 :]

    def _turned(self, text: str) -> str:
        clauses = [clause for clause in _CLAUSES.split(text) if clause]
        if len(clauses) > 1:
            return "，".join(reversed(clauses))
        at = self._random.randrange(1, len(text)) if len(text) > 5 else 0
        return text[at:] + text[:at]


def exchanged(question: str, lexicon: Lexicon, random: Random) -> str:
    """The question about another material, piece or treatment; nothing where it names none."""
    named = [
        word
        for word in lexicon.surfaces
        if len(word) > 1 and word in question and lexicon.kinds.get(lexicon.surfaces[word][0]) in _SUBJECTS
    ]
    if not named:
        return ""
    word = max(named, key=len)
    ideas = lexicon.surfaces[word]
    others = [
        other
        for other, of in lexicon.surfaces.items()
        if len(other) > 1
        and lexicon.kinds.get(of[0]) == lexicon.kinds.get(ideas[0])
        and not lexicon.related(of[0], ideas[0])
    ]
    return question.replace(word, random.choice(others), 1)


_SUBJECTS = {MATERIAL, OBJECT, TREATMENT}


def _exchangeable() -> list[list[str]]:
    """The groups of everyday words; only those of two characters or more can be found without cutting."""
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    groups = ([word for word in line.split() if len(word) > 1] for line in lines if not line.startswith("#"))
    return [words for words in groups if len(words) > 1]
