"""The sandbox's Flask application: platform calls, control API and the page."""

import atexit
import threading
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from sandbox import state as states
from sandbox.config import Config
from sandbox.control.routes import control_blueprint
from sandbox.postman import Postman
from sandbox.push import Surface
from sandbox.register import ALL_CALLS
from sandbox.serving import serve
from sandbox.world import World

PAGE = Path(__file__).with_name("page")
# The state is written at most this often.
SAVE_SECONDS = 1.0
METHODS = ["GET", "POST"]


def create_app(config: Config) -> Flask:
    """An application with a world of its own; `app.extensions["sandbox"]` is that world."""
    world = World(config)
    postman = Postman(world)
    app = Flask(__name__, static_folder=str(PAGE), static_url_path="/static")
    app.extensions["sandbox"] = world
    app.extensions["sandbox_calls"] = ALL_CALLS
    _platform_routes(app, world)
    app.register_blueprint(control_blueprint(world, postman))
    _page_routes(app)
    if config.state_file is not None:
        _keep_saving(world, config.state_file)
    return app


def _platform_routes(app: Flask, world: World) -> None:
    def call(surface: Surface, path: str) -> Response:
        return serve(world, surface, "/" + path, request)

    app.add_url_rule("/oa/<path:path>", "oa", lambda path: call("oa", path), methods=METHODS)
    app.add_url_rule("/wecom/<path:path>", "wecom", lambda path: call("wecom", path), methods=METHODS)


def _page_routes(app: Flask) -> None:
    @app.get("/")
    def page() -> Response:
        return send_from_directory(PAGE, "index.html", max_age=0)


def _keep_saving(world: World, path: Path) -> None:
    """Writes the state a second after a change, and at the end."""

    def write() -> None:
        world.changed.clear()
        with world.lock:
            content = states.dump(world.state)
        states.save(path, content)

    def watch() -> None:
        pause = threading.Event()
        while world.changed.wait():
            write()
            pause.wait(SAVE_SECONDS)

    threading.Thread(target=watch, name="saving", daemon=True).start()
    atexit.register(write)
