"""What every call passes before its own work: method, body, faults, quotas, error style, the log."""

import re

import pytest

from tests.sandbox.playing import DAY, LINYUE, ZHOUYUN, Sandbox


def test_error_messages_look_like_those_of_each_platform(sandbox: Sandbox):
    official = sandbox.get("/oa/cgi-bin/getcallbackip")["errmsg"]
    assert re.fullmatch(r"access_token missing rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}", official)
    wecom = sandbox.get("/wecom/cgi-bin/getcallbackip")["errmsg"]
    assert re.match(r"access_token missing, hint: \[\d+\], from ip: 127.0.0.1, more info at https://\S+e=41001", wecom)


def test_unknown_paths(sandbox: Sandbox):
    assert sandbox.client.get("/wecom/cgi-bin/no/such").status_code == 404
    assert sandbox.get("/oa/cgi-bin/no/such")["errcode"] == 40066


def test_the_wrong_method(sandbox: Sandbox):
    assert sandbox.get("/oa/cgi-bin/message/custom/send")["errcode"] == 43002
    assert sandbox.post("/wecom/cgi-bin/user/get")["errcode"] == 43001


@pytest.mark.parametrize(("body", "code"), [(b"", 44002), (b"{broken", 47001), (b"[1]", 47001), (b"\xff\xfe", 47001)])
def test_bodies_that_are_no_json_object(sandbox: Sandbox, body, code):
    url = f"/oa/cgi-bin/message/custom/send?access_token={sandbox.token('oa')}"
    assert sandbox.client.post(url, data=body).json["errcode"] == code


def test_json_is_read_whatever_the_content_type_says(sandbox: Sandbox):
    sandbox.act("oa", ZHOUYUN, "text", content="在吗")
    url = f"/oa/cgi-bin/message/custom/send?access_token={sandbox.token('oa')}"
    body = '{"touser":"oShop_zhouyun","msgtype":"text","text":{"content":"您好"}}'.encode()
    answer = sandbox.client.post(url, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.json["errcode"] == 0
    assert answer.content_type == "application/json; encoding=utf-8"


@pytest.mark.parametrize(("switch", "code"), [("busy", -1), ("rate_limited", 45011)])
def test_the_next_calls_fail_and_then_it_is_over(sandbox: Sandbox, switch, code):
    sandbox.switch(**{switch: 2})
    codes = [sandbox.tell_member(LINYUE)["errcode"] for _ in range(3)]
    assert codes == [code, code, 0]
    assert len(sandbox.chat("wecom", LINYUE)) == 1


def test_the_proxy_breaks_down(sandbox: Sandbox):
    sandbox.switch(http_502=1)
    token = sandbox.token("oa")
    assert sandbox.client.get(f"/oa/cgi-bin/getcallbackip?access_token={token}").status_code == 502
    assert sandbox.client.get(f"/oa/cgi-bin/getcallbackip?access_token={token}").status_code == 200


def test_every_token_is_bad(sandbox: Sandbox):
    sandbox.switch(token_always_bad=True)
    assert sandbox.ask("oa", "getcallbackip")["errcode"] == 40001
    sandbox.switch(token_always_bad=False)
    assert "ip_list" in sandbox.ask("oa", "getcallbackip")


def test_an_address_that_is_not_trusted(sandbox: Sandbox):
    token = sandbox.token("wecom")
    sandbox.switch(untrusted_ip=True)
    assert sandbox.get("/wecom/cgi-bin/getcallbackip", access_token=token)["errcode"] == 60020
    assert "ip_list" in sandbox.ask("oa", "getcallbackip")


def test_slow_calls_still_work(sandbox: Sandbox):
    sandbox.switch(slow_ms=30)
    assert "ip_list" in sandbox.ask("oa", "getcallbackip")
    assert sandbox.get("/control/calls")["calls"][-1]["ms"] >= 30


def test_daily_quotas_end_at_midnight(sandbox: Sandbox):
    sandbox.post("/clock", now="2026-12-08T10:00:00+08:00")
    token = sandbox.token("oa")
    answers = [sandbox.get("/oa/cgi-bin/user/get", access_token=token) for _ in range(501)]
    assert "errcode" not in answers[499]
    assert answers[500]["errcode"] == 45009
    sandbox.advance(DAY)
    assert "total" in sandbox.ask("oa", "user/get")


def test_the_log_names_the_call_and_no_secret(sandbox: Sandbox):
    sandbox.tell(ZHOUYUN, "秘密")
    token = sandbox.token("oa")
    sandbox.get("/wecom/cgi-bin/gettoken", corpid="ww0123456789abcdef", corpsecret="sandbox-wecom-secret")
    sandbox.ask("oa", "user/info", openid=ZHOUYUN)
    calls = sandbox.get("/control/calls", after=0)["calls"]
    sent = next(call for call in calls if call["path"].endswith("custom/send"))
    assert (sent["direction"], sent["surface"], sent["errcode"]) == ("in", "oa", 45015)
    assert ZHOUYUN in sent["detail"]
    everything = str(calls)
    assert token not in everything
    assert "sandbox-oa-secret" not in everything
    assert "sandbox-wecom-secret" not in everything


def test_the_log_can_be_read_from_where_one_stopped(sandbox: Sandbox):
    sandbox.token("oa")
    last = sandbox.get("/control/calls")["calls"][-1]["id"]
    sandbox.ask("oa", "getcallbackip")
    assert [call["path"] for call in sandbox.get("/control/calls", after=last + 1)["calls"]] == [
        "/cgi-bin/getcallbackip"
    ]
