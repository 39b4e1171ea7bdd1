"""The HTTP side of the control API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.clock import from_iso
from sandbox.control.acts import ACTS, PICTURE_ACTS
from sandbox.control.overview import clock, overview
from sandbox.errors import NotPossibleError, RefusedError
from sandbox.packets import Json
from sandbox.postman import Postman
from sandbox.push import Push, Surface
from sandbox.sealing import check_tamper
from sandbox.world import World

# A raw push is repeated this often at most.
MOST_REPEATS = 20
SURFACES: dict[str, Surface] = {"oa": "oa", "wecom": "wecom"}


def _body() -> Json:
    body: Any = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _possible(view: Callable[..., Response]) -> Callable[..., Response]:
    """What cannot be done answers 400 with one sentence."""

    @wraps(view)
    def guarded(**values: str) -> Response:
        try:
            return view(**values)
        except (NotPossibleError, RefusedError) as error:
            answer = jsonify(ok=False, error=str(error))
            answer.status_code = 400
            return answer

    return guarded


def control_blueprint(world: World, postman: Postman) -> Blueprint:
    """Every route of the page and of the tests."""
    routes = Blueprint("control", __name__)
    _looking(routes, world)
    _moving(routes, world)
    _acting(routes, world, postman)
    return routes


def _looking(routes: Blueprint, world: World) -> None:
    @routes.get("/control/state")
    def state() -> Response:
        with world.lock:
            return jsonify(overview(world))

    @routes.get("/control/chats/<surface>/<person>")
    def chat(surface: str, person: str) -> Response:
        with world.lock:
            lines = [line.as_json() for line in world.state.phones.read(f"{surface}/{person}")]
        return jsonify(messages=lines)

    @routes.get("/control/calls")
    def calls() -> Response:
        with world.lock:
            return jsonify(calls=world.calls.after(request.args.get("after", 0, type=int)))

    @routes.get("/control/events")
    def events() -> Response:
        stream = Response(world.events.listen(), content_type="text/event-stream; charset=utf-8")
        stream.headers["Cache-Control"] = "no-store"
        return stream

    @routes.get("/control/media/<media_id>")
    def media(media_id: str) -> Response:
        with world.lock:
            known = world.state.media.known.get(media_id)
            content = world.media_files.get(media_id)
        if known is None or content is None:
            return Response("没有这个文件", 404, content_type="text/plain; charset=utf-8")
        return Response(content, content_type=known.mime)


def _moving(routes: Blueprint, world: World) -> None:
    @routes.get("/clock")
    def read_clock() -> Response:
        return jsonify(clock(world))

    @routes.post("/clock")
    @_possible
    def move_clock() -> Response:
        with world.lock:
            _move(world, _body())
            now = clock(world)
            world.events.tell("clock", now)
            world.tell_state()
        return jsonify(now)

    @routes.post("/control/switches")
    @_possible
    def switch() -> Response:
        with world.lock:
            for name, value in _body().items():
                _switch(world, name, value)
            world.tell_state()
            return jsonify(ok=True, switches=world.state.switches.as_json())

    @routes.post("/control/customers")
    @_possible
    def meet() -> Response:
        name = str(_body().get("name") or "").strip()
        if not name:
            raise NotPossibleError("请写上名字")
        with world.lock:
            customer = world.state.people.add_stranger(name[:20], world.serial())
            world.tell_state()
        return jsonify(ok=True, openid=customer.openid, name=customer.name)


def _move(world: World, body: Json) -> None:
    moving = world.state.clock
    if body.get("reset"):
        moving.reset()
    elif isinstance(body.get("now"), str):
        moving.set_to(from_iso(body["now"]))
    elif isinstance(body.get("advance_seconds"), int | float):
        moving.advance(float(body["advance_seconds"]))
    else:
        raise NotPossibleError("要写 now、advance_seconds 或 reset")


def _switch(world: World, name: str, value: Any) -> None:
    if name != "revoke_token":
        world.state.switches.set(name, value)
    elif value == "oa":
        world.state.oa.tokens.kill()
    elif value == "wecom":
        world.state.wecom.tokens.kill()
    else:
        raise NotPossibleError("revoke_token 只能是 oa 或 wecom")


def _acting(routes: Blueprint, world: World, postman: Postman) -> None:
    def brought(push: Push | None) -> Response:
        """Brings a push to the bot, now or in the background, and says how it went."""
        if push is None:
            return jsonify(ok=True, push=None)
        if request.args.get("wait") == "0":
            postman.later(push)
            return jsonify(ok=True, push=None)
        return jsonify(ok=True, push=postman.deliver(push).as_json())

    @routes.post("/control/<surface>/<person>/<act>")
    @_possible
    def act(surface: str, person: str, act: str) -> Response:
        if act == "image" and surface in PICTURE_ACTS:
            return brought(_picture(world, surface, person))
        if (surface, act) not in ACTS:
            raise NotPossibleError("没有这个动作")
        with world.lock:
            push = ACTS[surface, act](world, person, _body())
        return brought(push)

    @routes.post("/control/contact/tasks/<msgid>/confirm")
    @_possible
    def confirm(msgid: str) -> Response:
        with world.lock:
            push = ACTS["tasks", "confirm"](world, msgid, _body())
        return brought(push)

    @routes.post("/control/push")
    @_possible
    def raw_push() -> Response:
        push, repeat = _raw_push(_body())
        return jsonify(ok=True, push=postman.deliver(push, repeat).as_json())

    @routes.post("/control/verify")
    @_possible
    def verify() -> Response:
        surface = str(_body().get("surface", ""))
        if surface not in SURFACES:
            raise NotPossibleError("surface 只能是 oa 或 wecom")
        return jsonify(postman.verify_url(surface))


def _picture(world: World, surface: str, person: str) -> Push:
    file = request.files.get("media")
    if file is None:
        raise NotPossibleError("缺少图片（media）")
    content = file.read()
    with world.lock:
        return PICTURE_ACTS[surface](world, person, file.filename or "photo.jpg", content)


def _raw_push(body: Json) -> tuple[Push, int]:
    surface, xml, tamper = body.get("surface"), body.get("xml"), body.get("tamper")
    if surface not in SURFACES or not isinstance(xml, str):
        raise NotPossibleError("要写 surface（oa 或 wecom）和 xml")
    if tamper is not None and not isinstance(tamper, str):
        raise NotPossibleError("tamper 应为文字")
    check_tamper(tamper)
    repeat = body.get("repeat", 1)
    if not isinstance(repeat, int) or not 1 <= repeat <= MOST_REPEATS:
        raise NotPossibleError(f"repeat 应为 1 到 {MOST_REPEATS}")
    summary = f"raw{f' {tamper}' if tamper else ''}"
    return Push(SURFACES[surface], xml, summary, max_articles=8, tamper=tamper), repeat
