"""A small town to deliver in: the shop's database, the real sandbox behind real HTTP, one clock for both."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from werkzeug.serving import make_server

from bot.clock import FixedClock
from bot.codec import to_json
from bot.links import Links
from bot.messages import Channel, Text
from bot.platforms import Platforms, connect
from crm import db
from crm.models import Conversation, Customer, Delivery, Identity, IdentityKind, Interaction, Purpose, Staff
from crm.services import consents
from crm.services.deliveries import NewDelivery, plan
from crm.services.membership.policy import load_policy
from delivery_parts import cards_for_outcomes
from sandbox.app import create_app
from sandbox.config import from_environment
from scheduler.delivery import Courier, new_owner
from scheduler.hours import ShopHours
from scheduler.lease import Leadership
from scheduler.run import Counts, plan_due
from scheduler.shop import Shop
from tests.crm.builders import a_customer, a_line, a_shop
from tests.sandbox.playing import Sandbox
from wording import say

ZONE = ZoneInfo("Asia/Shanghai")
OA, CORP = "wx5a1b2c3d4e5f6071", "ww0123456789abcdef"
# The members of tests/crm/builders.py, so that the sandbox knows them.
STAFF = ("lin.yue", "wu.an", "zhao.min", "he.qing", "song.ci")
PEOPLE = {
    "C1": ("周芸", "oOne", "wmOne", "lin.yue"),
    "C2": ("徐铭", "oTwo", "", "wu.an"),
    "C3": ("沈洁", "oThree", "", ""),
    "C4": ("许安", "oFour", "wmFour", "lin.yue"),
    "C5": ("顾言", "", "", "wu.an"),
    "C6": ("路人", "", "", ""),
}
# A friend of her advisor of whom the shop does not know that she follows the account.
FRIEND_ONLY = "C4"


def shop_time(text: str) -> datetime:
    """A moment in the shop's time zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class Town:
    """What a test sees of it; customers by code are those of PEOPLE."""

    engine: Engine
    clock: FixedClock
    sandbox: Sandbox
    platforms: Platforms
    shop: Shop
    base: str
    customers: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)

    @property
    def sessions(self) -> db.Sessions:
        return self.shop.sessions

    @property
    def courier(self) -> Courier:
        return Courier(self.shop, self.platforms, self.clock)

    def at(self, moment: str) -> Town:
        """Move the shop's and the sandbox's clock to a moment in the shop's time."""
        self.clock.move(seconds=(shop_time(moment) - self.clock.now()).total_seconds())
        self.sandbox.post("/clock", now=self.clock.now().isoformat())
        return self

    def later(self, **by: float) -> Town:
        """Move both clocks on."""
        self.clock.move(**by)
        self.sandbox.post("/clock", now=self.clock.now().isoformat())
        return self

    def quiet(self, begin: int, end: int) -> None:
        """Other quiet hours from now on."""
        self.shop = replace(self.shop, hours=ShopHours(ZONE, (time(begin), time(end))))

    def consent(self, *codes: str) -> None:
        with self.sessions.begin() as session:
            for code in codes:
                consents.grant(session, self.customers[code], channel="shop", at=self.clock.now(), text_version="1")

    def withdraw(self, code: str) -> None:
        with self.sessions.begin() as session:
            consents.withdraw(session, self.customers[code], channel="official_account", at=self.clock.now())

    def unfollow(self, openid: str, *, told: bool = True) -> None:
        """`told`: the event reached us."""
        self.sandbox.act("oa", openid, "unfollow")
        if told:
            with self.sessions.begin() as session:
                row = session.scalars(select(Identity).where(Identity.value == openid)).one()
                row.left_at = self.clock.now()

    def buy(
        self, code: str, number: str, on: str, name: str = "足金素圈戒指", kind: str = "sale", **fields: Any
    ) -> None:
        """A line at the till at noon of that day."""
        at = datetime.combine(date.fromisoformat(on), time(12), ZONE)
        about = {"category": "戒指", "material": "足金", "line": 1} | fields
        with self.sessions.begin() as session:
            customer = session.get_one(Customer, self.customers[code])
            a_line(session, customer, number, kind, purchased_at=at, name=name, **about)

    def write(self, code: str) -> None:
        """The customer writes to the official account: opens the window here and at the platform."""
        openid = PEOPLE[code][1]
        self.sandbox.act("oa", openid, "text", content="在吗")
        self.ledger(code, Channel.OFFICIAL_ACCOUNT, OA, openid, left=5)

    def ledger(self, code: str, channel: Channel, account: str, person: str, *, left: int, hours: float = 48) -> None:
        """What we believe of a window."""
        with self.sessions.begin() as session:
            session.add(
                Conversation(
                    channel=channel.value,
                    account=account,
                    person=person,
                    customer_id=self.customers[code],
                    window_opened_by="message",
                    window_until=self.clock.now() + timedelta(hours=hours),
                    window_left=left,
                )
            )

    def window_left(self, person: str) -> int:
        with self.sessions() as session:
            return session.scalars(select(Conversation.window_left).where(Conversation.person == person)).one()

    def plan(self, *jobs: Any) -> int:
        """Plan what is due now as a scheduler would; how many rows are new."""
        leadership = Leadership(self.sessions, new_owner())
        assert leadership.acquire(seize=True)
        chosen = {"jobs": jobs} if jobs else {}
        done = [planned for _, planned in plan_due(self.shop, self.clock.now(), leadership.fence, **chosen)]
        leadership.release()
        return sum(sum(planned.states.values()) for planned in done)

    def deliver(self, ids: list[int] | None = None) -> Counts:
        return self.courier.deliver(ids)

    def reply(self, code: str, *words: str, key: str = "m1", **fields: Any) -> list[int]:
        """Replies of one conversation, as the web process plans them."""
        address = {"channel": "official_account", "account": OA, "person": PEOPLE[code][1]} | fields
        rows = [
            NewDelivery(
                key=f"{OA}:{key}:{number}",
                job="reply",
                due_on=self.shop.hours.day_of(self.clock.now()),
                purpose=Purpose.REPLY,
                body=to_json(Text(text)),
                planned_at=self.clock.now(),
                customer_id=self.customers[code],
                **address,
            )
            for number, text in enumerate(words)
        ]
        with self.sessions.begin() as session:
            return plan(session, rows)

    def rows(self, job: str = "") -> list[Delivery]:
        with self.sessions() as session:
            wanted = select(Delivery).order_by(Delivery.id)
            return list(session.scalars(wanted.where(Delivery.job == job) if job else wanted))

    def row(self, code: str, job: str = "") -> Delivery:
        return next(row for row in self.rows(job) if row.customer_id == self.customers[code])

    def states(self, job: str = "") -> dict[str, str]:
        """State by customer code."""
        codes = {customer_id: code for code, customer_id in self.customers.items()}
        return {codes[row.customer_id]: row.state.value for row in self.rows(job) if row.customer_id}

    def said(self, code: str) -> list[str]:
        """What the customer reads in the official account, without what she wrote herself."""
        lines = self.sandbox.chat("oa", PEOPLE[code][1])
        return [line.get("content") or line.get("title", "") for line in lines if line["from"] == "them"]

    def calls(self, path: str) -> list[dict[str, Any]]:
        return [call for call in self.sandbox.get("/control/calls")["calls"] if call["path"].endswith(path)]

    def log_of(self, code: str) -> list[str]:
        """What the CRM remembers to have said to her."""
        with self.sessions() as session:
            wanted = select(Interaction.text).where(Interaction.customer_id == self.customers[code])
            return list(session.scalars(wanted.order_by(Interaction.id)))


@contextmanager
def a_town(engine: Engine, clock: FixedClock, folder: Path) -> Iterator[Town]:
    """Everything started, six customers known; at the end everything stopped."""
    config = replace(_config(folder), answer_limit=0.2, attempts=1, retry_pause=0.01, receipt_delay=0.0)
    app = create_app(config)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    shop = Shop(
        engine=engine,
        sessions=db.sessions(engine),
        hours=ShopHours(ZONE, (time(21), time(9))),
        say=say,
        name="拾光里珠宝",
        member_day=8,
        month_cap=4,
        templates={
            "maintenance_due": "TPL_MAINTENANCE_DUE",
            "appointment_reminder": "TPL_APPOINTMENT_REMINDER",
            "membership_change": "TPL_MEMBERSHIP_CHANGE",
        },
        subscriptions={"appointment_reminder": "SUB_APPOINTMENT_REMINDER"},
        wecom_account=CORP,
        membership=load_policy(),
        outcome_cards=cards_for_outcomes(ZONE),
        links=Links("http://127.0.0.1:8000", [b"key of links in tests, 32 bytes."]),
    )
    sandbox = Sandbox(app.test_client(), app.extensions["sandbox"])
    town = Town(engine, clock, sandbox, platforms_at(base, clock), shop, base)
    _settle(town)
    try:
        yield town.later(seconds=0)
    finally:
        server.shutdown()
        server.server_close()


def platforms_at(base: str, clock: FixedClock) -> Platforms:
    return connect(
        oa_api_base=f"{base}/oa",
        oa_app_id=OA,
        oa_app_secret="sandbox-oa-secret",
        wecom_api_base=f"{base}/wecom",
        wecom_corp_id=CORP,
        wecom_agent_id=1000002,
        wecom_secret="sandbox-wecom-secret",
        redis=None,
        clock=clock,
    )


def _config(folder: Path) -> Any:
    with (folder / "customers.csv").open("w", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "advisor_userid", "openid", "unionid", "external_userid"])
        writer.writerows([code, name, advisor, openid, "", wm] for code, (name, openid, wm, advisor) in PEOPLE.items())
    with (folder / "staff.csv").open("w", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["userid", "name", "role", "store_code", "phone"])
        writer.writerows([userid, userid, "advisor", "HZ01", ""] for userid in STAFF)
    # Nobody listens at port 9: what the sandbox tells its bot is lost at once.
    return from_environment(
        {
            "SANDBOX_STATE": "",
            "SANDBOX_PEOPLE": str(folder / "customers.csv"),
            "SANDBOX_STAFF": str(folder / "staff.csv"),
            "BOT_URL": "http://127.0.0.1:9",
        }
    )


def _settle(town: Town) -> None:
    with town.sessions.begin() as session:
        a_shop(session)
        members = {member.userid: member for member in session.scalars(select(Staff))}
        town.staff = {userid: member.id for userid, member in members.items()}
        for code, (name, openid, external_userid, advisor) in PEOPLE.items():
            customer = a_customer(session, code, name, of=members.get(advisor))
            town.customers[code] = customer.id
            _identify(session, customer, IdentityKind.OPENID, OA, "" if code == FRIEND_ONLY else openid)
            _identify(session, customer, IdentityKind.EXTERNAL_USERID, CORP, external_userid)


def _identify(session: Any, customer: Customer, kind: IdentityKind, account: str, value: str) -> None:
    if value:
        session.add(Identity(account=account, kind=kind, value=value, customer_id=customer.id))
