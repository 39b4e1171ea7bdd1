"""One message in its conversation: alone, completed by what was spoken of, or by the question that is still open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from knowledge import conversation, points
from knowledge.answers import Decision, Turn
from knowledge.deciding import MOST_OFFERS, Thresholds, Verdict, decide, names_a_concern
from knowledge.entry import Entry
from knowledge.matching import Match, Matcher
from knowledge.reading import Reader, Reading
from knowledge.splitting import second_question

# Characters of an open question that a further message is still read with; what is longer is a story of its own.
LONGEST_OPEN_QUESTION = 80
# Confidence from which a question with a price in it is no mere price of a piece.
SURE_BY_MORE = 0.9


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it was typed, as it is understood in its conversation, and the entries that it may mean."""

    own: Reading
    whole: Reading
    matches: Sequence[Match]


@dataclass(frozen=True, slots=True)
class Listener:
    """Finds the reading of a message that makes the answer surest."""

    reader: Reader
    matcher: Matcher
    limits: Thresholds
    # The entry for what is plainly asked, however little that is ("怎么收" of a silver bangle).
    plainly: Callable[[Reading], Entry | None] = field(default=lambda reading: None)

    def decide(self, matches: Sequence[Match]) -> Verdict:
        """The decision for ranked matches."""
        return decide(matches, self.limits)

    def hear(self, reading: Reading, before: Turn) -> Heard:
        """The message behind what was said before."""
        heard = self._completed(reading, before)
        if before.asked and not self._is_sure(heard.matches):
            return self._joined(reading, before) or heard
        return heard

    def asks_on(self, last: Entry | None, reading: Reading, before: Turn) -> bool:
        """Does it name no other thing, and ask what the last entry has a sentence for that was not said yet?"""
        if last is None or reading.foreign:
            return False
        lexicon = self.reader.lexicon
        asked = points.asked_for(last, reading, reading, lexicon, before.told)
        named = points.words_of(asked, reading, lexicon)
        # "白球鞋发黄了怎么洗" is not about the last piece, "那镶钻的多少钱" only where the sentence speaks of that.
        written = "".join(reading.written)
        spoken_of = {*before.materials, *before.objects}
        things = [
            thing
            for thing in (*reading.materials, *reading.objects)
            if thing not in spoken_of and not any(word in written for word in named)
        ]
        known = all(named & {thing, *lexicon.wider_ideas(thing)} for thing in things)
        others = [word for word in reading.words if not any(one in word or word in one for one in named)]
        return bool(asked) and known and not self.matcher.name_things(others)

    def knows_well(self, heard: Heard) -> bool:
        """Is it sure of an entry by more than the names in it ("项链加长多少钱")?"""
        return bool(heard.own.words and heard.matches) and heard.matches[0].confidence >= SURE_BY_MORE

    def kept_to_the_topic(self, verdict: Verdict, reading: Reading, before: Turn, last: Entry | None) -> Verdict:
        """ "要几天" after "满钻的一般不能改" is about that very ring: what another entry says of it is only offered."""
        if last is None:
            return verdict
        near = {last.id, *last.related}
        first = verdict.matches[0].entry.id if verdict.matches else ""
        if (verdict.decision is not Decision.ANSWER or first in near) and self.asks_on(last, reading, before):
            sure = max(verdict.confidence, self.limits.answer_from)
            return Verdict(Decision.ANSWER, (Match(last, sure),), verdict.confidence)
        vague = conversation.leaves_out_the_matter(reading)
        if vague and verdict.decision is Decision.HANDOVER:
            return Verdict(Decision.ANSWER, (Match(last, self.limits.answer_from),), self.limits.answer_from)
        if not verdict.matches:
            return verdict
        other_material = bool(set(reading.materials) - set(before.materials))
        only = first == last.id or (len(verdict.matches) == 1 and first in near)
        if verdict.decision is Decision.CLARIFY and only and not other_material:
            # "周日呢" after the opening hours: nobody asks back whether she means the hours.
            return Verdict(Decision.ANSWER, verdict.matches[:1], verdict.confidence)
        if verdict.decision is not Decision.ANSWER or not vague or first in near:
            return verdict
        return Verdict(Decision.CLARIFY, verdict.matches, min(verdict.confidence, self.limits.vague_at_most))

    def sure_parts(self, parts: Iterable[str], whole: Reading, before: Turn) -> list[Heard]:
        """The separate questions of one message, each with its sure match; empty where one of them is not sure."""
        heard = [self._heard_alone(part, whole, before) for part in parts]
        if not all(one.matches and one.matches[0].confidence >= self.limits.beside_another for one in heard):
            return []
        first = {one.matches[0].entry.id: one for one in reversed(heard)}
        return [one for one in heard if first[one.matches[0].entry.id] is one]

    def _heard_alone(self, part: str, whole: Reading, before: Turn) -> Heard:
        heard = self.hear(self._in_its_message(part, whole), replace(before, asked=""))
        verdict = self.decide(heard.matches)
        if verdict.decision is Decision.ANSWER and verdict.confidence >= self.limits.beside_another:
            return replace(heard, matches=verdict.matches)
        plain = self.plainly(heard.whole)
        return replace(heard, matches=[Match(plain, 1.0)] if plain else [])

    def open_question(self, question: str, whole: Reading, said: Sequence[Entry]) -> str:
        """A second question in the message that we know something of, but what is said says nothing about."""
        part = second_question(question)
        if not part:
            return ""
        reading = self._in_its_message(part, whole)
        asked = [point for entry in said for point in points.asked_for(entry, reading, reading, self.reader.lexicon)]
        if points.words_of(asked, reading, self.reader.lexicon) - {*reading.materials, *reading.objects}:
            return ""
        known = set(self._worth_offering(reading))
        return part if known and not known & {entry.id for entry in said} else ""

    def _worth_offering(self, reading: Reading) -> Iterator[str]:
        for match in self.matcher.rank(reading)[:MOST_OFFERS]:
            if match.confidence >= self.limits.offer_from:
                yield match.entry.id

    def _completed(self, reading: Reading, before: Turn) -> Heard:
        own = self.matcher.rank(reading)
        alone = Heard(reading, reading, own)
        completed = conversation.inherit(reading, before)
        if completed is None or self.matcher.about_strange_things(reading):
            return alone
        plain = None if reading.materials else self.plainly(completed)
        if plain and plain.materials:
            # "那在家怎么洗" after the emerald is about the emerald.
            return Heard(reading, completed, [Match(plain, 1.0)])
        inherited = self.matcher.rank(completed)
        together = Heard(reading, completed, inherited)
        if not names_a_concern(reading) or conversation.of_another_kind(reading):
            # "蜜蜡呢": alone it hardly asks anything.
            return alone if self._is_sure(own) and not self._is_sure(inherited) else together
        best_own = own[0].confidence if own else 0.0
        best_inherited = inherited[0].confidence if inherited else 0.0
        return together if best_inherited > best_own else alone

    def _joined(self, reading: Reading, before: Turn) -> Heard | None:
        """ "裂了一条缝" behind "翡翠吊坠不小心摔了", which was asked back: both together, where that is sure."""
        whole = self.reader.read(f"{before.asked},{reading.text}")
        matches = self.matcher.rank(whole)
        return Heard(reading, whole, matches) if self._is_sure(matches) and not whole.foreign else None

    def _is_sure(self, matches: Sequence[Match]) -> bool:
        return self.decide(matches).decision is Decision.ANSWER

    def _in_its_message(self, part: str, whole: Reading) -> Reading:
        """A question with the materials and pieces of its message, where it names none itself."""
        reading = self.reader.read(part)
        if reading.materials or reading.objects or not reading.concerns:
            return reading
        return replace(reading, ideas=tuple(dict.fromkeys((*whole.materials, *whole.objects, *reading.ideas))))


def still_open(turn: Turn, question: Reading, before: Turn) -> Turn:
    """The turn after a question that was not answered: what comes next may belong to it.

    Or still to the last topic ("要多久"), unless the question named something else.
    """
    asked = f"{before.asked},{question.text}" if before.asked else question.text
    asked = asked if len(asked) <= LONGEST_OPEN_QUESTION else question.text[:LONGEST_OPEN_QUESTION]
    topic = "" if question.materials or question.objects else before.topic
    return replace(turn, asked=asked, topic=topic, told=before.told if topic else ())
