"""A visit as its page shows it: what is in here may be read by whoever holds the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.links import map_link
from crm.models import Appointment, AppointmentState
from crm.services import appointments
from handlers.schedule_words import clipped, day_words, moment_words
from pages.desk import PageDesk

# How the head of the page looks.
LOOKS = {"held": "wait", "booked": "good", "arrived": "good", "done": "good"}
# Days ahead that have a name of their own.
NAMED_DAYS = ("today", "tomorrow", "after_tomorrow")


@dataclass(frozen=True, slots=True)
class PieceLine:
    """One piece she wants to see. `note`: whether it is ready or on its way, "" for neither."""

    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """No name, no phone and no note of the customer: what a page may show, in words.

    `standing`: the state as of now, with "past" for a visit whose time has come. `may_change`: it can
    still be moved or cancelled here.
    """

    number: str
    standing: str
    look: str
    headline: str
    told: str
    day: str
    time: str
    moved: bool
    may_change: bool
    store: str
    address: str
    hours: str
    phone: str
    map: str
    advisor: str
    pieces: tuple[PieceLine, ...]


def standing_of(appointment: Appointment, now: datetime) -> str:
    """Where the visit stands now: a hold that ran out has lapsed, a booked time that has come is past."""
    state = appointment.state
    if state is AppointmentState.HELD and (appointment.hold_until is None or appointment.hold_until <= now):
        return AppointmentState.LAPSED.value
    if state is AppointmentState.BOOKED and appointment.starts_at <= now:
        return "past"
    return state.value


def sheet_of(desk: PageDesk, session: Session, appointment: Appointment) -> Sheet:
    """The visit in words."""
    now, store = desk.clock.now(), appointment.store
    standing = standing_of(appointment, now)
    begin, end = (moment.astimezone(desk.shop.zone) for moment in (appointment.starts_at, appointment.ends_at))
    hours = appointments.hours_of(session, store, begin.date())
    return Sheet(
        number=appointment.number,
        standing=standing,
        look=LOOKS.get(standing, "over"),
        headline=desk.say(f"page.headline_{standing}"),
        told=_told(desk, appointment, standing, now),
        day=day_words(begin.date(), desk.say),
        time=desk.say("page.span", begin=f"{begin:%H:%M}", end=f"{end:%H:%M}"),
        moved=standing == "booked" and appointment.moves > 0,
        may_change=standing == "booked",
        store=store.name,
        address=store.address,
        hours=desk.say("page.span", begin=f"{hours[0]:%H:%M}", end=f"{hours[1]:%H:%M}") if hours else "",
        phone=store.phone,
        map=map_link(store.name, store.address, store.latitude, store.longitude),
        advisor=appointment.advisor.name if appointment.advisor else "",
        pieces=_pieces(desk, appointment, standing),
    )


def _told(desk: PageDesk, appointment: Appointment, standing: str, now: datetime) -> str:
    zone = desk.shop.zone
    until = appointment.hold_until.astimezone(zone) if appointment.hold_until else now
    days = (appointment.starts_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    named = f"{NAMED_DAYS[days]}" if 0 <= days < len(NAMED_DAYS) else "in_days"
    countdown = desk.say(f"page.countdown_{named}", days=days)
    return desk.say(f"page.told_{standing}", until=f"{until:%H:%M}", countdown=countdown)


def _pieces(desk: PageDesk, appointment: Appointment, standing: str) -> tuple[PieceLine, ...]:
    """Before the visit also whether a piece is ready; what was let go is not shown."""
    notes = {"reserved": desk.say("page.piece_reserved"), "coming": desk.say("page.piece_coming")}
    shown = notes if standing in ("booked", "arrived") else {}
    lines = [
        PieceLine(clipped(piece.words), shown.get(piece.state.value, ""))
        for piece in appointment.pieces
        if piece.words and (piece.state.value != "released" or standing != "booked")
    ]
    return tuple(lines)


def moment_of(desk: PageDesk, moment: datetime) -> str:
    """11月28日 周六 15:00, in the shop's zone."""
    return moment_words(moment, desk.shop.zone, desk.say)
