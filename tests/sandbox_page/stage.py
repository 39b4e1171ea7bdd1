"""What stands around the page in a test: a sandbox of its own, the bot behind it, a line that can be cut."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests
import xmltodict
from flask import Flask, request
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.app import create_app
from sandbox.config import from_environment

Json = dict[str, Any]
# Opens the page: size of the window, address, wishes of the browser context.
Opener = Callable[..., Page]
HOST = "127.0.0.1"
# Calls inside this machine; a hang must fail the test.
CALL_SECONDS = 15
# How soon a server sees that it should stop.
STOP_SECONDS = 0.02


class Quiet(WSGIRequestHandler):
    """Prints no access log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return None


@contextlib.contextmanager
def served(app: Flask, port: int) -> Iterator[None]:
    """Serves an application from a thread while the block runs."""
    server = make_server(HOST, port, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(STOP_SECONDS,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class Bot:
    """Takes every push; answers with `text`, or with the HTTP status a test sets; waits while `held`."""

    text: str = ""
    status: int = 200
    heard: list[Json] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)

    def app(self) -> Flask:
        app = Flask("bot")
        self.free.set()

        @app.post("/webhooks/<surface>")
        def webhook(surface: str) -> tuple[str, int]:
            xml = xmltodict.parse(request.get_data())["xml"]
            self.heard.append(xml)
            self.free.wait(CALL_SECONDS)
            return (self._reply(xml) if surface == "official-account" and self.text else "", self.status)

        return app

    def _reply(self, xml: Json) -> str:
        reply = {
            "ToUserName": xml["FromUserName"],
            "FromUserName": xml["ToUserName"],
            "CreateTime": str(int(time.time())),
            "MsgType": "text",
            "Content": self.text,
        }
        return str(xmltodict.unparse({"xml": reply}, full_document=False))

    def last(self, **wanted: str) -> Json:
        """The newest push with these fields, once it has come; empty when none comes."""
        for _ in range(100):
            for xml in reversed(self.heard):
                if all(xml.get(name) == value for name, value in wanted.items()):
                    return xml
            time.sleep(0.05)
        return {}


@dataclass
class Line:
    """A wire between browser and sandbox; `cut` drops what is connected and lets nothing new in."""

    target: int
    port: int
    whole: threading.Event = field(default_factory=threading.Event)
    pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)

    def cut(self) -> None:
        self.whole.clear()
        for pair in self.pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()

    def mend(self) -> None:
        self.whole.set()

    def serve(self, listener: socket.socket) -> None:
        """Connects until the listener is closed."""
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            if self.whole.is_set():
                far = socket.create_connection((HOST, self.target))
                self.pairs.append((near, far))
                threading.Thread(target=_carry, args=(near, far), daemon=True).start()
            else:
                near.close()


def _carry(near: socket.socket, far: socket.socket) -> None:
    other = {near: far, far: near}
    with near, far, contextlib.suppress(OSError):
        while True:
            for end in select.select([near, far], [], [])[0]:
                content = end.recv(65536)
                if not content:
                    return
                other[end].sendall(content)


@contextlib.contextmanager
def line_to(target: int) -> Iterator[Line]:
    """A whole line to a port of this machine."""
    listener = socket.create_server((HOST, 0))
    line = Line(target, listener.getsockname()[1])
    line.mend()
    threading.Thread(target=line.serve, args=(listener,), daemon=True).start()
    try:
        yield line
    finally:
        listener.close()
        line.cut()


@dataclass
class Stage:
    """The sandbox in a test: `say…` are calls of the bot, `control` those of the page."""

    url: str
    port: int
    bot: Bot

    def control(self, path: str, body: Json | None = None) -> Json:
        answer = requests.post(f"{self.url}{path}", json=body or {}, timeout=CALL_SECONDS)
        answer.raise_for_status()
        return dict(answer.json())

    def chat(self, chat: str) -> list[Json]:
        answer = requests.get(f"{self.url}/control/chats/{chat}", timeout=CALL_SECONDS)
        return list(answer.json()["messages"])

    def account(self, path: str, body: Json) -> Json:
        """A call of the bot to the official account."""
        token = requests.post(
            f"{self.url}/oa/cgi-bin/stable_token",
            json={"grant_type": "client_credential", "appid": "wx5a1b2c3d4e5f6071", "secret": "sandbox-oa-secret"},
            timeout=CALL_SECONDS,
        ).json()["access_token"]
        return self._call(f"/oa{path}", token, body)

    def wecom(self, path: str, body: Json) -> Json:
        """A call of the bot to WeCom."""
        token = requests.get(
            f"{self.url}/wecom/cgi-bin/gettoken",
            params={"corpid": "ww0123456789abcdef", "corpsecret": "sandbox-wecom-secret"},
            timeout=CALL_SECONDS,
        ).json()["access_token"]
        return self._call(f"/wecom{path}", token, body)

    def _call(self, path: str, token: str, body: Json) -> Json:
        answer = requests.post(f"{self.url}{path}", params={"access_token": token}, json=body, timeout=CALL_SECONDS)
        return dict(answer.json())

    def to_member(self, userid: str, msgtype: str, body: Json) -> Json:
        message = {"touser": userid, "agentid": 1000002, "msgtype": msgtype, msgtype: body}
        answer = self.wecom("/cgi-bin/message/send", message)
        assert answer["errcode"] == 0, answer
        return answer


@contextlib.contextmanager
def raised(folder: Path) -> Iterator[Stage]:
    """A sandbox with three followers, two strangers and two members, and its bot."""
    bot, port, bot_port = Bot(), free_port(), free_port()
    values = {
        "SANDBOX_STATE": "",
        "SANDBOX_PEOPLE": str(folder / "no-customers.csv"),
        "SANDBOX_STAFF": str(folder / "no-staff.csv"),
        "SANDBOX_PORT": str(port),
        "BOT_URL": f"http://{HOST}:{bot_port}",
        "OA_MODE": "plain",
        "SHOP_NAME": "云水珠宝",
    }
    config = replace(from_environment(values), retry_pause=0.01)
    with served(bot.app(), bot_port), served(create_app(config), port):
        yield Stage(f"http://{HOST}:{port}", port, bot)
