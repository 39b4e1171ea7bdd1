"""What one message says about a visit: when, where, which pieces, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from crm.models import Store, Style
from crm.when import When, WhenKind
from handlers.customer.appointments.pieces import Pieces, StyleName, pieces_in
from handlers.customer.appointments.sounding import as_called
from handlers.customer.appointments.times import when_in
from handlers.customer.appointments.where import ShopName, Where, where_in
from handlers.customer.appointments.whom import for_whom_in, occasion_in
from handlers.customer.wishes import compact

# For so long a process answers with the names of shops and styles that it has read.
NAMES_HOLD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Names:
    """What shops and styles are called; the same for everybody, so read once a minute and process."""

    shops: Sequence[ShopName]
    styles: Sequence[StyleName]
    read_at: datetime

    @classmethod
    def read(cls, session: Session, now: datetime) -> Names:
        shops = session.execute(select(Store.id, Store.name, Store.city, Store.address).order_by(Store.id))
        styles = session.execute(select(Style.id, Style.style_no, Style.name, Style.category).order_by(Style.id))
        return cls([ShopName.of(*row) for row in shops], [StyleName.of(*row) for row in styles], now)


_names: WeakKeyDictionary[Engine, Names] = WeakKeyDictionary()


def names_of(session: Session, now: datetime) -> Names:
    """The names in this database, at most a minute old by the shop's clock."""
    engine = session.connection().engine
    known = _names.get(engine)
    if known is None or abs(now - known.read_at) > NAMES_HOLD:
        known = _names[engine] = Names.read(session, now)
    return known


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as far as it is about the visit."""

    words: str
    when: When
    where: Where = field(default_factory=Where)
    pieces: Pieces = field(default_factory=Pieces)
    for_whom: str = ""
    occasion: str = ""

    def __bool__(self) -> bool:
        return self.about_the_place or bool(self.pieces or self.for_whom or self.occasion)

    @property
    def about_the_place(self) -> bool:
        """Time or shop: what decides which place is held."""
        return self.has_time or bool(self.where)

    @property
    def has_time(self) -> bool:
        return self.when.kind is not WhenKind.NONE or self.when.past or self.when.impossible

    @property
    def is_thin(self) -> bool:
        """Nothing but a person or an occasion, which a question on something else may name as well."""
        return not self.about_the_place and not self.pieces


def hear(plain: str, now: datetime, names: Names, day: date | None = None) -> Heard:
    """`plain`: the text without width and case; `now` in the shop's zone; `day`: which one is talked about."""
    when = when_in(plain, now, day)
    words = as_called(compact(when.rest if when.kind is not WhenKind.NONE else plain), names.shops)
    return Heard(
        words=words,
        when=when,
        where=where_in(words, names.shops),
        pieces=pieces_in(words, names.styles),
        for_whom=for_whom_in(words),
        occasion=occasion_in(words),
    )
