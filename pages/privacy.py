"""`/c/<token>`: her own copy. Looking shows two buttons and nothing of her; only they open or download it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.links import BadLink
from crm.models import Customer
from crm.services import consents
from crm.services.dossier import dossier
from crm.services.erasure import ERASED
from crm.services.privacy.own_record import HERSELF, mark_of
from handlers.schedule_words import minute_words, moment_words
from pages.blueprint import common_words
from pages.copy_words import Reader, names_of
from pages.desk import PageDesk
from pages.guard import guard

AS_FILE = "file"
EXPORT = "own-copy"


def copies(desk: PageDesk) -> Blueprint:
    """The views of the copy, guarded; they look as the appointment's page does."""
    views = Blueprint("copies", __name__, url_prefix="/c", template_folder="templates")
    guard(views, desk.links.host)
    common = common_words(desk, title="privacy.page_title", leads_on="privacy.page_sorry")
    views.context_processor(lambda: common)
    views.add_url_rule("/<address>", "ask", lambda address: _ask(desk, address), methods=["GET"])
    views.add_url_rule("/<address>", "take", lambda address: _take(desk, address), methods=["POST"])
    return views


def _ask(desk: PageDesk, address: str) -> ResponseReturnValue:
    """Nothing of her: a preview of the link, or somebody who looks over her shoulder, reads no word."""
    with desk.reading() as session:
        _, until = _hers(desk, session, address)
    return render_template("pages/copy.html", until=moment_words(until, desk.shop.zone, desk.say), address=address)


def _take(desk: PageDesk, address: str) -> ResponseReturnValue:
    now = desk.clock.now()
    with desk.writing() as session:
        customer, _ = _hers(desk, session, address)
        today = now.astimezone(desk.shop.zone).date()
        everything = without_surprises(dossier(session, HERSELF, customer, EXPORT, now), today)
        code, reader = customer.code, Reader(desk.say, desk.shop.zone, names_of(session))
    if request.form.get("as") == AS_FILE:
        return _file(everything, code)
    made = minute_words(now, desk.shop.zone, desk.say)
    sections = [(title, rows) for title, rows in reader.sections(everything) if rows]
    return render_template("pages/copy_read.html", made=made, sections=sections)


def _hers(desk: PageDesk, session: Session, address: str) -> tuple[Customer, datetime]:
    """Whose copy this address opens; raises BadLink for a forged one, one that is over, and one of nobody."""
    customer_id, mark, until = desk.links.customer_of(address)
    customer = session.get(Customer, customer_id)
    if until <= desk.clock.now() or customer is None or mark_of(session, customer) != mark:
        raise BadLink("copy")
    word = consents.latest(session, [customer_id]).get(customer_id)
    if word is not None and word.channel == ERASED:
        raise BadLink("erased")
    return customer, until


def without_surprises(everything: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Her copy without the pieces that are kept secret from herself until a later day: they are in it then."""
    cares = everything["household"]["piece_care"]
    hidden = {_line_of(care) for care in cares if not care["wearer"] and (care["surprise_until"] or "") > f"{today}"}
    open_ones = {
        name: [one for one in everything[name] if _line_of(one) not in hidden] for name in ("pieces", "purchases")
    }
    secret = [one for one in everything["purchases"] if _line_of(one) in hidden]
    barcodes, names = ({one[told] for one in secret} - {""} for told in ("barcode", "name"))
    services = [one for one in everything["household"]["services"] if one["piece_barcode"] not in barcodes]
    shown = [care for care in cares if _line_of(care) not in hidden]
    household = {**everything["household"], "piece_care": shown, "services": services}
    # What her advisor wrote down may tell of the surprise: nobody can know which line does.
    notes = "" if hidden else everything["customer"]["notes"]
    points = [{**one, "reason": _without(names, one["reason"])} for one in everything["membership"]["points"]]
    membership = {**everything["membership"], "points": points}
    customer = {**everything["customer"], "notes": notes}
    return {**everything, **open_ones, "household": household, "membership": membership, "customer": customer}


def _without(names: Iterable[str], reason: str) -> str:
    for name in names:
        reason = reason.replace(name, "").strip()
    return reason


def _line_of(one: Mapping[str, Any]) -> tuple[str, int]:
    return one["number"], one["line"]


def _file(everything: Mapping[str, Any], code: str) -> Response:
    body = json.dumps(everything, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{code}.json"'}
    return Response(body, mimetype="application/json", headers=headers)
