"""Who is found by what, and by whom."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, event

from crm import db
from crm.actors import Actor
from crm.db import Sessions
from crm.errors import Invalid, NotAllowed, NotFound
from crm.models import Staff
from crm.services import audit
from crm.services.customers import by_code, find, masked_phone, register, reveal_phone, set_name, set_phone
from crm.services.history import add_note
from crm.services.profiles import profile
from tests.crm.builders import NOW, OPERATOR, Shop, a_customer, a_line, a_shop


@pytest.fixture
def shop(sessions: Sessions) -> Shop:
    """王小美 and 曾国 of 林悦, 欧阳娜娜 of 吴安, 王大伟 of 赵敏; one phone is a family's."""
    with sessions.begin() as session:
        made = a_shop(session)
        a_customer(session, "C0001", "王小美", of=made.lin, phone="13800138001")
        a_customer(session, "C0002", "曾国", of=made.lin, phone="+86 138-0013-8002")
        a_customer(session, "C0003", "欧阳娜娜", of=made.wu, phone="13800138003")
        a_customer(session, "C0004", "王大伟", of=made.zhao, phone="13800138001")
        a_customer(session, "C0005", "Anna Lee", of=made.wu, phone="+85291234567")
    return made


def found(sessions: Sessions, actor: Actor, words: str) -> list[str]:
    with sessions() as session:
        return [customer.code for customer in find(session, actor, words)]


FOUND_BY: list[tuple[str, list[str]]] = [
    ("C0001", ["C0001"]),
    ("c0003", ["C0003"]),
    ("13800138002", ["C0002"]),
    ("+86 138 0013 8002", ["C0002"]),
    ("13800138001", ["C0001", "C0004"]),
    ("8003", ["C0003"]),
    ("+852 9123 4567", ["C0005"]),
    ("王小美", ["C0001"]),
    ("小美", ["C0001"]),
    ("王", ["C0001", "C0004"]),
    ("王小姐", ["C0001", "C0004"]),
    ("wangxiaomei", ["C0001"]),
    ("wxm", ["C0001"]),
    ("wang", ["C0001", "C0004"]),
    ("ouyang", ["C0003"]),
    ("xiaomei", ["C0001"]),
    ("zengguo", ["C0002"]),
    ("zg", ["C0002"]),
    ("娜娜", ["C0003"]),
    ("nana", ["C0003"]),
    ("ouyangnana", ["C0003"]),
    ("anna", ["C0005"]),
    ("ANNA LEE", ["C0005"]),
    ("王小", ["C0001"]),
    ("小王", []),
    ("0000", []),
    ("%", []),
    ("", []),
    ("王小美 OR 1=1", []),
]


def test_customers_are_found_by_code_phone_name_and_pinyin(sessions: Sessions, shop: Shop) -> None:
    answers = [(words, found(sessions, OPERATOR, words)) for words, _ in FOUND_BY]
    assert answers == FOUND_BY


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("lin", ["C0001"]),
        ("wu", []),
        ("zhao", ["C0004"]),
        ("manager", ["C0001"]),
        ("headquarters", ["C0001", "C0004"]),
    ],
)
def test_everybody_finds_only_whom_they_may_see(sessions: Sessions, shop: Shop, who: str, codes: list[str]) -> None:
    actor = Actor.of(getattr(shop, who))
    assert found(sessions, actor, "王") == codes
    assert found(sessions, actor, "13800138001") == codes
    assert found(sessions, actor, "8001") == codes


def test_another_advisors_customer_is_as_absent_as_no_customer(sessions: Sessions, shop: Shop) -> None:
    with sessions() as session:
        with pytest.raises(NotFound) as invisible:
            by_code(session, Actor.of(shop.wu), "C0001")
        with pytest.raises(NotFound) as absent:
            by_code(session, Actor.of(shop.wu), "C9999")
    assert str(invisible.value).replace("C0001", "C9999") == str(absent.value)


def test_a_manager_also_sees_a_customer_without_a_store_whose_advisor_is_hers(sessions: Sessions, shop: Shop) -> None:
    with sessions.begin() as session:
        a_customer(session, "C0006", "无店", of=shop.wu, store_id=None)
        a_customer(session, "C0007", "他店", of=shop.zhao, store_id=None)
    assert found(sessions, Actor.of(shop.manager), "C0006") == ["C0006"]
    assert found(sessions, Actor.of(shop.manager), "C0007") == []


def test_who_has_left_is_nobody_any_more() -> None:
    with pytest.raises(NotAllowed):
        Actor.of(Staff(userid="gone", name="", role="advisor", left_at=NOW))


def test_a_search_opens_no_table_row_by_row(engine: Engine, sessions: Sessions, shop: Shop) -> None:
    """One statement finds by number, one by name, whatever number of customers there is."""
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assert found(sessions, OPERATOR, "小美") == ["C0001"]
    assert len([s for s in statements if s.startswith("SELECT")]) == 2


def test_no_more_than_ten_are_found(sessions: Sessions, shop: Shop) -> None:
    with sessions.begin() as session:
        for number in range(12):
            a_customer(session, f"D{number:03}", "李雷", of=shop.lin)
    assert len(found(sessions, OPERATOR, "李雷")) == 10


def test_the_whole_name_stands_before_names_that_contain_it(sessions: Sessions, shop: Shop) -> None:
    with sessions.begin() as session:
        a_customer(session, "D1", "林小王小", of=shop.lin)
        a_customer(session, "D2", "王小", of=shop.lin)
    assert found(sessions, OPERATOR, "王小") == ["D2", "C0001", "D1"]


def test_a_new_name_and_phone_are_found_and_the_old_ones_no_longer(sessions: Sessions, shop: Shop) -> None:
    with sessions.begin() as session:
        customer = by_code(session, OPERATOR, "C0001")
        set_name(session, customer, " 王 美丽 ")
        set_phone(customer, "13900139009")
    assert found(sessions, OPERATOR, "美丽") == ["C0001"]
    assert found(sessions, OPERATOR, "9009") == ["C0001"]
    assert found(sessions, OPERATOR, "小美") == []
    assert "C0001" not in found(sessions, OPERATOR, "13800138001")


@pytest.mark.parametrize("phone", ["abc", "12", "138001380011380013800", "138-ABC-8000"])
def test_what_is_no_phone_is_refused(sessions: Sessions, shop: Shop, phone: str) -> None:
    with sessions() as session, pytest.raises(Invalid):
        set_phone(by_code(session, OPERATOR, "C0001"), phone)


@pytest.mark.parametrize(
    ("phone", "masked"), [("13800138000", "138****8000"), ("", ""), ("12345", "****"), ("+85291234567", "+85****4567")]
)
def test_a_masked_phone_is_not_enough_to_call(phone: str, masked: str) -> None:
    assert masked_phone(phone) == masked


def test_a_revealed_phone_stands_in_the_audit_log(sessions: Sessions, shop: Shop) -> None:
    lin = Actor.of(shop.lin)
    with sessions.begin() as session:
        customer = by_code(session, lin, "C0001")
        assert reveal_phone(session, lin, customer, "回访", NOW) == "13800138001"
    with sessions() as session:
        (entry,) = audit.entries(session, subject="C0001")
    assert (entry.actor, entry.action, entry.detail, entry.at) == ("lin.yue", "reveal-phone", "回访", NOW)


def test_nobody_reveals_another_advisors_phone(sessions: Sessions, shop: Shop) -> None:
    with sessions.begin() as session:
        customer = by_code(session, OPERATOR, "C0001")
        with pytest.raises(NotFound):
            reveal_phone(session, Actor.of(shop.wu), customer, "", NOW)
    with sessions() as session:
        assert audit.entries(session) == []


def test_a_stranger_gets_a_code_of_her_own(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first, second = register(session, NOW), register(session, NOW, name="过客")
    assert first.code.startswith("W00")
    assert first.code != second.code
    assert found(sessions, OPERATOR, "过客") == [second.code]


def test_a_card_that_already_looks_like_a_strangers_code_hinders_nobody(sessions: Sessions) -> None:
    with sessions.begin() as session:
        taken = register(session, NOW, code="W000002")
        stranger = register(session, NOW)
    assert taken.id == 1
    assert stranger.code.startswith("W000002-")


def test_strangers_who_come_at_once_get_different_codes(engine: Engine) -> None:
    codes: list[str] = []

    def come() -> None:
        with db.sessions(engine).begin() as session:
            codes.append(register(session, NOW).code)

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(codes)) == 8


def test_a_profile_says_at_a_glance_who_comes(sessions: Sessions, shop: Shop) -> None:
    lin = Actor.of(shop.lin)
    with sessions.begin() as session:
        customer = by_code(session, OPERATOR, "C0001")
        a_line(session, customer, "A1", name="戒指", amount=5000_00)
        a_line(session, customer, "A2", name="项链", amount=3000_00)
        a_line(session, customer, "A3", "return", original_number="A2", original_line=1, amount=3000_00)
        add_note(session, lin, customer, "喜欢  周六\n下午来", NOW)
        seen = profile(session, lin, customer, NOW)
        assert seen.customer.notes == "2026-11-21 lin.yue：喜欢 周六 下午来"
        assert ([piece.name for piece in seen.pieces], seen.kept_fen, len(seen.purchases)) == (["戒指"], 5000_00, 3)
        assert (seen.phone, seen.advisor and seen.advisor.name) == ("138****8001", "林悦")
        assert not seen.marketing_consent
        with pytest.raises(NotFound):
            profile(session, Actor.of(shop.wu), customer, NOW)


def test_two_advisors_may_note_something_at_once(engine: Engine, sessions: Sessions, shop: Shop) -> None:
    def write(number: int) -> None:
        with db.sessions(engine).begin() as session:
            add_note(session, OPERATOR, by_code(session, OPERATOR, "C0001"), f"第{number}条", NOW)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert len(by_code(session, OPERATOR, "C0001").notes.splitlines()) == 5


@pytest.mark.parametrize("text", ["", " \n ", "长" * 9000])
def test_a_note_without_text_or_end_is_refused(sessions: Sessions, shop: Shop, text: str) -> None:
    with sessions.begin() as session, pytest.raises(Invalid):
        add_note(session, OPERATOR, by_code(session, OPERATOR, "C0001"), text, NOW)
