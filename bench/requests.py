"""Really signed and encrypted pushes as raw HTTP, made before the clock starts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.crypto import Seal, signature_of
from settings import SANDBOX

TOKEN, KEY, APP = (str(SANDBOX[name]) for name in ("oa_token", "oa_aes_key", "oa_app_id"))
# What the search in the knowledge base is not needed for, so that the path itself is seen.
COURTESIES = ("你好", "谢谢", "在吗", "早上好", "好的谢谢")
QUESTIONS = (
    "珍珠项链能碰水吗",
    "黄金手镯变暗了怎么办",
    "戒指可以改小吗",
    "银镯子发黑怎么洗",
    "钻戒多久保养一次",
    "翡翠可以晒太阳吗",
    "古法金和普通足金有什么区别",
    "18K金会褪色吗",
    "铂金戒指怎么保养",
    "祖母绿能用超声波洗吗",
    "硬金能戴着睡觉吗",
    "玉镯怎么量圈口",
    "今天天气怎么样",
)
PEOPLE = 200


def pushes(count: int, first: int = 1, words: Sequence[str] = QUESTIONS) -> list[bytes]:
    """So many text messages of so many people, each with its own MsgId, ready for a keep-alive socket."""
    seal, now = Seal(TOKEN, KEY, APP), datetime.now(UTC)
    choose = random.Random(first)
    return [_push(seal, now, first + number, choose.choice(words), choose) for number in range(count)]


def _push(seal: Seal, now: datetime, number: int, words: str, choose: random.Random) -> bytes:
    person = choose.randrange(PEOPLE)
    inner = (
        f"<xml><ToUserName><![CDATA[gh_1a2b3c4d5e6f]]></ToUserName><FromUserName><![CDATA[oBench_{person:06d}]]>"
        f"</FromUserName><CreateTime>{int(now.timestamp())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{words}]]></Content><MsgId>{number}</MsgId></xml>"
    )
    nonce = str(choose.randrange(10**9, 10**10))
    sealed = seal.close(inner.encode(), nonce, now)
    plain = signature_of(TOKEN, sealed.timestamp, nonce)
    query = (
        f"signature={plain}&timestamp={sealed.timestamp}&nonce={nonce}"
        f"&encrypt_type=aes&msg_signature={sealed.signature}"
    )
    envelope = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{sealed.ciphertext}]]></Encrypt></xml>"
    body = envelope.encode()
    head = f"POST /webhooks/official-account?{query} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
