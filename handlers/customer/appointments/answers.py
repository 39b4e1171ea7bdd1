"""Short answers inside a booking: yes, no, other times, earlier, later, never mind."""

from __future__ import annotations

import re

from handlers.customer.wishes import compact

# Characters of the longest answer: "不好意思，我这次还是先不约了，下次再说吧".
LONGEST_ANSWER = 24
_TAIL = r"(?:的|了|吧|呀|啊|哦|呢|啦|嘛|哈|谢谢|多谢|谢谢您|谢谢你|就行|就好)*"
_AFTER_YES = r"(?:的|了|吧|呀|啊|哦|呢|啦|嘛|哈|谢谢|多谢|您|你|麻烦|就行|就好|到时候?见|不见不散|我?(?:一定)?准时到)*"
YES = re.compile(
    r"(?:谢谢|多谢|麻烦)*(?:(?:确认|确定|确认预约|确认一下|好的?|好滴|好哒|好呀|可以|行|嗯|恩|ok|okay|yes|y|对的?|是的?|没问题|没错|没有问题"
    r"|就这样|就这么定|就这个时间|确定一下|定下来|定了?|就定这个|就这个|这个可以|约吧|约|订吧|帮我定|帮我约|要的?|我要|就它|成|妥|有的话|1)"
    + _AFTER_YES
    + ")+"
)
THUMBS_UP = re.compile(r"(?:[👌👍🙆][\U0001F3FB-\U0001F3FF]?|\[(?:ok|好的|强)\])+", re.IGNORECASE)
# With something after it: "好的，给我妈妈看的".
YES_FIRST = re.compile(r"(?:嗯|好的?|好滴|可以|行|ok|对|是的|确认|没问题)+(?:的|了|吧|呀|啊|哦)*")
YES_THEN = re.compile(
    r"\s*(?:嗯|好的?|好滴|可以|行|ok|对|是的|确认|没问题)+(?:的|了|吧|呀|啊|哦)*[\s,，。.!！~、;；]+(?:(?:顺便|再|另外|还)?(?:问|请问)?(?:一?下)?[\s,，]*)?"
)
# "…，另外珍珠项链能碰水吗": a second sentence with a question of its own.
BESIDES = re.compile(r"[,，。;；!！\s]*(?:另外|顺便问一?下?|还有就?是?|对了|再问一?下?|想问一?下)[,，\s]*")
NO = re.compile(
    r"(?:不要|不行|不可以|不对|不是|不好|不用|不需要|不方便|不合适|no|错了|不太行|不太方便|不太好)+" + _TAIL
)
GIVING_UP = re.compile(
    r"(?:(?:还是|那就?|先|嗯|哦|我|这次|暂时|不好意思|抱歉)*"
    r"(?:算了|取消|不(?:想|用|要)?(?:约|预约|去|来|试)|不(?:用|等|排|候补)|没空|下次|下次再[说约]|以后再说|改天再[说约]"
    r"|还是不要|再说|再想想|再?考虑(?:考虑|一下)?|再看吧|退出)"
    r"(?:一下|预约|约|这次)*" + _TAIL + r"(?:太[远贵]了?|太麻烦了?)?)+"
)
OTHERS = re.compile(
    r".{0,4}(?:(?:还?有没?有?|换|看看|要|给我)?(?:别的|其他|其它|另外的?|更多)的?(?:时间|场次|日子|天|选择|时段|门?店)?"
    r"|换一?[个批换下]|都不(?:行|方便|合适|可以|要|好)|换个?时间|再换|这几个都不).{0,6}"
)
ANY = re.compile(
    r"(?:那|就|嗯|我)*(?:随便(?:哪个|哪天|什么时候|几点)?|都(?:行|可以|好|ok)|哪[个天]都(?:行|可以)|你(?:们)?(?:定|看着办|帮我选|安排|选)"
    r"|听你的|看你们?方便)" + _TAIL
)
SOON = re.compile(r".{0,4}(?:最近的?时间|最早的?|越[早快]越好|尽快|尽早|最快).{0,8}")
LATER = re.compile(r".{0,6}(?:晚一?[点些]|再晚|更晚|靠后|往后|太早).{0,6}")
EARLIER = re.compile(r".{0,6}(?:早一?[点些]|再早|更早|靠前|往前|太晚).{0,6}")
WAIT = re.compile(
    r".{0,4}(?:候补|排队|等位|等着|等一等|我等|可以等|愿意等|帮我排|帮我等|有位置?(?:就|再)?(?:告诉|通知|叫)我).{0,6}"
)
ASKS = re.compile(r"吗$|呢$|怎么|什么|多少|几|哪|能不能|可不可以|会不会|要不要|是不是")
# "有古法手镯吗" is about what to lay out; "珍珠项链能碰水吗" is not.
LOOKS_FOR = re.compile(r"有没有|有吗|^有|看看|想看|也看|试试|想试|能看|能试")
REFUSES = re.compile(r"(?:不要|不用|不需要|不去|不来|不约|不了|算了|放弃|让给别人|不等)+" + _TAIL)


def _short(plain: str) -> str:
    """The words of an answer; "" for what is too long to be nothing but one, so that no pattern has to try for long."""
    words = compact(plain)
    return words if len(words) <= LONGEST_ANSWER else ""


def says_yes(plain: str) -> bool:
    """Agreement and nothing else."""
    return bool(YES.fullmatch(_short(plain))) or bool(THUMBS_UP.fullmatch(plain))


def agrees(plain: str, typed: str) -> bool:
    """Agreement, and no question: "嗯？" as it was `typed` asks."""
    return says_yes(plain) and not typed.rstrip().endswith(("?", "？"))


def says_so_firmly(plain: str) -> bool:
    """A yes that can mean nothing but a booking."""
    return says_yes(plain) and compact(plain).startswith(("确认", "确定", "要", "我要", "约", "定", "就定", "帮我"))


def after_yes(plain: str) -> str:
    """ "停车方便吗" in "确认 顺便问下停车方便吗"; "" when she does not begin with a yes."""
    found = YES_THEN.match(plain)
    return plain[found.end() :] if found else ""


def begins_with_yes(plain: str) -> bool:
    """Agreement, with something to add."""
    return bool(YES_FIRST.match(compact(plain)[:LONGEST_ANSWER]))


def says_no(plain: str) -> bool:
    """This is not it."""
    return bool(NO.fullmatch(_short(plain)))


def gives_up(plain: str) -> bool:
    """She does not want to come, for now."""
    return bool(GIVING_UP.fullmatch(_short(plain)))


def refuses(plain: str) -> bool:
    """She does not want the place that was offered."""
    return bool(REFUSES.fullmatch(_short(plain)))


def wants_others(plain: str) -> bool:
    """Something else than what was offered, without saying what."""
    return bool(OTHERS.fullmatch(_short(plain)))


def wants_waiting(plain: str) -> bool:
    """To be told when a place opens."""
    words = _short(plain)
    return bool(WAIT.fullmatch(words)) and not words.startswith(("不", "别"))


def leaves_it_to_us(plain: str) -> bool:
    """Any of the offered times will do."""
    return bool(ANY.fullmatch(_short(plain)))


def wants_the_soonest(plain: str) -> bool:
    """As soon as possible."""
    return bool(SOON.fullmatch(_short(plain)))


def shift_in(plain: str) -> int:
    """1 for later than what was offered, -1 for earlier, 0 for neither."""
    words = _short(plain)
    return (1 if LATER.fullmatch(words) else 0) or (-1 if EARLIER.fullmatch(words) else 0)


def asks(plain: str) -> bool:
    """A question, whatever about."""
    return bool(ASKS.search(compact(plain)))


def asks_about_pieces(plain: str) -> bool:
    """A question that names a piece without asking for it to be shown."""
    return asks(plain) and not LOOKS_FOR.search(compact(plain))


def besides(plain: str) -> tuple[str, str]:
    """What she says, and the question that she adds ("" for none)."""
    parts = BESIDES.split(plain, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) == 2 and parts[0] and asks(parts[1]) else (plain, "")
