"""What her skin bears and what it does not, read out of a sentence."""

from __future__ import annotations

import re

from crm.services.households.told import SkinTold

# What jewellery is made of, what it is cleaned and glued with; whatever else skin does not bear is not ours to keep.
_ONE = (
    r"(?:(?:s?925|9[0-9]{2}|纯|白|足)?银|镍|黄铜|白铜|红铜|铜|锌合金|钛合金|合金|重?金属|镀金|镀银|镀铑|包金|(?:9|14|18|22|24)?k金?(?:白金)?"
    r"|玫瑰金|黄金|足金|白金|铂金?|钯金?|金|钛钢?|不锈钢|铬|钴|锌|铅|锡|铁|钢|珍珠|翡翠|玉石?|琥珀|蜜蜡|珊瑚|贝壳|水晶|宝石|钻石|木头|皮革|皮绳"
    r"|乳胶|橡胶|硅胶|树脂|胶水|胶布|胶|粘合剂|指甲油|酒精|香水|香精|化妆品|护肤品|防晒霜|洗银水|消毒水|清洁剂|清洗液|碘伏)"
)
_AND = r"[和跟与及或]?"
_SORT = (
    r"(?:类|质|制|饰)?的?(?:首饰|饰品|耳钉|耳环|耳针|项链|戒指|手链|材质|材料|制品)?"
    r"(?:这|那)?[一二两三俩几]?(?:个|种|样)?"
)
MATERIALS = rf"(?P<materials>{_ONE}(?:{_AND}{_ONE})*){_SORT}"
_SURE = r"(?:其实|现在|已经|从来|根本|真的|确实|后来|并|都|也|又|还|一直|皮肤|体质|耳朵|耳洞|脖子|手)*"
_NOT = r"(?:不会?|不再|没有?|不是)(?:会|再)?"
_HAVE = r"(?:有点|有些|会|很|严重|都|也|比较|特别|非常|才|是|就)*"
_ITCHES = r"(?:就|都|会|老是|总是|容易)+(?:过敏|起疹子|发红|发痒|痒|红肿|起小?红点)"
_I = r"(?:我的?|俺)"
_REACTS = (
    re.compile(rf"{_I}{_SURE}(?P<only>只是?|就|仅)?对{MATERIALS}{_HAVE}过敏(?:的)?"),
    re.compile(rf"{_I}(?:有|是)?{MATERIALS}{_HAVE}过敏(?:的|史)?"),
    re.compile(rf"{_I}(?:一|只要一?)?戴{MATERIALS}{_ITCHES}"),
)
_BEARS = (
    re.compile(rf"{_I}{_SURE}对{MATERIALS}{_SURE}{_NOT}{_HAVE}过敏(?:的)?"),
    re.compile(rf"{_I}{_SURE}{_NOT}对?{MATERIALS}{_HAVE}过敏(?:的|史)?"),
    re.compile(rf"(?=.*我)(?:{_I})?{MATERIALS}(?:{_I})?{_SURE}{_NOT}{_HAVE}过敏(?:的|史)?"),
    re.compile(rf"{_I}{_SURE}戴{MATERIALS}{_SURE}(?:{_NOT}过敏|没事|没问题|没有?反应|不会?痒)(?:的)?"),
)
_ALL = re.compile(
    rf"{_I}{_SURE}(?:对?(?:什么|啥|任何|所有|一切)(?:东西|材质|材料|金属|首饰)*(?:都|也)?)?{_NOT}{_HAVE}(?:任何)?(?:的)?"
    r"过敏(?:史|体质|问题|情况|记录|的)*"
)
# The second half of "我对镍不过敏，对银过敏" and of "我不是对镍过敏，是对银".
_GOES_ON = re.compile(rf"(?:但是?|而?是|只|也|不过|可|就|还|(?={_NOT}?(?:对|{_ONE})))+")
_NAMES_IT = re.compile(rf"对{MATERIALS}")


def told(words: str) -> tuple[SkinTold, ...]:
    """What the whole of `words` says of her skin; () for other words. "我只对镍过敏" says two things."""
    if _ALL.fullmatch(words):
        return (SkinTold((), words, bears=True),)
    for pattern in _BEARS:
        if (found := pattern.fullmatch(words)) is not None:
            return (SkinTold(_named(found), words, bears=True),)
    for pattern in _REACTS:
        if (found := pattern.fullmatch(words)) is not None:
            reacts = SkinTold(_named(found), words)
            only = "only" in pattern.groupindex and found["only"]
            return (SkinTold((), words, bears=True), reacts) if only else (reacts,)
    return ()


def going_on(words: str) -> str:
    """A half sentence after one about her skin, as a whole one; "" when it is about something else."""
    rest = _GOES_ON.sub("", words, count=1) if _GOES_ON.match(words) else words
    if _NAMES_IT.fullmatch(rest):
        return f"我{rest}过敏"
    return f"我{rest}" if rest.endswith("过敏") and not rest.startswith("我") else ""


def named(words: str) -> tuple[str, ...]:
    """Each material as the shop writes it."""
    return tuple(dict.fromkeys(re.sub("k金", "K金", one) for one in re.findall(_ONE, words)))


def _named(found: re.Match[str]) -> tuple[str, ...]:
    return named(found["materials"])
