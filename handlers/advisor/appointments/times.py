"""Times of visits as staff see them: free ones to choose from, a phrase as windows, an offer as an option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.messages import Option
from crm.models import Staff, Store
from crm.services import appointments
from crm.services.appointments import Offer, Window
from crm.when import When, WhenKind, windows_of
from handlers.schedule_words import moment_words
from wording import Wording

# Offers in one list.
OFFERED = 3


@dataclass(frozen=True, slots=True)
class Found:
    """`exact`: the very minute that was named is free. `offers`: what is free near it. `why`: why it is not."""

    exact: Offer | None
    offers: Sequence[Offer]
    why: str = ""


def look(
    session: Session,
    zone: ZoneInfo,
    store: Store,
    when: When,
    now: datetime,
    *,
    advisor_id: int | None = None,
    without: int | None = None,
) -> Found:
    """What is free when he says so; `without`: the visit that moves and gives its place up.

    Staff may book for the next full slot: whoever stands in the shop need not wait half an hour.
    """
    windows = [Window(*pair) for one in when.choices or (when,) for pair in windows_of(one, zone)]
    lead = timedelta(0)
    found = appointments.offers(
        session, zone, store, windows, now, advisor_id=advisor_id, count=OFFERED, lead=lead, without=without
    )
    hits = [offer for offer in found if offer.exact]
    if when.kind is WhenKind.POINT and len(hits) == 1:
        return Found(hits[0], found)
    why = appointments.why_none(session, zone, store, windows[0], now) if windows and not hits else ""
    return Found(None, found, why)


def option_of(offer: Offer, session: Session, zone: ZoneInfo, say: Wording) -> Option:
    """A line of a list of times; its id is the whole offer."""
    when = moment_words(offer.starts_at, zone, say)
    advisor = session.get(Staff, offer.advisor_id) if offer.advisor_id else None
    label = say("schedule.offer_with", when=when, advisor=advisor.name) if advisor else when
    return Option(written(offer), label)


def written(offer: Offer) -> str:
    """An offer as text that survives in a dialogue's memory."""
    return f"{offer.store_id}/{offer.starts_at.isoformat()}/{offer.ends_at.isoformat()}/{offer.advisor_id or 0}"


def read(text: str) -> Offer:
    """What `written` wrote."""
    store, starts, ends, advisor = text.split("/")
    first, last = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    return Offer(int(store), first, last, int(advisor) or None, exact=True)
