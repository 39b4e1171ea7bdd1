"""Access tokens: how long they live, which of them die together, and what a bad one is told."""

import pytest

from tests.sandbox.playing import DAY, HOUR, LINYUE, MINUTE, ZHOUYUN, Sandbox

CREDENTIALS = {"grant_type": "client_credential", "appid": "wx5a1b2c3d4e5f6071", "secret": "sandbox-oa-secret"}
CORP = {"corpid": "ww0123456789abcdef", "corpsecret": "sandbox-wecom-secret"}


def stable(sandbox: Sandbox, **more: object) -> dict:
    return sandbox.post("/oa/cgi-bin/stable_token", **{**CREDENTIALS, **more})


def plain(sandbox: Sandbox) -> dict:
    return sandbox.get("/oa/cgi-bin/token", **CREDENTIALS)


def gettoken(sandbox: Sandbox, **more: object) -> dict:
    return sandbox.get("/wecom/cgi-bin/gettoken", **{**CORP, **more})


def told(sandbox: Sandbox, token: str | None) -> int:
    """What a call of the official account with that token is told."""
    query = {} if token is None else {"access_token": token}
    return sandbox.get("/oa/cgi-bin/getcallbackip", **query).get("errcode", 0)


def test_the_stable_token_stays_the_same_and_counts_down(sandbox: Sandbox):
    first = stable(sandbox)
    assert first["expires_in"] == 7200
    sandbox.advance(HOUR)
    again = stable(sandbox)
    assert again["access_token"] == first["access_token"]
    assert 3590 <= again["expires_in"] <= 3600


def test_five_minutes_before_its_end_comes_a_new_one_and_both_work(sandbox: Sandbox):
    first = stable(sandbox)["access_token"]
    sandbox.advance(2 * HOUR - 4 * MINUTE)
    second = stable(sandbox)
    assert second["access_token"] != first
    assert second["expires_in"] == 7200
    assert [told(sandbox, first), told(sandbox, second["access_token"])] == [0, 0]
    sandbox.advance(4 * MINUTE)
    assert [told(sandbox, first), told(sandbox, second["access_token"])] == [42001, 0]


def test_a_forced_refresh_kills_the_old_one_at_once(sandbox: Sandbox):
    first = stable(sandbox)["access_token"]
    second = stable(sandbox, force_refresh=True)["access_token"]
    assert [told(sandbox, first), told(sandbox, second)] == [40001, 0]


def test_a_second_forced_refresh_within_30_seconds_changes_nothing(sandbox: Sandbox):
    first = stable(sandbox, force_refresh=True)["access_token"]
    assert stable(sandbox, force_refresh=True)["access_token"] == first
    sandbox.advance(31)
    assert stable(sandbox, force_refresh=True)["access_token"] != first


def test_twenty_forced_refreshes_a_day(sandbox: Sandbox):
    for _ in range(20):
        assert "access_token" in stable(sandbox, force_refresh=True)
        sandbox.advance(31)
    assert stable(sandbox, force_refresh=True)["errcode"] == 45009
    sandbox.advance(DAY)
    assert "access_token" in stable(sandbox, force_refresh=True)


def test_the_plain_token_is_new_each_time_and_the_old_one_fades(sandbox: Sandbox):
    first, second = plain(sandbox)["access_token"], plain(sandbox)["access_token"]
    assert first != second
    assert told(sandbox, first) == 0
    sandbox.advance(5 * MINUTE + 1)
    assert [told(sandbox, first), told(sandbox, second)] == [42001, 0]


def test_the_two_families_leave_each_other_alone(sandbox: Sandbox):
    old = plain(sandbox)["access_token"]
    stable(sandbox, force_refresh=True)
    kept = stable(sandbox)["access_token"]
    plain(sandbox)
    assert [told(sandbox, old), told(sandbox, kept)] == [0, 0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"appid": "wx_other"}, 40013),
        ({"appid": ""}, 41002),
        ({"secret": "wrong"}, 40125),
        ({"secret": ""}, 41004),
        ({"grant_type": "x"}, 40002),
    ],
)
def test_wrong_credentials(sandbox: Sandbox, change, code):
    assert stable(sandbox, **change)["errcode"] == code


@pytest.mark.parametrize(
    ("token", "code"), [(None, 41001), ("", 41001), ("short", 40014), ("with space " * 3, 40014), ("A" * 128, 40001)]
)
def test_bad_tokens(sandbox: Sandbox, token, code):
    assert told(sandbox, token) == code


def test_a_token_anywhere_but_in_the_query_is_not_seen(sandbox: Sandbox):
    token = stable(sandbox)["access_token"]
    body = {"access_token": token, "touser": ZHOUYUN, "msgtype": "text", "text": {"content": "x"}}
    answer = sandbox.client.post(
        "/oa/cgi-bin/message/custom/send", json=body, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.json["errcode"] == 41001


def test_a_token_is_good_on_its_own_platform_only(sandbox: Sandbox):
    wecom, official = gettoken(sandbox)["access_token"], stable(sandbox)["access_token"]
    assert told(sandbox, wecom) == 40001
    assert sandbox.get("/wecom/cgi-bin/getcallbackip", access_token=official)["errcode"] == 40014


def test_gettoken_gives_the_same_token_while_it_is_valid(sandbox: Sandbox):
    first = gettoken(sandbox)
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    sandbox.advance(2 * HOUR - 10)
    assert gettoken(sandbox)["access_token"] == first["access_token"]
    sandbox.advance(11)
    assert gettoken(sandbox)["access_token"] != first["access_token"]
    expired = sandbox.get("/wecom/cgi-bin/getcallbackip", access_token=first["access_token"])
    assert expired["errcode"] == 42001


def test_missing_and_wrong_corporate_credentials(sandbox: Sandbox):
    assert gettoken(sandbox, corpid="ww_other")["errcode"] == 40013
    assert gettoken(sandbox, corpsecret="")["errcode"] == 41004
    assert gettoken(sandbox, corpsecret="wrong")["errcode"] == 40001


def test_five_wrong_secrets_block_the_address_for_an_hour(sandbox: Sandbox):
    for _ in range(5):
        assert gettoken(sandbox, corpsecret="wrong")["errcode"] == 40001
    assert gettoken(sandbox)["errcode"] == 45009
    sandbox.advance(HOUR + 1)
    assert gettoken(sandbox)["errcode"] == 0


def test_a_right_secret_clears_the_count(sandbox: Sandbox):
    for _ in range(3):
        gettoken(sandbox, corpsecret="wrong")
        gettoken(sandbox, corpsecret="wrong")
        assert gettoken(sandbox)["errcode"] == 0


@pytest.mark.parametrize(("surface", "code"), [("oa", 40001), ("wecom", 40014)])
def test_a_revoked_token_is_dead_and_the_next_one_is_new(sandbox: Sandbox, surface, code):
    token = sandbox.token(surface)
    sandbox.post("/control/switches", revoke_token=surface)
    assert sandbox.get(f"/{surface}/cgi-bin/getcallbackip", access_token=token)["errcode"] == code
    assert sandbox.token(surface) != token


def test_a_bad_token_empties_the_list_fields(sandbox: Sandbox):
    answer = sandbox.get("/wecom/cgi-bin/externalcontact/list", access_token="A" * 40, userid=LINYUE)
    assert (answer["errcode"], answer["external_userid"]) == (40014, [])
