"""The weights for the shop's own entries, fitted on ways of asking that the entries had not seen."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import fields, replace
from random import Random

from knowledge.entry import Entry
from knowledge.evaluating import Labelled
from knowledge.fitting.disturbing import Disturber
from knowledge.fitting.regression import fit
from knowledge.lexicon import MATERIAL, OBJECT, Lexicon
from knowledge.matching import Matcher
from knowledge.reading import Reader
from knowledge.segmenting import everyday_words
from knowledge.weighing import Evidence, Scale

SEED = 11
FOLDS = 4
# Candidates of one question that the weights are fitted on.
LOOKED_AT = 5
# What each kind of question counts.
SHARES = {"way": 0.5, "again": 0.3, "labelled": 2.0, "made foreign": 1.0}
HELD_BACK = 2.0
AGAINST = {"nowhere_known", "strange_things", "no_piece", "foreign", "other_material", "other_concern"}
# A thing of everyday life that takes the place of a piece in one of our questions; every so many ways one.
MADE_OF_EVERY = 5
THING_COUNT = (3_000, 40_000)
NAMES = tuple(each.name for each in fields(Evidence))

Row = tuple[list[float], bool, float]


def scale(entries: Sequence[Entry], lexicon: Lexicon, labelled: Sequence[Labelled]) -> Scale:
    """The weights and the bias of the evidence."""
    reader = Reader(lexicon)
    rows = [row for fold in range(FOLDS) for row in _of_fold(entries, reader, fold)]
    rows.extend(_of_questions(entries, lexicon, reader, labelled))
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


def _of_fold(entries: Sequence[Entry], reader: Reader, fold: int) -> Iterator[Row]:
    """The ways of asking that this fold leaves out, asked of the others."""
    random = Random(SEED + fold)
    kept = [
        replace(entry, ways=tuple(way for at, way in enumerate(entry.ways) if at % FOLDS != fold)) for entry in entries
    ]
    matcher = Matcher(reader, kept)
    disturber = Disturber(random, [way for entry in entries for way in entry.ways])
    for entry in entries:
        for way in entry.ways[fold::FOLDS]:
            yield from _rows(matcher, reader, way, {entry.id}, SHARES["way"])
            yield from _rows(matcher, reader, disturber.again(way), {entry.id}, SHARES["again"])


def _of_questions(
    entries: Sequence[Entry], lexicon: Lexicon, reader: Reader, labelled: Sequence[Labelled]
) -> Iterator[Row]:
    matcher = Matcher(reader, entries)
    for one in labelled:
        yield from _rows(matcher, reader, one.question, one.topics, SHARES["labelled"])
    for question in _made_foreign(entries, lexicon):
        yield from _rows(matcher, reader, question, frozenset(), SHARES["made foreign"])


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


def _rows(matcher: Matcher, reader: Reader, question: str, topics: Set[str], share: float) -> Iterator[Row]:
    for match in matcher.rank(reader.read(question))[:LOOKED_AT]:
        yield [getattr(match.evidence, name) for name in NAMES], match.entry.id in topics, share
