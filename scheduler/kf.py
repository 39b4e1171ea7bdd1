"""Pulls the messages of WeCom's customer service: page by page, one puller per account."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import PlatformError
from bot.platforms import Platforms
from crm import db
from crm.services.kf_mail import RawMessage, Turn, end_turn, is_wanted, pending, store_page, take_turn
from scheduler.delivery import new_owner
from scheduler.shop import Shop

# Handles one pulled message, named by its inbox row, in a transaction of its own.
HandlePending = Callable[[int], None]

log = structlog.get_logger("kf")


@dataclass(frozen=True)
class KfPuller:
    """Pulls and hands on. A page and its cursor are one transaction, each message another one."""

    shop: Shop
    platforms: Platforms
    clock: Clock
    handle_pending: HandlePending

    def pull(self, open_kfid: str) -> int:
        """Pull an account until it is empty; returns how many messages were handed on.

        While somebody else pulls it, nothing is done: whoever pulls looks again before he ends.
        """
        handled = 0
        while turn := take_turn(self.shop.sessions, open_kfid, new_owner()):
            whole = self._pages(turn)
            handled += self._hand_on(open_kfid)
            end_turn(self.shop.sessions, turn, pulled=whole)
            if not whole or not self._is_wanted(open_kfid):
                break
        return handled

    def _pages(self, turn: Turn) -> bool:
        """False when it must be tried again: the call-back stays wanted for the next sweep."""
        cursor, has_more = turn.cursor, True
        while has_more:
            try:
                page = self.platforms.kf.pull(turn.open_kfid, cursor, turn.token)
            except PlatformError as error:
                log.warning("pull failed", open_kfid=turn.open_kfid, error=str(error), again=error.retry)
                return False
            messages = [raw_message(fields) for fields in page.messages]
            if not store_page(self.shop.sessions, turn, messages, page.next_cursor, self.clock.now()):
                log.warning("turn lost while pulling", open_kfid=turn.open_kfid)
                return False
            cursor, has_more = page.next_cursor, page.has_more
        return True

    def _hand_on(self, open_kfid: str) -> int:
        with db.reading(self.shop.engine) as session:
            waiting = pending(session, open_kfid)
        for inbox_id in waiting:
            self.handle_pending(inbox_id)
        return len(waiting)

    def _is_wanted(self, open_kfid: str) -> bool:
        with db.reading(self.shop.engine) as session:
            return is_wanted(session, open_kfid)


def raw_message(fields: Mapping[str, Any]) -> RawMessage:
    """One line of a page; of events the person stands inside `event`."""
    event = fields.get("event") or {}
    return RawMessage(
        key=str(fields.get("msgid", ""))[:128],
        person=str(fields.get("external_userid") or event.get("external_userid", ""))[:128],
        kind=str(event.get("event_type") or fields.get("msgtype", ""))[:32],
        body=json.dumps(fields, ensure_ascii=False),
    )
