"""The sandbox as a test uses it: people act, the bot calls, the clock moves."""

import io
import time
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from sandbox.world import World

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
ZHOUYUN, XUMING, XIAOLU = "oShop_zhouyun", "oShop_xuming", "oNew_xiaolu"
LINYUE, WUAN = "lin.yue", "wu.an"
AGENT = 1000002
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass
class Sandbox:
    client: FlaskClient
    world: World
    tokens: dict[str, str] = field(default_factory=dict)

    def another_client(self) -> FlaskClient:
        """For a thread of its own."""
        return self.client.application.test_client()

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(path, json=body).json

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query_string=query).json

    def act(self, surface: str, person: str, deed: str, **body: Any) -> dict[str, Any]:
        """A person does something; how its push went."""
        answer = self.post(f"/control/{surface}/{person}/{deed}", **body)
        assert answer["ok"], answer
        return answer["push"]

    def refused(self, surface: str, person: str, deed: str, **body: Any) -> str:
        """A person tries something impossible; the sentence she is told."""
        answer = self.client.post(f"/control/{surface}/{person}/{deed}", json=body)
        assert answer.status_code == 400
        return answer.json["error"]

    def chat(self, surface: str, person: str) -> list[dict[str, Any]]:
        return self.get(f"/control/chats/{surface}/{person}")["messages"]

    def last(self, surface: str, person: str) -> dict[str, Any]:
        return self.chat(surface, person)[-1]

    def state(self) -> dict[str, Any]:
        return self.get("/control/state")

    def customer(self, openid: str) -> dict[str, Any]:
        return next(one for one in self.state()["customers"] if one["openid"] == openid)

    def advance(self, seconds: float) -> None:
        self.post("/clock", advance_seconds=seconds)

    def switch(self, **values: Any) -> None:
        assert self.post("/control/switches", **values)["ok"]

    def token(self, surface: str) -> str:
        if surface == "oa":
            body = {"grant_type": "client_credential", "appid": "wx5a1b2c3d4e5f6071", "secret": "sandbox-oa-secret"}
            return self.post("/oa/cgi-bin/stable_token", **body)["access_token"]
        query = {"corpid": "ww0123456789abcdef", "corpsecret": "sandbox-wecom-secret"}
        return self.get("/wecom/cgi-bin/gettoken", **query)["access_token"]

    def call(self, surface: str, path: str, **body: Any) -> Any:
        """The bot POSTs to the platform with a good token."""
        url = f"/{surface}/cgi-bin/{path}?access_token={self.token(surface)}"
        return self.client.post(url, json=body).json

    def ask(self, surface: str, path: str, **query: Any) -> Any:
        """The bot GETs from the platform with a good token."""
        return self.get(f"/{surface}/cgi-bin/{path}", access_token=self.token(surface), **query)

    def upload(self, surface: str, kind: str, content: bytes, name: str = "a.png") -> Any:
        url = f"/{surface}/cgi-bin/media/upload?type={kind}&access_token={self.token(surface)}"
        return self.client.post(url, data={"media": (io.BytesIO(content), name)}).json

    def tell(self, openid: str, content: str = "您好") -> int:
        """custom/send of a text; its error code."""
        return self.call("oa", "message/custom/send", touser=openid, msgtype="text", text={"content": content})[
            "errcode"
        ]

    def tell_member(self, userid: str, content: str = "您好", **more: Any) -> Any:
        """message/send of a text."""
        text = {"content": content}
        return self.call("wecom", "message/send", touser=userid, msgtype="text", agentid=AGENT, text=text, **more)

    def wait_for_line(self, surface: str, person: str, count: int, seconds: float = 5.0) -> list[dict[str, Any]]:
        """The chat once it holds `count` lines; for what is shown in the background."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            lines = self.chat(surface, person)
            if len(lines) >= count:
                return lines
            time.sleep(0.01)
        raise AssertionError(f"{surface}/{person} has {len(self.chat(surface, person))} lines, not {count}")
