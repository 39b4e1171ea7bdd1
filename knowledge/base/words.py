"""A question of an unknown trade as words that say something, kinds of question, pairs of characters and sounds."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from knowledge.lexicon import HERE, plain_lexicon
from knowledge.segmenting import RARE_COUNT, Cut, EverydayWord, everyday_words, segmenter
from knowledge.sounds import syllable
from knowledge.text import normalise

EVERYDAY = HERE / "everyday.txt"
# Count in jieba's dictionary from which a word says nothing about the subject.
EVERYDAY_COUNT = 60_000
RAREST = EverydayWord(RARE_COUNT, noun=True)
# A word of asking and politeness says this share of what its rarity would say.
IGNORED_SHARE = 0.25
LEAST = 0.08
# Words whose rarity is kept.
MOST_REMEMBERED = 65_536
# What is said before and after a question without asking anything.
_BEFORE = re.compile(
    r"^(?:请问(?:一下|下)?|请教(?:一下|下)?|(?:你|您|大家|各位)好啊?|亲爱的|亲|哈喽|在吗|在不在|打扰了|急急?|那个|"
    r"(?:我?(?:就是)?想|麻烦|请|可以)?(?:咨询|问|了解)(?:一下|下|一个问题|个问题)|我想(?:问|知道)|帮我看看|求助|求教|求解|老师|客服|各位|有(?:人|谁)知道)[,\s?\n]*"
)
_AFTER = re.compile(
    r"[,\s?\n]*(?:谢谢(?:你|您|啦|了)?|多谢|谢了|在线等|很?急+|求(?:解答?|助|告知|教)|请(?:告知|回复|解答)|帮帮忙|啊|呀|呢|哦|哈|嘛|吧|啦)$"
)
_MARKS = re.compile(r"[\s,?\n%+\-/*='.]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NEGATION = re.compile(r"不(?!同|错|仅|但|少|一样|过)|没|无(?!线|人机)|未|别(?!人|的|墅)|勿")
# What a question wants to know; two questions with different ones are seldom the same.
_KINDS = {
    "how": re.compile(r"怎么(?!回事|会|没|还|又|不|这|那|样$)|如何|怎样|咋(?!回事)|方法|步骤|流程|教程"),
    "why": re.compile(r"为什么|为啥|为何|原因|怎么回事|咋回事|怎么会|怎么没|怎么不|怎么还"),
    "when": re.compile(r"多久|多长时间|几天|什么时候|啥时候|何时|几点|几时|几个月|多少天|几年"),
    "price": re.compile(r"多少钱|价格|费用|几块|多少元|价钱|收费|价位|什么价"),
    "where": re.compile(r"哪里|哪儿|在哪|去哪|什么地方|哪个地方|渠道"),
    "who": re.compile(r"谁|哪位|哪个人"),
    "may": re.compile(r"可以|能不能|能否|可不可以|能.{0,8}吗|可否|行不行|是否"),
    "what": re.compile(r"是什么|什么意思|是啥|啥意思|什么叫|含义"),
    "differ": re.compile(r"区别|差别|不同|哪个好|还是.{1,12}好"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, taken apart."""

    text: str
    # Words that stand for a group of the same meaning, with how much each says by itself (0-1).
    words: Mapping[str, float]
    pairs: frozenset[str]
    characters: frozenset[str] = frozenset()
    sounds: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    negated: bool = False
    # The characters of the words, without what only asks.
    core: str = ""
    written: Mapping[str, str] = field(default_factory=dict)


class Words:
    """Takes questions apart; the same for the rows of a base and for what is asked of it."""

    def __init__(self) -> None:
        self._same = _groups(EVERYDAY)
        self._ignored = plain_lexicon().ignored
        self._everyday = everyday_words(RARE_COUNT)
        self._says = lru_cache(MOST_REMEMBERED)(self._rareness)
        self._cut: Cut = segmenter(word for word in self._same if len(word) > 1)

    def read(self, raw: str) -> Asked:
        """The question as words, pairs and kinds."""
        text = _bare(normalise(raw))
        words: dict[str, float] = {}
        written: dict[str, str] = {}
        for token in self._cut(text):
            if _MARKS.fullmatch(token):
                continue
            meant = self._same.get(token, token)
            words[meant] = max(words.get(meant, 0.0), self._says(token))
            written[meant] = token
        core = "".join(token for token in written.values() if token not in self._ignored)
        return Asked(
            text=text,
            words=words,
            pairs=_pairs(text),
            characters=frozenset(_MARKS.sub("", text)),
            sounds=frozenset(map(syllable, _MARKS.sub("", text))),
            kinds=frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(text)),
            numbers=frozenset(_NUMBER.findall(text)),
            negated=bool(_NEGATION.search(text)),
            core=core or text,
            written=written,
        )

    def _rareness(self, token: str) -> float:
        """How much a word says by itself: little where everybody uses it, all where it hardly occurs."""
        count = max(1, self._everyday.get(token, RAREST).count)
        rarity = math.log(EVERYDAY_COUNT / count) / math.log(EVERYDAY_COUNT / RARE_COUNT)
        share = IGNORED_SHARE if token in self._ignored else 1.0
        return max(LEAST, share * min(1.0, max(0.2, rarity)))


def _bare(text: str) -> str:
    """The question without greeting before and thanks behind; the whole text where nothing else is said."""
    bare = text
    for pattern in (_BEFORE, _AFTER):
        while (shorter := pattern.sub("", bare)) != bare:
            bare = shorter
    return bare or text


def _pairs(text: str) -> frozenset[str]:
    parts = [part for part in _MARKS.split(text) if part]
    pairs = {part[at : at + 2] for part in parts for at in range(len(part) - 1)}
    return frozenset(pairs | {part for part in parts if len(part) == 1})


def sound(word: str) -> str:
    """How a word sounds, without tones and with southern sounds folded."""
    return " ".join(map(syllable, word))


def _groups(path: Path) -> dict[str, str]:
    same: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            meant, *others = line.split()
            for word in (meant, *others):
                same.setdefault(word, meant)
    return same
