"""The control API itself: the clock, the switches, people, the stream, the page, and what outlives a restart."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from werkzeug.serving import make_server

from sandbox.app import create_app
from sandbox.config import Config, from_environment
from sandbox.errors import BadSettingError
from tests.sandbox.fake_bot import FakeBot, says
from tests.sandbox.playing import DAY, LINYUE, PNG, XIAOLU, ZHOUYUN, Sandbox

ROOT = Path(__file__).parents[2]


def test_the_clock_is_set_moved_and_reset(sandbox: Sandbox):
    assert sandbox.get("/clock")["moved"] is False
    assert sandbox.post("/clock", now="2026-12-08T10:00:00+08:00")["now"].startswith("2026-12-08T10:00:00.0")
    assert sandbox.post("/clock", advance_seconds=3600)["now"].startswith("2026-12-08T11:00:0")
    assert sandbox.get("/clock")["moved"] is True
    assert sandbox.post("/clock", reset=True)["moved"] is False


def test_the_clock_goes_on_ticking(sandbox: Sandbox):
    sandbox.post("/clock", now="2026-12-08T10:00:00+08:00")
    time.sleep(1.05)
    assert sandbox.get("/clock")["now"] >= "2026-12-08T10:00:01.000+08:00"


def test_pushes_carry_the_moved_time(sandbox: Sandbox, bot: FakeBot):
    sandbox.post("/clock", now="2026-12-08T10:00:00+08:00")
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    assert bot.events[0]["CreateTime"].startswith("17966952")
    assert bot.received[0].query["timestamp"].startswith("17966952")
    assert sandbox.last("oa", ZHOUYUN)["at"].startswith("2026-12-08T10:00")


@pytest.mark.parametrize("body", [{}, {"now": "tomorrow"}, {"advance_seconds": "long"}])
def test_a_clock_that_cannot_be_moved_so(sandbox: Sandbox, body):
    answer = sandbox.client.post("/clock", json=body)
    assert (answer.status_code, answer.json["ok"]) == (400, False)
    assert answer.json["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"fire": 1},
        {"busy": "many"},
        {"busy": True},
        {"duplicate_push": 1},
        {"mass_confirm": "maybe"},
        {"revoke_token": "all"},
    ],
)
def test_switches_that_do_not_exist(sandbox: Sandbox, body):
    assert sandbox.client.post("/control/switches", json=body).status_code == 400


def test_what_the_page_sees_first(sandbox: Sandbox):
    state = sandbox.state()
    assert [one["name"] for one in state["customers"]] == ["周芸", "徐铭", "沈洁", "小鹿", "阿浩"]
    assert [one["following"] for one in state["customers"]] == [True, True, True, False, False]
    assert state["members"][0] == {"userid": LINYUE, "name": "林悦", "role": "advisor", "store": "门店 HZ01"}
    scenes = {code["scene"] for code in state["codes"]}
    assert {"store-HZ01", "store-HZ02", "advisor-lin.yue", "advisor-chen.jing"} <= scenes
    assert state["menu"] == []
    assert state["switches"]["busy"] == 0


def test_a_stranger_walks_in(sandbox: Sandbox, bot: FakeBot):
    openid = sandbox.post("/control/customers", name="阿珠")["openid"]
    sandbox.act("oa", openid, "scan", scene="store-HZ01")
    assert bot.events[0]["FromUserName"] == openid
    assert sandbox.client.post("/control/customers", json={"name": " "}).status_code == 400


def test_of_a_long_list_the_page_sees_the_beginning_and_whoever_walked_in(shop: Path, bot: FakeBot):
    rows = "".join(f"C{number},顾客{number},,oMany_{number},,\n" for number in range(300))
    (shop / "customers.csv").write_text(f"code,name,advisor_userid,openid,unionid,external_userid\n{rows}", "utf-8")
    crowded = start(bot.config)
    openid = crowded.post("/control/customers", name="阿珠")["openid"]
    state = crowded.state()
    assert (len(state["customers"]), state["customers_total"]) == (201, 303)
    assert state["customers"][-1]["openid"] == openid
    crowded.act("oa", "oMany_299", "text", content="在吗")
    assert bot.events[0]["FromUserName"] == "oMany_299"


def test_missing_media(sandbox: Sandbox):
    assert sandbox.client.get("/control/media/none").status_code == 404
    assert sandbox.client.post(f"/control/oa/{ZHOUYUN}/image").status_code == 400


@pytest.fixture
def address(bot: FakeBot):
    """The sandbox behind a real socket."""
    server = make_server("127.0.0.1", 0, create_app(bot.config), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_open_pages_are_told_what_happens(address: str, bot: FakeBot):
    bot.answer = says("您好")
    with requests.get(f"{address}/control/events", stream=True, timeout=5) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        assert next(lines) == ": open"
        requests.post(f"{address}/control/oa/{ZHOUYUN}/text", json={"content": "在吗"}, timeout=5)
        requests.post(f"{address}/clock", json={"now": "2026-12-08T10:00:00+08:00"}, timeout=5)
        events: list[tuple[str, dict]] = []
        while not events or events[-1][0] != "clock":
            line = next(lines)
            if line.startswith("event: "):
                events.append((line.removeprefix("event: "), json.loads(next(lines).removeprefix("data: "))))
    messages = [body for name, body in events if name == "message"]
    assert [(one["surface"], one["id"], one["message"]["from"]) for one in messages] == [
        ("oa", ZHOUYUN, "me"),
        ("oa", ZHOUYUN, "them"),
    ]
    assert {"call", "state"} <= {name for name, _ in events}
    assert events[-1][1]["now"].startswith("2026-12-08T10:00:00.0")


def test_the_connection_is_lost_after_the_work_was_done(address: str):
    token = requests.get(
        f"{address}/wecom/cgi-bin/gettoken",
        params={"corpid": "ww0123456789abcdef", "corpsecret": "sandbox-wecom-secret"},
        timeout=5,
    ).json()["access_token"]
    requests.post(f"{address}/control/switches", json={"reset_after_work": 1}, timeout=5)
    body = {"touser": LINYUE, "msgtype": "text", "agentid": 1000002, "text": {"content": "客户到店"}}
    url = f"{address}/wecom/cgi-bin/message/send?access_token={token}"
    with pytest.raises(requests.ConnectionError):
        requests.post(url, json=body, timeout=5)
    lines = requests.get(f"{address}/control/chats/wecom/{LINYUE}", timeout=5).json()["messages"]
    assert [line["content"] for line in lines] == ["客户到店"]
    assert requests.post(url, json=body, timeout=5).json()["errcode"] == 0


def test_many_at_once_lose_nothing(sandbox: Sandbox):
    def write(number: int) -> None:
        client = sandbox.another_client()
        for count in range(10):
            client.post(f"/control/oa/{ZHOUYUN}/text?wait=0", json={"content": f"{number}-{count}"})

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = [line for line in sandbox.chat("oa", ZHOUYUN) if line["from"] == "me"]
    assert len({line["id"] for line in lines}) == len({line["content"] for line in lines}) == 60


def test_a_restart_keeps_chats_tokens_windows_and_media(bot: FakeBot, tmp_path: Path):
    config = replace(bot.config, state_file=tmp_path / "var" / "sandbox.json")
    before = start(config)
    before.post("/clock", now="2026-12-08T10:00:00+08:00")
    before.act("oa", XIAOLU, "scan", scene="store-HZ01")
    before.act("oa", XIAOLU, "text", content="在吗")
    token, media_id = before.token("oa"), before.upload("oa", "image", PNG)["media_id"]
    before.act("contact", XIAOLU, "add", userid=LINYUE)
    before.act("kf", XIAOLU, "enter", scene="s")
    wait_until_saved(config, media_id)

    after = start(config)
    assert after.get("/clock")["now"].startswith("2026-12-08T10:0")
    assert after.chat("oa", XIAOLU) == before.chat("oa", XIAOLU)
    person = after.customer(XIAOLU)
    assert (person["following"], person["friends"], person["window"]["left"]) == (True, [LINYUE], 8)
    assert after.token("oa") == token
    assert after.client.get(f"/control/media/{media_id}").data == PNG
    assert [one["name"] for one in after.state()["customers"]][3:] == ["小鹿", "阿浩"]


def start(config: Config) -> Sandbox:
    app = create_app(config)
    return Sandbox(app.test_client(), app.extensions["sandbox"])


def wait_until_saved(config: Config, word: str) -> None:
    deadline = time.monotonic() + 5
    assert config.state_file is not None
    while time.monotonic() < deadline:
        if config.state_file.exists() and "kfmsg" in config.state_file.read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    raise AssertionError(f"{word} was not saved")


def test_a_state_of_another_version_is_left_behind(bot: FakeBot, tmp_path: Path, capsys):
    path = tmp_path / "sandbox.json"
    path.write_text('{"clock": "broken"}', encoding="utf-8")
    assert start(replace(bot.config, state_file=path)).state()["customers"]
    assert "begins afresh" in capsys.readouterr().err


def test_without_csv_files_the_named_people_are_there(bot: FakeBot, tmp_path: Path):
    config = replace(bot.config, people_csv=tmp_path / "no.csv", staff_csv=tmp_path / "none.csv")
    state = start(config).state()
    assert [one["name"] for one in state["customers"] if one["following"]] == ["周芸", "徐铭", "沈洁"]
    assert [one["userid"] for one in state["members"]] == [LINYUE, "chen.jing"]


def test_stores_have_their_names_from_the_file_beside_the_staff(shop: Path, bot: FakeBot):
    (shop / "stores.csv").write_text("code,name\nHZ01,湖滨店\n", encoding="utf-8")
    labels = {code["label"] for code in start(bot.config).state()["codes"]}
    assert "湖滨店・门店码" in labels


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANDBOX_PORT", "eighty"),
        ("OA_AES_KEY", "short"),
        ("OA_AES_KEY", "中文"),
        ("OA_MODE", "open"),
        ("WECOM_AGENT_ID", "-"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(BadSettingError, match=name):
        from_environment({name: value})


def test_an_empty_setting_is_an_absent_one():
    config = from_environment({"OA_TOKEN": "", "PORT": "9001"})
    assert config.oa.keys.token == "SandboxOfficialAccountToken26"
    assert config.bot_url == "http://127.0.0.1:9001"
    assert str(config.state_file) == "var/sandbox.json"
    assert from_environment({"SANDBOX_STATE": ""}).state_file is None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def run_sandbox(shop: Path, port: int, **more: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "SANDBOX_PORT": str(port),
        "SANDBOX_STATE": str(shop / "var" / "sandbox.json"),
        "SANDBOX_PEOPLE": str(shop / "customers.csv"),
        "SANDBOX_STAFF": str(shop / "staff.csv"),
        "BOT_URL": "http://127.0.0.1:9",
        **more,
    }
    command = [sys.executable, "-m", "sandbox"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_the_command_serves_and_saves_when_it_is_stopped(shop: Path):
    port = free_port()
    process = run_sandbox(shop, port)
    assert process.stdout is not None
    assert re.search(str(port), process.stdout.readline())
    requests.post(f"http://127.0.0.1:{port}/control/customers", json={"name": "阿珠"}, timeout=5)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
    assert "阿珠" in (shop / "var" / "sandbox.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("more", [{"OA_AES_KEY": "short"}, {"SANDBOX_PORT": "x"}])
def test_the_command_says_in_one_sentence_why_it_cannot_start(shop: Path, more):
    process = run_sandbox(shop, free_port(), **more)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert next(iter(more)) in errors
    assert len(errors.strip().splitlines()) == 1


def test_a_broken_csv_stops_the_command_with_one_sentence(shop: Path):
    (shop / "staff.csv").write_bytes(b"\xff\xfe\x00")
    process = run_sandbox(shop, free_port())
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, len(errors.strip().splitlines())) == (2, 1)


def test_a_day_later_everything_still_answers(sandbox: Sandbox):
    sandbox.advance(DAY)
    assert sandbox.state()["clock"]["moved"] is True
