"""Two customers were made one by mistake: what each said meanwhile by her own ids is hers when they part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select, true

from crm import db
from crm.models import (
    Appointment,
    Complaint,
    Coupon,
    Customer,
    Delivery,
    Feedback,
    IdentityKind,
    InboxRow,
    Interaction,
    PieceCare,
    PointsEntry,
    Purchase,
    Relative,
    Staff,
)
from crm.services import consents
from crm.services.customers import by_code
from crm.services.households.satisfaction import ask
from crm.services.identities import add
from crm.services.tables.beside_customers import Accounts
from crm.services.tables.importing import Report, import_table
from crm.services.tables.kinds import tables
from tests.crm.builders import OPERATOR
from tests.front_door import OA, WECOM, Phone, Shop
from tests.scenarios.test_linking import adds, card_customer, digits_for, her_code, is_known_as, owners
from tests.scenarios.test_privacy import code_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def two_cards(shop: Shop) -> tuple[Phone, Phone]:
    """周芸 and 许安, each with a card and an openid."""
    card_customer(shop)
    card_customer(shop, "C0002", "许安", "13900139009")
    one, second = shop.customer("oYun"), shop.customer("oAn")
    is_known_as(shop, one, "C0001")
    is_known_as(shop, second, "C0002")
    return one, second


@pytest.fixture
def both(shop: Shop) -> tuple[Phone, Phone]:
    return two_cards(shop)


def merged(shop: Shop) -> Phone:
    chen = shop.member("chen.jing")
    assert "已合并" in chen.says(f"确认合并 {digits_for(chen)}")
    return chen


def row_of(shop: Shop, code: str) -> Customer:
    with db.reading(shop.parts.engine) as session:
        return session.scalars(select(Customer).where(Customer.code == code)).one()


def test_what_each_wants_remembered_is_her_own_again(shop: Shop, both: tuple[Phone, Phone]) -> None:
    yun, an = both
    yun.says("我的手寸是12号")
    yun.says("我对铜过敏")
    yun.says("我喜欢玫瑰金")
    yun.says("妈妈的戒指15号")
    an.says("我妈妈生日是5月20日")
    chen = merged(shop)
    for words in (
        "我的手寸是16号",
        "我对镍过敏",
        "我不喜欢玫瑰金",
        "妈妈的戒指18号",
        "结婚纪念日是2015年10月1日",
        "老婆戒指11号",
    ):
        assert "记住" in an.says(words) or "记下" in an.says(words)
    yun.says("我妈妈生日是6月1日")
    an.says("我的手寸是17号")
    an.says("撤销")
    assert "又是两位" in chen.says("撤销合并 C0001")
    assert (row_of(shop, "C0001").ring_size, row_of(shop, "C0002").ring_size) == ("12", "16")
    assert (row_of(shop, "C0001").allergies, row_of(shop, "C0002").allergies) == ("铜", "镍")
    assert row_of(shop, "C0001").wedding_anniversary is None
    hers, others = yun.says("我的尺寸"), an.says("我的尺寸")
    assert ("15" in hers, "18" in hers, "11" in hers) == (True, False, False)
    assert ("15" in others, "18" in others, "11" in others) == (False, True, True)
    hers, others = yun.says("我的日子"), an.says("我的日子")
    assert ("6月1日" in hers, "5月20日" in hers, "10月1日" in hers) == (True, False, False)
    assert ("6月1日" in others, "5月20日" in others, "10月1日" in others) == (False, True, True)
    hers, others = yun.says("我的喜好"), an.says("我的喜好")
    assert ("铜" in hers, "镍" in hers) == (True, False)
    assert ("铜" in others, "镍" in others) == (False, True)
    with db.reading(shop.parts.engine) as session:
        crossed = select(Relative.relation, Customer.code).join(Customer, Customer.id == Relative.customer_id)
        told = sorted((row[1], row[0]) for row in session.execute(crossed))
    assert told == [("C0001", "妈妈"), ("C0002", "太太"), ("C0002", "妈妈")]


def test_who_first_spoke_while_they_were_one_is_herself_afterwards(shop: Shop, both: tuple[Phone, Phone]) -> None:
    """Her id came by a table, so nothing was said before: her conversation began as the other one's."""
    third = shop.customer("oAn2")
    with shop.parts.sessions.begin() as session:
        an = by_code(session, OPERATOR, "C0002")
        add(session, an, OA[2], IdentityKind.OPENID, third.person, shop.clock.now())
    chen = merged(shop)
    assert "周芸" in third.says("我的资料")
    chen.says("撤销合并 C0001")
    told = third.says("我的资料")
    assert ("许安" in told, "周芸" in told) == (True, False)
    third.says(code_in(third.says("删除我的资料")))
    assert (row_of(shop, "C0001").name, row_of(shop, "C0002").name) == ("周芸", "")


def test_whom_a_piece_is_for_is_nobody_of_the_other_ones(shop: Shop, both: tuple[Phone, Phone]) -> None:
    """许安's mother wears nothing of 周芸's, whoever of them said it."""
    yun, an = both
    an.says("妈妈的戒指18号")
    chen = merged(shop)
    assert "妈妈" in (yun.says("我的首饰") and yun.says("1") and yun.says("送给妈妈"))
    an.says("我的首饰")
    an.says("2")
    an.says("送给妈妈")
    chen.says("撤销合并 C0001")
    with db.reading(shop.parts.engine) as session:
        for care in session.scalars(select(PieceCare)):
            assert care.wearer is None or care.wearer.customer_id == care.purchase.customer_id


def test_a_visit_a_complaint_and_an_answer_are_hers_who_made_them(shop: Shop, both: tuple[Phone, Phone]) -> None:
    _, an = both
    chen = merged(shop)
    an.says("预约周六下午三点湖滨店试戒指")
    an.says("确认")
    with shop.parts.sessions.begin() as session:
        visit = session.scalars(select(Appointment)).one()
        kept = by_code(session, OPERATOR, "C0001")
        ask(session, f"appointment:{visit.number}", kept.id, visit.store_id, shop.clock.now())
    an.says("投诉")
    an.says("等了一个小时也没人理我")
    chen.says("撤销合并 C0001")
    with db.reading(shop.parts.engine) as session:
        for model in (Appointment, Feedback, Complaint):
            owners = select(Customer.code).join(model, model.customer_id == Customer.id)
            assert set(session.scalars(owners)) == {"C0002"}, model


def test_what_the_kept_one_said_over_the_other_ones_row_goes_the_same_way(
    shop: Shop, both: tuple[Phone, Phone]
) -> None:
    yun, an = both
    an.says("妈妈的戒指18号")
    chen = merged(shop)
    yun.says("妈妈的戒指15号")
    chen.says("撤销合并 C0001")
    assert "15" in yun.says("我的尺寸")
    assert "18" in an.says("我的尺寸")


def test_her_word_about_messages_is_hers_long_after_the_messages_are_emptied(
    shop: Shop, both: tuple[Phone, Phone]
) -> None:
    _, an = both
    chen = merged(shop)
    an.says("退订")
    with shop.parts.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE inbox SET person = ''")
    chen.says("撤销合并 C0001")
    with db.reading(shop.parts.engine) as session:
        ids = {row.code: row.id for row in session.scalars(select(Customer))}
        said = consents.latest(session, list(ids.values()))
        assert {code for code, key in ids.items() if key in said} == {"C0002"}


def staff_texts(shop: Shop) -> str:
    """Everything that staff read or wrote, as it lies in the database."""
    with db.reading(shop.parts.engine) as session:
        said = session.scalars(select(Interaction.text).where(Interaction.staff_id.is_not(None)))
        sent = session.scalars(select(Delivery.body).where(Delivery.staff_id.is_not(None)))
        came = session.execute(select(InboxRow.body, InboxRow.reply).where(InboxRow.channel == "wecom"))
        return "\n".join([*said, *sent, *(f"{body} {reply}" for body, reply in came)])


def test_what_staff_read_of_both_as_one_is_not_kept_when_they_part(
    shop: Shop, both: tuple[Phone, Phone], lin: Phone
) -> None:
    _, an = both
    an.says("我对镍过敏")
    chen = merged(shop)
    seen = lin.says("详情 C0001") + "".join(shop.words_for("lin.yue"))
    assert "镍" in seen
    chen.says("撤销合并 C0001")
    assert "镍" not in staff_texts(shop)


def test_the_parts_of_a_long_profile_that_do_not_name_her_go_with_her_too(
    shop: Shop, both: tuple[Phone, Phone], lin: Phone
) -> None:
    yun, _ = both
    for number in range(40):
        yun.says(f"记住我的心愿是第{number}条特别特别长的珍珠项链配祖母绿")
    lin.says("详情 C0001")
    assert "祖母绿" in staff_texts(shop)
    assert "已经删除" in yun.says(code_in(yun.says("删除我的资料")))
    assert "祖母绿" not in staff_texts(shop)


def test_the_advisors_of_both_cards_hear_of_it_once_each(shop: Shop, both: tuple[Phone, Phone]) -> None:
    with shop.parts.sessions.begin() as session:
        wu = session.scalars(select(Staff).where(Staff.userid == "wu.an")).one()
        by_code(session, OPERATOR, "C0002").advisor_id = wu.id
    merged(shop).says("撤销合并 C0001")
    (merged_told, parted), (away_told, parted_too) = shop.words_for("lin.yue"), shop.words_for("wu.an")
    assert "陈静把 C0002 并入了 周芸（C0001）" in merged_told
    assert "您的客户 许安（C0002）和另一位顾客" in away_told
    assert "「撤销合并 C0002」" in away_told
    assert "周芸（C0001，138****8001） 和 另一位顾客 又是两位" in parted
    assert "另一位顾客 和 许安（C0002，139****9009） 又是两位" in parted_too
    assert shop.words_for("chen.jing") == []


def test_an_advisor_of_another_shop_reads_nothing_of_whom_she_may_not_see(
    shop: Shop, both: tuple[Phone, Phone]
) -> None:
    with shop.parts.sessions.begin() as session:
        by_code(session, OPERATOR, "C0002").advisor_id = session.scalars(
            select(Staff.id).where(Staff.userid == "sun.li")
        ).one()
    head = shop.member("ye.lan")
    assert "已合并" in head.says(f"确认合并 {digits_for(head)}")
    assert "又是两位" in head.says("撤销合并 C0001")
    told = "".join(shop.words_for("sun.li"))
    assert "许安" in told
    assert "请告诉总部" in told
    assert not any(words in told for words in ("周芸", "C0001", "8001", "「"))


def test_through_two_merges_it_finds_its_way_back(shop: Shop, both: tuple[Phone, Phone]) -> None:
    yun, an = both
    card_customer(shop, "C0003", "小安", "13700137007")
    third = shop.customer("oXiaoan")
    is_known_as(shop, third, "C0003")
    yun.says("我的手寸是12号")
    an.says("妈妈的戒指15号")
    chen = shop.member("chen.jing")
    for pair in ("C0002 C0003", "C0001 C0002"):
        chen.says(f"确认合并 {digits_for(chen, f'合并 {pair}')}")
        for words in ("我的手寸是19号", "我对镍过敏", "妈妈的戒指18号"):
            third.says(words)
    for code in ("C0001", "C0002"):
        assert "又是两位" in chen.says(f"撤销合并 {code}")
    told = {code: (row_of(shop, code).ring_size, row_of(shop, code).allergies) for code in ("C0001", "C0002", "C0003")}
    assert told == {"C0001": ("12", ""), "C0002": ("", ""), "C0003": ("19", "镍")}
    sizes = [phone.says("我的尺寸") for phone in (yun, an, third)]
    assert [("15" in one, "18" in one) for one in sizes] == [(False, False), (True, False), (False, True)]


def page_of(shop: Shop, told: str) -> int:
    """The status of the page behind the address of her copy."""
    address = re.search(r"/c/[\w.~-]+", told)
    assert address
    return shop.app.test_client().get(address[0]).status_code


def test_the_address_of_a_copy_that_one_got_as_both_opens_nothing_once_they_part(
    shop: Shop, both: tuple[Phone, Phone]
) -> None:
    yun, an = both
    chen = merged(shop)
    told = an.says("导出我的资料")
    assert page_of(shop, told) == 200
    chen.says("撤销合并 C0001")
    assert page_of(shop, told) == 404
    assert page_of(shop, yun.says("导出我的资料")) == 200


@pytest.mark.parametrize("issued", ["as both", "before, and shown again as both"])
def test_a_contact_code_that_one_got_as_both_links_nobody_once_they_part(
    shop: Shop, both: tuple[Phone, Phone], issued: str
) -> None:
    yun, an = both
    if issued != "as both":
        her_code(shop, yun)
    chen = merged(shop)
    token = her_code(shop, an)
    chen.says("撤销合并 C0001")
    adds(shop, "wmAn", state=token)
    assert owners(shop)["wmAn"] not in ("C0001", "C0002")


@pytest.mark.parametrize("when", ["merged since", "parted since"])
def test_a_code_that_erases_is_for_whom_she_was_when_she_asked(
    shop: Shop, both: tuple[Phone, Phone], when: str
) -> None:
    yun, an = both
    an.says("我的手寸是12号")
    chen = merged(shop) if when == "parted since" else None
    code = code_in(yun.says("删除我的资料"))
    if chen:
        chen.says("撤销合并 C0001")
    else:
        merged(shop)
    assert "什么都没有删除" in yun.says(code)
    assert "12" in an.says("我的尺寸")


def test_what_the_till_brings_under_the_other_ones_code_is_hers_when_they_part(
    shop: Shop, both: tuple[Phone, Phone], tmp_path: Path
) -> None:
    def brings(kind: str, *lines: str) -> Report:
        (tmp_path / "till.csv").write_text("\n".join(lines), encoding="utf-8")
        table = tables(shop.parts.settings.zone, Accounts(OA[2], WECOM[2]))[kind]
        return import_table(shop.parts.sessions, table, tmp_path / "till.csv", shop.clock.now())

    chen = merged(shop)
    till = {
        "points": ("customer_code,entry_no,points,reason,at", "C0002,P-1,500,消费,2026-11-20T10:00:00+08:00"),
        "coupons": ("customer_code,coupon_no,title", "C0002,TSTC-1,抵用券"),
        "purchases": (
            "number,line,customer_code,kind,purchased_at,name,amount",
            "B-1,1,C0002,sale,2026-11-20T10:00:00+08:00,祖母绿耳钉,9000",
        ),
    }
    for kind, lines in till.items():
        assert brings(kind, *lines).new == 1, kind
    chen.says("撤销合并 C0001")
    with db.reading(shop.parts.engine) as session:
        for model in (PointsEntry, Coupon, Purchase):
            wanted = select(Customer.code).join(model, model.customer_id == Customer.id)
            of_till = {PointsEntry: PointsEntry.entry_no == "P-1", Purchase: Purchase.number == "B-1"}
            assert session.scalars(wanted.where(of_till.get(model, true()))).all() == ["C0002"], model
    for kind, lines in till.items():
        again = brings(kind, *lines)
        assert (again.new, again.refused) == (0, []), kind
