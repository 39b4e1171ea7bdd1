"""Pulling customer service: every message once, in order, whoever pulls and whatever breaks."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from crm.models import InboxRow, InboxState, KfCursor
from crm.services.claims import machine_now
from crm.services.kf_mail import ask_for_pull, is_wanted, take_turn, wanted_accounts
from scheduler.kf import KfPuller, raw_message
from tests.scheduler.town import Town

KFID = "wkJewel0001"


class Desk:
    """Handles pulled messages; may fail."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.handled: list[str] = []
        self.fails = False

    def __call__(self, inbox_id: int) -> None:
        if self.fails:
            raise RuntimeError("handler away")
        with self._town.sessions.begin() as session:
            row = session.get_one(InboxRow, inbox_id)
            assert row.state is InboxState.PENDING
            row.state = InboxState.ANSWERED
            line = json.loads(row.body or "")
            self.handled.append(line.get("text", {}).get("content") or row.kind)


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


def puller(town: Town, desk: Desk) -> KfPuller:
    return KfPuller(town.shop, town.platforms, town.clock, desk)


def she_writes(town: Town, *words: str) -> None:
    town.sandbox.act("kf", "oTwo", "enter")
    for text in words:
        town.sandbox.act("kf", "oTwo", "text", content=text)
    ask(town)


def ask(town: Town) -> None:
    """The call-back with its token, as the webhook keeps it."""
    with town.sessions.begin() as session:
        ask_for_pull(session, KFID, _token(town), town.clock.now())


def _token(town: Town) -> str:
    return str(town.sandbox.world.state.kf.issue_token(town.sandbox.world.now))


def wanted(town: Town) -> bool:
    with town.sessions() as session:
        return is_wanted(session, KFID)


def test_what_she_wrote_is_handed_on_in_order(town: Town, desk: Desk) -> None:
    she_writes(town, "这枚戒指能改圈吗", "急")
    assert puller(town, desk).pull(KFID) == 3
    assert desk.handled == ["enter_session", "这枚戒指能改圈吗", "急"]
    assert not wanted(town)


def test_pulling_again_hands_on_only_what_is_new(town: Town, desk: Desk) -> None:
    she_writes(town, "一")
    puller(town, desk).pull(KFID)
    she_writes(town, "二")
    puller(town, desk).pull(KFID)
    assert [words for words in desk.handled if words != "enter_session"] == ["一", "二"]


def test_an_old_cursor_brings_nothing_twice(town: Town, desk: Desk) -> None:
    she_writes(town, "一")
    puller(town, desk).pull(KFID)
    with town.sessions.begin() as session:
        session.execute(update(KfCursor).values(cursor=""))
    ask(town)
    puller(town, desk).pull(KFID)
    assert desk.handled.count("一") == 1


def test_an_empty_page_is_not_the_end(town: Town, desk: Desk) -> None:
    she_writes(town, "一")
    town.sandbox.switch(kf_empty_page=2)
    puller(town, desk).pull(KFID)
    assert "一" in desk.handled


def test_a_pull_that_fails_stays_wanted(town: Town, desk: Desk) -> None:
    she_writes(town, "一")
    town.sandbox.switch(busy=1)
    puller(town, desk).pull(KFID)
    assert desk.handled == []
    assert wanted(town)
    puller(town, desk).pull(KFID)
    assert "一" in desk.handled


def test_messages_whose_handler_died_are_handed_on_at_the_next_pull(town: Town, desk: Desk) -> None:
    she_writes(town, "一")
    desk.fails = True
    with pytest.raises(RuntimeError):
        puller(town, desk).pull(KFID)
    with town.sessions.begin() as session:
        assert wanted_accounts(session) == [KFID]
        session.execute(update(KfCursor).values(lease_until=machine_now()))
    desk.fails = False
    puller(town, desk).pull(KFID)
    assert "一" in desk.handled


def test_one_pulls_at_a_time(town: Town, desk: Desk) -> None:
    she_writes(town, "一")
    assert take_turn(town.sessions, KFID, "somebody")
    assert puller(town, desk).pull(KFID) == 0
    assert wanted(town)


def test_nobody_asked_so_nothing_is_pulled(town: Town, desk: Desk) -> None:
    assert puller(town, desk).pull(KFID) == 0


def test_what_is_stored_is_the_raw_line(town: Town, desk: Desk) -> None:
    she_writes(town, "一")
    puller(town, desk).pull(KFID)
    with town.sessions() as session:
        rows = session.scalars(select(InboxRow).order_by(InboxRow.id)).all()
    assert {row.account for row in rows} == {KFID}
    assert json.loads(rows[1].body or "")["msgtype"] == "text"
    assert rows[0].person == rows[1].person != ""


def test_an_event_names_its_person_inside() -> None:
    event = {"event_type": "enter_session", "external_userid": "wm1", "open_kfid": KFID}
    raw = raw_message({"msgid": "k0", "msgtype": "event", "event": event})
    assert (raw.key, raw.person, raw.kind) == ("k0", "wm1", "enter_session")
