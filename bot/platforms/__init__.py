"""Calls to the platforms, one module per surface; `connect` puts them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redis import Redis

from bot.clock import Clock
from bot.platforms.budgets import OFFICIAL_ACCOUNT_RULES, WECOM_RULES, Budgets
from bot.platforms.contacts import CustomerContact
from bot.platforms.errcodes import Family
from bot.platforms.exchange import Exchange, OnCall
from bot.platforms.js_sdk import JsTickets, ticket_app
from bot.platforms.kf import KfService
from bot.platforms.official_account import OfficialAccount
from bot.platforms.token_fetching import official_account_credential, wecom_credential
from bot.platforms.token_stores import LocalTokenStore, RedisTokenStore, ResilientTokenStore
from bot.platforms.tokens import Credential, TokenService, TokenStore
from bot.platforms.transport import Transport
from bot.platforms.wecom import WeComApp

__all__ = ["Platforms", "connect", "token_store"]


@dataclass(frozen=True, slots=True)
class Platforms:
    """Every surface this program calls; threads may share it."""

    official_account: OfficialAccount
    wecom: WeComApp
    contacts: CustomerContact
    kf: KfService
    js_tickets: JsTickets


def connect(
    *,
    oa_api_base: str,
    oa_app_id: str,
    oa_app_secret: str,
    wecom_api_base: str,
    wecom_corp_id: str,
    wecom_agent_id: int,
    wecom_secret: str,
    redis: Redis | None,
    clock: Clock,
    on_call: OnCall | None = None,
    on_token_fetch: Callable[[str, str], None] | None = None,
) -> Platforms:
    """Put the surfaces together; nothing is called yet.

    With `redis`, tokens and budgets are shared by all processes; it should be a client with short
    time-outs (a second) and without retries of its own. `on_call` is told path, outcome ("ok" or
    an error's class name) and seconds of every exchange, `on_token_fetch` application and outcome.
    """
    oa_exchange = Exchange(oa_api_base, Family.OFFICIAL_ACCOUNT, clock, on_call)
    wecom_exchange = Exchange(wecom_api_base, Family.WECOM, clock, on_call)
    oa_budgets = Budgets(f"oa:{oa_app_id}", OFFICIAL_ACCOUNT_RULES, redis)
    wecom_budgets = Budgets(f"wecom:{wecom_corp_id}", WECOM_RULES, redis)
    oa = official_account_credential(oa_exchange, oa_budgets, oa_app_id, oa_app_secret)
    wecom = wecom_credential(wecom_exchange, wecom_budgets, wecom_corp_id, wecom_agent_id, wecom_secret)
    # A ticket is fetched with a token of the same service, so this is called when both stand.
    ticket = Credential(ticket_app(oa_app_id), oa_app_secret, lambda: official_account.js_ticket())
    tokens = TokenService(token_store(redis), clock, (oa, wecom, ticket), on_token_fetch)
    wecom_transport = Transport(wecom_exchange, wecom.app, tokens, wecom_budgets)
    official_account = OfficialAccount(Transport(oa_exchange, oa.app, tokens, oa_budgets))
    return Platforms(
        official_account=official_account,
        wecom=WeComApp(wecom_transport, wecom_agent_id),
        contacts=CustomerContact(wecom_transport),
        kf=KfService(wecom_transport),
        js_tickets=JsTickets(oa_app_id, tokens),
    )


def token_store(redis: Redis | None) -> TokenStore:
    """Where tokens and tickets live: in Redis for all processes, without one in this process."""
    local = LocalTokenStore()
    return local if redis is None else ResilientTokenStore(RedisTokenStore(redis), local)
