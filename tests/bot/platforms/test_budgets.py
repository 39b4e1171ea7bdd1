"""A call over the limit is not made; no window of time ever sees more calls than allowed."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from bot.clock import FixedClock
from bot.errors import RateLimited
from bot.messages import Text
from bot.platforms import Platforms
from bot.platforms.budgets import (
    OFFICIAL_ACCOUNT_RULES,
    WECOM_RULES,
    Budgets,
    Limit,
    LocalBuckets,
    RedisBuckets,
    Rule,
)
from tests.bot.platforms.conftest import BreakableRedis, platforms_at, redis_client
from tests.bot.platforms.fake_platform import FakePlatform

THREE = {"/api": Rule(account=(Limit(calls=6, seconds=3600, burst=3),))}
FEW_PER_MEMBER = {"/api": Rule(member=(Limit(calls=4, seconds=3600, burst=2),))}


@pytest.fixture(params=["redis", "local"])
def budgets_of(request: pytest.FixtureRequest, redis: Redis) -> Callable[[dict[str, Rule]], Budgets]:
    return lambda rules: Budgets("corp", rules, redis if request.param == "redis" else None)


def test_a_burst_passes_and_the_next_call_is_told_how_long_to_wait(budgets_of: Callable[..., Budgets]):
    budgets = budgets_of(THREE)
    for _ in range(3):
        budgets.take("/api")
    with pytest.raises(RateLimited) as raised:
        budgets.take("/api")
    assert raised.value.errcode is None
    assert 1190 < raised.value.wait_seconds <= 1200, "three in an hour come back: one in 1,200 s"


def test_an_api_without_a_rule_is_free(budgets_of: Callable[..., Budgets]):
    budgets = budgets_of(THREE)
    for _ in range(10):
        budgets.take("/another")


def test_one_members_flood_leaves_the_others_alone(budgets_of: Callable[..., Budgets]):
    budgets = budgets_of(FEW_PER_MEMBER)
    for _ in range(2):
        budgets.take("/api", ["lin.yue"])
    with pytest.raises(RateLimited):
        budgets.take("/api", ["chen.jing", "lin.yue"])
    for _ in range(2):
        budgets.take("/api", ["chen.jing"])  # the refused call took nothing from her


def test_two_processes_share_a_budget_through_redis(redis: Redis):
    one, other = (Budgets("corp", THREE, redis) for _ in range(2))
    one.take("/api")
    one.take("/api")
    other.take("/api")
    with pytest.raises(RateLimited):
        other.take("/api")
    Budgets("another corp", THREE, redis).take("/api")


def test_a_bucket_in_redis_fills_again_and_then_goes_away(redis: Redis):
    fast = Limit(calls=12, seconds=1, burst=2)  # ten a second
    buckets = RedisBuckets(redis)
    assert [buckets.take([("b", fast)]) for _ in range(2)] == [0, 0]
    wait = buckets.take([("b", fast)])
    assert 0 < wait <= 0.1
    key = redis.keys("*b*")[0]
    assert 0 < redis.pttl(key) <= 1200


def test_without_redis_each_process_keeps_its_own(breakable_redis: BreakableRedis):
    budgets = Budgets("corp", THREE, redis_client(breakable_redis.url))
    budgets.take("/api")
    breakable_redis.stop()
    for _ in range(3):
        budgets.take("/api")
    with pytest.raises(RateLimited):
        budgets.take("/api")


@given(
    calls=st.integers(2, 40),
    burst=st.integers(1, 39),
    pauses=st.lists(st.floats(0, 20), min_size=1, max_size=200),
)
def test_no_window_sees_more_calls_than_the_limit(calls: int, burst: int, pauses: list[float]):
    limit = Limit(calls, 60, min(burst, calls - 1))
    moment = [0.0]
    buckets, made = LocalBuckets(lambda: moment[0]), []
    for pause in pauses:
        moment[0] += pause
        for _ in range(3):
            if buckets.take([("b", limit)]) == 0:
                made.append(moment[0])
    for start in made:
        assert sum(start <= at < start + limit.seconds - 1e-6 for at in made) <= limit.calls


def test_both_kinds_of_bucket_count_the_same(redis: Redis):
    limit = Limit(calls=20, seconds=3600, burst=10)
    shared, local = RedisBuckets(redis), LocalBuckets()
    names = random.Random(26).choices("abc", k=60)
    answers = [(shared.take([(n, limit)]) == 0, local.take([(n, limit)]) == 0) for n in names]
    assert all(one == other for one, other in answers)
    assert sum(taken for taken, _ in answers) == 30


@pytest.mark.parametrize("rules", [WECOM_RULES, OFFICIAL_ACCOUNT_RULES])
def test_every_limit_of_the_tables_can_be_kept(rules: dict[str, Rule]):
    for rule in rules.values():
        for limit in (*rule.account, *rule.member):
            assert 1 <= limit.burst < limit.calls


def test_wecoms_silent_limit_per_member_is_refused_before_the_call(platform: FakePlatform, platforms: Platforms):
    for number in range(15):
        platforms.wecom.send(["lin.yue"], Text(f"第 {number} 条"))
    with pytest.raises(RateLimited) as raised:
        platforms.wecom.send(["lin.yue"], Text("第 16 条"))
    assert len(platform.calls_of("/message/send")) == 15
    assert 0 < raised.value.wait_seconds <= 4, "15 more come back in the minute"


def test_a_message_to_a_thousand_members_takes_from_each(platform: FakePlatform, redis: Redis, clock: FixedClock):
    platforms = platforms_at(platform.base_url, clock, redis)
    everybody = [f"member{number}" for number in range(1000)]
    platforms.wecom.send(everybody, Text("晨会"))
    for _ in range(14):
        platforms.wecom.send(everybody[:1], Text("你的"))
    with pytest.raises(RateLimited):
        platforms.wecom.send(everybody[:1], Text("你的"))
