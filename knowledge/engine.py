"""Knowledge: the loaded entries behind one question-and-answer door."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge import checking, conversation, small_talk
from knowledge.answers import Answer, Decision, Offer, Turn
from knowledge.checking import FACT, Fault
from knowledge.deciding import ANSWER_FROM, MOST_OFFERS, VAGUE_AT_MOST, Verdict, decide, names_a_concern
from knowledge.entry import Entry
from knowledge.lexicon import Lexicon, plain_lexicon, shop_lexicon
from knowledge.loading import ENTRIES, load_entries, load_tsv
from knowledge.matching import Match, Matcher
from knowledge.matrix import Combination, Matrix, load_matrix
from knowledge.reading import Reader, Reading
from knowledge.scope import out_of_scope
from knowledge.splitting import clauses_of_a_story, separate_questions
from knowledge.weighing import PLAIN_SCALE, SHOP_SCALE, Scale

# A separate question inside a message must be this sure to be answered beside another one.
SURE_BESIDE_ANOTHER = 0.66
# A clause of a story may be a circumstance ("洗手洗碗也没摘过"): however sure, it is only offered, never answered.
SUREST_CLAUSE = 0.5
CLAUSE_SHARE = 0.7


class Knowledge:
    """Answers questions from loaded entries; safe to share between threads, reads nothing after loading."""

    def __init__(
        self, entries: Sequence[Entry], lexicon: Lexicon, matrix: Matrix | None = None, scale: Scale = SHOP_SCALE
    ) -> None:
        self._entries = list(entries)
        self._by_id = {entry.id: entry for entry in self._entries}
        self._lexicon = lexicon
        self._matrix = matrix or Matrix()
        self._reader = Reader(lexicon)
        self._matcher = Matcher(self._reader, self._entries, scale)

    @classmethod
    def load(cls, entries_dir: Path | None = None) -> "Knowledge":
        """The shop's own entries. Raises KnowledgeError when the content can't be read."""
        return cls(load_entries(entries_dir or ENTRIES), shop_lexicon(), load_matrix())

    @classmethod
    def from_tsv(cls, path: Path) -> "Knowledge":
        """Another base (columns id, question, answer), read without the words of the trade. Raises EntryError."""
        return cls(load_tsv(path), plain_lexicon(), scale=PLAIN_SCALE)

    def check(self) -> list[Fault]:
        """The faults of the content, each with file and line."""
        return checking.faults(self._entries, self._lexicon, self._matrix)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry as it was written."""
        return tuple(self._entries)

    def topics(self) -> dict[str, str]:
        """Every topic with its title."""
        return {entry.id: entry.title for entry in self._entries}

    def by_topic(self, topic_id: str, facts: Mapping[str, str]) -> Answer | None:
        """The answer to a reading that the customer chose; None when there is no such topic."""
        entry = self._by_id.get(topic_id)
        if entry is None:
            return None
        return self._say([Match(entry, 1.0)], facts, Turn(topic_id, entry.materials[:1]))

    def answer(self, question: str, facts: Mapping[str, str], turn: Turn | None = None) -> Answer:
        """The answer to a question; `facts` are the shop's own values, `turn` what the conversation was about."""
        before = turn or Turn()
        if topic := conversation.chosen(question, before):
            return self.by_topic(topic, facts) or Answer(Decision.HANDOVER, turn=before)
        if conversation.wants_more(question, before):
            return self._in_detail(before, facts)
        if kind := small_talk.kind_of(question, self._lexicon.small_talk):
            return Answer(Decision.HANDOVER, turn=before, small_talk=kind)
        reading = self._reader.read(question)
        return self._answer_all(question, reading, facts, before)

    def _answer_all(self, question: str, reading: Reading, facts: Mapping[str, str], before: Turn) -> Answer:
        completed, ranked = self._ranked(reading, before)
        if out_of_scope(reading, ranked[0].foreign if ranked else ()):
            return Answer(Decision.HANDOVER, turn=before)
        verdict = decide(self._surer_by_a_clause(question, ranked))
        several = self._several(question, before)
        if len(several) > 1:
            return self._say(several, facts, conversation.next_turn(completed, several[-1].entry.id, ()))
        if composed := self._composed(completed, verdict, facts):
            return composed
        if verdict.decision is Decision.ANSWER:
            topic = verdict.matches[0].entry.id
            return self._say(verdict.matches, facts, conversation.next_turn(completed, topic, ()))
        if verdict.decision is Decision.CLARIFY:
            return self._offer(verdict, completed)
        turn = conversation.next_turn(completed, "", ()) if completed.ideas else before
        return Answer(Decision.HANDOVER, confidence=verdict.confidence, turn=turn)

    def _composed(self, reading: Reading, verdict: Verdict, facts: Mapping[str, str]) -> Answer | None:
        """The answer put together from material and treatment, unless an entry says it more exactly."""
        combination = self._matrix.combine(reading, self._lexicon)
        if combination is None:
            return None
        entry = self._by_id.get(combination.topic)
        if verdict.decision is Decision.ANSWER:
            entry = verdict.matches[0].entry
            if entry.id not in combination.neighbours or self._names_both(entry, combination):
                return None
        topic = entry.id if entry else combination.topic
        further = fill_in(entry.short, facts) if entry else ""
        return Answer(
            decision=Decision.ANSWER,
            topics=(topic,),
            confidence=max(combination.confidence, verdict.confidence),
            text="\n\n".join(filter(None, [combination.text, further])),
            long_text=fill_in(entry.long, facts) if entry else "",
            turn=conversation.next_turn(reading, topic, ()),
        )

    def _names_both(self, entry: Entry, combination: Combination) -> bool:
        """Does the written answer speak of this very material and treatment?"""
        written = [self._lexicon.written(idea) for idea in combination.ideas]
        return all(any(word in entry.short for word in words) for words in written)

    def _several(self, question: str, before: Turn) -> list[Match]:
        """The sure matches of the separate questions in one message, in order, each topic once."""
        found: dict[str, Match] = {}
        for part in separate_questions(question):
            verdict = decide(self._ranked(self._reader.read(part), before)[1])
            if verdict.decision is not Decision.ANSWER or verdict.confidence < SURE_BESIDE_ANOTHER:
                return []
            found.setdefault(verdict.matches[0].entry.id, verdict.matches[0])
        return list(found.values())

    def _surer_by_a_clause(self, question: str, ranked: list[Match]) -> list[Match]:
        """A story names many things beside its question; a sure clause makes its topic worth offering."""
        clauses = clauses_of_a_story(question)
        if not clauses or not ranked or ranked[0].confidence >= ANSWER_FROM:
            return ranked
        alone: dict[str, float] = {}
        for match in (match for clause in clauses for match in self._ranked_alone(self._reader.read(clause))[:1]):
            alone[match.entry.id] = max(
                alone.get(match.entry.id, 0.0), min(SUREST_CLAUSE, CLAUSE_SHARE * match.confidence)
            )
        lifted = [
            replace(match, confidence=max(match.confidence, alone.get(match.entry.id, 0.0)))
            for match in ranked[:MOST_OFFERS]
        ]
        return sorted(lifted, key=lambda match: -match.confidence)

    def _ranked(self, reading: Reading, before: Turn) -> tuple[Reading, list[Match]]:
        """Ranked matches of the question alone or, where that is surer, completed by the conversation."""
        own = self._ranked_alone(reading)
        completed = conversation.inherit(reading, before)
        if completed is None:
            return reading, own
        inherited = self._ranked_alone(completed)
        if not names_a_concern(reading):
            # "蜜蜡呢": alone it asks nothing.
            return completed, inherited
        best_own = own[0].confidence if own else 0.0
        best_inherited = inherited[0].confidence if inherited else 0.0
        return (completed, inherited) if best_inherited > best_own else (reading, own)

    def _ranked_alone(self, reading: Reading) -> list[Match]:
        ranked = self._matcher.rank(reading)
        if names_a_concern(reading):
            return ranked
        return [replace(match, confidence=min(match.confidence, VAGUE_AT_MOST)) for match in ranked]

    def _say(self, matches: Sequence[Match], facts: Mapping[str, str], turn: Turn) -> Answer:
        texts = [fill_in(match.entry.short, facts) for match in matches]
        confidence = min(match.confidence for match in matches)
        if not all(texts):
            return Answer(Decision.HANDOVER, confidence=confidence, turn=turn)
        return Answer(
            decision=Decision.ANSWER,
            topics=tuple(match.entry.id for match in matches),
            confidence=confidence,
            text="\n\n".join(texts),
            long_text=fill_in(matches[0].entry.long, facts) if len(matches) == 1 else "",
            turn=turn,
        )

    def _offer(self, verdict: Verdict, reading: Reading) -> Answer:
        offers = tuple(Offer(match.entry.id, match.entry.title) for match in verdict.matches)
        lines = [f"{number}. {offer.title}" for number, offer in enumerate(offers, start=1)]
        topics = tuple(offer.topic for offer in offers)
        return Answer(
            decision=Decision.CLARIFY,
            topics=topics,
            confidence=verdict.confidence,
            text="\n".join(["您想了解的是哪一个呢？回复数字就好：", *lines]),
            offers=offers,
            turn=conversation.next_turn(reading, "", topics),
        )

    def _in_detail(self, before: Turn, facts: Mapping[str, str]) -> Answer:
        entry = self._by_id.get(before.topic)
        text = fill_in(entry.long or entry.short, facts) if entry else ""
        if not text:
            return Answer(Decision.HANDOVER, turn=before)
        return Answer(Decision.ANSWER, (before.topic,), 1.0, text, turn=before)


def fill_in(text: str, facts: Mapping[str, str]) -> str:
    """The text with the shop's facts in it; empty when one that it needs is missing or empty."""
    if any(not facts.get(key, "").strip() for key in FACT.findall(text)):
        return ""
    return FACT.sub(lambda match: facts[match[1]].strip(), text)
