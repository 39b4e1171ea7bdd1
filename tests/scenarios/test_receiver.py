# ruff: noqa: E501 - a table of cases reads best with one case a line
"""What comes in is hostile: one short 403 for whatever is not the platform, nothing lost of what is."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from sqlalchemy import Engine, func, select

from bot.clock import FixedClock
from bot.crypto import Seal, signature_of
from crm import db
from crm.models import InboxRow
from tests.front_door import NONCE, OA, WECOM, Phone, Shop, open_shop, xml

VECTORS = json.loads((Path(__file__).parent.parent / "bot" / "crypto-vectors.json").read_text())["vectors"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def rows(shop: Shop) -> int:
    with db.reading(shop.parts.engine) as session:
        return session.scalar(select(func.count()).select_from(InboxRow)) or 0


def text(shop: Shop, words: str = "你好") -> str:
    return xml("oMei", "gh_1", int(shop.clock.now().timestamp()), "text", Content=words, MsgId=1)


def resealed(shop: Shop, plain: bytes) -> dict[str, Any]:
    """A correctly signed push around any plaintext, good or bad."""
    token, key, _ = OA
    raw = base64.b64decode(key + "=")
    ciphertext = base64.b64encode(Cipher(AES(raw), CBC(raw[:16])).encryptor().update(plain)).decode()
    timestamp = str(int(shop.clock.now().timestamp()))
    return {
        "msg_signature": signature_of(token, timestamp, NONCE, ciphertext),
        "timestamp": timestamp,
        "body": f"<xml><Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>",
    }


def padded(plain: bytes) -> bytes:
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


def layout(message: bytes, receiver: str = OA[2], length: int | None = None) -> bytes:
    size = len(message) if length is None else length
    return padded(b"r" * 16 + size.to_bytes(4, "big") + message + receiver.encode())


REFUSED = {
    "a wrong signature": lambda shop: {"msg_signature": "0" * 40},
    "no signature": lambda shop: {"msg_signature": None},
    "the signature of the query in place of the message's": lambda shop: {"msg_signature": shop.official_account.last.get("signature", "x")},
    "a timestamp of yesterday": lambda shop: stale(shop, -86400),
    "a timestamp of tomorrow": lambda shop: stale(shop, 86400),
    "a timestamp that is no number": lambda shop: {"timestamp": "17672256OO"},
    "a timestamp of eleven digits": lambda shop: {"timestamp": "01767225600"},
    "timestamp and nonce swapped": lambda shop: {"timestamp": NONCE, "nonce": str(int(shop.clock.now().timestamp()))},
    "a nonce with a sign in it": lambda shop: {"nonce": "13726;3149"},
    "an endless nonce": lambda shop: {"nonce": "1" * 65},
    "two nonces": lambda shop: {"nonce": [NONCE, "2"]},
    "plain XML": lambda shop: {"body": text(shop)},
    "no body": lambda shop: {"body": ""},
    "broken XML": lambda shop: {"body": "<xml><Encrypt>"},
    "a body over 64 KB": lambda shop: {"body": "<xml>" + "x" * 65536},
    "a ciphertext that is no base64": lambda shop: signed(shop, "!!!!"),
    "a ciphertext of broken blocks": lambda shop: signed(shop, base64.b64encode(b"x" * 48).decode()),
    "an empty ciphertext": lambda shop: signed(shop, ""),
    "wrong padding": lambda shop: resealed(shop, layout(text(shop).encode())[:-1] + b"\x21"),
    "padding whose bytes differ": lambda shop: resealed(shop, b"r" * 16 + b"\0\0\0\1" + b"x" + OA[2].encode()[:9] + b"\x01\x02"),
    "another receiver": lambda shop: resealed(shop, layout(text(shop).encode(), "wx_somebody_else")),
    "no receiver": lambda shop: resealed(shop, layout(text(shop).encode(), "")),
    "a length beyond the end": lambda shop: resealed(shop, layout(text(shop).encode(), length=100000)),
    "a plaintext too short for its head": lambda shop: resealed(shop, padded(b"r" * 10)),
}  # fmt: skip


def stale(shop: Shop, seconds: int) -> dict[str, Any]:
    token, key, receiver = OA
    at = datetime.fromtimestamp(shop.clock.now().timestamp() + seconds, tz=shop.clock.now().tzinfo)
    sealed = Seal(token, key, receiver).close(text(shop).encode(), NONCE, at)
    body = f"<xml><Encrypt>{sealed.ciphertext}</Encrypt></xml>"
    return {"msg_signature": sealed.signature, "timestamp": sealed.timestamp, "body": body}


def signed(shop: Shop, ciphertext: str) -> dict[str, Any]:
    timestamp = str(int(shop.clock.now().timestamp()))
    signature = signature_of(OA[0], timestamp, NONCE, ciphertext)
    body = f"<xml><Encrypt>{ciphertext}</Encrypt></xml>"
    return {"msg_signature": signature, "timestamp": timestamp, "body": body}


@pytest.mark.parametrize("fault", REFUSED)
def test_is_refused_with_one_short_403_and_no_row(shop: Shop, fault: str) -> None:
    shop.official_account.last = shop.official_account.push(text(shop))
    answer = shop.official_account.post(text(shop), **REFUSED[fault](shop))
    assert (answer.status_code, answer.data) == (403, b"forbidden")
    assert rows(shop) == 0


UNUSABLE = {
    "broken XML": b"<xml><MsgType>text",
    "a document type": b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><FromUserName>o</FromUserName><MsgType>text</MsgType></xml>',
    "an entity": b"<xml><FromUserName>&a;</FromUserName><MsgType>text</MsgType></xml>",
    "a deep nest": b"<xml>" + b"<a>" * 50 + b"</a>" * 50 + b"</xml>",
    "a thousand nodes": b"<xml>" + b"<a>1</a>" * 1000 + b"</xml>",
    "a control character": b"<xml><FromUserName>o</FromUserName><MsgType>te\x00xt</MsgType></xml>",
    "no sender": b"<xml><MsgType>text</MsgType><Content>x</Content></xml>",
    "a JSON list": b"[1, 2]",
    "JSON without end": b'{"a": {"a": {"a": ',
    "nothing": b"",
    "bytes that are no UTF-8": b"<xml><FromUserName>\xff\xfe</FromUserName></xml>",
    "a location that is no number": xml("o", "gh", 1, "location", Location_X="here", MsgId=5).encode(),
}


@pytest.mark.parametrize("fault", UNUSABLE)
def test_signed_but_unusable_is_kept_raw_and_acknowledged(shop: Shop, fault: str) -> None:
    answer = shop.official_account.post(UNUSABLE[fault])
    assert (answer.status_code, answer.data) == (200, b"")
    assert rows(shop) == 1
    shop.official_account.post(UNUSABLE[fault])
    assert rows(shop) == 1


STRANGE = [
    "]]>", "<b>粗</b>", "&amp;", "\u202e反的", "e\u0301" * 50, "👩‍👩‍👧‍👦" * 30, "{0.__class__}", "%s %n", "' OR 1=1 --", "=cmd()", "a" * 5000,
    "\u200b", "\ufffd", "１２３", "\u0000".replace("\u0000", ""), " " * 100, "\n\n\n",
]  # fmt: skip


@pytest.mark.parametrize("words", STRANGE)
def test_strange_words_are_text_and_get_an_answer(mei: Phone, words: str) -> None:
    assert mei.says(words) != ""


def test_a_reply_with_the_end_of_cdata_in_it_stays_whole(shop: Shop, lin: Phone) -> None:
    lin.says("备注 C ]]>")
    mei = shop.customer("oMei")
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    mei.says("]]> 怎么办 人工")
    mei.says("人工")
    assert "]]> 怎么办" in lin.says("接待")


def test_compatible_mode_is_accepted_and_its_clear_part_is_not_looked_at(shop: Shop) -> None:
    push = shop.official_account.push(text(shop, "退订"))
    body = push["body"].replace("<xml>", "<xml><FromUserName>oSomebody</FromUserName><Content>你好</Content>")
    answer = shop.official_account.post(text(shop, "退订"), body=body, **{k: v for k, v in push.items() if k != "body"})
    assert "不再给您发" in shop.official_account.opened(answer)


def test_json_is_read_like_xml(shop: Shop) -> None:
    inner = {
        "ToUserName": "gh",
        "FromUserName": "oJson",
        "CreateTime": 1,
        "MsgType": "text",
        "Content": "退订",
        "MsgId": 9,
    }
    push = shop.official_account.push(json.dumps(inner))
    body = json.dumps({"tousername": "gh", "encrypt": push["body"].split("CDATA[")[1].split("]")[0]})
    answer = shop.official_account.post("", **{**push, "body": body})
    assert "不再给您发" in shop.official_account.opened(answer)


def test_unpaired_surrogates_in_json_do_no_harm(shop: Shop) -> None:
    inner = '{"FromUserName": "o\\ud800", "MsgType": "text", "Content": "\\udfff\\u0000你好", "MsgId": 10}'
    assert shop.official_account.opened(shop.official_account.post(inner)) != ""


def test_plain_mode_is_for_development_only_and_answers_plainly(engine: Engine, clock: FixedClock) -> None:
    shop = open_shop(engine, clock, oa_mode="plain")
    push = shop.official_account.push("")
    query = {name: push[name] for name in ("signature", "timestamp", "nonce")}
    answer = shop.app.test_client().post("/webhooks/official-account", query_string=query, data=text(shop))
    assert "<MsgType><![CDATA[text]]>" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["official-account", "wecom"])
def test_the_url_check_answers_the_echo_and_nothing_else(shop: Shop, path: str) -> None:
    token, key, receiver = OA if path == "official-account" else WECOM
    now = shop.clock.now()
    timestamp = str(int(now.timestamp()))
    if path == "wecom":
        sealed = Seal(token, key, receiver).close(b"4402863312205098177", NONCE, now)
        query = {"msg_signature": sealed.signature, "echostr": sealed.ciphertext}
    else:
        query = {"signature": signature_of(token, timestamp, NONCE), "echostr": "4402863312205098177"}
    client = shop.app.test_client()
    url = f"/webhooks/{path}"
    good = client.get(url, query_string={**query, "timestamp": timestamp, "nonce": NONCE})
    assert (good.status_code, good.data) == (200, b"4402863312205098177")
    bad = client.get(url, query_string={**query, "timestamp": timestamp, "nonce": "other"})
    assert bad.status_code == 403


def test_an_echo_that_is_a_page_is_not_said_back(shop: Shop) -> None:
    timestamp = str(int(shop.clock.now().timestamp()))
    query = {"signature": signature_of(OA[0], timestamp, NONCE), "timestamp": timestamp, "nonce": NONCE}
    answer = shop.app.test_client().get("/webhooks/official-account", query_string={**query, "echostr": "<script>"})
    assert answer.status_code == 403


def vector(name: str) -> dict[str, str]:
    return next(vector for vector in VECTORS if vector["name"] == name)


def foreign_shop(engine: Engine, name: str, clock: FixedClock) -> tuple[Shop, dict[str, str]]:
    """A shop with the account of a vector that `@wecom/crypto` made, at the moment of its message."""
    made = vector(name)
    side = "oa" if name.startswith("oa") else "wecom"
    names = {"oa": "oa_app_id", "wecom": "wecom_corp_id"}
    values = {
        f"{side}_token": made["token"],
        f"{side}_aes_key": made["encoding_aes_key"],
        names[side]: made["receiveid"],
    }
    clock = FixedClock(datetime.fromtimestamp(int(made["timestamp"]), tz=clock.now().tzinfo))
    return open_shop(engine, clock, **values), made


def foreign_push(shop: Shop, made: dict[str, str], path: str) -> Any:
    query = {"msg_signature": made["signature"], "timestamp": made["timestamp"], "nonce": made["nonce"]}
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{made['ciphertext']}]]></Encrypt></xml>"
    return shop.app.test_client().post(path, query_string=query, data=body)


def test_a_message_encrypted_by_the_platforms_own_package_is_answered(engine: Engine, clock: FixedClock) -> None:
    shop, made = foreign_shop(engine, "oa_text_message", clock)
    answer = foreign_push(shop, made, "/webhooks/official-account")
    shop.official_account.account = (made["token"], made["encoding_aes_key"], made["receiveid"])
    assert shop.official_account.document(answer).findtext("ToUserName") == "oJewel_0001xyz"
    assert shop.official_account.opened(answer) != ""


def test_a_contact_event_encrypted_by_the_platforms_own_package_is_welcomed(engine: Engine, clock: FixedClock) -> None:
    shop, made = foreign_shop(engine, "wecom_add_external_contact", clock)
    assert foreign_push(shop, made, "/webhooks/wecom").data == b""
    assert "林悦" in shop.words_for("wmJewelExt000001")[0]


def test_the_url_check_of_the_platforms_own_package_passes(engine: Engine, clock: FixedClock) -> None:
    shop, made = foreign_shop(engine, "wecom_echostr", clock)
    query = {"msg_signature": made["signature"], "timestamp": made["timestamp"], "nonce": made["nonce"]}
    client = shop.app.test_client()
    for echo in (made["ciphertext"], made["ciphertext"].replace("+", " ")):
        assert client.get("/webhooks/wecom", query_string={**query, "echostr": echo}).data == made["plaintext"].encode()
