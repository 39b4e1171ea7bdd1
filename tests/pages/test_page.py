"""What the page of a visit shows, to whom, and what it never shows."""

from __future__ import annotations

import pytest

from crm.models import AppointmentState
from tests.front_door import Shop
from tests.pages.visitor import Visitor, booked_visit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_it_shows_when_where_with_whom_and_what_is_laid_out(visitor: Visitor) -> None:
    words = visitor.opens()
    for part in ("约好了", "11月28日 周六", "15:00–16:00", "还有 7 天", "湖滨店", "湖滨路1号", "林悦", "古法手镯"):
        assert part in words
    assert "改时间" in words
    assert "取消预约" in words
    assert 'href="tel:0571-1"' in visitor.page.text
    assert "https://apis.map.qq.com/uri/v1/marker?marker=coord:30.250000,120.160000" in visitor.page.text


def test_it_shows_nothing_personal(visitor: Visitor) -> None:
    visitor.opens()
    for secret in ("周芸", "周", "138", "妈妈", "六十大寿", "C0001"):
        assert secret not in visitor.page.text.replace("周六", "")


def test_looking_changes_nothing_however_often(shop: Shop, visitor: Visitor) -> None:
    before = visitor.visit()
    for path in ("", "/times", "/cancel", "/calendar.ics", "?note=moved", "/move", "?cancel=1"):
        visitor.opens(path)
    after = visitor.visit()
    assert (after.state, after.version, after.starts_at) == (before.state, before.version, before.starts_at)
    assert shop.planned() == []
    assert visitor.logged() == []


def test_each_state_has_its_words_and_nothing_to_change(visitor: Visitor) -> None:
    for state, words in (
        (AppointmentState.ARRIVED, "您已到店"),
        (AppointmentState.DONE, "试戴完成"),
        (AppointmentState.NO_SHOW, "这次没能见到您"),
        (AppointmentState.CANCELLED, "预约已取消"),
        (AppointmentState.LAPSED, "没有定下来"),
    ):
        with visitor.shop.parts.sessions.begin() as session:
            session.merge(visitor.visit()).state = state
        for path in ("", "/times", "/cancel"):
            visitor.opens(path)
            assert "<form" not in visitor.page.text
            assert "/cancel" not in visitor.page.text
        assert words in visitor.opens()


def test_a_place_that_is_held_says_until_when(shop: Shop) -> None:
    visitor = Visitor(shop, booked_visit(shop, confirm=False))
    assert "留到 10:05" in visitor.opens()
    shop.clock.move(minutes=6)
    assert "没有定下来" in visitor.opens()


def test_it_says_how_long_it_is_until_then(visitor: Visitor) -> None:
    for words in ("还有 7 天", "还有 6 天", "还有 5 天", "还有 4 天", "还有 3 天", "后天见", "明天见", "今天见"):
        assert words in visitor.opens()
        visitor.shop.clock.move(days=1)


def test_when_the_time_has_come_it_can_only_be_read(visitor: Visitor) -> None:
    visitor.opens("/cancel")
    visitor.shop.clock.move(days=7, hours=5)
    assert "预约时间已到" in visitor.opens()
    assert "预约时间已到" in visitor.sends("/cancel")
    assert visitor.state is AppointmentState.BOOKED


def test_thirty_days_after_the_visit_it_leads_nowhere(visitor: Visitor) -> None:
    visitor.shop.clock.move(days=37, hours=5, minutes=59)
    visitor.opens()
    assert visitor.page.status_code == 200
    visitor.shop.clock.move(minutes=2)
    assert "这个页面打不开了" in visitor.opens()
    assert visitor.page.status_code == 404


def test_a_piece_that_is_ready_or_on_its_way_is_marked(visitor: Visitor) -> None:
    with visitor.shop.parts.sessions.begin() as session:
        session.merge(visitor.visit()).pieces[0].state = "reserved"
    assert "古法手镯 已备好" in visitor.opens()


def test_what_she_wrote_is_text_on_the_page(shop: Shop) -> None:
    hostile = "<script>alert(1)</script>{{7*7}}{% x"
    visitor = Visitor(shop, booked_visit(shop, pieces=(hostile,)))
    visitor.opens()
    assert "<script" not in visitor.page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}{% x" in visitor.page.text


def test_a_shop_without_map_phone_and_a_visit_without_advisor_leave_no_gaps(visitor: Visitor) -> None:
    with visitor.shop.parts.sessions.begin() as session:
        visit = session.merge(visitor.visit())
        visit.store.latitude, visit.store.phone, visit.advisor_id = None, "", None
    visitor.opens()
    for gap in ("map.qq.com", "tel:", "接待顾问"):
        assert gap not in visitor.page.text
