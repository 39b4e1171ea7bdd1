"""Whether a sentence asks for one thing and says nothing else: only then a visit is cancelled or moved at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.customer.appointments.where import ShopName
from handlers.customer.wishes import compact

_POLITE = (
    "我们?|您好|你好|您|你|麻烦|请|帮忙|帮|给|把|那就|那|这|就|是|还是|的话|的|个|次|家|店|嗯|哦|好|行|一下|下|了|吧|啊|呀|呢"
    "|谢谢|多谢"
)
_VISIT = "预约|试戴|约|时间|号|到店"
_EXCUSE = "不好意思|抱歉|临时|突然|有事|算了|[来去到]不了|[来去]不成"
# "湖滨的那个", "9号的".
_NAMING = re.compile(rf"(?:{_POLITE}|{_VISIT})*")
_CANCEL = "取消掉?|退掉?|撤销|撤|不要|不用|不约|不[来去]|不想[来去约]|cancel"
_CANCELLING = re.compile(rf"(?:{_POLITE}|{_VISIT}|{_EXCUSE}|都|全部|两个|要|想|{_CANCEL})*")
_CANCELS = re.compile(_CANCEL)
_MOVING = re.compile(
    rf"(?:{_POLITE}|{_VISIT}|{_EXCUSE}|改约|改期|改|换|挪|调|移|到|成|为|在|去|来|过来|过去|推迟|延后|延期|往后|往前|推|提前"
    rf"|提早|延|要|想|再|晚|早|点|有空|方便|选|半|一|两|[0-9]|小时|钟头|分钟?)*"
)
# "不要取消", "不是不来"; but "要不要取消" asks.
_KEEPS = re.compile(
    r"(?<![是要能])(?:不|别|没有?|甭)(?:想|要|用|是|说|打算|给我|帮我)*(?:取消|退掉?预约)|不是不[来去约]|(?:不要|别)动|开玩笑"
)


def left_of(words: str, shops: Sequence[ShopName]) -> str:
    """The words without any shop's name."""
    names = sorted((name for shop in shops for name in shop.names), key=len, reverse=True)
    for name in names:
        words = words.replace(compact(name), "")
    return words


def only_names(left: str) -> bool:
    """Nothing but which one she means."""
    return bool(_NAMING.fullmatch(left))


def only_cancels(left: str) -> bool:
    """Nothing but the wish to cancel."""
    return bool(_CANCELS.search(left)) and bool(_CANCELLING.fullmatch(left)) and not keeps_it(left)


def only_moves(left: str) -> bool:
    """Nothing but a time, a shop, and the wish to have them instead."""
    return bool(_MOVING.fullmatch(left))


def keeps_it(words: str) -> bool:
    """She says that a visit shall not be cancelled."""
    return bool(_KEEPS.search(words))
