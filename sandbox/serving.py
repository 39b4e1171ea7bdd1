"""Takes a call of the bot through the platform's door: faults, token, quota, body, work, answer, log."""

import json
import socket
import time
from dataclasses import dataclass

from flask import Request, Response

from sandbox.api import ENDPOINTS, Answer, Call, Endpoint, File, Upload
from sandbox.error_texts import official_account_text, wecom_text
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.push import Surface
from sandbox.world import World

# The official account names its charset in a field no client understands; WeCom does it properly.
CONTENT_TYPES = {"oa": "application/json; encoding=utf-8", "wecom": "application/json; charset=UTF-8"}
BUSY, RATE_LIMITED, ALWAYS_BAD, UNTRUSTED = -1, 45011, 40001, 60020


@dataclass(frozen=True)
class _BadGateway:
    """The proxy before the platform gave up."""


def serve(world: World, surface: Surface, path: str, request: Request) -> Response:
    """One call from the request to the response."""
    started = time.monotonic()
    found = ENDPOINTS.get((surface, path))
    time.sleep(world.state.switches.slow_ms / 1000)
    with world.lock:
        answer = _worked(world, surface, found, request)
        response, outcome = _response(surface, answer, request.remote_addr or "", found)
        dropped = found is not None and found.token and world.state.switches.use("reset_after_work")
        ms = int((time.monotonic() - started) * 1000)
        world.record_call("in", surface, path, outcome, ms, _detail(request))
    if dropped:
        _drop_connection(request)
    return response


def _worked(
    world: World, surface: Surface, found: Endpoint | None, request: Request
) -> Answer | RefusedError | _BadGateway | None:
    if found is None:
        return RefusedError(40066) if surface == "oa" else None
    if found.token and world.state.switches.use("http_502"):
        return _BadGateway()
    try:
        _check_door(world, found, request)
        return found.handler(world, _read_call(request))
    except RefusedError as refusal:
        return refusal


def _check_door(world: World, found: Endpoint, request: Request) -> None:
    if request.method != found.method:
        raise RefusedError(43001 if found.method == "GET" else 43002)
    switches = world.state.switches
    if found.surface == "wecom" and switches.untrusted_ip:
        raise RefusedError(UNTRUSTED)
    if not found.token:
        return
    if switches.use("busy"):
        raise RefusedError(BUSY)
    if switches.use("rate_limited"):
        raise RefusedError(RATE_LIMITED)
    if switches.token_always_bad:
        raise RefusedError(ALWAYS_BAD)
    tokens = world.state.oa.tokens if found.surface == "oa" else world.state.wecom.tokens
    tokens.check(request.args.get("access_token", ""), world.now, 40001 if found.surface == "oa" else 40014)
    _count(world, found)


def _count(world: World, found: Endpoint) -> None:
    """Daily quota of a call. Raises RefusedError 45009."""
    state = world.state
    if state.counted_day != state.clock.day():
        state.counted_day, state.calls_today = state.clock.day(), {}
    name = f"{found.surface}{found.path}"
    used = state.calls_today.get(name, 0)
    if found.per_day is not None and used >= found.per_day:
        raise RefusedError(45009)
    state.calls_today[name] = used + 1


def _read_call(request: Request) -> Call:
    address = request.remote_addr or ""
    query = request.args.to_dict()
    if request.method == "GET":
        return Call(query, address=address)
    if request.mimetype != "multipart/form-data":
        return Call(query, _json_object(request.get_data()), address=address)
    file = request.files.get("media")
    upload = None if file is None else Upload(file.filename or "media", file.read())
    return Call(query, upload=upload, address=address)


def _json_object(content: bytes) -> Json:
    if not content:
        raise RefusedError(44002)
    try:
        body = json.loads(content.decode("utf-8"))
    except ValueError:
        raise RefusedError(47001) from None
    if not isinstance(body, dict):
        raise RefusedError(47001)
    return body


def _response(
    surface: Surface, answer: Answer | RefusedError | _BadGateway | None, address: str, found: Endpoint | None
) -> tuple[Response, tuple[int, str]]:
    if answer is None:
        return Response("404 page not found", 404, content_type="text/plain"), (404, "no such path")
    if isinstance(answer, _BadGateway):
        return Response("<html>502 Bad Gateway</html>", 502, content_type="text/html"), (502, "bad gateway")
    if isinstance(answer, File):
        return _file(answer), (0, "ok")
    body = _refusal(surface, answer, address, found) if isinstance(answer, RefusedError) else _success(surface, answer)
    response = Response(json.dumps(body, ensure_ascii=False), content_type=CONTENT_TYPES[surface])
    return response, (int(body.get("errcode", 0)), str(body.get("errmsg", "ok")))


def _success(surface: Surface, answer: Json) -> Json:
    if surface == "wecom" or not answer:
        return {"errcode": 0, "errmsg": "ok", **answer}
    return answer


def _refusal(surface: Surface, refusal: RefusedError, address: str, found: Endpoint | None) -> Json:
    code = refusal.errcode
    text = official_account_text(code, refusal.text) if surface == "oa" else wecom_text(code, refusal.text, address)
    empty: Json = {name: [] for name in (found.lists if found is not None else ())}
    return {"errcode": code, "errmsg": text, **empty, **refusal.extra}


def _file(answer: File) -> Response:
    response = Response(answer.content, content_type=answer.mime)
    if answer.name:
        response.headers["Content-disposition"] = f'attachment; filename="{answer.name}"'
    return response


def _detail(request: Request) -> str:
    if request.mimetype == "multipart/form-data":
        return f"{request.query_string.decode()} (file)"
    if request.method == "GET":
        return request.query_string.decode()
    return _without_secrets(request.get_data(as_text=True))


def _without_secrets(text: str) -> str:
    try:
        body = json.loads(text)
    except ValueError:
        return "not JSON"
    if isinstance(body, dict):
        body = {name: "…" if name in ("secret", "corpsecret", "token") else value for name, value in body.items()}
    return json.dumps(body, ensure_ascii=False)


def _drop_connection(request: Request) -> None:
    """Cuts the line as a network does after the work was done; the caller sees a reset, not an answer."""
    line: socket.socket | None = request.environ.get("werkzeug.socket")
    if line is not None:
        line.shutdown(socket.SHUT_RDWR)
