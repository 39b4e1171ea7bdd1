"""`/a/<token>`: the page of one visit; looking never changes anything, only its forms do."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.links import BadLink
from bot.platforms.js_sdk import TagConfig
from crm.models import Appointment
from crm.services.appointments import Gone, PlaceTaken
from pages import acting
from pages.acting import Changed, Unclear
from pages.calendar_file import calendar_file
from pages.desk import PageDesk
from pages.guard import POLICY_WITH_TAG, guard, sorry
from pages.sheet import moment_of, sheet_of
from pages.times import choice_of, day_from

STATIC = Path(__file__).parent / "static"
# A moment in seconds since 1970, as the form carries it.
SECONDS = re.compile(r"[0-9]{9,11}")
# What a page may be asked to say after a form was sent; anything else in the address is ignored.
NOTES = frozenset(["taken", "unchosen"])


def blueprint(desk: PageDesk) -> Blueprint:
    """The views of the pages, guarded."""
    views = Blueprint("pages", __name__, url_prefix="/a", template_folder="templates", static_folder="static")
    guard(views, desk.links.host)
    views.register_error_handler(Unclear, lambda error: sorry("page.unclear", 400))
    common = common_words(desk, title="page.title", leads_on="page.sorry_told")
    views.context_processor(lambda: common)
    for rule, name, view in (
        ("/<token>", "show", _show),
        ("/<token>/times", "times", _times),
        ("/<token>/cancel", "cancelling", _cancelling),
        ("/<token>/calendar.ics", "calendar", _calendar),
    ):
        views.add_url_rule(rule, name, _with(desk, view), methods=["GET"])
    views.add_url_rule("/<path:token>", "nothing", _with(desk, _nothing), methods=["GET", "POST"])
    views.add_url_rule("/", "no_token", _with(desk, _nothing), defaults={"token": ""}, strict_slashes=False)
    views.add_url_rule("/<token>/move", "move", _with(desk, _move), methods=["POST"])
    views.add_url_rule("/<token>/cancel", "cancel", _with(desk, _cancel), methods=["POST"])
    return views


def common_words(desk: PageDesk, *, title: str, leads_on: str) -> dict[str, object]:
    """What every page of a blueprint is made with. `title`: the key of its head; `leads_on`: of what a failure says."""
    return {"say": desk.say, "shop": desk.shop.name, "style": fingerprint(), "title": title, "leads_on": leads_on}


def fingerprint() -> str:
    """Changes with the style and the script, so that browsers may keep them for good."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:8]


def _with(desk: PageDesk, view: Any) -> Any:
    def answer(token: str) -> ResponseReturnValue:
        answered: ResponseReturnValue = view(desk, token)
        return answered

    return answer


def _show(desk: PageDesk, token: str) -> ResponseReturnValue:
    return _page(desk, token, note=request.args.get("note", ""))


def _page(desk: PageDesk, token: str, *, note: str = "", was: str = "") -> Response:
    """The visit. `was`: what an older page showed, "" when it is not older."""
    with desk.reading() as session:
        appointment = desk.visit(session, token)
        sheet = sheet_of(desk, session, appointment)
        shown = "moved" if note == "moved" and sheet.moved else ""
        tag = _tag(desk, appointment) if sheet.may_change else None
        page = render_template("pages/appointment.html", token=token, sheet=sheet, note=shown, was=was, tag=tag)
        return make_response(page, {"Content-Security-Policy": POLICY_WITH_TAG} if tag else {})


def _tag(desk: PageDesk, appointment: Appointment) -> TagConfig | None:
    """WeChat's tag, inside WeChat alone; it is signed for the bare address of the page."""
    if "MicroMessenger" not in request.user_agent.string or request.method != "GET" or request.query_string:
        return None
    return desk.tag.on_page(desk.links.appointment(appointment.number), desk.clock.now())


def _times(desk: PageDesk, token: str) -> ResponseReturnValue:
    note = request.args.get("note", "")
    with desk.reading() as session:
        appointment = desk.visit(session, token)
        sheet = sheet_of(desk, session, appointment)
        if not sheet.may_change:
            return _back(token)
        choice = choice_of(desk, session, appointment, day_from(desk, request.args.get("day", ""), appointment))
        return render_template(
            "pages/times.html",
            token=token,
            sheet=sheet,
            choice=choice,
            form=acting.sealed(desk, appointment),
            note=note if note in NOTES else "",
        )


def _move(desk: PageDesk, token: str) -> ResponseReturnValue:
    start, day = request.form.get("start", ""), request.form.get("day", "")
    if not SECONDS.fullmatch(start):
        return _back_to_times(token, day, "unchosen")
    try:
        acting.move(desk, token, _form(), datetime.fromtimestamp(int(start), UTC))
    except PlaceTaken:
        return _back_to_times(token, day, "taken")
    except Changed as changed:
        return _page(desk, token, was=_was(desk, changed))
    except Gone:
        return _back(token)
    return _back(token, note="moved")


def _cancelling(desk: PageDesk, token: str) -> ResponseReturnValue:
    with desk.reading() as session:
        appointment = desk.visit(session, token)
        sheet = sheet_of(desk, session, appointment)
        if not sheet.may_change:
            return _back(token)
        form = acting.sealed(desk, appointment)
        return render_template("pages/cancel.html", token=token, sheet=sheet, form=form)


def _cancel(desk: PageDesk, token: str) -> ResponseReturnValue:
    reason = request.form.get("words", "").strip() or request.form.get("reason", "")
    try:
        acting.cancel(desk, token, _form(), reason)
    except Changed as changed:
        return _page(desk, token, was=_was(desk, changed))
    except Gone:
        return _back(token)
    return _back(token)


def _calendar(desk: PageDesk, token: str) -> ResponseReturnValue:
    with desk.reading() as session:
        appointment = desk.visit(session, token)
        sheet, link = sheet_of(desk, session, appointment), desk.links.appointment(appointment.number)
        file = calendar_file(appointment, sheet, link, desk.links.host, desk.shop.zone, desk.clock.now(), desk.say)
    # Not as an attachment: WeChat on iOS shows what it can show and drops what it should keep.
    return Response(
        file,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'inline; filename="appointment-{appointment.number}.ics"'},
    )


def _nothing(desk: PageDesk, token: str) -> ResponseReturnValue:
    raise BadLink("path")


def _form() -> str:
    return request.form.get("form", "")


def _was(desk: PageDesk, changed: Changed) -> str:
    return moment_of(desk, changed.seen.starts_at)


def _back(token: str, note: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("pages.show", token=token, note=note), 303)


def _back_to_times(token: str, day: str, note: str) -> ResponseReturnValue:
    return redirect(url_for("pages.times", token=token, day=day[:10], note=note), 303)
