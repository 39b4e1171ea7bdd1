"""我的首饰: a customer's pieces, each with its passport."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.messages import Menu, Option, Reply, Text
from bot.router import Router, event, field, said, words
from crm.models import Customer, Purchase
from crm.services.households import pieces
from crm.services.households.pieces import HouseholdPiece
from handlers.context import ShopFacts
from handlers.dialogue import Dialogue
from handlers.filters import chose, overdue, tapped
from handlers.filters import customer as by_customer
from handlers.states import State
from knowledge import Knowledge, OwnedPiece
from wording import Wording

router = Router("jewellery")

PIECE, MORE = "piece:", "pieces-from:"
NUMBER = re.compile(r"[0-9]{1,9}")
# Lines of one list: nine can be typed, the last one leads on.
LISTED = 8
ASKED = (
    r"(?:你好|您好|请问|帮我|查一?下|查询|看一?下|看看|想看|想知道|打开)*(?:我|咱)们?(?:家)?(?:的|有|都|一共)*(?:哪些|什么)?"
    r"(?:首饰|珠宝|饰品|藏品|首饰盒|首饰档案|首饰护照|首饰清单|首饰柜)(?:有哪些|有什么|列表|清单|档案|护照)?(?:吗|呢|呀)?"
    r"|(?:查一?下|看一?下|看看)?我(?:都|以前|之前|曾经)?在?你?们?(?:家|店|这里|这儿|这)?里?(?:都|以前|之前)?买过?的?(?:了|过)?(?:哪些|什么|些什么)?"
    r"(?:首饰|珠宝|饰品|东西)(?:有哪些|有什么)?(?:吗|呢|呀)?"
    r"|(?:我的)?(?:购买记录|消费记录|买过的首饰|买过什么)"
)


@router.on(by_customer, (said & words(ASKED)) | (event("click") & field("key", "JEWELLERY")))
def hers(
    session: Session,
    customer: Customer,
    dialogue: Dialogue,
    knowledge: Knowledge,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """One piece is shown at once, several are listed."""
    found = pieces.shown_to(session, customer.id, _today(shop, now))
    if not found:
        return Text(say("household.no_pieces"))
    if len(found) == 1:
        return _opened(found[0], dialogue, knowledge, shop, say, now)
    return _list(found, 0, dialogue, shop, say)


@router.on(
    by_customer,
    said,
    tapped(PIECE) | tapped(MORE) | chose(State.CHOOSING_PIECE) | chose(State.VIEWING_PIECE),
)
def chosen(
    choice: str,
    session: Session,
    customer: Customer,
    dialogue: Dialogue,
    knowledge: Knowledge,
    shop: ShopFacts,
    say: Wording,
    now: datetime,
) -> Reply:
    """A piece of the list, or the rest of it; also of a list that was open long ago."""
    found = pieces.shown_to(session, customer.id, _today(shop, now))
    if choice.startswith(MORE):
        return _list(found, start_of(choice.removeprefix(MORE), found), dialogue, shop, say)
    wanted = next((piece for piece in found if f"{PIECE}{piece.purchase.id}" == choice), None)
    if wanted is None:
        dialogue.leave()
        return Text(say("household.piece_gone"))
    return _opened(wanted, dialogue, knowledge, shop, say, now)


@router.on(by_customer, said, overdue(State.CHOOSING_PIECE, State.VIEWING_PIECE))
def too_late(dialogue: Dialogue, say: Wording) -> Reply:
    dialogue.leave()
    return Text(say("household.choice_over"))


def _list(found: Sequence[HouseholdPiece], start: int, dialogue: Dialogue, shop: ShopFacts, say: Wording) -> Reply:
    options = [
        Option(f"{PIECE}{piece.purchase.id}", label(piece, shop, say)) for piece in found[start : start + LISTED]
    ]
    rest = len(found) - start - LISTED
    if rest > 0:
        options.append(Option(f"{MORE}{start + LISTED}", say("household.more_pieces", count=rest)))
    head = say("household.pieces", count=len(found))
    return Menu(head, dialogue.offer(State.CHOOSING_PIECE, options), say("household.pieces_tail"))


def start_of(written: str, found: Sequence[HouseholdPiece]) -> int:
    """Where a list goes on; its head for what is no place in it."""
    start = int(written) if NUMBER.fullmatch(written) else 0
    return start if start < len(found) else 0


def label(piece: HouseholdPiece, shop: ShopFacts, say: Wording) -> str:
    year = f"{piece.purchase.purchased_at.astimezone(shop.zone):%Y}"
    if piece.wearer is not None and not piece.was_given:
        return say("household.line_for", piece=piece.purchase.name, year=year, relation=piece.wearer.relation)
    return say("household.line", piece=piece.purchase.name, year=year)


def _opened(
    piece: HouseholdPiece, dialogue: Dialogue, knowledge: Knowledge, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    options = dialogue.step.get("options", [])
    dialogue.enter(State.VIEWING_PIECE, options=options, piece=piece.purchase.id)
    text = passport(piece, knowledge, shop, say, _today(shop, now))
    hint = "" if piece.was_given or piece.wearer else say("household.wearer_hint")
    return Text("\n".join(filter(None, (text, hint))))


def passport(piece: HouseholdPiece, knowledge: Knowledge, shop: ShopFacts, say: Wording, today: date) -> str:
    """What it is, where it came from, how it lasts."""
    line = piece.purchase
    care = knowledge.passport(OwnedPiece(line.name, line.category, line.material, line.gem, line.setting))
    facts: Mapping[str, str] = shop.current()
    parts = [
        say("household.piece", piece=line.name),
        _made_of(line, say),
        _origin(piece, shop, say),
        say("household.certificate", number=line.certificate_no) if line.certificate_no else "",
        _own_words(piece, today, say),
        say("household.care", care=care.care) if care else "",
        say("household.never", never="；".join(care.never)) if care and care.never else "",
        say("household.next_care", day=_date(pieces.next_care(line, today, shop.zone))),
        say("household.warranty", warranty=facts["warranty"]) if facts.get("warranty") else "",
    ]
    return "\n".join(filter(None, parts))


def _made_of(line: Purchase, say: Wording) -> str:
    told = "，".join(dict.fromkeys(filter(None, (line.material, line.gem, line.setting))))
    return say("household.made_of", material=told) if told else ""


def _origin(piece: HouseholdPiece, shop: ShopFacts, say: Wording) -> str:
    line = piece.purchase
    if piece.was_given:
        return say("household.was_given")
    day = _date(line.purchased_at.astimezone(shop.zone).date())
    return say("household.bought", day=day, store=line.store.name if line.store else shop.name)


def _own_words(piece: HouseholdPiece, today: date, say: Wording) -> str:
    """Whom it is for, its size and engraving."""
    care, lines = piece.care, []
    if piece.wearer is not None and not piece.was_given:
        lines.append(say("household.worn_by", relation=piece.wearer.relation))
        if care is not None and care.surprise_until is not None and piece.is_surprise(today):
            lines.append(say("household.still_secret", day=_date(care.surprise_until)))
    if care is not None and care.size:
        lines.append(say("household.piece_size", size=care.size))
    if care is not None and care.engraving:
        lines.append(say("household.engraving", words=care.engraving))
    return "\n".join(lines)


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _today(shop: ShopFacts, now: datetime) -> date:
    return now.astimezone(shop.zone).date()
