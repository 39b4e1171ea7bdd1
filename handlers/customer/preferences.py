"""Opting out of marketing and back in, in every spelling a person would use."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Menu, Option, Reply, Text
from bot.router import Filter, Router, menu_tap, said
from crm.models import Customer
from crm.services import consents
from handlers.dialogue import Dialogue
from handlers.filters import chose
from handlers.filters import customer as by_customer
from handlers.states import State
from wording import Wording

router = Router("preferences")

# The version of the words that a customer saw when she agreed or withdrew; kept in the ledger.
TEXT_VERSION = "2026-11"
UNSUBSCRIBE, REFUND = "preferences:out", "preferences:order"

TRADITIONAL = str.maketrans("訂閱關發廣動銷擾請幫取", "订阅关发广动销扰请帮取")
WHAT = (
    r"(?:任何|所有|你们的?|这些|这种|营销|活动|优惠|促销|推广|广告|垃圾)*(?:的)?"
    r"(?:消息|信息|短信|推送|通知|广告|活动|内容|东西)?"
)
POLITE = r"(?:你好|您好|麻烦|请|帮我|给我|我要|我想|我|想要|可以|能不能|怎么|如何|怎样|一下)*"
ENDING = r"(?:了|吧|啊|呀|哦|谢谢|谢了|拜托|行吗|可以吗|好吗|吗|一下|啦|嘛|好不好|多谢)*"
OUT = re.compile(
    rf"{POLITE}(?:"
    rf"退订{WHAT}|td|t|n|unsubscribe|stop|取消(?:订阅|推送|接收|关注推送){WHAT}|(?:关闭|停止|屏蔽|拒绝|拒收)(?:接收|发送|推送)?{WHAT}"
    rf"|(?:不要|别|不用|请勿|勿|不许)(?:再|老|总|一直)*(?:给我|跟我|向我)*(?:发|推|推送|打扰|骚扰)(?:我)?(?:送)?{WHAT}"
    rf"|不(?:想|要|愿意)(?:再)?(?:收到|接收|接受|收|看到|看){WHAT}"
    rf"|(?:不要|别)(?:再)?(?:打扰|骚扰)我?"
    rf"){ENDING}"
)
IN = re.compile(
    rf"{POLITE}(?:恢复(?:接收|订阅|推送){WHAT}|重新(?:订阅|接收){WHAT}|订阅{WHAT}|继续(?:接收|发){WHAT}|dy|接收(?:营销|活动|优惠)(?:消息|信息|通知)?|subscribe)"
    rf"{ENDING}"
)
# "停止" and "拒绝" alone, or single letters, may answer something else the bot asked.
BARE = frozenset({"t", "n", "停止", "关闭", "屏蔽", "拒绝", "stop"})
MENTIONED = re.compile(r"退订(?!婚)|unsubscribe")
SPACES = re.compile(r"[\s\W_]+")


def compact(plain: str) -> str:
    """Without spaces, punctuation and traditional forms: "退 訂" and "T.D." are words too."""
    return SPACES.sub("", plain).translate(TRADITIONAL)


def wants_out(plain: str) -> bool:
    words = compact(plain)
    return bool(OUT.fullmatch(words)) and words not in BARE


def wants_in(plain: str) -> bool:
    return bool(IN.fullmatch(compact(plain)))


opting_out = Filter(lambda visit: wants_out(visit.plain))
mentioning = Filter(lambda visit: bool(MENTIONED.search(compact(visit.plain))))
opting_in = Filter(lambda visit: wants_in(visit.plain))


@router.on(by_customer, said, opting_out | menu_tap(UNSUBSCRIBE) | chose(State.CHOOSING_OPT_OUT, UNSUBSCRIBE))
def opt_out(
    message: IncomingMessage, customer: Customer, session: Session, dialogue: Dialogue, say: Wording, now: datetime
) -> Reply:
    """Effective in this very transaction; service notices go on."""
    dialogue.leave()
    if _last_word(session, customer) is False:
        return Text(say("customer.opted_out_already"))
    consents.withdraw(
        session, customer.id, channel=message.channel, at=now, text_version=TEXT_VERSION, proof=message.key
    )
    return Text(say("customer.opted_out"))


@router.on(by_customer, said, opting_in)
def opt_in(message: IncomingMessage, customer: Customer, session: Session, say: Wording, now: datetime) -> Reply:
    """She wants to hear from us (again)."""
    if _last_word(session, customer):
        return Text(say("customer.opted_in_already"))
    consents.grant(session, customer.id, channel=message.channel, at=now, text_version=TEXT_VERSION, proof=message.key)
    return Text(say("customer.opted_in"))


@router.on(by_customer, said, menu_tap(REFUND) | chose(State.CHOOSING_OPT_OUT, REFUND))
def about_an_order(dialogue: Dialogue, say: Wording) -> Reply:
    """It was the order that she wants to give back."""
    dialogue.leave()
    return Text(say("customer.refund_person"))


@router.on(by_customer, said, mentioning)
def unclear(dialogue: Dialogue, say: Wording) -> Reply:
    """ "退订单怎么办": an order or the messages? Asked, not guessed."""
    options = (
        Option(UNSUBSCRIBE, say("customer.opt_out_choice_messages")),
        Option(REFUND, say("customer.opt_out_choice_order")),
    )
    return Menu(say("customer.opt_out_unclear"), dialogue.offer(State.CHOOSING_OPT_OUT, options))


def _last_word(session: Session, customer: Customer) -> bool | None:
    """Yes, no, or never asked."""
    word = consents.latest(session, [customer.id]).get(customer.id)
    return word.granted if word else None
