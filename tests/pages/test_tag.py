"""WeChat's own tag on the page: only inside WeChat, only with a ticket, and the page stays closed otherwise."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from assembly import links_of, shop_facts
from bot.platforms.js_sdk import SubscribeTag, sign, ticket_app
from bot.platforms.token_stores import LocalTokenStore
from bot.platforms.tokens import Held
from pages.blueprint import blueprint
from pages.desk import PageDesk
from tests.front_door import Shop
from tests.pages.visitor import Visitor
from wording import say

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.50 Language/zh_CN"}


@pytest.fixture
def store() -> LocalTokenStore:
    return LocalTokenStore()


@pytest.fixture
def app(shop: Shop, store: LocalTokenStore) -> Flask:
    parts = shop.parts
    tag = SubscribeTag("wxapp", "SUB_1", store)
    facts, links = shop_facts(parts), links_of(parts.settings)
    app = Flask("pages alone")
    desk = PageDesk(parts.engine, parts.sessions, shop.clock, links, say, facts, "corp", tag, lambda ids: None)
    app.register_blueprint(blueprint(desk))
    return app


def keep_ticket(shop: Shop, store: LocalTokenStore) -> None:
    store.keep(ticket_app("wxapp"), Held("TICKET", shop.clock.now() + timedelta(hours=2)), 7200)


def test_inside_wechat_she_may_allow_one_reminder(
    shop: Shop, app: Flask, store: LocalTokenStore, visitor: Visitor
) -> None:
    keep_ticket(shop, store)
    answer = app.test_client().get(visitor.address, headers=WECHAT)
    assert '<wx-open-subscribe template="SUB_1">' in answer.text
    given = dict(re.findall(r'data-([a-z-]+)="([^"]*)"', answer.text))
    link = visitor.links.appointment(visitor.number)
    assert given["signature"] == sign("TICKET", link, int(given["timestamp"]), given["nonce"])
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' https://res.wx.qq.com;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "TICKET" not in answer.text


@pytest.mark.parametrize("browser", [{}, {"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}])
def test_elsewhere_the_page_has_no_script(
    shop: Shop, app: Flask, store: LocalTokenStore, visitor: Visitor, browser: dict[str, str]
) -> None:
    keep_ticket(shop, store)
    answer = app.test_client().get(visitor.address, headers=browser)
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("more", ["?note=moved", "?x=1", "/times", "/cancel"])
def test_only_the_bare_page_that_the_signature_is_for_has_it(
    shop: Shop, app: Flask, store: LocalTokenStore, visitor: Visitor, more: str
) -> None:
    keep_ticket(shop, store)
    assert "<script" not in app.test_client().get(visitor.address + more, headers=WECHAT).text


def test_without_a_ticket_or_for_a_visit_that_is_over_there_is_none(
    shop: Shop, app: Flask, store: LocalTokenStore, visitor: Visitor
) -> None:
    assert "<script" not in app.test_client().get(visitor.address, headers=WECHAT).text
    keep_ticket(shop, store)
    visitor.cancels()
    assert "<script" not in app.test_client().get(visitor.address, headers=WECHAT).text
