"""The weights for the shop's own entries, fitted on wordings that the entries had not seen."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import fields
from random import Random

from knowledge.askings import NOBODY, Asking, with_askings
from knowledge.entry import Entry
from knowledge.evaluating import Labelled
from knowledge.fitting.regression import fit
from knowledge.learned import learn
from knowledge.lexicon import MATERIAL, OBJECT, Lexicon
from knowledge.matching import Matcher
from knowledge.reading import Reader, Reading
from knowledge.segmenting import everyday_words
from knowledge.weighing import Evidence, Scale

SEED = 11
FOLDS = 4
# Candidates of one question that the weights are fitted on.
LOOKED_AT = 5
# What each kind of question counts. A question of nobody's counts four times: a wrong answer is worse than none.
SHARES = {"asking": 1.0, "nobody's": 4.0, "labelled": 1.0, "made foreign": 1.0}
HELD_BACK = 2.0
AGAINST = {"strange_things", "no_piece", "foreign", "other_material"}
# A thing of everyday life that takes the place of a piece in one of our questions; every so many ways one.
MADE_OF_EVERY = 5
THING_COUNT = (3_000, 40_000)
NAMES = tuple(each.name for each in fields(Evidence))

Row = tuple[list[float], bool, float]


def scale(entries: Sequence[Entry], askings: Sequence[Asking], lexicon: Lexicon, labelled: Sequence[Labelled]) -> Scale:
    """The weights and the bias of the evidence. The keywords were written for the ways, so only askings are asked."""
    reader = Reader(lexicon)
    readings = {words: reader.read(words) for words in _texts(entries, askings)}
    rows = [row for fold in range(FOLDS) for row in _of_fold(entries, askings, reader, readings, fold)]
    matcher = _matcher(entries, askings, reader, readings)
    for one in labelled:
        share = SHARES["nobody's" if NOBODY in one.topics else "labelled"]
        rows.extend(_rows(matcher, reader.read(one.question), one.topics, share))
    for question in _made_foreign(entries, lexicon):
        rows.extend(_rows(matcher, reader.read(question), frozenset(), SHARES["made foreign"]))
    return _fitted(rows)


def _fitted(rows: Sequence[Row]) -> Scale:
    names = list(NAMES)
    while True:
        columns = [NAMES.index(name) for name in names]
        table = [[row[column] for column in columns] for row, _, _ in rows]
        found = fit(table, [right for _, right, _ in rows], [share for _, _, share in rows], HELD_BACK)
        weights = {name: round(float(value), 2) for name, value in zip((*names, "bias"), found, strict=True)}
        wrong = [name for name in names if (weights[name] < 0) != (name in AGAINST)]
        if not wrong:
            bias = weights.pop("bias")
            return Scale(Evidence(**weights), bias)
        names.remove(max(wrong, key=lambda name: abs(weights[name])))


def _of_fold(
    entries: Sequence[Entry], askings: Sequence[Asking], reader: Reader, readings: dict[str, Reading], fold: int
) -> Iterator[Row]:
    """The askings that this fold leaves out, asked of the others."""
    kept = [asking for number, asking in enumerate(askings) if number % FOLDS != fold]
    matcher = _matcher(entries, kept, reader, readings)
    for asking in askings[fold::FOLDS]:
        topics = {asking.topic} - {NOBODY}
        yield from _rows(matcher, readings[asking.words], topics, SHARES["asking" if topics else "nobody's"])


def _matcher(
    entries: Sequence[Entry], askings: Sequence[Asking], reader: Reader, readings: dict[str, Reading]
) -> Matcher:
    asked = with_askings(entries, [one for one in askings if one.topic != NOBODY])
    foreign = [one.words for one in askings if one.topic == NOBODY]
    return Matcher(reader, asked, learn(asked, reader, foreign, readings.__getitem__))


def _texts(entries: Sequence[Entry], askings: Sequence[Asking]) -> Iterator[str]:
    for entry in entries:
        yield from entry.wordings
    yield from (asking.words for asking in askings)


def _made_foreign(entries: Sequence[Entry], lexicon: Lexicon) -> Iterator[str]:
    """Our questions about things that we don't sell: the first piece or material exchanged for an everyday noun."""
    random = Random(SEED)
    fewest, most = THING_COUNT
    things = sorted(
        word
        for word, everyday in everyday_words(fewest).items()
        if everyday.noun
        and everyday.count <= most
        and len(word) == 2
        and word not in lexicon.surfaces
        and word not in lexicon.ignored
    )
    ours = sorted(
        (
            word
            for word, ideas in lexicon.surfaces.items()
            if lexicon.kinds.get(ideas[0]) in {MATERIAL, OBJECT} and len(word) > 1
        ),
        key=len,
        reverse=True,
    )
    for way in [way for entry in entries for way in entry.ways][::MADE_OF_EVERY]:
        named = [word for word in ours if word in way]
        if named:
            thing = random.choice(things)
            for word in named:
                way = way.replace(word, thing)
            yield way


def _rows(matcher: Matcher, question: Reading, topics: Set[str], share: float) -> Iterator[Row]:
    for match in matcher.rank(question)[:LOOKED_AT]:
        yield [getattr(match.evidence, name) for name in NAMES], match.entry.id in topics, share
