"""What a customer says when something that we remember of her shall be forgotten.

"忘了手寸" tells that she forgot it herself; forgetting is for good, so the whole sentence must be a plain wish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.models import OccasionKind, SizeKind, TasteKind
from crm.services.households.bearing import MATERIALS, named
from crm.services.households.relations import KEPT_AS
from crm.services.households.relations import PATTERN as RELATION
from crm.services.households.remembering import NAME, SKIN
from handlers.customer.wishes import compact

TASTES = (*(kind for kind in TasteKind if kind is not TasteKind.WISH),)
WEDDING, ENGAGEMENT, FIRST_DATE, OTHER_DAY = (
    *(OccasionKind.WEDDING, OccasionKind.ENGAGEMENT, OccasionKind.FIRST_DATE, OccasionKind.OTHER),
)
GENDER = "gender"
KINDS: dict[str, tuple[str, ...]] = {
    "手寸": (SizeKind.RING,),
    "戒指尺寸": (SizeKind.RING,),
    "戒指号": (SizeKind.RING,),
    "指围": (SizeKind.RING,),
    "圈号": (SizeKind.RING,),
    "尺寸": (*SizeKind,),
    "手围": (SizeKind.BRACELET,),
    "圈口": (SizeKind.BRACELET,),
    "项链长度": (SizeKind.NECKLACE,),
    "生日": (OccasionKind.BIRTHDAY,),
    "结婚纪念日": (WEDDING,),
    "订婚纪念日": (ENGAGEMENT,),
    "恋爱纪念日": (FIRST_DATE,),
    "纪念日": (WEDDING, ENGAGEMENT, FIRST_DATE, OTHER_DAY),
    "日子": (*OccasionKind,),
    "名字": (NAME,),
    "喜好": TASTES,
    "偏好": TASTES,
    "预算": (TasteKind.PRICE_BAND,),
    "过敏": (SKIN,),
    "过敏史": (SKIN,),
    "心愿": (TasteKind.WISH,),
    "性别": (GENDER,),
}
_WHAT = "|".join(sorted(KINDS, key=len, reverse=True))
_PLEASE = (
    r"(?P<please>(?:你好|您好|请|麻烦|拜托|帮我|帮忙|给我|可不可以|可以|能不能|能否|能|我想要?让?你们?|我要你?们?)*)"
)
_WHOSE = rf"(?P<whose>(?:我|咱)?(?:们)?(?:家)?的?)(?:前)?(?P<relation>{RELATION})?的?(?:所有|全部)?的?"
_THING = (
    rf"(?:(?:对)?{MATERIALS}(?:的)?过敏|(?P<what>{_WHAT})|(?P<all>(?:个人)?(?:信息|资料|一切|所有|全部|事情?|内容)))"
)
_RECORD = r"(?:记录|信息|资料|数据|登记|这件事|的事情?|内容)*"
_END = r"(?:吧|好吗|好不好|可以吗|行吗|哦|啊|呀|嘛|谢谢[你您]?|多谢|一下)*"
_DELETE = r"(?:删除|删掉|删去|删|去掉|清除|清空|抹掉|移除|注销)"
_FORGET = r"(?P<forget>忘记|忘掉)"
_DONE = (
    rf"(?:都|全部?|统统|给我?|请|要)*(?:{_DELETE}(?:了|掉)?|忘掉|忘记|忘了(?=吧)"
    r"|(?:别|不要|不用|不必)再?(?:记|存|留|保存|保留)(?:了|着|住)?)"
)
_KEEP = r"(?:记住|记着|记录|记得|记下|记|保存|保留|存着|存|留着|留|知道|登记|收集)(?:着|住|了)*"
_NOT = r"(?:别|不要|不用|不必|不想|不愿意?|不希望|不让|不准)(?:再)?(?:让|要)?(?:你们?|您|店里|贵店)?(?:再|继续|一直)?"
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PLEASE}(?:{_FORGET}|{_DELETE})(?:掉|了(?=我))?{_WHOSE}{_THING}?{_RECORD}{_END}",
        rf"(?P<please>)(?P<forget>忘了)(?P<whose>(?:我|咱)们?(?:家)?的?)(?:前)?(?P<relation>{RELATION})(?P<materials>)(?P<what>)(?P<all>){_END}",
        rf"{_PLEASE}(?P<taken>把|将){_WHOSE}{_THING}?{_RECORD}{_DONE}{_END}",
        rf"{_PLEASE}(?P<taken>)(?=我|咱){_WHOSE}{_THING}{_RECORD}{_DONE}{_END}",
        rf"{_PLEASE}(?:我)?(?P<taken>{_NOT}){_KEEP}{_WHOSE}{_THING}?{_RECORD}(?:了)?{_END}",
    )
)
NUMBERED = re.compile(
    r"(?:忘记|忘掉|忘了|删除?|删掉|去掉|移除|不要)(?:第)?(?P<number>[0-9]{1,2}|[一二两三四五六七八九])(?:条|个|项)?(?:吧)?"
)
# Below a list of what we remember: every line of it.
LISTED = re.compile(
    rf"{_PLEASE}(?:把)?(?:这些|上面的?|列表)?(?:都|全部?|全都|统统|一起)*(?:忘记|忘掉|忘了|删除|删掉|删了|删|清空|去掉|不要了?)(?:掉|了)?"
    rf"(?:这些|上面的?|我的)?(?:全部|所有|一切|整个列表|列表)?(?:的)?(?:吧|了|都)*{_END}"
)
_EACH = re.compile(r"都|全|一切|所有|统统|这些|列表|上面|清空|一起")


# About what we remember of her, though not said plainly enough to do it: "忘记我婆婆的戒指", "忘记1" where nothing
# has numbers. "忘了手寸" is about her own memory, "忘记取戒指了" about a ring.
_DATA = rf"(?:{RELATION}|{_WHAT}|资料|信息|数据|记录|电话|手机号?|这些|这条|这个|那条|刚才|全部|所有|一切)"
_SOFT = _PLEASE.replace("?P<please>", "?:")
ABOUT = re.compile(
    rf"{_SOFT}(?:忘记|忘掉|别再?记|不要再?记|删掉|删除)(?:着|住|了)?(?:(?:我|咱)们?(?:家)?的?(?:前)?{_DATA}.{{0,8}}|(?:这些|这条|那条|刚才).{{0,6}}|{RELATION})"
    rf"|{_SOFT}忘了(?:我|咱)们?(?:家)?的?(?:前)?{RELATION}.{{0,6}}"
    rf"|{_SOFT}(?:把|将)(?:这些|这条|那条|上面的?|它们?|刚才.{{0,4}})(?:都|全部?|统统|给?我?)*(?:忘|删).{{0,4}}"
    r"|(?:忘记|忘掉|忘了)第?[0-9一二两三四五六七八九]{1,2}(?:条|个|项)?(?:吧|了)*"
)
_ASKS = re.compile(
    r"[?？]|吗|怎么|什么|哪|多少|会不会|会|能不能|预约|(?:戒指|项链|手镯|耳环|首饰)(?:放|在|掉|丢|取|摘|戴)"
)


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What shall be forgotten of whom (`relation` "": herself); no kinds and no materials: the relative as a whole."""

    relation: str
    kinds: tuple[str, ...]
    materials: tuple[str, ...] = ()


def to_forget(plain: str) -> Forgetting | None:
    """The one thing or the one relative that she wants forgotten; None for other words."""
    words = compact(plain)
    for pattern in PATTERNS:
        if (found := pattern.fullmatch(words)) is not None:
            return _meant(found.groupdict(""))
    return None


def forgets_the_list(plain: str) -> bool:
    """ "全部忘记", while a list is open."""
    words = compact(plain)
    return bool(LISTED.fullmatch(words)) and bool(_EACH.search(words))


def is_about_forgetting(plain: str) -> bool:
    """About what we remember, but not plain enough to be done."""
    return bool(ABOUT.fullmatch(compact(plain))) and not _ASKS.search(plain)


def _meant(said: dict[str, str]) -> Forgetting | None:
    relation = KEPT_AS[said["relation"]] if said["relation"] else ""
    whose = bool(said["please"] or said["relation"] or said["whose"].endswith("的"))
    if said["materials"]:
        return Forgetting("", (SKIN,), named(said["materials"])) if not relation else None
    if said["what"]:
        plainly = whose or not said.get("forget") or "taken" in said
        return Forgetting(relation, KINDS[said["what"]]) if plainly else None
    # "删除朋友" may be about WeChat; who says 忘记 of a relative alone speaks to us.
    hers = said["whose"].startswith(("我", "咱")) or said["please"] or said["all"] or said.get("forget")
    return Forgetting(relation, ()) if relation and hers else None
