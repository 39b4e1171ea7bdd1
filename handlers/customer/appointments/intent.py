"""What a customer wants with her visit, heard in one sentence: book, list, move, change, cancel.

A question on care that is taken for a booking annoys, a booking that is answered with care advice
loses a visit: a sentence must say that she wants to come, and ask for nothing that only the
knowledge base can answer. The rules are patterns on simplified words without punctuation; the
table of sentences that they must hold is tests/scenarios/test_booking_intent.py.
"""

from __future__ import annotations

import re
from enum import StrEnum

from handlers.customer.appointments.plainly import keeps_it
from handlers.customer.wishes import compact


class Intent(StrEnum):
    """What she wants."""

    NONE = ""
    BOOK = "book"
    MINE = "mine"  # which appointments do I have
    MOVE = "move"
    CHANGE = "change"  # other pieces, for somebody else
    CANCEL = "cancel"
    STAY = "stay"  # it shall not be cancelled
    ABSENT = "absent"  # she can't come; whether to cancel or to move she did not say
    STOP_WAITING = "stop_waiting"


_DAY = r"(?:今|明|后)[天儿日晚早]|(?:周|星期|礼拜)[一二三四五六日天末1-7]|周末|[0-9一二两三四五六七八九十]+(?:点|号|日)"
_DAY_PART = (
    r"上午|下午|晚上|中午|傍晚|早上|今晚|明晚|下班后|改天|过两天|过几天|下个?月|月底|这几天|哪天|什么时候|啥时候"
)
_FESTIVAL = r"国庆|五一|元旦|春节|中秋|七夕|圣诞|情人节|[0-9]+:[0-9]+"
TIMED = re.compile(rf"(?:{_DAY}|{_DAY_PART}|{_FESTIVAL}|[0-9]{{1,2}}月[0-9]{{1,2}})")

_PIECE = (
    r"(?:戒指?|钻|镯|手链|手串|项链|链子|吊坠|耳环|耳钉|耳饰|耳坠|首饰|珠宝|金饰|三金|五金|黄金|翡翠|珍珠|玉|宝石"
    r"|新款|款式|那款|这款|那条|那个|这个|ring|necklace|bracelet|jewel)"
)
_COME = r"(?:去|来|到|过来|过去|上|逛)"
_SHOP = r"(?:店|柜台|专柜|你们那|你们家|你家|你们这|现场)"
_LOOK = r"(?:试|看|挑|选|逛|瞧|转转|坐坐)"
_WANT = r"(?:想|要|打算|准备|计划|能|可以|可不可以|方便|约好|带|陪|再|也|和|跟|抽空|有空)"

# "约" as a verb: not 大约, 约会, 约等于, 节约, 简约.
_MAKE = (
    r"(?<![大节合简违条契婚相爽公制纽特])"
    r"约(?=[个一下在到周今明后早晚试你店这那吗不位看吧好0-9]|星期|礼拜|上午|中午|时间|$)"
)
_ASKED = (
    r"预约|预定时间|[留订定占]个?[位座]|挂个?号|排个?(?:时间|号|位)|空位|有位|空档|档期|(?<!时)候补"
    r"|安排[^发]{0,6}(?:时间|试|看)"
    rf"|{_MAKE}|(?:能|想|要|可以|帮我|给我|怎么|如何|提前)约(?!等|会|定|束)"
    r"|(?<!note)(?<!face)(?<!mac)book|appointment|reserve"
)
BOOKING = re.compile(_ASKED)
VISITING = re.compile(
    rf"试戴|试一?试戴"
    rf"|{_WANT}.{{0,12}}?{_COME}.{{0,8}}?(?:{_SHOP}|{_LOOK})"
    rf"|{_COME}(?:趟|一趟|你们)?店里?.{{0,4}}{_LOOK}|到店|(?:去|来)(?:趟|一趟)(?!吗)|(?:过来|过去){_LOOK}"
    rf"|(?:想|要|来|我)(?:再|先|也|去|来)?(?:给.{{1,5}}?)?(?:看看|看一看|看一下|看下|看|试试|试一下|试下|试){{1}}.{{0,10}}{_PIECE}"
    rf"|^(?:你好|您好)?(?:看看|试试|试一下|看一下|看下).{{0,8}}{_PIECE}"
)
# With a day or a time these are a wish to come; without one they are talk.
COMING_THEN = re.compile(
    rf"{_COME}.{{0,6}}?(?:{_SHOP}|{_LOOK}|一趟|趟)|过来|过去|有(?:时间|空|人|名额|号)(?:吗|么|不|没|接待)|有没有(?:时间|空|位|名额)"
    r"|(?:方便|可以|行|ok)(?:吗|么|不)$|(?:能|可以)(?:去|来)(?:吗|么|不)?$|还能来|看看|试试"
)

_MONEY = r"多少钱|要钱|收钱|收费|价格|什么价|啥价|费用|定金|押金|贵不贵|便宜|打折|优惠|折扣"
_WHY = r"怎么(?!预约|约|订|试戴?$)|如何(?!预约|约)|为什么|为啥|多久|几天|要不要紧|什么意思|是什么|区别|会不会|伤不伤"
_WHETHER = (
    r"(?:要不要|需不需要|用不用|是不是要|不用|不需要|不必|没有?|不|必须|一定要)(?:先|提前|事先|都)*(?:预约|约)(?!了?一?[下个周])"
    r"|(?:需要|用|要|得)(?:先|提前|事先)*预约(?:试戴|到店|时间)?(?:吗|么|不|嘛|才)|预约(?:流程|规则|制|方式)|排队"
)
# What is asked about booking or trying on as such: the knowledge base has the shop's own answer.
ABOUT_BOOKING = re.compile(rf"{_MONEY}|{_WHY}|{_WHETHER}|指定.{{0,4}}预约吗|预约(?:了|好)?(?:能|可以)退")
_CARE = (
    r"保养|养护|褪色|掉色|变黑|发黑|变形|变色|过敏|断了|坏了|松了|掉了|丢了|刮花|划痕|洗|抛光|翻新|修(?!身)|改圈|卡住"
    r"|发票|小票|证书|退货|退款|能退|可以退|退吗|换货|换款|以旧换新|旧金|回收|保修|积分|会员|快递|邮寄|寄|刻字|克重|几克"
    r"|鉴定|检测|真假|金价|涨|跌"
)
_SHOP_FACTS = (
    r"开门|关门|营业|开到|打烊|上班|放假|几点[开关]|在哪|地址|哪里|哪儿|停车|地铁|电话|几楼|现货|有货|没货|库存|调货"
    r"|活动"
)
_ADVICE = (
    r"推荐|哪个好|哪款|哪种|好看吗|适合|合适|什么样|买的|买了|来取|去取|能取|取货|来拿|去拿|拿货|取吗|拿吗|照片|图片|发[我来]|礼物|礼品|来得及|几点(?:可以|能)|最早|最晚|链接|目录|看图"
    r"|帮我看|帮忙看|看看我的|看看这|是不是|(?<![0-9])号圈|(?<!号)圈口(?!是?[0-9])|手寸(?!是?[0-9])|多大|几号|怎样|见过|吗[^吗]*多少|看起来|看上去|看不[出见到清]|看得[出见]|摘|能戴|可以戴"
)
ASKING_ELSE = re.compile(rf"{ABOUT_BOOKING.pattern}|{_CARE}|{_SHOP_FACTS}|{_ADVICE}")

_AGAIN = r"(?:改|换|挪|调|移)"
MOVING = re.compile(
    rf"改约|改期|延期|{_AGAIN}(?:一?个|一下|下|一)?(?:预约|约|时间|日子|日期|天)|(?:预约|约).{{0,10}}{_AGAIN}(?!圈|款|小|大)|重新约"
    rf"|(?:推迟|延后|往后推(?!荐|送)|往后挪|往前挪|(?:提前|延|推|提早)到.{{0,4}}?{TIMED.pattern})"
)
# Sizes, parcels, what lies ready, birthdays: what is moved there is no visit, unless she says so.
NO_VISIT = re.compile(
    r"(?<![看试])(?:[钻对婚]?戒)|圈|手寸|收货|自提|取(?!消)|快递|发货|邮寄|寄|生日|地址|名字|号码|款式"
)
# What is cancelled there is no visit either.
NO_VISIT_EITHER = re.compile(r"订单|下单|买|网上|定金|订金|会员|快递|退款|退货|手链|项链|戒|镯|耳|吊坠")
_OF_A_VISIT = re.compile(r"约|试戴|到店")
# "预约的东西改成手链".
_OTHER_PIECE = re.compile(rf"{_AGAIN}(?:成|看|试).{{0,6}}{_PIECE}")
_NEXT_TIME = re.compile(r"改天")
MOVING_THEN = re.compile(rf"{_AGAIN}(?:到|成|为|在|去)?(?:了|一下)?(?:(?!一号){TIMED.pattern}|下周|下个|.{{1,8}}店)")
MINE = re.compile(
    r"我的预约|(?:查|看)(?:一?下|看|询)?(?:我的?)?预约(?!怎)|预约(?:的)?(?:查询|记录|信息|详情|列表)"
    r"|(?:预约|约)的?(?:时间)?(?:是|在)?(?:了)?(?:几点|什么时候|哪天|哪家|哪个店|几号|周几|啥时候)(?:了|来着|啊|呢|的)?$"
    r"|有(?:没有)?(?:什么)?预约(?:吗|么|没)?$|(?:有|约了)(?:哪些|几个)预约|预约(?:上|成功|好)了?(?:吗|没)|约(?:上|好)了(?:吗|没)|^几点来着"
)
CANCELLING = re.compile(
    rf"取消.{{0,8}}?(?:预约|约|试戴|{TIMED.pattern}|那次|那个)|{TIMED.pattern}.{{0,8}}取消|都取消|(?:预约|约|试戴).{{0,8}}取消|取消(?:掉|了|吧|一下)|^(?:我要|我想|想|要|帮我|请)*取消$"
    r"|不约了|(?:预约|约)(?:的)?(?:不要|退|撤|不用)了?$|退掉?预约|撤销预约|cancel"
)
ABSENT = re.compile(
    r"(?:来|去|到|过)不(?:了|成)|不(?:来|去|过来|过去)了|不能(?:来|去|过来|过去)了?|没法(?:来|去|过)|赶不(?:上|过来|到)|有事(?:来|去)?不"
)
CHANGING = re.compile(
    rf"到时候.{{0,6}}(?:想|要)(?:看|试).{{0,10}}{_PIECE}"
    rf"|(?:预约|试戴|到时候?|那天|约的|{TIMED.pattern}).{{0,14}}(?:再加|加上|加个|也想?看|也想?试|改看|换看|还想看|还想试|换成|改成|备上?|一起看).{{0,10}}{_PIECE}"
)
STOP_WAITING = re.compile(
    r"(?:不|别|不用|不想|不再)(?:继续)?(?:等|候补|排)(?:位)?了|取消(?:候补|排队|等位)|不(?:要|用)?候补|(?:退出|停止)(?:候补|等位|排队)"
)
# Longer than this is a story, not a request: nothing in it may move or cancel a visit.
LONGEST_REQUEST = 40


def intent_of(plain: str) -> Intent:
    """What the sentence wants with a visit; NONE when it is about something else."""
    words = compact(plain)
    if not words or len(words) > 4 * LONGEST_REQUEST:
        return Intent.NONE
    own = _about_her_own(words) if len(words) <= LONGEST_REQUEST else Intent.NONE
    return own or (Intent.BOOK if _wants_to_come(words) else Intent.NONE)


def asks_something_else(plain: str) -> bool:
    """A question that the knowledge base answers, not a word on the visit itself."""
    return bool(ASKING_ELSE.search(compact(plain)))


def moves_something_else(plain: str) -> bool:
    """A parcel, a ring's size, a birthday is moved there, no visit."""
    words = compact(plain)
    return bool(re.search(_AGAIN, words)) and bool(NO_VISIT.search(words)) and not _OF_A_VISIT.search(words)


def _about_her_own(words: str) -> Intent:
    if STOP_WAITING.search(words):
        return Intent.STOP_WAITING
    if keeps_it(words):
        return Intent.STAY
    if MINE.search(words):
        return Intent.MINE
    if re.search(_CARE, words) and "约" not in words:
        return Intent.NONE
    if _moves(words):
        return Intent.CHANGE if _OTHER_PIECE.search(words) and not TIMED.search(words) else Intent.MOVE
    if CANCELLING.search(words):
        return Intent.CANCEL if _OF_A_VISIT.search(words) or not NO_VISIT_EITHER.search(words) else Intent.NONE
    if ABSENT.search(words) and not re.search(r"会不会|寄", words):
        return Intent.ABSENT
    return Intent.CHANGE if CHANGING.search(words) else Intent.NONE


def _moves(words: str) -> bool:
    words = _NEXT_TIME.sub("", words)
    if NO_VISIT.search(words) and not _OF_A_VISIT.search(words):
        return False
    return bool(MOVING.search(words) or MOVING_THEN.search(words))


def _wants_to_come(words: str) -> bool:
    if BOOKING.search(words):
        return not ABOUT_BOOKING.search(words) and not re.search(r"没(?:有|说|想)?(?:要|想)?预?约", words)
    if ASKING_ELSE.search(words):
        return False
    return bool(VISITING.search(words)) or (bool(TIMED.search(words)) and bool(COMING_THEN.search(words)))
