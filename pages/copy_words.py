"""Her copy as she reads it on the page: her own words for fields and values; what only machines read is in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import FieldDefinition, Staff, Store
from crm.services.households.days import YearDay, in_words, of_card
from crm.services.households.satisfaction import NOT_PLEASED, PLEASED, SO_SO
from handlers.schedule_words import date_words, minute_words
from wording import Wording

Row = list[tuple[str, str]]
# "field" as it stands, or "field=how it is read"; in the order in which she reads them.
PURCHASE = (
    "purchased_at=moment kind=word name category material gem setting certificate_no quantity amount_fen=yuan"
    " payment=word number barcode"
)
SECTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "customer",
        "privacy.section_customer",
        "code called phone gender=gender birthday wedding_anniversary=day store_code=store advisor_userid=staff"
        " ring_size allergies preferences tags=list notes created_at=moment",
    ),
    ("identities", "privacy.section_identities", "kind=word since=moment left_at=moment remark"),
    (
        "appointments",
        "privacy.section_appointments",
        "number store_code=store advisor_userid=staff starts_at=moment ends_at=moment first=moment last=moment"
        " state=word for_whom wishes pieces=pieces made_by=by created_at=moment booked_at=moment moves closed_at=moment"
        " closed_by=by reason outcome=word outcome_note",
    ),
    (
        "pieces",
        "privacy.section_pieces",
        "name category material gem setting certificate_no purchased_at=moment barcode",
    ),
    ("purchases", "privacy.section_purchases", PURCHASE),
    ("household/relatives", "privacy.part_relatives", "relation called gift_partner=yes_no notes created_at=moment"),
    ("household/sizes", "privacy.part_sizes", "of=of kind=word value at=moment"),
    (
        "household/occasions",
        "privacy.part_occasions",
        "of=of kind=word label on wants_reminder=yes_no source=by created_at=moment",
    ),
    ("household/tastes", "privacy.part_tastes", "kind=word value source=by at=moment"),
    ("household/skin_tests", "privacy.part_skin_tests", "material result=word words source=by at=moment"),
    ("household/life_stages", "privacy.part_life_stages", "stage since=day until=day source=by"),
    ("household/piece_care", "privacy.part_piece_care", "number wearer=of surprise_until=day size engraving"),
    (
        "household/services",
        "privacy.part_services",
        "number kind=word piece_barcode received_on=day promised_on=day stage fee=yuan finished_at=moment",
    ),
    ("household/feedback", "privacy.part_feedback", "ref=ref asked_at=moment score=score words answered_at=moment"),
    ("household/complaints", "privacy.part_complaints", "at=moment words state=word closed_at=moment remedy"),
    ("membership/points", "privacy.part_points", "at=moment kind=word points=signed reason expires_on=day"),
    (
        "membership/coupons",
        "privacy.part_coupons",
        "title coupon_no value_fen=yuan condition valid_from=day valid_to=day status=word used_at=moment",
    ),
    ("consents", "privacy.section_consents", "at=moment purpose=word granted=yes_no channel=word"),
    (
        "deliveries",
        "privacy.section_deliveries",
        "planned_at=moment job=word channel=word state=word reason=why ended_at=moment",
    ),
    ("held_by_law", "privacy.section_held_by_law", "rule name phone since=moment until=moment"),
    ("interactions", "privacy.section_interactions", "at=moment direction=word channel=word kind=event text"),
)
SCORES = {PLEASED: "score_pleased", SO_SO: "score_so_so", NOT_PLEASED: "score_not_pleased"}
GENDERS = {"female": "copied.female", "male": "copied.male"}
# What a push says of itself that was not sent, by a word of its reason; whatever else there is was no way to her.
WHY = (
    ("consent", "not_agreed"),
    ("used up", "enough_sent"),
    ("quiet hours", "too_late"),
    ("late", "too_late"),
    *((words, "not_needed") for words in ("no longer", "any more", "already", "moved", "by now", "exist", "erased")),
)
# Messages of hers whose text is what she said; of the others it is a key of ours or an id of the platform.
SPOKEN = ("text", "voice", "location")
# A link or a line to tap, as it was sent: what she saw of it is its label.
LINK = re.compile(r"<a [^>]*>([^<]*)</a>")


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called: shops, staff, the shop's own fields."""

    stores: Mapping[str, str]
    staff: Mapping[str, str]
    fields: Mapping[str, str]


def names_of(session: Session) -> Names:
    pairs = (select(Store.code, Store.name), select(Staff.userid, Staff.name))
    stores, staff = ({row[0]: row[1] for row in session.execute(one)} for one in pairs)
    fields = session.execute(select(FieldDefinition.key, FieldDefinition.label))
    return Names(stores, staff, {row[0]: row[1] for row in fields})


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the copy aloud."""

    say: Wording
    zone: ZoneInfo
    names: Names

    def sections(self, everything: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
        """Title and rows of each part that says something."""
        herself = {**everything["customer"], "called": everything["customer"]["name"]}
        own = {self.names.fields.get(key, key): value for key, value in everything["household"]["fields"].items()}
        household = {f"household/{part}": things for part, things in everything["household"].items()}
        membership = {f"membership/{part}": things for part, things in everything["membership"].items()}
        parts = {**everything, **household, **membership, "customer": [herself]}
        for part, title, fields in SECTIONS:
            yield self.say(title), self._rows(parts[part], fields)
            if part == "customer":
                yield self.say("privacy.part_fields"), [list(own.items())] if own else []

    def _rows(self, things: Sequence[Mapping[str, Any]], fields: str) -> list[Row]:
        specs = [field.partition("=") for field in fields.split()]
        rows = ([*self._row(_whole(thing), specs)] for thing in things)
        return [row for row in rows if row]

    def _row(self, thing: Mapping[str, Any], specs: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
        for name, _, how in specs:
            value = thing.get(name)
            if value in (None, [], 0) or (value == "" and how != "of"):
                continue
            told = READ[how](self, value)
            if told:
                yield self.say(f"privacy.field_{name}"), told

    def moment(self, value: str) -> str:
        at = datetime.fromisoformat(value)
        return minute_words(at, self.zone, self.say)

    def day(self, value: str) -> str:
        return date_words(date.fromisoformat(value), self.say)

    def word(self, value: str) -> str:
        return self.say(f"copied.{value}") if f"copied.{value}" in self.say else self.say("copied.other")

    def gender(self, value: str) -> str:
        return self.say(GENDERS.get(value, "copied.other"))

    def event(self, value: str) -> str:
        """What she did where she said nothing; a text says so itself."""
        return "" if value == "text" or f"copied.{value}" not in self.say else self.word(value)

    def yes_no(self, value: bool) -> str:
        return self.say("privacy.answer_yes" if value else "privacy.answer_no")

    def by(self, value: str) -> str:
        """ "customer", "staff:lin.yue", "import", "time"."""
        who, _, userid = value.partition(":")
        return self.staff(userid) if userid else self.word(who)

    def staff(self, value: str) -> str:
        return self.names.staff.get(value) or self.say("copied.staff")

    def store(self, value: str) -> str:
        return self.names.stores.get(value, value)

    def yuan(self, value: int) -> str:
        return self.say("privacy.yuan", amount=f"{value / 100:,.2f}")

    def signed(self, value: int) -> str:
        return f"{value:+d}"

    def of(self, value: str) -> str:
        return value or self.say("household.you")

    def why(self, value: str) -> str:
        return self.say(f"copied.{next((key for words, key in WHY if words in value), 'no_way')}")

    def score(self, value: int) -> str:
        return self.say(f"household.{SCORES[value]}")

    def ref(self, value: str) -> str:
        kind, _, number = value.partition(":")
        return self.say("privacy.about_visit" if kind == "appointment" else "privacy.about_service", number=number)

    def pieces(self, value: Sequence[Mapping[str, Any]]) -> str:
        told = ((piece["words"] or piece["style_no"], self.word(piece["state"])) for piece in value)
        return "、".join(self.say("privacy.piece_wished", piece=piece, state=state) for piece, state in told)


READ: Mapping[str, Callable[[Reader, Any], str]] = {
    "": lambda _, value: str(value),
    "list": lambda _, value: "、".join(value),
    "moment": Reader.moment,
    "day": Reader.day,
    "word": Reader.word,
    "gender": Reader.gender,
    "event": Reader.event,
    "yes_no": Reader.yes_no,
    "by": Reader.by,
    "staff": Reader.staff,
    "store": Reader.store,
    "yuan": Reader.yuan,
    "signed": Reader.signed,
    "of": Reader.of,
    "why": Reader.why,
    "score": Reader.score,
    "ref": Reader.ref,
    "pieces": Reader.pieces,
}


def _whole(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    """What she reads as one thing and the file keeps in several: days with their calendar, words with their kind."""
    if "birthday_leap_month" in thing:
        born = of_card(*(thing[f"birthday{name}"] for name in ("", "_calendar", "_leap_month")))
        return {**thing, "birthday": in_words(born) if born else ""}
    if "leap_month" in thing:
        parts = (thing[name] for name in ("month", "day", "year", "calendar", "leap_month"))
        return {**thing, "on": in_words(YearDay(*parts))}
    if "direction" in thing:
        hidden = thing["direction"] == "in" and thing["kind"] not in SPOKEN
        return {**thing, "text": "" if hidden else LINK.sub(r"\1", thing["text"])}
    return thing
