"""One fetch for everybody, one retry for a refused token, and never a loop."""

from __future__ import annotations

import multiprocessing
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from redis import Redis

from bot.clock import FixedClock, SystemClock
from bot.errors import Busy, Misconfigured, NotSent, PlatformError, RateLimited, TokenRejected
from bot.messages import Text
from bot.platforms import Platforms, tokens
from bot.platforms.token_stores import LocalTokenStore, RedisTokenStore, ResilientTokenStore
from bot.platforms.tokens import Credential, Failure, Grant, Held, TokenService, TokenStore
from tests.bot.platforms.conftest import BreakableRedis, platforms_at, redis_client
from tests.bot.platforms.fake_platform import APP_SECRET, CORP_SECRET, FakePlatform, Raw, Reset

HELLO = Text("您好")
EVERYBODY = 16


def send(platforms: Platforms) -> None:
    platforms.official_account.send("oJewel_1", HELLO)


def at_the_same_moment(work: Callable[[], None], times: int = EVERYBODY) -> list[Exception]:
    """Run it in as many threads at once; the errors."""
    gate, errors = threading.Barrier(times), []

    def run() -> None:
        gate.wait()
        try:
            work()
        except PlatformError as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def one_process(base_url: str, redis_url: str, gate: threading.Barrier, calls: int) -> None:
    platforms = platforms_at(base_url, SystemClock(), redis_client(redis_url))
    gate.wait(60)
    for _ in range(calls):
        send(platforms)


def sixteen_processes(platform: FakePlatform, redis_url: str, calls: int = 1) -> list[int | None]:
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(EVERYBODY)
    arguments = (platform.base_url, redis_url, gate, calls)
    processes = [context.Process(target=one_process, args=arguments) for _ in range(EVERYBODY)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]


def test_sixteen_processes_that_start_together_fetch_one_token(platform: FakePlatform, redis_url: str):
    platform.token_pause = 0.2
    assert sixteen_processes(platform, redis_url) == [0] * EVERYBODY
    assert platform.token_fetches == 1
    assert len(platform.other_calls) == EVERYBODY


def test_sixteen_processes_whose_token_is_refused_fetch_one_new_token(platform: FakePlatform, redis_url: str):
    send(platforms_at(platform.base_url, SystemClock(), redis_client(redis_url)))
    platform.calls.clear()
    platform.revoke_token()
    platform.token_pause = 0.2
    assert sixteen_processes(platform, redis_url, calls=3) == [0] * EVERYBODY
    assert platform.token_fetches == 1
    assert len(platform.other_calls) <= 4 * EVERYBODY, "at most one retry per process, for its first call"


def test_sixteen_threads_without_redis_fetch_one_token(platform: FakePlatform, platforms: Platforms):
    platform.token_pause = 0.1
    assert at_the_same_moment(lambda: send(platforms)) == []
    assert platform.token_fetches == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_token_costs_one_fetch_and_one_retry(platform: FakePlatform, platforms: Platforms, code: int):
    send(platforms)
    platform.bad_token_code = code
    platform.revoke_token()
    platform.calls.clear()
    send(platforms)
    assert [call.path for call in platform.calls] == [
        "/cgi-bin/message/custom/send",
        "/cgi-bin/stable_token",
        "/cgi-bin/message/custom/send",
    ]


def test_a_storm_of_refusals_costs_one_fetch(platform: FakePlatform, platforms: Platforms):
    send(platforms)
    platform.revoke_token()
    platform.token_pause = 0.1
    platform.calls.clear()
    assert at_the_same_moment(lambda: send(platforms)) == []
    assert platform.token_fetches == 1
    assert len(platform.other_calls) <= 2 * EVERYBODY


def test_a_platform_that_refuses_every_token_never_causes_a_loop(platform: FakePlatform, platforms: Platforms):
    platform.token_always_bad = True
    errors = [error for _ in range(5) for error in at_the_same_moment(lambda: send(platforms), 4)]
    assert [type(error) for error in errors] == [TokenRejected] * 20
    assert platform.token_fetches == 2, "the first one and one more, not one per call"
    assert len(platform.other_calls) == 40, "each call once, and once again"


def test_after_the_pause_a_refused_token_is_replaced_again(
    platform: FakePlatform, platforms: Platforms, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tokens, "REJECTION_PAUSE_SECONDS", 0.2)
    for _ in range(3):
        platform.revoke_token()
        time.sleep(0.25)
        send(platforms)
    assert platform.token_fetches == 3


def test_a_token_is_replaced_before_it_ends(platform: FakePlatform, platforms: Platforms, clock: FixedClock):
    send(platforms)
    clock.move(seconds=7200 - tokens.EARLY_SECONDS - 1)
    send(platforms)
    assert platform.token_fetches == 1
    clock.move(seconds=2)
    send(platforms)
    assert platform.token_fetches == 2


def test_a_token_with_little_life_left_is_not_fetched_for_each_call(platform: FakePlatform, platforms: Platforms):
    platform.token_seconds = 20
    for _ in range(3):
        send(platforms)
    assert platform.token_fetches == 1


@pytest.mark.parametrize("code", [40001, 40125, 40013, 40243, 40164, 60020])
def test_a_wrong_secret_or_address_is_tried_once_by_all(
    platform: FakePlatform, redis_url: str, clock: FixedClock, code: int
):
    platform.script("/gettoken", {"errcode": code, "errmsg": "no, hint: [1], from ip: 10.0.0.9"})
    several = [platforms_at(platform.base_url, clock, redis_client(redis_url)) for _ in range(3)]
    for platforms in several:
        for _ in range(3):
            with pytest.raises(Misconfigured) as raised:
                platforms.wecom.send(["lin.yue"], HELLO)
            assert raised.value.errcode == code
            assert "from ip: 10.0.0.9" in raised.value.message
    assert platform.token_fetches == 1


def test_a_wrong_secret_stays_known_when_redis_is_emptied(platform: FakePlatform, redis: Redis, clock: FixedClock):
    platforms = platforms_at(platform.base_url, clock, redis, wecom_secret="mistyped")
    for _ in range(3):
        with pytest.raises(Misconfigured):
            platforms.wecom.departments()
        redis.flushdb()
    assert platform.token_fetches == 1


def test_a_mended_secret_works_at_once(platform: FakePlatform, redis: Redis, clock: FixedClock):
    with pytest.raises(Misconfigured):
        platforms_at(platform.base_url, clock, redis, wecom_secret="mistyped").wecom.departments()
    assert platforms_at(platform.base_url, clock, redis).wecom.departments() == ()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reset(), Busy),
        (Raw(b"", 502), Busy),
        ({"errcode": -1}, Busy),
        ({"errcode": 45009}, RateLimited),
        ({"errcode": 0, "access_token": "T"}, PlatformError),
    ],
)
def test_a_failed_fetch_means_that_nothing_was_sent(
    platform: FakePlatform, platforms: Platforms, answer: object, error: type[PlatformError]
):
    platform.script("/stable_token", answer)
    with pytest.raises(PlatformError) as raised:
        send(platforms)
    assert type(raised.value) is error
    assert platform.other_calls == []


def test_those_who_wait_for_a_failing_fetch_share_its_failure(platform: FakePlatform, platforms: Platforms):
    platform.script("/stable_token", {"errcode": -1, "errmsg": "busy"})
    errors = at_the_same_moment(lambda: send(platforms))
    assert [type(error) for error in errors] == [Busy] * EVERYBODY
    assert platform.token_fetches == 1


def test_a_platform_that_is_away_for_the_fetch_is_asked_again_soon(
    platform: FakePlatform, platforms: Platforms, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tokens, "FAILED_FETCH_SECONDS", 0.1)
    platform.script("/stable_token", {"errcode": -1}, {"access_token": platform.token, "expires_in": 7200})
    with pytest.raises(Busy):
        send(platforms)
    time.sleep(0.15)
    send(platforms)


def test_who_gets_the_lock_late_uses_the_token_that_another_one_fetched(clock: FixedClock):
    class Overtaken(LocalTokenStore):
        def lock(self, app: str, owner: str, seconds: float) -> bool:
            self.keep(app, Held("fetched by another", TOMORROW), 60)
            return super().lock(app, owner, seconds)

    def fetch() -> Grant:
        raise AssertionError("a second fetch")

    service = TokenService(Overtaken(), clock, [Credential("app", "secret", fetch)])
    assert service.token("app") == "fetched by another"


def test_a_process_that_dies_while_fetching_does_not_stop_the_others(
    platform: FakePlatform, redis: Redis, clock: FixedClock
):
    dead = RedisTokenStore(redis)
    assert dead.lock("oa:wx5a1b2c3d4e5f6071", "a dead process", 0.3)
    send(platforms_at(platform.base_url, clock, redis))
    assert platform.token_fetches == 1


def test_a_fetch_that_never_comes_ends_the_wait(
    redis: Redis, platform: FakePlatform, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.2)
    RedisTokenStore(redis).lock("oa:wx5a1b2c3d4e5f6071", "somebody slow", 30)
    with pytest.raises(Busy):
        send(platforms_at(platform.base_url, clock, redis))
    assert platform.calls == []


def test_neither_token_nor_secret_stands_in_a_key_of_redis(platform: FakePlatform, redis: Redis, clock: FixedClock):
    platforms = platforms_at(platform.base_url, clock, redis)
    send(platforms)
    platforms.wecom.departments()
    with pytest.raises(Misconfigured):
        platforms_at(platform.base_url, clock, redis, wecom_agent_id=7, wecom_secret="mistyped").wecom.departments()
    keys = " ".join(key.decode() for key in redis.keys("*"))
    assert "wx5a1b2c3d4e5f6071" in keys
    assert not any(secret in keys for secret in (platform.token, APP_SECRET, CORP_SECRET, "mistyped"))


def test_fetches_are_counted(platform: FakePlatform, clock: FixedClock):
    seen: list[tuple[str, str]] = []
    platforms = platforms_at(
        platform.base_url, clock, on_token_fetch=lambda app, outcome: seen.append((app, outcome)), wecom_secret="wrong"
    )
    send(platforms)
    with pytest.raises(Misconfigured):
        platforms.wecom.departments()
    assert seen == [("oa:wx5a1b2c3d4e5f6071", "ok"), ("wecom:ww0123456789abcdef:1000002", "Misconfigured")]


def test_without_redis_calls_go_on(platform: FakePlatform, clock: FixedClock, breakable_redis: BreakableRedis):
    platforms = platforms_at(platform.base_url, clock, redis_client(breakable_redis.url))
    send(platforms)
    breakable_redis.stop()
    assert at_the_same_moment(lambda: send(platforms), 4) == []
    assert platform.token_fetches == 2, "one more for this process alone"


def test_redis_that_starts_empty_again_costs_one_fetch(
    platform: FakePlatform, clock: FixedClock, breakable_redis: BreakableRedis
):
    platforms = platforms_at(platform.base_url, clock, redis_client(breakable_redis.url))
    send(platforms)
    breakable_redis.stop()
    breakable_redis.start()
    for _ in range(3):
        send(platforms)
    assert platform.token_fetches == 2


def test_with_read_only_redis_calls_go_on(platform: FakePlatform, clock: FixedClock, breakable_redis: BreakableRedis):
    platforms = platforms_at(platform.base_url, clock, redis_client(breakable_redis.url))
    breakable_redis.read_only()
    assert at_the_same_moment(lambda: send(platforms), 4) == []
    assert platform.token_fetches == 1


def test_read_only_redis_that_holds_a_dead_token_stops_nothing(
    platform: FakePlatform, clock: FixedClock, breakable_redis: BreakableRedis
):
    platforms = platforms_at(platform.base_url, clock, redis_client(breakable_redis.url))
    send(platforms)
    breakable_redis.read_only()
    platform.revoke_token()
    for _ in range(3):
        send(platforms)
    assert platform.token_fetches == 2


FAILURE = Failure("Misconfigured", 40001, "wrong", "fingerprint")
TOMORROW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(params=["redis", "local", "resilient", "redis with decoded answers"])
def store(request: pytest.FixtureRequest, redis_url: str) -> TokenStore:
    if request.param == "local":
        return LocalTokenStore()
    decoded = request.param.endswith("answers")
    shared = RedisTokenStore(Redis.from_url(redis_url, decode_responses=decoded))
    return ResilientTokenStore(shared, LocalTokenStore()) if request.param == "resilient" else shared


class TestEveryStore:
    def test_holds_a_token_until_its_time_is_over(self, store: TokenStore):
        store.keep("app", Held("T1", TOMORROW), 0.1)
        assert store.held("app") == Held("T1", TOMORROW)
        assert store.held("another app") is None
        time.sleep(0.12)
        assert store.held("app") is None

    def test_drops_only_the_token_that_was_refused(self, store: TokenStore):
        store.keep("app", Held("T2", TOMORROW), 60)
        assert not store.drop("app", "T1", 60)
        assert store.held("app") == Held("T2", TOMORROW)
        assert store.drop("app", "T2", 60)
        assert store.held("app") is None

    def test_drops_one_token_in_the_pause(self, store: TokenStore):
        store.keep("app", Held("T1", TOMORROW), 60)
        assert store.drop("app", "T1", 0.1)
        store.keep("app", Held("T1", TOMORROW), 60)
        assert not store.drop("app", "T1", 0.1)
        time.sleep(0.12)
        assert store.drop("app", "T1", 0.1)

    def test_gives_the_lock_to_one_owner(self, store: TokenStore):
        assert store.lock("app", "first", 60)
        assert not store.lock("app", "second", 60)
        store.unlock("app", "second")
        assert not store.lock("app", "second", 60), "a stranger cannot open it"
        store.unlock("app", "first")
        assert store.lock("app", "second", 60)

    def test_takes_the_lock_from_a_dead_owner(self, store: TokenStore):
        assert store.lock("app", "dead", 0.1)
        time.sleep(0.12)
        assert store.lock("app", "alive", 60)

    def test_remembers_a_failure_for_a_while(self, store: TokenStore):
        store.remember("app", FAILURE, 0.1)
        assert store.failure("app") == FAILURE
        assert store.failure("another app") is None
        time.sleep(0.12)
        assert store.failure("app") is None


def test_a_fetch_that_was_not_even_sent_is_not_sent(clock: FixedClock):
    with pytest.raises(NotSent):
        platforms_at("http://127.0.0.1:1", clock).kf.accounts()


def test_a_failed_fetch_does_not_tell_the_secret_of_its_address(clock: FixedClock):
    with pytest.raises(NotSent) as raised:
        platforms_at("http://127.0.0.1:1", clock).wecom.departments()
    told = "".join(traceback.format_exception(raised.value))
    origin = raised.value.__cause__
    assert "gettoken" in told
    assert CORP_SECRET not in told
    assert origin is not None
    assert origin.__context__ is None, "the library's error, which holds the address, is not kept"
