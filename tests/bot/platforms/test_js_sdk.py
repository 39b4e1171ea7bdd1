"""The ticket for pages: fetched by whoever keeps it, read by the page, which never calls the platform."""

from __future__ import annotations

import pytest
from redis import Redis

from bot.clock import FixedClock
from bot.errors import Misconfigured
from bot.platforms import Platforms, token_store
from bot.platforms.js_sdk import SubscribeTag, sign
from tests.bot.platforms.conftest import platforms_at
from tests.bot.platforms.fake_platform import APP_ID, FakePlatform

TICKET = {"errcode": 0, "errmsg": "ok", "ticket": "JT_1", "expires_in": 7200}
PAGE = "https://shop.example/a/A7K2M9.signature"


@pytest.fixture
def keeper(platform: FakePlatform, clock: FixedClock, redis: Redis) -> Platforms:
    """The scheduler's side, which shares Redis with the web processes."""
    platform.script("/ticket/getticket", TICKET)
    return platforms_at(platform.base_url, clock, redis)


@pytest.fixture
def tag(redis: Redis) -> SubscribeTag:
    return SubscribeTag(APP_ID, "SUB_1", token_store(redis))


def test_the_signature_is_the_platforms_own_example() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    signature = sign(ticket, "http://mp.weixin.qq.com?params=value", 1414587457, "Wm3WZYTPz0wzccnW")
    assert signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_the_page_signs_with_the_ticket_that_the_scheduler_keeps(
    keeper: Platforms, tag: SubscribeTag, clock: FixedClock
) -> None:
    assert tag.on_page(PAGE, clock.now()) is None
    keeper.js_tickets.keep()
    shown = tag.on_page(PAGE + "#top", clock.now())
    assert shown is not None
    assert (shown.template_id, shown.app_id, shown.timestamp) == ("SUB_1", APP_ID, int(clock.now().timestamp()))
    assert shown.signature == sign("JT_1", PAGE, shown.timestamp, shown.nonce)
    assert "JT_1" not in repr(shown)


def test_each_page_has_a_nonce_of_its_own(keeper: Platforms, tag: SubscribeTag, clock: FixedClock) -> None:
    keeper.js_tickets.keep()
    pages = [tag.on_page(PAGE, clock.now()) for _ in range(2)]
    assert len({page.nonce for page in pages if page is not None}) == 2


def test_it_is_fetched_once_until_it_ends(keeper: Platforms, platform: FakePlatform, clock: FixedClock) -> None:
    for _ in range(3):
        keeper.js_tickets.keep()
    assert len(platform.calls_of("/ticket/getticket")) == 1
    clock.move(hours=2)
    keeper.js_tickets.keep()
    assert len(platform.calls_of("/ticket/getticket")) == 2
    assert platform.last.query["type"] == "jsapi"


def test_an_ended_ticket_signs_nothing(keeper: Platforms, tag: SubscribeTag, clock: FixedClock) -> None:
    keeper.js_tickets.keep()
    clock.move(hours=2)
    assert tag.on_page(PAGE, clock.now()) is None


def test_without_a_template_there_is_no_tag(keeper: Platforms, redis: Redis, clock: FixedClock) -> None:
    keeper.js_tickets.keep()
    assert SubscribeTag(APP_ID, "", token_store(redis)).on_page(PAGE, clock.now()) is None


def test_without_redis_the_page_simply_has_no_tag(clock: FixedClock) -> None:
    assert SubscribeTag(APP_ID, "SUB_1", token_store(None)).on_page(PAGE, clock.now()) is None


def test_an_account_without_the_right_is_not_asked_in_a_loop(
    platform: FakePlatform, clock: FixedClock, redis: Redis
) -> None:
    platform.script("/ticket/getticket", {"errcode": 48001, "errmsg": "api unauthorized rid: 1-2-3"})
    keeper = platforms_at(platform.base_url, clock, redis)
    for _ in range(5):
        with pytest.raises(Misconfigured):
            keeper.js_tickets.keep()
    assert len(platform.calls_of("/ticket/getticket")) == 1
