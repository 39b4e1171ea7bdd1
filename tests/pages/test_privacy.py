"""Her own copy: a link of a day that shows nothing by itself, and gives everything to who presses a button."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from crm import db
from crm.models import AuditEntry, Customer, PieceCare, ServiceKind, ServiceOrder
from crm.services import customers
from tests.crm.builders import a_line
from tests.front_door import Phone, Shop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mei(shop: Shop) -> Phone:
    phone = shop.customer("oMei")
    phone.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        customers.set_name(session, customer, "梅<b>芳")
        customers.set_phone(customer, "13800138000")
    return phone


@pytest.fixture
def address(mei: Phone) -> str:
    found = re.search(r'<a href="([^"]+)"', mei.says("导出我的资料"))
    assert found
    return urlsplit(found[1]).path


def take(shop: Shop, address: str, how: str, **headers: str) -> Any:
    return shop.app.test_client().post(address, data={"as": how}, headers=headers)


def acts(shop: Shop) -> list[str]:
    with db.reading(shop.parts.engine) as session:
        return list(session.scalars(select(AuditEntry.action)))


def test_looking_shows_nothing_of_her_and_is_kept_nowhere(shop: Shop, address: str) -> None:
    page = shop.app.test_client().get(address)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert not any(words in page.text for words in ("梅", "138"))
    assert "own-copy" not in acts(shop)


def test_the_button_opens_it_readable_and_escaped(shop: Shop, address: str) -> None:
    page = take(shop, address, "page")
    assert page.headers["Cache-Control"] == "no-store"
    assert "梅&lt;b&gt;芳" in page.text
    assert "手机" in page.text
    assert "13800138000" in page.text
    assert acts(shop).count("own-copy") == 1


def test_the_other_button_downloads_it_as_json(shop: Shop, address: str) -> None:
    answer = take(shop, address, "file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.text)["customer"]["phone"] == "13800138000"


def test_a_piece_kept_secret_from_herself_is_not_in_it_before_its_day(shop: Shop, address: str) -> None:
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        for number, secret in (("N1", None), ("N2", date(2026, 11, 22))):
            line = a_line(session, customer, number, name=f"戒指{number}")
            session.add(PieceCare(purchase_id=line.id, surprise_until=secret))
    assert "戒指N1" in take(shop, address, "file").text
    assert "N2" not in take(shop, address, "file").text
    shop.clock.move(hours=15)
    assert "戒指N2" in take(shop, address, "file").text


def test_neither_workshop_nor_notes_tell_of_it_before_its_day(shop: Shop, address: str) -> None:
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        customer.notes = "先生订了惊喜"
        for number, secret in (("N1", None), ("N2", date(2026, 11, 22))):
            line = a_line(session, customer, number, barcode=f"B-{number}")
            session.add(PieceCare(purchase_id=line.id, surprise_until=secret))
            about = {"piece_barcode": f"B-{number}", "kind": ServiceKind.ENGRAVING}
            session.add(ServiceOrder(number=f"S-{number}", customer_id=customer.id, **about))
    before = take(shop, address, "file").text
    assert "S-N1" in before
    assert not any(words in before for words in ("S-N2", "B-N2", "惊喜"))
    shop.clock.move(hours=15)
    after = take(shop, address, "file").text
    assert all(words in after for words in ("S-N2", "B-N2", "惊喜"))


def test_it_opens_nobody_who_got_her_number_after_her(shop: Shop, address: str) -> None:
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        code, customer.code = customer.code, "W999999"
    assert shop.app.test_client().get(address).status_code == 404
    assert take(shop, address, "file").status_code == 404
    with shop.parts.sessions.begin() as session:
        session.scalars(select(Customer)).one().code = code
    assert take(shop, address, "file").status_code == 200


def test_an_address_made_before_marks_opens_nothing(shop: Shop, address: str) -> None:
    from assembly import links_of

    signer = links_of(shop.parts.settings)._copies
    old = signer.sign("1T9999999999").decode()
    assert shop.app.test_client().get(f"/c/{old}").status_code == 404


def test_after_a_day_it_opens_nothing(shop: Shop, address: str) -> None:
    shop.clock.move(hours=23, minutes=59)
    assert shop.app.test_client().get(address).status_code == 200
    shop.clock.move(minutes=2)
    assert shop.app.test_client().get(address).status_code == 404
    assert take(shop, address, "file").status_code == 404


def test_once_she_is_erased_it_opens_nothing(shop: Shop, mei: Phone, address: str) -> None:
    found = re.search(r"确认码 (\d{4})", mei.says("删除我的资料"))
    assert found
    mei.says(found[1])
    assert take(shop, address, "file").status_code == 404


def test_a_form_from_elsewhere_is_refused(shop: Shop, address: str) -> None:
    assert take(shop, address, "file", Origin="https://evil.example").status_code == 403


def test_nobody_makes_such_an_address(shop: Shop, address: str) -> None:
    path, signature = address.rsplit(".", 1)
    other = f"{path}1.{signature}"
    visit = "/c/" + shop_links(shop).rsplit("/", 1)[1]
    for forged in (other, f"{path}.{signature[::-1]}", visit, "/c/x", "/c/1T9999999999." + "A" * 43):
        assert shop.app.test_client().get(forged).status_code == 404


def shop_links(shop: Shop) -> str:
    """A well signed address of another kind of page."""
    from assembly import links_of

    return links_of(shop.parts.settings).appointment("1T9999999999")
