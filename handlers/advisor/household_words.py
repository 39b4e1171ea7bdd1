"""The long view of a customer in words: one block per side of her, empty ones left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm.models import Appointment, ComplaintState, Relative, ServiceOrder, SkinResult, SkinTest
from crm.services.households.pieces import HouseholdPiece
from crm.services.households.remembering import Remembered
from crm.services.households.satisfaction import PLEASED, SO_SO
from crm.services.households.whole import Whole
from handlers.customer import remembered_words
from wording import Wording

# A phone's screens of pieces; the rest is counted.
PIECES_SHOWN = 12
# Over which she speaks to the shop, as an advisor calls it.
CHANNELS = {
    "official_account": "household.by_official_account",
    "kf": "household.by_kf",
    "page": "household.by_page",
}
CONSENTS = {
    True: "advisor.profile_consent_yes",
    False: "advisor.profile_consent_no",
    None: "advisor.profile_consent_unasked",
}


def in_words(seen: Whole, consent: bool | None, zone: ZoneInfo, now: datetime, say: Wording) -> str:
    """Head, then the blocks in the order in which an advisor needs them."""
    today = now.astimezone(zone).date()
    blocks = (
        ("household.of_family", [_relative(one, say) for one in seen.relatives]),
        ("household.of_sizes", _remembered(seen.sizes, today, say)),
        ("household.of_days", _remembered(seen.days, today, say)),
        ("household.of_pieces", _pieces(seen, zone, today, say)),
        ("household.of_trades", [_line(one.name, _day(one.purchased_at, zone)) for one in seen.traded]),
        ("household.of_tastes", _remembered(seen.tastes, today, say)),
        ("household.of_skin", _skin(seen, say)),
        ("household.of_stages", [_line(one.stage, _span(one.since, one.until, say)) for one in seen.stages]),
        ("household.of_visits", [_visit(one, zone, say) for one in seen.visits]),
        ("household.of_services", [_service(one, say) for one in seen.services]),
        ("household.of_complaints", _complaints(seen, zone, say)),
        ("household.of_fields", [_line(key, str(value)) for key, value in seen.fields.items()]),
        ("household.of_tags", [seen.customer.tags.replace(";", "、")] if seen.customer.tags else []),
    )
    name = seen.customer.name or seen.customer.code
    head = say("household.detail_head", name=name, code=seen.customer.code)
    shown = [f"{say(title)}\n" + "\n".join(f"· {line}" for line in lines) for title, lines in blocks if lines]
    channels = "、".join(say(CHANNELS[channel]) for channel in seen.channels if channel in CHANNELS)
    spoke = [say("household.spoke", channels=channels)] if channels else []
    return "\n".join([head, *shown, *spoke, say(CONSENTS[consent])])


def _remembered(found: Iterable[Remembered], today: date, say: Wording) -> list[str]:
    return [remembered_words.line(one, today, say, herself=say("household.she")) for one in found]


def _relative(one: Relative, say: Wording) -> str:
    told = [one.called, say("household.gift_partner") if one.gift_partner else "", one.notes]
    if one.linked_customer_id is not None:
        told.append(say("household.is_customer"))
    return _line(one.relation, "，".join(filter(None, told)))


def _pieces(seen: Whole, zone: ZoneInfo, today: date, say: Wording) -> list[str]:
    lines = [f"{number}. {_piece(piece, zone, today, say)}" for number, piece in enumerate(seen.pieces, 1)]
    if len(lines) > PIECES_SHOWN:
        return [*lines[:PIECES_SHOWN], say("household.more_lines", count=len(lines) - PIECES_SHOWN)]
    return lines


def _piece(piece: HouseholdPiece, zone: ZoneInfo, today: date, say: Wording) -> str:
    line = piece.purchase
    told = [
        "，".join(dict.fromkeys(filter(None, (line.material, line.gem, line.setting)))),
        _day(line.purchased_at, zone),
        say("household.worn_by", relation=piece.wearer.relation) if piece.wearer else "",
        say("household.certificate", number=line.certificate_no) if line.certificate_no else "",
    ]
    if piece.care is not None and piece.care.surprise_until is not None and piece.is_surprise(today):
        told.append(do_not_tell(piece.care.surprise_until, today, say))
    return f"{line.name}（{'；'.join(filter(None, told))}）"


def do_not_tell(day: date, today: date, say: Wording) -> str:
    """With the year where it is not this one."""
    return say("household.do_not_tell", day=f"{day:%m-%d}" if day.year == today.year else day.isoformat())


def _skin(seen: Whole, say: Wording) -> list[str]:
    tested = [_tested(one, say) for one in seen.skin_tests]
    told = {one.material for one in seen.skin_tests}
    noted = [word for word in seen.customer.allergies.split("、") if word and word not in told]
    return [*tested, *noted]


def _tested(one: SkinTest, say: Wording) -> str:
    key = "household.skin_reaction" if one.result is SkinResult.REACTION else "household.skin_fine"
    return say(key, material=one.material)


def _visit(one: Appointment, zone: ZoneInfo, say: Wording) -> str:
    tried = "、".join(piece.style.name if piece.style else piece.words for piece in one.pieces)
    outcome = say(f"household.outcome_{one.outcome}") if one.outcome else say(f"household.visit_{one.state.value}")
    told = "，".join(filter(None, (one.store.name, tried, outcome, one.outcome_note)))
    return f"{one.starts_at.astimezone(zone):%Y-%m-%d %H:%M} {told}"


def _service(one: ServiceOrder, say: Wording) -> str:
    promised = say("household.promised", day=one.promised_on) if one.promised_on and not one.finished_at else ""
    told = "，".join(filter(None, (one.stage, promised)))
    return _line(f"{one.received_on or ''} {say(f'household.service_{one.kind.value}')}".strip(), told)


def _complaints(seen: Whole, zone: ZoneInfo, say: Wording) -> list[str]:
    lines = [
        _line(
            f"{_day(one.at, zone)} {say('household.complaint_of', number=one.id)}",
            "，".join(filter(None, (one.words, say(_state(one.state)), one.remedy))),
        )
        for one in seen.complaints
    ]
    for said in seen.feedback:
        scored = {PLEASED: "household.pleased", SO_SO: "household.so_so"}.get(said.score or 0, "household.not_pleased")
        lines.append(_line(_day(said.answered_at or said.asked_at, zone), say(scored)))
    return lines


def _state(state: ComplaintState) -> str:
    return "household.complaint_open" if state is ComplaintState.OPEN else "household.complaint_closed"


def _line(head: str, told: str) -> str:
    return f"{head}：{told}" if told else head


def _span(since: date, until: date | None, say: Wording) -> str:
    if until is None:
        return say("household.since", since=since)
    return say("household.since_until", since=since, until=until)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d}"
