"""What holds for every page: headers, the size of a form, where it may come from, and what a failure shows."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.errors import StorageAway
from bot.links import BadLink

# A form has a sealed word, a time and perhaps a reason.
MAX_FORM_BYTES = 8 * 1024
# Seconds that a browser may keep the style sheet; its address changes with its content.
STYLE_SECONDS = 30 * 24 * 3600
HEADERS = {
    # The address is the key: nobody on the way keeps the page, no other site learns where she came from.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}

# Where WeChat shows its own tag: its script, and what that draws. Nothing else changes.
POLICY_WITH_TAG = (
    "default-src 'none'; script-src 'self' https://res.wx.qq.com; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: https://res.wx.qq.com; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

log = structlog.get_logger("pages")


def guard(views: Blueprint, host: str) -> None:
    """Put all of it around the views of a blueprint. `host`: under which the outside knows us."""
    views.before_request(lambda: _check_form(host))
    views.after_request(_add_headers)
    views.register_error_handler(BadLink, lambda error: sorry("page.nothing", 404))
    views.register_error_handler(StorageAway, lambda error: sorry("page.later", 503))
    views.register_error_handler(HTTPException, _refused)
    # Boundary: Flask's own line for what nobody expected would hold the address, and that is the key.
    views.register_error_handler(Exception, _unexpected)


def sorry(key: str, status: int) -> Response:
    """A page of one sentence that says nothing about any visit; it leads back unless there is nothing to go to."""
    token = (request.view_args or {}).get("token")
    back = url_for("pages.show", token=token) if token and status != 404 else ""
    return make_response(render_template("pages/sorry.html", key=key, back=back), status)


def _check_form(host: str) -> None:
    """A form is small and comes from our own page.

    A browser that says nothing of where it was is believed (Referrer-Policy makes many say "null"):
    the sealed word inside the form is what counts. Behind a proxy we may know ourselves by another name.
    """
    request.max_content_length = MAX_FORM_BYTES
    if request.method != "POST":
        return
    origin, site = request.headers.get("Origin", "null"), request.headers.get("Sec-Fetch-Site", "same-origin")
    is_ours = origin == "null" or urlsplit(origin).netloc in (host, request.host)
    if site not in ("same-origin", "none") or not is_ours:
        abort(403)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == f"{request.blueprint}.static" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={STYLE_SECONDS}, immutable"
    return response


def _refused(error: HTTPException) -> ResponseReturnValue:
    return sorry("page.nothing" if error.code in (404, 405) else "page.unclear", error.code or 400)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("page failed", view=request.endpoint, exc_info=error)
    return sorry("page.later", 500)
