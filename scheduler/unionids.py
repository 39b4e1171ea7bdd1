"""Who follows the account and who has an advisor: the unionid tells which of them are one. Asked a few at a time."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.errors import PlatformError, Unreachable
from bot.platforms import Platforms
from crm import db
from crm.models import IdentityKind
from crm.services.linking import unionids
from scheduler.shop import Shop

# Followers are asked about a hundred to a call, contacts one by one: so many in a round.
FOLLOWERS, CONTACTS = 100, 10

log = structlog.get_logger("scheduler")


def ask_for_unionids(shop: Shop, platforms: Platforms, now: datetime) -> int:
    """Ask about ids that are new, link what has one unionid; returns how many were told.

    A platform that is away is asked again at the next round; one that refuses a single contact (she has left)
    is not asked about her again.
    """
    told = _followers(shop, platforms, now)
    return told + _contacts(shop, platforms, now)


def _followers(shop: Shop, platforms: Platforms, now: datetime) -> int:
    with db.reading(shop.engine) as session:
        new = {row.value: row.id for row in unionids.unasked(session, IdentityKind.OPENID, FOLLOWERS)}
    if not new:
        return 0
    try:
        found = {one.openid: one.unionid for one in platforms.official_account.users(list(new))}
    except PlatformError as error:
        log.warning("no unionids of followers", error=str(error))
        return 0
    return _learn(shop, {new[openid]: found.get(openid, "") for openid in new}, now)


def _contacts(shop: Shop, platforms: Platforms, now: datetime) -> int:
    with db.reading(shop.engine) as session:
        new = {row.value: row.id for row in unionids.unasked(session, IdentityKind.EXTERNAL_USERID, CONTACTS)}
    found: dict[int, str] = {}
    for external_userid, identity_id in new.items():
        try:
            found[identity_id] = platforms.contacts.contact(external_userid).unionid
        except Unreachable:
            found[identity_id] = ""
        except PlatformError as error:
            log.warning("no unionid of a contact", error=str(error))
            break
    return _learn(shop, found, now)


def _learn(shop: Shop, found: dict[int, str], now: datetime) -> int:
    """Each in its own short transaction: a merge holds nobody else up."""
    told = 0
    for identity_id, unionid in found.items():
        with shop.sessions.begin() as session:
            unionids.asked(session, [identity_id], now)
            told += unionids.learned(session, identity_id, unionid, now) is not None
    return told
