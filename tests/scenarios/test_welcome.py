"""Coming and going."""

from __future__ import annotations

from sqlalchemy import select

from crm import db
from crm.models import Customer, Identity, Interaction
from tests.front_door import Phone, Shop


def test_a_new_follower_is_welcomed_by_the_name_of_the_house(mei: Phone) -> None:
    welcome = mei.does("subscribe")
    assert "欢迎来到拾光里珠宝" in welcome
    assert "欢迎回来" not in welcome


def test_whoever_scans_a_shops_code_is_welcomed_in_that_shop_and_belongs_to_it(shop: Shop, mei: Phone) -> None:
    assert "湖滨店" in mei.does("subscribe", EventKey="qrscene_store-HZ01", Ticket="t")
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Customer)).one().store.code == "HZ01"


def test_whoever_scans_an_advisors_code_gets_this_advisor(shop: Shop, mei: Phone) -> None:
    assert "林悦" in mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Customer)).one().advisor.userid == "lin.yue"


def test_a_follower_who_scans_later_keeps_the_first_advisor(shop: Shop, mei: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    assert "孙黎" in mei.does("SCAN", EventKey="advisor-sun.li", Ticket="t")
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Customer)).one().advisor.userid == "lin.yue"


def test_an_unknown_scene_is_still_a_welcome(mei: Phone) -> None:
    assert "拾光里珠宝" in mei.does("subscribe", EventKey="qrscene_{0.__class__}", Ticket="t")


def test_unfollowing_is_acknowledged_in_silence_and_remembered(shop: Shop, mei: Phone) -> None:
    mei.does("subscribe")
    shop.clock.move(minutes=5)
    assert mei.does("unsubscribe") == ""
    with db.reading(shop.parts.engine) as session:
        assert session.scalars(select(Identity).where(Identity.value == "oMei")).one().left_at == shop.clock.now()


def test_coming_back_is_noticed(shop: Shop, mei: Phone) -> None:
    for event in ("subscribe", "unsubscribe"):
        mei.does(event)
        shop.clock.move(minutes=1)
    assert "欢迎回来" in mei.does("subscribe")


def test_a_new_contact_is_welcomed_within_the_life_of_the_code(shop: Shop) -> None:
    sys = Phone(shop.wecom, "sys", "ww0123456789abcdef")
    sys.does(
        "change_external_contact",
        ChangeType="add_external_contact",
        UserID="lin.yue",
        ExternalUserID="wmMei",
        WelcomeCode="WLC-1",
    )
    assert ["林悦" in words for words in shop.words_for("wmMei")] == [True]
    assert shop.woken


def test_everything_said_stands_in_the_log_encrypted(shop: Shop, mei: Phone) -> None:
    mei.does("subscribe")
    mei.says("你好")
    with db.reading(shop.parts.engine) as session:
        directions = [row.direction for row in session.scalars(select(Interaction).order_by(Interaction.id))]
        assert directions == ["in", "out", "in", "out"]
        raw = session.connection().exec_driver_sql("SELECT text FROM interactions").all()
        assert not any("你好".encode() in bytes(row[0]) for row in raw)
