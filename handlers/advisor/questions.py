"""Questions that nobody could answer yet: staff read them, answer them once for everybody, or place or drop them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages import IncomingMessage, Menu, Option, Reply, Text
from bot.router import Filter, Router, command, said, state, words
from bot.words import words_of
from crm.actors import Actor
from crm.errors import NotFound
from crm.models import QuestionState, Why
from crm.services.learning import additions, questions
from crm.services.learning.additions import MOST_ASKINGS, may_teach
from crm.services.learning.additions import Wording as Said
from crm.services.learning.personal import masked
from crm.services.learning.questions import Group
from handlers.advisor import teaching
from handlers.advisor.commands import rest_of
from handlers.advisor.entries import ENTRY, searched
from handlers.advisor.faults import in_words
from handlers.context import Visit
from handlers.dialogue import Dialogue
from handlers.filters import chose, overdue, when
from handlers.filters import staff as by_staff
from handlers.speech import as_said
from handlers.states import State
from knowledge import Knowledge
from wording import Wording

router = Router("questions")

# Groups on one screen, and entries that a search offers.
PAGE, OFFERED = 6, 5
YES = "确认|确定|是|是的|好|好的|可以|发布|ok"
NO = "取消|算了|不用了|不发了|不要了|不写了"
_NUMBERED = re.compile(
    r"\s*/?(?:回答|归到|归入|忽略|撤回)\s*[#＃:：]?\s*(\d{1,9})(?:\s*号)?[\s:：,，、。.]*(.*)", re.DOTALL
)


def numbered(*names: str) -> Filter:
    """A command with a number behind it, with or without a blank between them."""
    return command(*names, *(f"/{name}" for name in names)) | words(rf"(?s)/?(?:{'|'.join(names)})\s*#?\d.*")


def number_and_words(text: str) -> tuple[int, str]:
    """The number behind a command and what follows it; 0 when there is none."""
    found = _NUMBERED.fullmatch(unicodedata.normalize("NFC", text))
    return (int(found[1]), found[2].strip()) if found else (0, "")


@router.on(by_staff, command("问题", "/问题", "未答问题", "/未答问题", "未答"))
def list_(message: IncomingMessage, actor: Actor, visit: Visit, knowledge: Knowledge, say: Wording) -> Reply:
    """Most asked first; `问题 2` is the second page."""
    page = max(1, int(found[0]) if (found := re.search(r"\d{1,4}", rest_of(message.text))) else 1)
    count = questions.open_count(visit.session)
    groups = questions.open_groups(visit.session, PAGE, PAGE * (page - 1))
    if not groups:
        return Text(say("learning.questions_no_more" if count else "learning.questions_none"))
    first = PAGE * (page - 1)
    titles = knowledge.topics()
    tail = say("learning.questions_tail_teach" if may_teach(actor) else "learning.questions_tail_read")
    lines = [
        say("learning.questions_head", from_place=first + 1, to_place=first + len(groups), count=count),
        *(_group_in_words(group, titles, say) for group in groups),
        say("learning.questions_next", page=page + 1) if count > first + len(groups) else "",
        tail,
    ]
    return Text("\n".join(line for line in lines if line))


@router.on(by_staff, numbered("回答"))
def answer(message: IncomingMessage, visit: Visit, say: Wording) -> Reply:
    """`回答 12 …` for everybody who asks like this; without words they are asked for."""
    number, text = number_and_words(message.text)
    group = _to_teach(visit, number, say, how="learning.answer_how")
    if isinstance(group, Text):
        return group
    if not text:
        visit.dialogue.enter(State.WRITING_ANSWER, question=number)
        return Text(say("learning.answer_what", number=number, words=_first_words(group, say)))
    return _propose(visit, group, text, say)


@router.on(by_staff, numbered("归到", "归入"))
def place(message: IncomingMessage, visit: Visit, knowledge: Knowledge, say: Wording) -> Reply:
    """`归到 12 珍珠日常保养`: an entry answers it already."""
    number, wanted = number_and_words(message.text)
    group = _to_teach(visit, number, say, how="learning.attach_how")
    if isinstance(group, Text):
        return group
    if not wanted:
        return Text(say("learning.attach_how"))
    topics = searched(knowledge, wanted, OFFERED)
    if not topics:
        return Text(say("learning.entry_none"))
    if len(topics) == 1:
        return _propose_entry(visit, group, topics[0], say)
    titles = knowledge.topics()
    options = tuple(Option(f"{ENTRY}{topic}", titles[topic]) for topic in topics)
    visit.dialogue.enter(State.CHOOSING_ENTRY, options=[option.id for option in options], question=number)
    return Menu(say("learning.entry_several"), options)


@router.on(by_staff, when(lambda visit: "question" in visit.dialogue.step), chose(State.CHOOSING_ENTRY))
def placed(choice: str, visit: Visit, say: Wording) -> Reply:
    """The entry that was meant."""
    number = int(visit.dialogue.step["question"])
    visit.dialogue.leave()
    group = _to_teach(visit, number, say, how="learning.attach_how")
    return group if isinstance(group, Text) else _propose_entry(visit, group, choice.removeprefix(ENTRY), say)


@router.on(by_staff, overdue(State.CHOOSING_ENTRY))
def too_late(dialogue: Dialogue, say: Wording) -> Reply:
    """A number for a list that is no longer open."""
    dialogue.leave()
    return Text(say("learning.entry_over"))


@router.on(by_staff, numbered("忽略"))
def dismiss(message: IncomingMessage, visit: Visit, say: Wording) -> Reply:
    """`忽略 12`: it stays counted and is not shown any more."""
    number, _ = number_and_words(message.text)
    group = _to_teach(visit, number, say, how="learning.dismiss_how")
    if isinstance(group, Text):
        return group
    questions.close(visit.session, visit.actor, group.question, QuestionState.DISMISSED, visit.now)
    return Text(say("learning.dismissed", number=number))


@router.on(by_staff, state(State.TEACHING, State.WRITING_ANSWER), words(NO))
def cancel(dialogue: Dialogue, say: Wording) -> Reply:
    dialogue.leave()
    return Text(say("learning.cancelled"))


@router.on(by_staff, state(State.TEACHING), words(YES))
def confirm(visit: Visit, say: Wording) -> Reply:
    """From the commit on it holds in every process; rights, question and text are looked at again."""
    step = visit.dialogue.step
    visit.dialogue.leave()
    if may_teach(visit.actor):
        additions.wait_for_turn(visit.session)
    group = _to_teach(visit, int(step["question"]), say, how="learning.answer_how")
    if isinstance(group, Text):
        return group
    if meanwhile := _meanwhile(visit, group, step, say):
        return meanwhile
    wording = teaching.proposed(visit, group, str(step["topic"]), str(step["text"]), step["shown"])
    if refusal := _refusal(visit, wording, say):
        return refusal
    made, count = teaching.publish(visit, group, wording)
    told = say("learning.taught_told", count=count) if count else ""
    return Text(say("learning.taught", number=made.id, told=told))


@router.on(by_staff, words(YES), when(lambda visit: visit.dialogue.overdue == State.TEACHING))
def confirmed_too_late(dialogue: Dialogue, say: Wording) -> Reply:
    dialogue.leave()
    return Text(say("learning.teach_over"))


@router.on(by_staff, state(State.WRITING_ANSWER), said)
def written(message: IncomingMessage, visit: Visit, say: Wording) -> Reply:
    """The words that were asked for."""
    number = int(visit.dialogue.step["question"])
    visit.dialogue.leave()
    group = _to_teach(visit, number, say, how="learning.answer_how")
    return group if isinstance(group, Text) else _propose(visit, group, message.text, say)


def _to_teach(visit: Visit, number: int, say: Wording, how: str) -> Group | Text:
    """The group that is still to be answered, or why he can't."""
    if not may_teach(visit.actor):
        return Text(say("learning.not_yours"))
    if not number:
        return Text(say(how))
    try:
        group = questions.group(visit.session, number)
    except NotFound:
        return Text(say("learning.question_none", number=number))
    if group.question.state is QuestionState.ANSWERED:
        title = visit.desk.knowledge.current.topics().get(group.question.topic, group.question.topic)
        return Text(say("learning.question_answered", number=number, title=title))
    return group


def _propose(visit: Visit, group: Group, text: str, say: Wording) -> Reply:
    """What it would say, to be confirmed; or why it can't."""
    asked = teaching.askings(visit, group)
    wording = teaching.proposed(visit, group, "", text)
    if not wording.text:
        return Text(say("learning.answer_how"))
    if not asked:
        return Text(say("learning.attach_no_words", number=group.question.id))
    if refusal := _refusal(visit, wording, say):
        return refusal
    _await_yes(visit, group, asked, text=text)
    longer = [say("learning.entry_long", text=wording.long_text)] if wording.long_text else []
    return Text(
        say(
            "learning.confirm_answer",
            number=group.question.id,
            words=_first_words(group, say),
            askings="；".join(map(as_said, asked)),
            left_out=_left_out(visit, group, say),
            text="\n".join([wording.text, *longer]),
        )
    )


def _propose_entry(visit: Visit, group: Group, topic: str, say: Wording) -> Reply:
    """The entry that would answer it, to be confirmed."""
    number, knowledge = group.question.id, visit.desk.knowledge.current
    answer = knowledge.by_topic(topic, visit.desk.shop.current())
    if answer is None:
        return Text(say("learning.entry_none"))
    if not answer.text:
        return Text(say("learning.attach_no_fact", title=knowledge.topics()[topic]))
    if not (asked := teaching.askings(visit, group)):
        return Text(say("learning.attach_no_words", number=number))
    wording, title = teaching.proposed(visit, group, topic, ""), knowledge.topics()[topic]
    if set(asked) - set(wording.askings):
        return Text(say("learning.askings_full", title=title, most=MOST_ASKINGS))
    if refusal := _refusal(visit, wording, say):
        return refusal
    _await_yes(visit, group, asked, topic=topic)
    proposal = say(
        "learning.confirm_attach",
        number=number,
        words=_first_words(group, say),
        title=title,
        text=answer.text,
        askings="；".join(map(as_said, asked)),
        left_out=_left_out(visit, group, say),
    )
    return Text("\n".join(filter(None, [_warning(visit, group, topic, say), proposal])))


def _await_yes(visit: Visit, group: Group, asked: Sequence[str], topic: str = "", text: str = "") -> None:
    """Remember what was shown, so that nothing else is made of a yes."""
    seen = teaching.holding(visit, topic or teaching.topic_for(group))
    shown = [teaching.mark(words) for words in asked]
    visit.dialogue.enter(State.TEACHING, question=group.question.id, topic=topic, text=text, seen=seen, shown=shown)


def _meanwhile(visit: Visit, group: Group, step: Mapping[str, Any], say: Wording) -> Reply | None:
    """Why what was shown cannot be confirmed any more: it went, was changed, or its questions were forgotten."""
    topic = str(step["topic"])
    title = visit.desk.knowledge.current.topics().get(topic, topic)
    if topic and not teaching.is_there(visit, topic):
        return Text(say("learning.attach_gone", title=title))
    if not teaching.askings(visit, group, step["shown"]):
        return Text(say("learning.attach_no_words", number=group.question.id))
    if topic and teaching.holding(visit, topic) != step["seen"]:
        again = _propose_entry(visit, group, topic, say)
        return Text("\n".join([say("learning.changed_meanwhile", title=title), words_of(again)]))
    return None


def _left_out(visit: Visit, group: Group, say: Wording) -> str:
    count = teaching.personal_count(visit, group)
    return say("learning.askings_left_out", count=count) if count else ""


def _warning(visit: Visit, group: Group, topic: str, say: Wording) -> str:
    """The question names one material, the entry is about another: often a slip of the finger."""
    asked, about = teaching.materials(visit, group, topic)
    if not asked or not about or set(asked) & set(about):
        return ""
    return say("learning.attach_other_material", asked="、".join(asked), about="、".join(about))


def _refusal(visit: Visit, wording: Said, say: Wording) -> Text | None:
    knowledge = visit.desk.knowledge.current
    faults = teaching.faults(knowledge, wording)
    return Text(say("learning.refused", reasons=in_words(faults, knowledge.topics(), say))) if faults else None


def _group_in_words(group: Group, titles: Mapping[str, str], say: Wording) -> str:
    question = group.question
    first = _first_words(group, say)
    lines = [say("learning.questions_line", number=question.id, words=first, asked=question.asked, askers=group.askers)]
    if len(group.words) > 1:
        others = "；".join(as_said(masked(words)) for words in group.words[1:])
        lines.append(say("learning.questions_more_words", words=others))
    lines.extend(say("learning.questions_disliked", title=titles.get(topic, topic)) for topic in group.disliked)
    if Why.PASSED_OVER in group.reasons:
        lines.append(say("learning.questions_passed"))
    return "\n".join(lines)


def _first_words(group: Group, say: Wording) -> str:
    return as_said(masked(group.words[0])) if group.words else say("learning.questions_words_gone")
