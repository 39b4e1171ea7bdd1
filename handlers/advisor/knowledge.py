"""What the bot answers: staff look entries up, see how they serve, and take the shop's additions back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Menu, Option, Reply, Text
from bot.router import Router, command
from crm.errors import NotFound
from crm.models import Staff
from crm.services.learning import additions, questions, uses
from crm.services.learning.additions import Newer, TakenBack, may_teach
from crm.services.learning.uses import Sums
from handlers.advisor.commands import rest_of
from handlers.advisor.entries import ENTRY, searched
from handlers.advisor.questions import OFFERED, number_and_words, numbered
from handlers.context import ShopFacts, Visit
from handlers.dialogue import Dialogue
from handlers.filters import chose
from handlers.filters import staff as by_staff
from handlers.states import State
from knowledge import Knowledge
from knowledge.entry import Entry
from wording import Wording

router = Router("knowledge")

# Days that a look at the uses reaches back.
RECENT_DAYS = 90
# Entries that a list of the statistics names.
NAMED = 5


@router.on(by_staff, numbered("撤回"))
def take_back(message: IncomingMessage, visit: Visit, knowledge: Knowledge, say: Wording) -> Reply:
    """`撤回 12`: what held before holds again, at once."""
    if not may_teach(visit.actor):
        return Text(say("learning.not_yours"))
    number, _ = number_and_words(message.text)
    if not number:
        return Text(say("learning.take_back_how"))
    try:
        taken = additions.take_back(visit.session, visit.actor, number, visit.now)
    except NotFound:
        return Text(say("learning.take_back_none", number=number))
    except TakenBack:
        return Text(say("learning.take_back_twice", number=number))
    except Newer as error:
        return Text(say("learning.take_back_newer", number=number, newer=error.holding))
    title = knowledge.topics().get(taken.topic) or taken.title or taken.topic
    return Text(say("learning.taken_back", number=number, title=title))


@router.on(by_staff, command("知识统计", "/知识统计"))
def statistics(visit: Visit, knowledge: Knowledge, say: Wording) -> Reply:
    """How the entries serve: used, liked, disliked, never used."""
    counted = uses.sums(visit.session, _first_day(visit))
    total = {name: sum(getattr(one, name) for one in counted.values()) for name in _names()}
    titles = knowledge.topics()
    waiting = questions.open_count(visit.session)
    lines = [
        say("learning.statistics", days=RECENT_DAYS, waiting=waiting, **total),
        *_ranking("learning.statistics_most", {t: s.used for t, s in counted.items()}, titles, say),
        *_ranking("learning.statistics_disliked", {t: s.disliked for t, s in counted.items()}, titles, say),
    ]
    unused = [title for topic, title in titles.items() if not counted.get(topic, Sums()).used]
    if unused:
        named = "、".join(unused[:NAMED])
        lines.append(say("learning.statistics_unused", count=len(unused), titles=named))
    return Text("\n".join(lines))


@router.on(by_staff, command("知识", "/知识"))
def look_up(
    message: IncomingMessage, visit: Visit, knowledge: Knowledge, dialogue: Dialogue, shop: ShopFacts, say: Wording
) -> Reply:
    """`知识 珍珠`: one entry whole, several to choose from."""
    wanted = rest_of(message.text)
    if not wanted:
        return Text(say("learning.entry_how"))
    topics = searched(knowledge, wanted, OFFERED)
    if not topics:
        return Text(say("learning.entry_none"))
    if len(topics) == 1:
        return _shown(visit, topics[0], say)
    titles = knowledge.topics()
    options = tuple(Option(f"{ENTRY}{topic}", titles[topic]) for topic in topics)
    return Menu(say("learning.entry_several"), dialogue.offer(State.CHOOSING_ENTRY, options))


@router.on(by_staff, chose(State.CHOOSING_ENTRY))
def chosen(choice: str, visit: Visit, say: Wording) -> Reply:
    visit.dialogue.leave()
    return _shown(visit, choice.removeprefix(ENTRY), say)


def _shown(visit: Visit, topic: str, say: Wording) -> Reply:
    knowledge = visit.desk.knowledge.current
    entry = next((one for one in knowledge.entries if one.id == topic), None)
    if entry is None:
        return Text(say("learning.entry_none"))
    served = uses.sums(visit.session, _first_day(visit)).get(topic, Sums())
    lines = [
        say("learning.entry", title=entry.title, topic=entry.id, text=_text(visit, entry, say)),
        say("learning.entry_long", text=entry.long) if entry.long else "",
        _added(visit, topic, say),
        say(
            "learning.entry_uses",
            days=RECENT_DAYS,
            used=served.used,
            liked=served.liked,
            disliked=served.disliked,
        ),
    ]
    return Text("\n".join(line for line in lines if line))


def _text(visit: Visit, entry: Entry, say: Wording) -> str:
    answer = visit.desk.knowledge.current.by_topic(entry.id, visit.desk.shop.current())
    if answer is None:
        return say("learning.entry_off")
    return answer.text or entry.short or say("learning.entry_empty")


def _added(visit: Visit, topic: str, say: Wording) -> str:
    """What the shop said about it, by whom and when."""
    stored = additions.of_topic(visit.session, topic)
    if stored is None:
        return ""
    said = additions.worded(stored)
    changed = say("learning.entry_added_off") if said.off else say("learning.entry_added_text") if said.text else ""
    return say(
        "learning.entry_added",
        number=stored.id,
        by=_name(visit.session, stored.made_by),
        day=f"{stored.made_at.astimezone(visit.desk.shop.zone):%m-%d}",
        askings=len(said.askings),
        changed=changed,
    )


def _name(session: Session, userid: str) -> str:
    return session.scalar(select(Staff.name).where(Staff.userid == userid)) or userid


def _ranking(head: str, counts: Mapping[str, int], titles: Mapping[str, str], say: Wording) -> Sequence[str]:
    highest = sorted((topic for topic in counts if counts[topic]), key=lambda topic: (-counts[topic], topic))[:NAMED]
    lines = [say("learning.statistics_line", title=titles.get(one, one), count=counts[one]) for one in highest]
    return [say(head), *lines] if lines else []


def _first_day(visit: Visit) -> date:
    return visit.now.astimezone(visit.desk.shop.zone).date() - timedelta(days=RECENT_DAYS)


def _names() -> list[str]:
    return [one.name for one in fields(Sums)]
