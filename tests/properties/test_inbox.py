"""Whatever order messages, repetitions, opt-outs and talks come in: each acts once, and the last word holds."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.crypto import Seal
from crm import db
from crm.models import (
    Consent,
    Conversation,
    Customer,
    Delivery,
    Identity,
    InboxRow,
    InboxState,
    Interaction,
    Talk,
)
from crm.services.keys import load_index_key
from crm.vault import vault
from tests.databases import TEST_KEY, SqliteFiles
from tests.front_door import Door, open_shop, xml

CUSTOMERS = ["oMei", "oLan", "oZhu"]
STAFF = ["lin.yue", "wu.an"]
QUESTIONS = ["你好", "珍珠项链能碰水吗", "2", "详细", "退订单怎么办", "第一个", "]]>", "👩‍👩‍👧‍👦"]
OUT, IN = ["退订", "TD", "不要再发了"], ["恢复接收", "重新订阅"]
COMMANDS = ["等待", "接待", "接待 2", "结束", "帮助", "好的，马上", "/我是谁", "客户 周", "备注 C0001", "2"]
COUNTED = (InboxRow, Interaction, Consent, Talk, Delivery, Customer, Conversation)
DAY = datetime.fromisoformat("2026-11-21T10:00:00+08:00")


@cache
def template() -> SqliteFiles:
    return SqliteFiles(Path(tempfile.mkdtemp(prefix="inbox")))


class Inbox(RuleBasedStateMachine):
    """A shop, three customers and two advisors; `expected` is what a fair reader would believe."""

    pushed: Bundle[tuple[Door, str]] = Bundle("pushed")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="inbox")
        vault.unlock([TEST_KEY])
        self.engine = db.connect(template().new(Path(self.folder.name)))
        load_index_key(db.sessions(self.engine))
        self.shop = open_shop(self.engine, FixedClock(DAY))
        self.numbers = itertools.count(1)
        self.answers: dict[str, bytes] = {}
        self.last_word: dict[str, bool] = {}

    def push(self, door: Door, document: str) -> bytes:
        """The decrypted answer."""
        answer = door.post(document)
        assert answer.status_code == 200
        if not answer.data:
            return b""
        token, key, receiver = door.account
        return Seal(token, key, receiver).open(answer.get_data(as_text=True).split("CDATA[")[1].split("]")[0])

    def first(self, door: Door, document: str) -> tuple[Door, str]:
        self.answers[document] = self.push(door, document)
        return door, document

    def text(self, person: str, words: str) -> tuple[Door, str]:
        door = self.shop.wecom if person in STAFF else self.shop.official_account
        at = int(self.shop.clock.now().timestamp())
        return self.first(door, xml(person, "gh", at, "text", Content=words, MsgId=next(self.numbers)))

    @rule(target=pushed, person=st.sampled_from(CUSTOMERS), words=st.sampled_from(QUESTIONS))
    def a_customer_says_something(self, person: str, words: str) -> tuple[Door, str]:
        return self.text(person, words)

    @rule(target=pushed, person=st.sampled_from(CUSTOMERS), words=st.sampled_from([*OUT, *IN]))
    def a_customer_opts_out_or_in(self, person: str, words: str) -> tuple[Door, str]:
        self.last_word[person] = words in IN
        return self.text(person, words)

    @rule(target=pushed, person=st.sampled_from(CUSTOMERS), words=st.sampled_from(["人工", "找顾问", "结束"]))
    def a_customer_wants_a_person_or_no_more(self, person: str, words: str) -> tuple[Door, str]:
        return self.text(person, words)

    @rule(target=pushed, person=st.sampled_from(STAFF), words=st.sampled_from(COMMANDS))
    def an_advisor_says_something(self, person: str, words: str) -> tuple[Door, str]:
        return self.text(person, words)

    @rule(target=pushed, person=st.sampled_from(CUSTOMERS), event=st.sampled_from(["subscribe", "unsubscribe", "VIEW"]))
    def a_customer_does_something(self, person: str, event: str) -> Any:
        number = next(self.numbers)
        document = xml(person, "gh", number, "event", Event=event, EventKey="qrscene_advisor-lin.yue")
        return multiple() if document in self.answers else self.first(self.shop.official_account, document)

    @rule(before=pushed, times=st.integers(1, 3))
    def the_platform_pushes_something_again(self, before: tuple[Door, str], times: int) -> None:
        rows, woken = self.rows(), len(self.shop.woken)
        for _ in range(times):
            assert self.push(*before) == self.answers[before[1]]
        assert (self.rows(), len(self.shop.woken)) == (rows, woken)

    @rule(minutes=st.sampled_from([1, 20, 200, 60 * 50]))
    def time_passes(self, minutes: int) -> None:
        self.shop.clock.move(minutes=minutes)

    def rows(self) -> list[int | None]:
        with db.reading(self.engine) as session:
            return [session.scalar(select(func.count()).select_from(model)) for model in COUNTED]

    @invariant()
    def every_message_stands_in_the_inbox_once_with_its_first_answer(self) -> None:
        if not hasattr(self, "shop"):
            return
        with db.reading(self.engine) as session:
            rows = session.scalars(select(InboxRow)).all()
        assert len(rows) == len(self.answers)
        assert {row.state for row in rows} <= {InboxState.ANSWERED, InboxState.STORED}
        assert Counter((row.reply or "").encode() for row in rows) == Counter(self.answers.values())

    @invariant()
    def every_message_stands_in_the_log_once(self) -> None:
        if not hasattr(self, "shop"):
            return
        with db.reading(self.engine) as session:
            keys = session.scalars(select(Interaction.key).where(Interaction.direction == "in")).all()
        assert len(keys) == len(set(keys)) == len(self.answers)

    @invariant()
    def nobody_is_in_two_talks(self) -> None:
        if not hasattr(self, "shop"):
            return
        with db.reading(self.engine) as session:
            talks = session.scalars(select(Talk).where(Talk.closed_at.is_(None))).all()
        assert max(Counter(talk.conversation_id for talk in talks).values(), default=0) <= 1
        assert max(Counter(talk.staff_id for talk in talks if talk.taken_at).values(), default=0) <= 1

    @invariant()
    def the_last_word_about_marketing_holds(self) -> None:
        if not hasattr(self, "shop"):
            return
        with db.reading(self.engine) as session:
            words = select(Identity.value, Consent.granted).join(Consent, Consent.customer_id == Identity.customer_id)
            assert dict(session.execute(words.order_by(Consent.id)).all()) == self.last_word

    @invariant()
    def one_person_is_one_customer(self) -> None:
        if not hasattr(self, "shop"):
            return
        with db.reading(self.engine) as session:
            people = session.scalars(select(Identity.value)).all()
            customers = session.scalar(select(func.count()).select_from(Customer))
        assert len(people) == len(set(people)) == customers

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()


TestInbox = Inbox.TestCase
TestInbox.settings = settings(max_examples=25, stateful_step_count=30)
