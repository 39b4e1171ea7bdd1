"""Settings to parts: what the composition roots (web, worker, scheduler, commands) share."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Blueprint, Flask
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from pydantic import SecretStr
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, TimeoutError

from bot.app import create_app
from bot.clock import Clock, FollowedClock, SystemClock
from bot.crypto import Seal
from bot.dispatch import Dispatcher
from bot.errors import Unusable
from bot.links import Links
from bot.messages import Channel
from bot.platforms import token_store
from bot.platforms.js_sdk import SubscribeTag
from bot.router import Table
from bot.watch import UNUSABLE, message_handled, registry, request_refused
from bot.webhook import Account, Doors
from crm import db
from crm.errors import CrmError, Invalid
from crm.services import backlog
from crm.services.facts import facts
from crm.services.inbox import keep_unusable
from crm.services.keys import load_index_key
from crm.services.membership.policy import Policy, load_policy
from crm.services.privacy.reapplying import forgotten
from crm.services.privacy.stone_file import StoneFile
from crm.services.schema import check_schema
from crm.vault import vault
from handlers import ROUTERS
from handlers.context import PROVIDES, Accounts, ReceptionDesk, ShopFacts, patiently
from handlers.live_knowledge import LOOK_SECONDS, LiveKnowledge
from knowledge import Knowledge
from pages import blueprint as pages
from pages.desk import PageDesk
from pages.privacy import copies
from settings import Settings
from wording import say

log = structlog.get_logger("start")


@dataclass(frozen=True)
class Parts:
    """One process's connections. `redis` is None when no server is set: everything but speed stays."""

    settings: Settings
    clock: Clock
    engine: Engine
    sessions: db.Sessions
    redis: Redis | None


def open_parts(settings: Settings, *, schema: Callable[[Engine], None] = check_schema) -> Parts:
    """Connect to what the settings name; raises SchemaOutdated, Invalid or KeyMissing."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = db.connect(settings.database_url)
    schema(engine)
    vault.unlock(settings.keys())
    sessions = db.sessions(engine)
    load_index_key(sessions)
    return Parts(settings, clock_of(settings), engine, sessions, redis_of(settings))


def open_or_stop(settings: Settings) -> Parts:
    """As `open_parts`, for a process: what is wrong is one sentence and the end.

    A restored backup that forgot erasures is said aloud, and again by `/healthz`.
    """
    try:
        parts = open_parts(settings)
        restored = _restored(parts)
    except CrmError as error:
        raise SystemExit(str(error)) from None
    if restored:
        log.warning("restored backup", **restored)
    return parts


def clock_of(settings: Settings) -> Clock:
    return FollowedClock(settings.clock_url) if settings.clock_url else SystemClock()


def redis_of(settings: Settings) -> Redis | None:
    if not settings.redis_url:
        return None
    # Half a second and no second try: a Redis that hangs may slow one message, never the 5 s answer.
    patience = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
    return Redis.from_url(settings.redis_url, **patience)


# Bytes of a key that signs links, and what keeps it apart from every other use of the data keys.
LINK_KEY_BYTES, LINK_PURPOSE = 32, b"links in messages"


def links_of(settings: Settings) -> Links:
    """Signed links, each data key giving one key of this purpose: an old link holds as long as its key is listed."""
    listed = settings.keys()
    keys = [base64.urlsafe_b64decode(key) for key in listed]
    return Links(settings.public_url, [HKDF(SHA256(), LINK_KEY_BYTES, None, LINK_PURPOSE).derive(key) for key in keys])


def membership_of(settings: Settings) -> Policy:
    """The shop's rules of membership; raises Invalid naming the place that is wrong."""
    return load_policy(Path(settings.membership_file) if settings.membership_file else None)


def subscribe_tag(parts: Parts) -> SubscribeTag:
    """The tag on the appointment page with which a customer allows one reminder."""
    settings = parts.settings
    return SubscribeTag(settings.oa_app_id, settings.oa_subscribe_appointment_reminder, token_store(parts.redis))


# Seconds for which a process may answer with the shop facts of a moment ago.
FACTS_SECONDS = 2


class RecentFacts:
    """The shop's facts, read again when they are older than two seconds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._facts: dict[str, str] = {}
        self._until = 0.0

    def __call__(self) -> dict[str, str]:
        if time.monotonic() >= self._until:
            self._until = time.monotonic() + FACTS_SECONDS
            with db.reading(self._engine) as session:
                self._facts = facts(session)
        return self._facts


def shop_facts(parts: Parts) -> ShopFacts:
    settings = parts.settings
    return ShopFacts(settings.shop_name, settings.zone, RecentFacts(parts.engine), settings.member_day)


def dispatcher(
    parts: Parts,
    wake_up: Callable[[list[int]], None],
    knowledge: Knowledge | None = None,
    look_seconds: float = LOOK_SECONDS,
) -> Dispatcher:
    """The way of a message through handlers and CRM; checked here, raises Misrouted.

    `knowledge` is what is written; what the shop added is looked for every `look_seconds`.
    """
    settings = parts.settings
    desk = ReceptionDesk(
        engine=parts.engine,
        say=say,
        shop=shop_facts(parts),
        knowledge=LiveKnowledge(parts.engine, knowledge or Knowledge.load(), look_seconds),
        accounts=Accounts(settings.oa_app_id, settings.wecom_corp_id),
        links=links_of(settings),
        membership=membership_of(settings),
        wake_up=wake_up,
    )
    return Dispatcher(Table(ROUTERS, PROVIDES), desk, parts.clock, [message_handled])


def web(parts: Parts, dispatch: Dispatcher, wake_up: Callable[[list[int]], None]) -> Flask:
    """The Flask application of one web process. `wake_up`: as the dispatcher's."""
    settings = parts.settings

    def keep(account: Account, unusable: Unusable) -> None:
        UNUSABLE.labels(account.channel.value).inc()
        with patiently(), parts.sessions.begin() as session:
            keep_unusable(session, account.name, account.channel, unusable.body, unusable.reason, parts.clock.now())

    doors = Doors(_accounts(settings), dispatch.dispatch, keep, request_refused, parts.clock)
    return create_app(doors, lambda: health(parts), lambda: registry(Backlog(parts)), _pages(parts, wake_up))


def _pages(parts: Parts, wake_up: Callable[[list[int]], None]) -> list[Blueprint]:
    desk = PageDesk(
        engine=parts.engine,
        sessions=parts.sessions,
        clock=parts.clock,
        links=links_of(parts.settings),
        say=say,
        shop=shop_facts(parts),
        wecom_account=parts.settings.wecom_corp_id,
        tag=subscribe_tag(parts),
        wake_up=wake_up,
    )
    return [pages.blueprint(desk), copies(desk)]


def _accounts(settings: Settings) -> dict[str, Account]:
    oa, wecom = settings.oa_app_id, settings.wecom_corp_id
    seals = [_seal(settings.wecom_token, settings.wecom_aes_key, wecom)]
    if settings.wecom_contacts_token.get_secret_value():
        seals.append(_seal(settings.wecom_contacts_token, settings.wecom_contacts_aes_key, wecom))
    door = (_seal(settings.oa_token, settings.oa_aes_key, oa),)
    return {
        "official-account": Account(Channel.OFFICIAL_ACCOUNT, oa, door, settings.oa_mode == "plain"),
        "wecom": Account(Channel.WECOM, wecom, tuple(seals)),
    }


def _seal(token: SecretStr, aes_key: SecretStr, receiver: str) -> Seal:
    return Seal(token.get_secret_value(), aes_key.get_secret_value(), receiver)


def health(parts: Parts) -> dict[str, str]:
    """Each part's state; only a database that does not answer means that no message can be taken."""
    redis = "not configured"
    if parts.redis is not None:
        try:
            parts.redis.ping()
            redis = "ok"
        except RedisError:
            redis = "away"
    state = {"database": "ok" if db.is_reachable(parts.engine) else "away", "redis": redis}
    return state | _restored(parts) if state["database"] == "ok" else state


def _restored(parts: Parts) -> dict[str, str]:
    """Erasures that a restored backup does not know; {} on any other day."""
    try:
        count = forgotten(parts.engine, _stones(parts.settings.tombstones_file))
    except Invalid as error:  # a damaged file must not stop the shop
        return {"erasures": str(error)}
    return {"erasures": f"{count} to be done again: flask customers reapply-erasures"} if count else {}


@cache
def _stones(path: str) -> StoneFile:
    """One per process: it reads its file again only when that has changed."""
    return StoneFile(Path(path))


@dataclass(frozen=True)
class Backlog(Collector):
    """Deliveries by state and the age of the oldest that should be out, read when metrics are asked for."""

    parts: Parts

    def collect(self) -> Iterable[Metric]:
        now = self.parts.clock.now()
        try:
            with db.reading(self.parts.engine) as session:
                counts, oldest = backlog.counts(session), backlog.waiting_since(session, now)
        except (DBAPIError, TimeoutError):
            return  # the counters are wanted most while the database is away
        by_state = GaugeMetricFamily("deliveries", "Deliveries by state", labels=["state"])
        for state, count in counts.items():
            by_state.add_metric([state], count)
        yield by_state
        age = (now - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("delivery_queue_age_seconds", "Age of the oldest delivery that is due", value=age)
