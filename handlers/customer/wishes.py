"""What a customer asks for in so many words: no more marketing, marketing again, a person.

Each wish is matched against the whole message. A wrongly heard "stop" costs the shop a customer who
wanted to hear from it, a missed one costs trust: what could mean something else is not taken as a
wish here, it is asked about or answered like any other sentence.
"""

from __future__ import annotations

import re

from opencc import OpenCC

from bot.router import Filter
from handlers.filters import when

_simplified = OpenCC("t2s")
_SPACES = re.compile(r"[\s\W_]+")

# What marketing is called, and who it comes from.
_WHAT = r"(?:任何|所有|全部|你们的?|你家的?|这些|这种|这个|那些|营销|活动|优惠|促销|推广|广告|垃圾|会员日|的)*"
_NOUN = r"(?:消息|信息|讯息|短信|推送|通知|广告|活动|内容|营销|推销|订阅)"
_BEFORE = (
    r"(?:你好|您好|你们|麻烦|拜托|请|帮我|给我|我要|我想|我|想要|以后|今后|从现在起|立即|立刻|马上|现在|可不可以|可以|能不能"
    r"|能否|怎么|如何|怎样|怎样才能|才能|一下|都|全部|回复?|烦死了|真烦|好烦|太烦了)*"
)
_AFTER = (
    r"(?:了|吧|啊|呀|哦|呢|啦|嘛|谢谢|谢了|多谢|拜托|行吗|可以吗|好吗|一下|好不好|行不行|烦死了|真烦|太烦了|好烦|我)*"
)
_NEVER_AGAIN = r"(?:不要|别|不用|请勿|勿|不许|不准)(?:再|老是?|总是?|一直)+(?:给我|跟我|向我|对我)*"
_NOT_TO_ME = r"(?:不要|别|请勿|勿|不许)(?:给我|跟我|向我|对我)*"
_SEND = r"(?:发送|发|推送|推销|推|传|打扰|骚扰)(?:我)?"

OUT = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:退订阅?)+{_WHAT}{_NOUN}?|退定|退订td|td(?:退订)?|unsubscribe|stop|免打扰|取消{_WHAT}(?:订阅|推送|接收|短信|通知){_NOUN}?"
    rf"|(?:停止|关闭|屏蔽|拒绝|拒收)(?:接收|发送|推送|订阅)?{_WHAT}{_NOUN}|(?:停止|拒绝)(?:接收|发送|推送|打扰|骚扰)"
    rf"|{_NEVER_AGAIN}{_SEND}{_WHAT}{_NOUN}?|{_NOT_TO_ME}(?:发|推送|推|传){_WHAT}{_NOUN}|别发|不要发|(?:别|不要)(?:打扰|骚扰)(?:我)?"
    rf"|(?:往后)?{_WHAT}(?:推送|广告|营销|推销)(?:消息|信息)?(?:都|全部?|统统)*(?:不要|别|不用)(?:再)?(?:发|推)(?:给我)?"
    rf"|{_NEVER_AGAIN}推荐(?:东西|产品|商品|新品|款式)+(?:给我)?"
    rf"|不(?:想|要|愿意|再)+(?:收到|接收|接受|收|看到|看){_WHAT}{_NOUN}|不再接收"
    rf"){_AFTER}"
)
# In a talk with a person these are said to him: "别发了" is about pictures.
TO_A_PERSON = re.compile(r"(?:别|不要)发(?:了|吧|啊|谢谢)*")
IN = re.compile(
    rf"(?:你好|您好|请|帮我|我要|我想|我|想)*(?:恢复(?:接收|订阅|推送)|重新(?:订阅|接收)|订阅|接收){_WHAT}{_NOUN}?(?:了|吧|谢谢)*"
)
# A verb alone, without the thing: "接收" may be about a parcel.
TOO_LITTLE_TO_RESUME = frozenset({"接收", "接收吧", "接收了", "我接收", "我要接收"})
MENTIONED = re.compile(r"退订(?!婚)|unsubscribe")

PERSON = re.compile(
    r"(?:你好|您好|请问|请|麻烦|帮我|给我|我要|我想|怎么|如何|快|赶紧|想|要|可以|能不能|能|有没有|有|转接|转|接|找|叫|联系|呼叫|喊|来个|换|跟|和|与|投诉)*"
    r"(?:一下|个|你们的|你们|店里的|店里|门店|在线)*"
    r"(?:(?:人工)+(?:客服|服务|顾问)?|真人客服|真人|活人|在线客服|客服|珠宝顾问|顾问|导购|店员|店长|柜姐|专人)"
    r"(?:聊聊|聊|说话|沟通|服务|接待|来|帮我|可以|在不在|在|行|好|吗|吧|呢|啊|一下|谢谢|咨询)*"
)
OTHER_CALLS = frozenset({"有人吗", "有人在吗", "找人", "找个人", "叫人", "来人", "我要投诉", "投诉", "要投诉"})
# "人工吗" asks about a stone.
NO_CALLS = frozenset({"人工吗", "人工的吗", "人工可以", "人工行吗"})


def compact(plain: str) -> str:
    """Simplified, without spaces and punctuation: "退 訂" and "T.D." are words too."""
    words: str = _simplified.convert(_SPACES.sub("", plain))
    return words


def says(pattern: str) -> Filter:
    """The whole text, simplified and without spaces and punctuation, matches."""
    compiled = re.compile(pattern)
    return when(lambda visit: bool(compiled.fullmatch(compact(visit.plain))))


def wants_out(plain: str) -> bool:
    """No more marketing, wherever she says it."""
    words = compact(plain)
    return (bool(OUT.fullmatch(words)) and not words.endswith("吗")) or _asks_how(words)


def _asks_how(words: str) -> bool:
    """ "怎么退订" and "可以不要再发了吗" ask for it by asking how."""
    return (
        words.endswith("吗") and bool(re.match(r"可以|可不可以|能不能|能否", words)) and bool(OUT.fullmatch(words[:-1]))
    )


def is_to_a_person(plain: str) -> bool:
    """A wish to stop that, in a talk, is about what the advisor is sending."""
    return bool(TO_A_PERSON.fullmatch(compact(plain)))


def wants_in(plain: str) -> bool:
    """Marketing again."""
    words = compact(plain)
    return bool(IN.fullmatch(words)) and words not in TOO_LITTLE_TO_RESUME


def mentions_out(plain: str) -> bool:
    """The word is there, but in a sentence that may be about an order."""
    return bool(MENTIONED.search(compact(plain)))


def wants_person(plain: str) -> bool:
    """Somebody to talk to."""
    words = compact(plain)
    return words in OTHER_CALLS or (bool(PERSON.fullmatch(words)) and words not in NO_CALLS)
