"""How each platform gives a token for an id and a secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import PlatformError
from bot.platforms.budgets import Budgets
from bot.platforms.calls import Request
from bot.platforms.exchange import Exchange
from bot.platforms.tokens import Credential, Grant


def official_account_credential(exchange: Exchange, budgets: Budgets, app_id: str, secret: str) -> Credential:
    """By stable_token, which gives the same token to everybody who asks while it is valid."""
    path = "/cgi-bin/stable_token"
    body = {"grant_type": "client_credential", "appid": app_id, "secret": secret, "force_refresh": False}
    request = Request("POST", path, body=body, repeatable=True)

    def fetch() -> Grant:
        budgets.take(path)
        return _grant(exchange.call(request).fields, path)

    return Credential(f"oa:{app_id}", secret, fetch)


def wecom_credential(exchange: Exchange, budgets: Budgets, corp_id: str, agent_id: int, secret: str) -> Credential:
    """By gettoken; each application of a corp has its own."""
    path = "/cgi-bin/gettoken"
    request = Request("GET", path, query={"corpid": corp_id, "corpsecret": secret}, repeatable=True)

    def fetch() -> Grant:
        budgets.take(path)
        return _grant(exchange.call(request).fields, path)

    return Credential(f"wecom:{corp_id}:{agent_id}", secret, fetch)


def _grant(fields: Mapping[str, Any], path: str) -> Grant:
    try:
        return Grant(token=str(fields["access_token"]), expires_in=float(fields["expires_in"]))
    except (KeyError, TypeError, ValueError):
        raise PlatformError(None, f"{path}: no token in the answer") from None
