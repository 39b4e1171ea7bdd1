"""One message in its conversation: alone, completed by what was spoken of, or by the question that is still open."""

from dataclasses import replace

from knowledge import conversation, points
from knowledge.answers import Decision, Turn
from knowledge.deciding import Thresholds, Verdict, decide, names_a_concern
from knowledge.entry import Entry
from knowledge.lexicon import Lexicon
from knowledge.matching import Match, Matcher
from knowledge.reading import Reader, Reading

# Characters of an open question that a further message is still read with; what is longer is a story of its own.
LONGEST_OPEN_QUESTION = 80


def ranked(
    matcher: Matcher, reader: Reader, reading: Reading, before: Turn, limits: Thresholds
) -> tuple[Reading, list[Match]]:
    """The reading that makes the answer surest, with its matches."""
    found = _completed(matcher, reading, before)
    if not before.asked or decide(found[1], limits).decision is Decision.ANSWER:
        return found
    return _joined(matcher, reader, reading, before, limits) or found


def _completed(matcher: Matcher, reading: Reading, before: Turn) -> tuple[Reading, list[Match]]:
    own = matcher.rank(reading)
    completed = conversation.inherit(reading, before)
    if completed is None or matcher.about_strange_things(reading):
        return reading, own
    inherited = matcher.rank(completed)
    if not names_a_concern(reading) or conversation.of_another_kind(reading):
        # "蜜蜡呢": alone it asks nothing.
        return completed, inherited
    best_own = own[0].confidence if own else 0.0
    best_inherited = inherited[0].confidence if inherited else 0.0
    return (completed, inherited) if best_inherited > best_own else (reading, own)


def _joined(
    matcher: Matcher, reader: Reader, reading: Reading, before: Turn, limits: Thresholds
) -> tuple[Reading, list[Match]] | None:
    """ "裂了一条缝" behind "翡翠吊坠不小心摔了", which was asked back: both together, where that is sure."""
    whole = reader.read(f"{before.asked},{reading.text}")
    matches = matcher.rank(whole)
    verdict = decide(matches, limits)
    if verdict.decision is not Decision.ANSWER or whole.foreign:
        return None
    return whole, matches


def kept_to_the_topic(
    verdict: Verdict, reading: Reading, before: Turn, last: Entry | None, limits: Thresholds, lexicon: Lexicon
) -> Verdict:
    """ "要几天" after "满钻的一般不能改" is about that very ring: what another entry says of it is only offered."""
    if last is None:
        return verdict
    sure_of = verdict.matches[0].entry.id if verdict.decision is Decision.ANSWER else last.id
    if sure_of in {last.id, *last.related} and asks_on(last, reading, before, lexicon):
        return Verdict(Decision.ANSWER, (Match(last, max(verdict.confidence, limits.answer_from)),), verdict.confidence)
    if not verdict.matches:
        return verdict
    first = verdict.matches[0].entry.id
    vague = conversation.leaves_out_the_matter(reading)
    only = vague and len(verdict.matches) == 1 and first in last.related
    if verdict.decision is Decision.CLARIFY and (only or (first == last.id and conversation.points_back(reading))):
        # "周日呢" after the opening hours: nobody asks back whether she means the hours.
        return Verdict(Decision.ANSWER, verdict.matches[:1], verdict.confidence)
    if verdict.decision is not Decision.ANSWER or not vague or first in {last.id, *last.related}:
        return verdict
    return Verdict(Decision.CLARIFY, verdict.matches, min(verdict.confidence, limits.vague_at_most))


def asks_on(last: Entry | None, reading: Reading, before: Turn, lexicon: Lexicon) -> bool:
    """Does it name no other thing, and ask what the last entry has a sentence for that was not said yet?"""
    if last is None or reading.materials or reading.objects or reading.foreign:
        return False
    met = points.asked_for(last, reading, reading, lexicon, before.told)
    named = {word for point in met for words in point.asked for word in words}
    # "白球鞋发黄了怎么洗" is not about the last piece.
    return bool(met) and all(any(one in word or word in one for one in named) for word in reading.words)


def still_open(turn: Turn, question: Reading, before: Turn) -> Turn:
    """The turn after a question that was not answered: what comes next may belong to it."""
    asked = f"{before.asked},{question.text}" if before.asked else question.text
    return replace(turn, asked=asked if len(asked) <= LONGEST_OPEN_QUESTION else question.text[:LONGEST_OPEN_QUESTION])
