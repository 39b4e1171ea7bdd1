"""What each stage of a message costs, on SQLite in one process without a server around it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bench.requests import APP, KEY, TOKEN, pushes
from bot import wire
from bot.clock import FixedClock
from bot.crypto import Seal
from bot.messages import Channel, IncomingMessage, Text
from crm import db
from crm.services.keys import load_index_key
from crm.services.schema import migrate
from crm.vault import new_key, vault
from tests.front_door import open_shop

ROUNDS = 400


def run() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'stages.db'}"
        migrate(url)
        engine = db.connect(url)
        vault.unlock([new_key()])
        load_index_key(db.sessions(engine))
        shop = open_shop(engine, FixedClock(datetime.now(UTC)))
        rows = _stages(shop)
    total = sum(rows.values())
    print("\nStages of one text message, SQLite, milliseconds\n\n| stage | ms | share |\n|---|---|---|")
    for name, ms in rows.items():
        print(f"| {name} | {ms:.3f} | {ms / total:.0%} |")


def _stages(shop: object) -> dict[str, float]:
    from assembly import dispatcher
    from tests.front_door import Shop, the_knowledge

    assert isinstance(shop, Shop)
    seal, now = Seal(TOKEN, KEY, APP), shop.clock.now()
    bodies = [push.split(b"\r\n\r\n", 1)[1] for push in pushes(ROUNDS)]
    sealed = [ElementTree.fromstring(body).findtext("Encrypt") or "" for body in bodies]
    inner = [seal.open(one) for one in sealed]
    messages = [wire.read_message(wire.read_document(one), one, Channel.OFFICIAL_ACCOUNT, APP, now) for one in inner]
    dispatch = dispatcher(shop.parts, lambda ids: None, the_knowledge())
    dispatch.watchers.clear()
    answers = the_knowledge()
    return {
        "read the envelope": _ms(wire.read_document, bodies),
        "decrypt": _ms(seal.open, sealed),
        "parse": _ms(
            lambda one: wire.read_message(wire.read_document(one), one, Channel.OFFICIAL_ACCOUNT, APP, now), inner
        ),
        "database and handler without knowledge": _ms(dispatch.dispatch, messages)
        - _ms(lambda message: answers.answer(message.text, {}), messages),
        "knowledge": _ms(lambda message: answers.answer(message.text, {}), messages),
        "render and encrypt": _ms(lambda message: _reply(seal, message, now), messages),
    }


def _reply(seal: Seal, message: IncomingMessage, now: datetime) -> None:
    seal.close(wire.passive(Text("珍珠怕汗怕酸，戴完用软布擦干就好。"), message, now) or b"", "1372623149", now)


def _ms(work: Callable[[Any], object], items: list[Any]) -> float:
    began = time.perf_counter()
    for item in items:
        work(item)
    return (time.perf_counter() - began) / len(items) * 1000
