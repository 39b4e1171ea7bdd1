"""Knowledge: the loaded entries behind one question-and-answer door."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from knowledge import checking, composing, conversation, owned, plainly, points, saying, small_talk
from knowledge.answers import Answer, Decision, Turn
from knowledge.askings import NOBODY, load_askings, with_askings
from knowledge.before_all import EMERGENCY, kind_before_all
from knowledge.checking import Fault
from knowledge.deciding import USUAL, Thresholds, Verdict
from knowledge.entry import Entry
from knowledge.facts import EVERY_FACT, fill_in
from knowledge.grouping import group_key
from knowledge.guarding import Guard
from knowledge.learned import Learned, learn
from knowledge.lexicon import Lexicon, shop_lexicon
from knowledge.listening import Heard, Listener, still_open
from knowledge.loading import ENTRIES, load_entries
from knowledge.matching import Match, Matcher
from knowledge.matrix import Matrix, load_matrix
from knowledge.overlay import Addition, overlaid
from knowledge.owned import OwnedPiece
from knowledge.passports import CarePassport, passport
from knowledge.reading import Reader, Reading
from knowledge.reckoning import with_sums
from knowledge.remembering import remembered
from knowledge.scope import asks_for_a_price, out_of_scope
from knowledge.splitting import asks, by_treatment, separate_questions
from knowledge.text import normalise
from knowledge.weighing import Scale
from knowledge.weights import SHOP

# Characters; what is longer says more than a word.
LONGEST_BARE_WORD = 6
# Up to here a word is only a word, however sure its topic; "戒指大了" is a concern.
SHORTEST_CONCERN = 3


class Knowledge:
    """Answers questions from loaded entries; safe to share between threads, reads nothing after loading."""

    def __init__(
        self,
        entries: Sequence[Entry],
        lexicon: Lexicon,
        matrix: Matrix | None = None,
        scale: Scale = SHOP,
        limits: Thresholds = USUAL,
        learned: Callable[[Reader], Learned] | None = None,
    ) -> None:
        """`learned`: what the wordings teach, where more than the entries' own count or it is known already."""
        self._entries = list(entries)
        self._by_id = {entry.id: entry for entry in self._entries}
        self._lexicon = lexicon
        self._matrix = matrix or Matrix()
        self._reader = Reader(lexicon)
        self._matcher = Matcher(self._reader, self._entries, learned and learned(self._reader), scale)
        self._listener = Listener(self._reader, self._matcher, limits, self._plainly)
        self._off: frozenset[str] = frozenset()
        # As it was loaded, without what a shop added.
        self._base = self

    @classmethod
    def load(cls, entries_dir: Path | None = None) -> "Knowledge":
        """The shop's own entries, read once in a process, or those of another folder.

        Raises KnowledgeError when the content can't be read.
        """
        return cls(load_entries(entries_dir), shop_lexicon(), load_matrix()) if entries_dir else cls._usual()

    @classmethod
    @cache
    def _usual(cls) -> "Knowledge":
        askings = load_askings()
        entries = with_askings(load_entries(ENTRIES), [one for one in askings if one.topic != NOBODY])
        foreign = [one.words for one in askings if one.topic == NOBODY]

        def learned(reader: Reader) -> Learned:
            return remembered(partial(learn, entries, reader, foreign))

        return cls(entries, shop_lexicon(), load_matrix(), learned=learned)

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

    def askings(self) -> list[tuple[str, str]]:
        """Everything that is asked, with its topic; titles too."""
        return [(entry.id, words) for entry in self._entries for words in entry.wordings]

    def by_topic(self, topic_id: str, facts: Mapping[str, str], asked: str = "") -> Answer | None:
        """The answer to a reading that the customer chose, for what she `asked`; None when there is no such topic."""
        entry = self._by_id.get(topic_id)
        if entry is None:
            return None
        reading = self._reader.read(asked)
        found = self._found(Heard(reading, reading, [Match(entry, 1.0)]), facts)
        return saying.said([found], facts, Turn(topic_id, entry.materials[:1]))

    def answer(
        self,
        question: str,
        facts: Mapping[str, str],
        turn: Turn | None = None,
        pieces: Sequence[OwnedPiece] = (),
    ) -> Answer:
        """The answer to a question.

        `facts` are the shop's own values, `turn` what the conversation was about, `pieces` what the customer has:
        "我的项链能泡温泉吗" is answered for what her necklace is made of.
        """
        before, facts = turn or Turn(), with_sums(question, facts)
        if topic := conversation.chosen(question, before):
            return self.by_topic(topic, facts, before.asked) or Answer(Decision.HANDOVER, turn=before)
        reading, last = self._reader.read(question), self._by_id.get(before.topic)
        if last and conversation.wants_more(question, before) and not self._listener.asks_on(last, reading, before):
            return self._in_detail(before, facts, before.in_full)
        if kind := kind_before_all(normalise(question)):
            return Answer(Decision.HANDOVER, turn=replace(before, topic=kind), small_talk=kind)
        if kind := small_talk.kind_of(question, self._lexicon.small_talk):
            return Answer(Decision.HANDOVER, turn=before, small_talk=kind)
        if pieces and owned.speaks_of_her_own(reading):
            return self._about_her_own(question, reading, facts, before, pieces)
        answer = self._answer_all(question, reading, facts, before)
        if answer.decision is Decision.HANDOVER and before.topic == EMERGENCY:
            # "他现在没啥反应": it is still about what was swallowed.
            return Answer(Decision.HANDOVER, turn=before, small_talk=EMERGENCY)
        return answer

    def passport(self, piece: OwnedPiece) -> CarePassport | None:
        """How this piece is looked after and what may not be done with it; None for an unknown material."""
        return passport(piece, self._matrix, self._reader, self._lexicon)

    def with_thresholds(self, limits: Thresholds) -> "Knowledge":
        """The same knowledge, bolder or more careful."""
        changed = copy(self)
        changed._listener = replace(self._listener, limits=limits, plainly=changed._plainly)
        return changed

    def group_of(self, question: str, turn: Turn | None = None) -> str:
        """A stable key that like questions share: what is asked about which material and piece."""
        reading = self._reader.read(question)
        return group_key(conversation.inherit(reading, turn or Turn()) or reading, self._lexicon)

    def in_reach(self, question: str, turn: Turn | None = None) -> bool:
        """May the shop learn an answer to this? Not to other trades, insults, health, luck, investment, chit-chat."""
        if small_talk.kind_of(question, self._lexicon.small_talk):
            return False
        reading = self._reader.read(question)
        completed = conversation.inherit(reading, turn or Turn()) or reading
        return not out_of_scope(completed) and (bool(completed.ideas) or asks(reading.text))

    def with_overlay(self, additions: Sequence[Addition]) -> "Knowledge":
        """The same knowledge with what a shop adds; start from the loaded one each time, it stays as it is."""
        entries, matcher = overlaid(self._entries, self._matcher, additions)
        changed = copy(self)
        changed._entries = entries
        changed._matcher = matcher
        changed._listener = replace(self._listener, matcher=matcher, plainly=changed._plainly)
        changed._off = frozenset({entry.id for number, entry in enumerate(entries) if number in matcher.off})
        changed._by_id = {entry.id: entry for entry in entries if entry.id not in changed._off}
        return changed

    def faults_of(self, addition: Addition) -> list[str]:
        """Why an addition should not be said: too long, unknown facts, or what a rule forbids (see `checking`)."""
        asked = (*addition.askings, addition.title, addition.text, addition.long_text)
        answers = (self._base.answer(words, EVERY_FACT) for words in asked if words)
        topics = dict.fromkeys(topic for answer in answers for topic in answer.topics)
        reached = [self._base._by_id[topic] for topic in topics if topic in self._base._by_id]
        entry = next((one for one in self._entries if one.id == addition.topic), None)
        return list(checking.faults_of(addition, entry, reached, Guard(self._reader, self._matrix)))

    def _about_her_own(
        self, question: str, reading: Reading, facts: Mapping[str, str], before: Turn, pieces: Sequence[OwnedPiece]
    ) -> Answer:
        """The answer for each piece of hers that may be meant; without any, the question is answered as it stands."""
        readings = owned.completed(reading, pieces, self._reader)
        answers = [(own, self._about_the_piece(question, own.reading, facts, before)) for own in readings]
        sure = [(own, answer) for own, answer in answers if answer.decision is Decision.ANSWER]
        if sure and len(sure) == len(answers):
            return saying.about_her_own(sure)
        answer = self._answer_all(question, reading, facts, before)
        said = {material for topic in answer.topics[:1] for material in self._by_id[topic].materials}
        return answers[0][1] if answers and owned.of_other_materials(said, readings, self._lexicon) else answer

    def _about_the_piece(self, question: str, own: Reading, facts: Mapping[str, str], before: Turn) -> Answer:
        """A topic of its very material goes before a general one: her pearls are strung anew, not soldered."""
        plain = self._plainly(own)
        if plain and plain.materials:
            return self._answered(Heard(own, own, [Match(plain, 1.0)]), facts, before)
        return self._answer_all(question, own, facts, before)

    def _answer_all(self, question: str, reading: Reading, facts: Mapping[str, str], before: Turn) -> Answer:
        listener, last = self._listener, self._by_id.get(before.topic)
        heard = listener.hear(reading, before)
        if out_of_scope(reading, heard.matches[0].foreign if heard.matches else ()):
            return Answer(Decision.HANDOVER, turn=before)
        asks_on = listener.asks_on(last, reading, before)
        follows = last is not None and conversation.leaves_out_the_matter(reading)
        if asks_for_a_price(heard.whole) and not (asks_on or follows or listener.knows_well(heard)):
            return Answer(Decision.HANDOVER, turn=conversation.next_turn(heard.whole, "", (), before))
        verdict = listener.kept_to_the_topic(listener.decide(heard.matches), reading, before, last)
        plain = len(heard.whole.text) <= SHORTEST_CONCERN or verdict.decision is not Decision.ANSWER
        if plain and not asks_on and (bare := self._bare(heard.whole, facts, before)):
            return bare
        parts = [] if asks_on and verdict.matches[0].entry is last else separate_questions(question)
        if not parts and verdict.decision is not Decision.ANSWER:
            parts = by_treatment(heard.whole, self._lexicon)
        answer = self._to_each(listener.sure_parts(parts, heard.whole, before), heard.whole, facts, before)
        if answer:
            return answer
        heard = Heard(reading, heard.whole, verdict.matches)
        composed = composing.compose(heard.whole, verdict, self._matrix, self._by_id, self._matcher)
        if composed and composed.combination.topic in self._off:
            composed = None
        answer = composing.said(composed, heard.whole, verdict, facts, self._lexicon) if composed else None
        if answer is None and verdict.decision is Decision.ANSWER:
            answer = self._answered(heard, facts, before)
        if answer is not None:
            said = [self._by_id[topic] for topic in answer.topics if topic in self._by_id]
            return saying.with_open_question(answer, listener.open_question(question, heard.whole, said))
        of_another = conversation.said_of(question, fill_in(last.short, facts)) if last else ""
        if of_another and verdict.decision is Decision.HANDOVER:
            return Answer(Decision.ANSWER, (before.topic,), self._listener.limits.answer_from, of_another, turn=before)
        return self._unanswered(heard, verdict, before)

    def _to_each(self, parts: Sequence[Heard], whole: Reading, facts: Mapping[str, str], before: Turn) -> Answer | None:
        """The answers to several questions in one message, in order."""
        if len(parts) < 2:
            return None
        found = [self._found(part, facts) for part in parts]
        return saying.said(found, facts, conversation.next_turn(whole, found[-1].match.entry.id, (), before))

    def _answered(self, heard: Heard, facts: Mapping[str, str], before: Turn) -> Answer:
        topic = heard.matches[0].entry.id
        again = topic == before.topic
        found = self._found(heard, facts, before.told if again else ())
        turn = conversation.next_turn(heard.whole, topic, (), before)
        if again and not found.points and (heard.whole is not heard.own or not before.in_full):
            return self._in_detail(turn, facts, before.in_full)
        places = points.places(found.match.entry, found.points)
        return saying.said([found], facts, replace(turn, told=(*turn.told, *places)), again)

    def _unanswered(self, heard: Heard, verdict: Verdict, before: Turn) -> Answer:
        """Readings to choose from, or a person; what comes next may belong to the question."""
        if matches := self._usually_meant(plainly.concern_of_some_piece(heard.whole)):
            # "戒指怎么保养": it depends on what it is made of.
            return self._to_choose(matches, heard.whole)
        offered = tuple(match.entry.id for match in verdict.matches)
        turn = conversation.next_turn(heard.whole, "", offered, before) if offered or heard.whole.ideas else before
        turn = still_open(turn, heard.own, before) if turn is not before else before
        if verdict.decision is Decision.CLARIFY:
            return saying.offered(verdict.matches, verdict.confidence, turn)
        return Answer(Decision.HANDOVER, confidence=verdict.confidence, turn=turn)

    def _bare(self, reading: Reading, facts: Mapping[str, str], before: Turn) -> Answer | None:
        """What is usually asked about a single word ("手镯", "保养"), to choose from; "能退吗" asks only one thing."""
        if len(reading.text) > LONGEST_BARE_WORD or len(reading.ideas) != 1 or reading.words:
            return None
        matches = self._usually_meant(reading.ideas[0])
        if len(matches) == 1:
            return self._answered(Heard(reading, reading, matches), facts, before)
        return self._to_choose(matches, reading) if matches else None

    def _plainly(self, reading: Reading) -> Entry | None:
        return self._by_id.get(plainly.topic_alone(self._matrix, reading, self._lexicon))

    def _usually_meant(self, idea: str) -> list[Match]:
        topics = [topic for topic in self._lexicon.bare.get(idea, ()) if topic in self._by_id]
        return [Match(self._by_id[topic], self._listener.limits.vague_at_most) for topic in topics]

    def _to_choose(self, matches: Sequence[Match], reading: Reading) -> Answer:
        turn = conversation.next_turn(reading, "", tuple(match.entry.id for match in matches))
        return saying.offered(matches, self._listener.limits.vague_at_most, turn)

    def _found(self, heard: Heard, facts: Mapping[str, str], told: Sequence[int] = ()) -> saying.Found:
        match = heard.matches[0]
        asked = points.asked_for(match.entry, heard.own, heard.whole, self._lexicon, told)
        return saying.Found(match, points.sayable(asked, facts))

    def _in_detail(self, turn: Turn, facts: Mapping[str, str], said: bool) -> Answer:
        """All that is written of the turn's topic; a person, where that was said already."""
        entry = self._by_id.get(turn.topic)
        text = fill_in(entry.long or entry.short, facts) if entry and not said else ""
        if not text:
            return Answer(Decision.HANDOVER, turn=turn)
        return Answer(Decision.ANSWER, (turn.topic,), 1.0, text, turn=replace(turn, in_full=True))
