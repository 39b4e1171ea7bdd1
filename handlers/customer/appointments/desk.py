"""What every step of a booking works with: the message's parts, the draft, the open question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.messages import Menu, Option, Reply, Text
from crm.models import Appointment, Customer, Store
from crm.services import appointments
from crm.services.appointments import Window
from handlers.context import Visit
from handlers.customer.appointments.draft import Draft
from handlers.customer.appointments.understanding import Heard, Names, hear, names_of
from handlers.dialogue import Dialogue
from handlers.schedule_words import day_words, moment_words, weekday_words
from handlers.states import State
from wording import Wording

# Every line that can be tapped here begins so; a tap means the same however late it comes.
TAP = "booking:"


@dataclass
class Desk:
    """One message about a visit, and what is known of that visit."""

    visit: Visit
    draft: Draft

    @classmethod
    def of(cls, visit: Visit, *, anew: bool = False) -> Self:
        """Where the talk about a visit stands; `anew`: begin another one."""
        return cls(visit, Draft() if anew else Draft.read(visit.dialogue.step.get("draft")))

    @property
    def session(self) -> Session:
        return self.visit.session

    @property
    def say(self) -> Wording:
        return self.visit.desk.say

    @property
    def zone(self) -> ZoneInfo:
        return self.visit.desk.shop.zone

    @property
    def now(self) -> datetime:
        return self.visit.now

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def customer(self) -> Customer:
        return self.visit.customer

    @property
    def dialogue(self) -> Dialogue:
        return self.visit.dialogue

    @property
    def names(self) -> Names:
        return names_of(self.session, self.now)

    def hear(self, words: str = "") -> Heard:
        """What this message, or these words, say about the visit."""
        day = self.draft.day(self.zone)
        return hear(words or self.visit.plain, self.now.astimezone(self.zone), self.names, day)

    def store(self, store_id: int) -> Store:
        return self.session.get_one(Store, store_id)

    def shop_label(self, store_id: int) -> str:
        """ "湖滨店": what the shop is called among ourselves."""
        return next((shop.label for shop in self.names.shops if shop.id == store_id), "")

    def open_visits(self) -> list[Appointment]:
        """Held, booked and present ones of this customer, earliest first."""
        return list(appointments.upcoming(self.session, self.customer.id, self.now))

    def her_visit(self, appointment_id: int) -> Appointment | None:
        """One of her own that is still open; ids in taps are only words from outside."""
        return next((visit for visit in self.open_visits() if visit.id == appointment_id), None)

    def moment(self, at: datetime) -> str:
        """ "今天 15:00", "明天（周日）15:00", "11月28日 周六 15:00"."""
        local = at.astimezone(self.zone)
        if local.date() == self.today:
            return self.say("booking.today", time=f"{local:%H:%M}")
        if local.date() == self.today + timedelta(days=1):
            weekday = weekday_words(local.isoweekday(), self.say)
            return self.say("booking.tomorrow", weekday=weekday, time=f"{local:%H:%M}")
        return moment_words(at, self.zone, self.say)

    def full_moment(self, at: datetime) -> str:
        """The date with weekday and time, and whether that is today or tomorrow."""
        away = (at.astimezone(self.zone).date() - self.today).days
        words = moment_words(at, self.zone, self.say)
        if away == 0:
            return self.say("booking.full_today", moment=words)
        return self.say("booking.full_tomorrow", moment=words) if away == 1 else words

    def span(self, window: Window) -> str:
        """A minute, a part of a day, or whole days, in words."""
        if window.first == window.last:
            return self.moment(window.first)
        first, last = window.first.astimezone(self.zone), window.last.astimezone(self.zone)
        if (first.time(), last.hour, last.minute) != (time.min, 23, 59):
            return self.say("booking.span", begins=self.moment(window.first), ends=f"{last:%H:%M}")
        begins, ends = day_words(first.date(), self.say), day_words(last.date(), self.say)
        return begins if begins == ends else self.say("booking.span", begins=begins, ends=ends)

    def end_of(self, day: date) -> datetime:
        return datetime.combine(day, time(23, 59), self.zone).astimezone(UTC)

    def ask(self, state: State, question: str, head: str, options: Sequence[Option] = (), tail: str = "") -> Reply:
        """Put a question and stand where it is answered; `question` names it, to be repeated after an aside."""
        self._stand(state, question, options)
        return Menu(head, tuple(options), tail) if options else Text(f"{head}\n{tail}" if tail else head)

    def ask_again(self, before: str) -> Reply:
        """The same question once more, short, after something else was said."""
        step = self.dialogue.step
        options = tuple(Option(*pair) for pair in step.get("shown", []))
        state, question = State(self.dialogue.state), str(step.get("question", "when"))
        self._stand(state, question, options)
        head = f"{before}\n\n{self.say(f'booking.again_{question}')}"
        return Menu(head, options) if options else Text(head)

    def ask_aside(self, head: str, options: Sequence[Option]) -> Reply:
        """Numbers mean these lines now; the open question is kept and repeated after the answer."""
        kept = {key: value for key, value in self.dialogue.step.items() if key != "options"}
        self.dialogue.enter(State(self.dialogue.state), **kept, options=[option.id for option in options])
        return Menu(head, tuple(options))

    @property
    def shown(self) -> list[str]:
        """The ids of the lines that stand open."""
        return [str(option_id) for option_id, _ in self.dialogue.step.get("shown", [])]

    def _stand(self, state: State, question: str, options: Sequence[Option]) -> None:
        self.dialogue.enter(
            state,
            question=question,
            options=[option.id for option in options],
            shown=[[option.id, option.label] for option in options],
            draft=self.draft.written(),
        )
