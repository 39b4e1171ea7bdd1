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
from crm.models import (
    AuditEntry,
    Coupon,
    Customer,
    Delivery,
    DeliveryState,
    Feedback,
    PieceCare,
    Purpose,
    ServiceKind,
    ServiceOrder,
)
from crm.services import consents, customers
from crm.services.membership import points
from scheduler.permission import NO_CONSENT
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
            reason, end = f"消费 戒指{number}", date(2028, 1, 1)
            points.earn(session, customer, 100, f"till-{line.id}", reason, shop.clock.now(), end)
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
        page = shop.app.test_client().get(forged)
        assert page.status_code == 404
        assert "导出我的资料" in page.text
        assert "预约" not in page.text
    assert "<title>我的资料</title>" in shop.app.test_client().get(address).text


def shop_links(shop: Shop) -> str:
    """A well signed address of another kind of page."""
    from assembly import links_of

    return links_of(shop.parts.settings).appointment("1T9999999999")


def test_the_page_speaks_her_words_and_never_the_programs(shop: Shop, mei: Phone) -> None:
    mei.says("我妈妈生日是农历八月十五，老婆戒指13号，我对镍过敏，我女儿叫朵朵")
    mei.says("我喜欢玫瑰金")
    mei.says("预约周六下午三点湖滨店试戒指")
    mei.says("确认")
    mei.does("click", EventKey="MY_RIGHTS")
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        customer.gender, customer.birthday, customer.birthday_calendar = "female", "1990-08-15", "lunar"
        customer.wedding_anniversary = date(2016, 5, 20)
        line = a_line(session, customer, "N1", name="古法戒指")
        session.add(PieceCare(purchase_id=line.id, surprise_until=date(2026, 11, 21), size="13号"))
        session.add(ServiceOrder(number="888", customer_id=customer.id, kind=ServiceKind.RESIZING, fee=12_050))
        about = {"customer_id": customer.id, "store_id": None}
        session.add(Feedback(**about, ref="service:888", asked_at=shop.clock.now(), score=3, words=""))
        consents.grant(session, customer.id, channel="official_account", at=shop.clock.now(), text_version="v1")
        for number, (state, reason) in enumerate(((DeliveryState.SKIPPED, NO_CONSENT), (DeliveryState.SENT, ""))):
            row = {"job": "maintenance", "due_on": date(2026, 11, 21), "purpose": Purpose.SERVICE, "reason": reason}
            times = {"planned_at": shop.clock.now(), "not_before": shop.clock.now()}
            session.add(Delivery(key=f"k{number}", customer_id=customer.id, state=state, **row, **times))
    text = shown(shop, mei)
    for words in (
        *("性别 女", "生日 农历1990年八月十五", "结婚纪念日 2016年5月20日", "门店 湖滨店", "顾问 林悦", "类型 公众号"),
        *(
            "谁的 妈妈 类型 生日 日期 农历八月十五 要提醒 是 谁说的 您自己",
            "状态 已预约",
            "谁约的 您自己",
            "费用 120.50 元",
        ),
        *("事项 活动消息 您是否同意 是 在哪里 公众号", "原因 您没有订阅活动消息", "评价 满意", "关于 维修单 888"),
        *("事由 年度养护提醒", "皮肤反应 过敏", "开始 2026年11月21日 15:00", "谁说的 您说的", "类型 点了菜单"),
    ):
        assert words in text, words
    (visit,) = re.findall(r"预约 单号 (\w{6}) ", text)
    spoken = text.replace("N1", "").replace(visit, "")
    assert re.findall(r"[A-Za-z]{2,}|\d{4}-\d\d-\d\d|\d\dT\d\d", spoken) == []


def test_her_points_and_coupons_are_in_it(shop: Shop, mei: Phone) -> None:
    with shop.parts.sessions.begin() as session:
        customer = session.scalars(select(Customer)).one()
        points.earn(session, customer, 88, "E1", "消费", shop.clock.now(), expires_on=date(2027, 12, 31))
        session.add(Coupon(coupon_no="Q7", customer_id=customer.id, title="清洗抵用券", value=20_000))
    text = shown(shop, mei)
    assert re.search(r"积分 时间 \S+ \S+ 类型 获得 积分 \+88 原因 消费 有效到 2027年12月31日", text), text
    assert "优惠券 名称 清洗抵用券 券号 Q7 面额 200.00 元 状态 可以使用" in text


def shown(shop: Shop, phone: Phone) -> str:
    """The words of the page, as they are read one after the other."""
    found = re.search(r'<a href="([^"]+)"', phone.says("导出我的资料"))
    assert found
    page = take(shop, urlsplit(found[1]).path, "page").text
    body = re.sub(r"<title>.*?</title>|梅&lt;b&gt;芳|<[^>]+>|[\s]+", " ", page[page.index("<body") :])
    return re.sub(r" +", " ", body)
