"""What is kept of a customer, in words that she would use herself."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from crm.models import Customer
from crm.services.households.days import in_words, of_card
from crm.services.privacy.own_record import OwnRecord
from handlers.schedule_words import date_words, moment_words
from wording import Wording

SIZES = {
    "ring": "privacy.size_ring",
    "bracelet": "privacy.size_bracelet",
    "necklace": "privacy.size_necklace",
}
GENDERS = {"male": "privacy.gender_male", "female": "privacy.gender_female"}
CHANNELS = {
    "openid": "privacy.channel_openid",
    "external_userid": "privacy.channel_external_userid",
    "kf": "privacy.channel_kf",
    "unionid": "privacy.channel_unionid",
}


def summary(own: OwnRecord, zone: ZoneInfo, say: Wording) -> str:
    """One screen: the person, what she has here, what she agreed to."""
    unknown, customer = say("privacy.unknown"), own.customer
    lines = [
        say("privacy.summary"),
        say("privacy.name", name=customer.name or unknown),
        *([say("privacy.gender", gender=gender_words(customer.gender, say))] if customer.gender in GENDERS else []),
        say("privacy.phone", phone=own.phone or unknown),
        say("privacy.birthday", birthday=in_words(own.birthday) if own.birthday else unknown),
        *(say(SIZES[kind], value=value) for kind, value in own.sizes),
        say("privacy.pieces", count=own.pieces),
        _visits(own, zone, say),
        _marketing(own, say),
    ]
    if own.contacts:
        lines.append(say("privacy.contacts", when=date_words(own.contacts[0][0].astimezone(zone).date(), say)))
    return "\n".join([*lines, "", say("privacy.summary_tail")])


def details(own: OwnRecord, say: Wording) -> str:
    """The rest that fits a screen; every single thing is in the copy."""
    customer = own.customer
    told = [
        ("privacy.advisor", "advisor", customer.advisor.name if customer.advisor else ""),
        ("privacy.store", "store", customer.store.name if customer.store else ""),
        ("privacy.channels", "channels", "、".join(say(CHANNELS[kind]) for kind in own.channels)),
        ("privacy.allergies", "words", customer.allergies),
        ("privacy.preferences", "words", customer.preferences),
        ("privacy.tags", "words", customer.tags.replace(";", "、").strip("、")),
        ("privacy.anniversary", "day", date_words(wed, say) if (wed := customer.wedding_anniversary) else ""),
    ]
    lines = [say("privacy.details"), *(say(key, **{place: value}) for key, place, value in told if value)]
    lines += [
        say("privacy.orders", count=own.orders),
        say("privacy.family", relatives=own.relatives, occasions=own.occasions),
        say("privacy.messages", count=own.messages),
    ]
    return "\n".join([*lines, "", say("privacy.details_tail")])


def birthday_words(customer: Customer) -> str:
    """1990年5月1日, or 农历1990年八月十五; "" when it is not known."""
    born = of_card(customer.birthday, customer.birthday_calendar, customer.birthday_leap_month)
    return in_words(born) if born else ""


def gender_words(gender: str, say: Wording) -> str:
    """男 or 女."""
    return say(GENDERS[gender])


def _visits(own: OwnRecord, zone: ZoneInfo, say: Wording) -> str:
    if not own.visits:
        return say("privacy.no_visits")
    return say("privacy.visits", when="、".join(moment_words(visit.starts_at, zone, say) for visit in own.visits))


def _marketing(own: OwnRecord, say: Wording) -> str:
    if not own.marketing:
        return say("privacy.marketing_no")
    return say("privacy.marketing_fewer" if own.fewer else "privacy.marketing_yes")
