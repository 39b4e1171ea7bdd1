"""The address is the key: what is closed to everybody else, and what a stranger can make of it."""

from __future__ import annotations

import re
import sqlite3

import pytest
from sqlalchemy import text

from crm.models import AppointmentState
from tests.front_door import Shop
from tests.pages.visitor import Visitor, booked_visit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PATHS = ("", "/times", "/cancel", "/calendar.ics")


def hostile(address: str) -> list[str]:
    number, signature = address.removeprefix("/a/").split(".")
    return [
        f"/a/{number}",
        f"/a/{number}.",
        f"/a/{number}.{signature[:-1]}",
        f"/a/{number}.{signature}A",
        f"/a/{number}.{signature[::-1]}",
        f"/a/AAAAAA.{signature}",
        f"/a/{number.lower()}.{signature}",
        f"/a/{number}.{signature}/../..",
        f"/a/%00.{signature}",
        f"/a/{number}%2e{signature}%0d%0aX:1",
        f"/a/{'A' * 3000}",
        "/a/é",
        "/a/..",
        "/a/%2e%2e/%2e%2e/etc/passwd",
        "/a/' OR 1=1--",
        "/a/{{7*7}}",
    ]


def test_a_forged_address_gets_the_one_page_that_says_nothing(visitor: Visitor) -> None:
    pages = set()
    for address in hostile(visitor.address):
        for path in PATHS:
            answer = visitor.client.get(address + path)
            assert answer.status_code == 404, address
            pages.add(answer.text)
    assert len(pages) == 1
    assert "这个页面打不开了" in pages.pop()


@pytest.mark.parametrize("address", ["/a/", "/a"])
def test_an_address_without_a_token_gets_that_page_too(visitor: Visitor, address: str) -> None:
    answer = visitor.client.get(address)
    assert (answer.status_code, answer.text) == (404, visitor.client.get("/a/ZZZZZZ.forged").text)
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_unknown_number_looks_as_a_forged_one(visitor: Visitor) -> None:
    unknown = visitor.links.appointment("ZZZZZZ").rpartition("/")[2]
    forged = visitor.client.get("/a/ZZZZZZ.forged")
    answer = visitor.client.get(f"/a/{unknown}")
    assert (answer.status_code, answer.text) == (forged.status_code, forged.text) == (404, forged.text)


def test_a_forged_address_cannot_post(shop: Shop, visitor: Visitor) -> None:
    visitor.opens("/cancel")
    for address in hostile(visitor.address):
        for path in ("/cancel", "/move"):
            answer = shop.app.test_client().post(address + path, data={**visitor.fields, "start": "1795849200"})
            assert answer.status_code == 404, address
    assert visitor.state is AppointmentState.BOOKED


def test_every_page_is_kept_by_nobody_and_runs_no_script(visitor: Visitor) -> None:
    for path in (*PATHS, "/nothing"):
        visitor.opens(path)
        headers = visitor.page.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "Set-Cookie" not in headers
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", visitor.page.text)


def test_a_page_loads_nothing_from_elsewhere(visitor: Visitor) -> None:
    visitor.opens()
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', visitor.page.text)
    assert loaded
    assert all(one.startswith("/a/static/") for one in loaded)
    style = visitor.client.get(loaded[0])
    assert style.status_code == 200
    assert "immutable" in style.headers["Cache-Control"]
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_a_form_of_another_site_does_nothing(visitor: Visitor) -> None:
    visitor.opens("/cancel")
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "https://localhost.evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = visitor.client.post(visitor.address + "/cancel", data=visitor.fields, headers=headers)
        assert answer.status_code == 403, headers
        assert "没有完成" in answer.text
    assert visitor.state is AppointmentState.BOOKED


def test_a_form_of_our_own_page_acts(visitor: Visitor) -> None:
    times = visitor.times()
    for time, headers in zip(
        ("10:00", "11:00", "12:00", "13:00", "14:00"),
        (
            {"Origin": "http://localhost"},
            # Behind a proxy: the name of PUBLIC_URL.
            {"Origin": "http://127.0.0.1:8000"},
            # What browsers say of a form on a page that tells nobody where it comes from.
            {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
            {"Origin": "null"},
            {},
        ),
        strict=True,
    ):
        form = {**visitor.fields, "start": times[time]}
        assert visitor.client.post(visitor.address + "/move", data=form, headers=headers).status_code == 303, headers
        assert visitor.start == f"2026-11-28 {time}"
        visitor.times()


def test_a_form_without_our_seal_does_nothing(visitor: Visitor) -> None:
    start = visitor.times()["16:00"]
    for form in ("", "x", "A.B", f"{visitor.number}:1:1.forged", "é" * 10, "x" * 5000):
        for path in ("/cancel", "/move"):
            words = visitor.sends_old(path, {"form": form, "start": start})
            assert visitor.page.status_code == 400, form
            assert "没有完成" in words
    assert (visitor.state, visitor.start) == (AppointmentState.BOOKED, "2026-11-28 15:00")


def test_the_form_of_another_visit_does_nothing(shop: Shop, visitor: Visitor) -> None:
    other = Visitor(shop, booked_visit(shop, "2026-11-28 12:00", code="C0002", name="何静"))
    other.opens("/cancel")
    visitor.sends_old("/cancel", other.fields)
    assert visitor.page.status_code == 400
    assert visitor.state is other.state is AppointmentState.BOOKED


def test_a_large_form_is_not_read(visitor: Visitor) -> None:
    visitor.opens("/cancel")
    words = visitor.sends("/cancel", words="长" * 5000)
    assert visitor.page.status_code == 413
    assert "没有完成" in words
    assert visitor.state is AppointmentState.BOOKED


def test_a_time_that_is_none_asks_again(visitor: Visitor) -> None:
    visitor.times()
    for start in ("", "abc", "-1", "1e9", "99999999999", "0", "１７９５８４９２００", "1795849200.5"):
        words = visitor.sends("/move", start=start)
        assert visitor.page.status_code == 200, start
        assert "看看别的时间" in words or "还没选好时间" in words
    assert visitor.start == "2026-11-28 15:00"


def test_what_stands_in_the_address_cannot_lead_away_or_speak(visitor: Visitor) -> None:
    visitor.times()
    answer = visitor.client.post(
        visitor.address + "/move",
        data={**visitor.fields, "start": "", "day": "//evil.example\r\nX: 1"},
        query_string={"next": "https://evil.example"},
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{visitor.address}/times?")
    assert "evil.example\r" not in answer.headers["Location"]
    visitor.opens("/times?note=<b>您中奖了</b>&day=<script>")
    assert visitor.page.status_code == 200
    assert "中奖" not in visitor.page.text
    assert "script" not in visitor.page.text


def test_a_fault_shows_a_page_and_no_address_in_the_log(
    visitor: Visitor, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with visitor.shop.parts.sessions.begin() as session:
        session.execute(text("UPDATE appointments SET state = 'nonsense'"))
    words = visitor.opens()
    assert visitor.page.status_code == 500
    assert "现在有点忙" in words
    written = capsys.readouterr()
    assert "page failed" in written.out + written.err
    assert visitor.address.rpartition(".")[2] not in written.out + written.err + caplog.text


def test_while_the_database_is_locked_she_is_asked_to_come_again(shop: Shop, visitor: Visitor) -> None:
    visitor.opens("/cancel")
    with sqlite3.connect(str(shop.parts.engine.url.database), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        words = visitor.sends("/cancel")
        other.execute("ROLLBACK")
    assert visitor.page.status_code == 503
    assert "现在有点忙" in words
    assert "预约已取消" in visitor.sends("/cancel")
