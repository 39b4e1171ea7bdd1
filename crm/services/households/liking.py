"""What she likes and what she does not, and what she wishes for, read out of a sentence."""

from __future__ import annotations

import re

from crm.models import TasteKind

_KINDS: tuple[tuple[TasteKind, str], ...] = (
    (
        TasteKind.MATERIAL,
        "玫瑰金 黄金 足金 古法金 铂金 白金 白k金 黄k金 k金 18k金 彩金 18k 银饰 纯银 硬金 5g金 金饰",
    ),
    (
        TasteKind.STONE,
        "钻石 珍珠 翡翠 和田玉 玉 红宝石 蓝宝石 祖母绿 彩宝 彩色宝石 碧玺 海蓝宝 坦桑石 欧泊 蜜蜡 琥珀 珊瑚 绿松石 "
        "贝母 石榴石 月光石 水晶 南红 尖晶石 帕拉伊巴 大溪地 大溪地黑珍珠 akoya 澳白 素圈",
    ),
    (
        TasteKind.STYLE,
        "简约 简洁 极简 复古 中式 国风 新中式 法式 小众 华丽 夸张 可爱 优雅 日常 通勤 古典 叠戴 低调 大气 百搭 精致 "
        "时尚 个性 秀气 小巧 传统 宫廷 花朵 爪镶 包镶 排镶",
    ),
    (
        TasteKind.COLOUR,
        "红色 绿色 蓝色 粉色 紫色 白色 黑色 黄色 金色 银色 香槟色 彩色 冷白色 暖色 粉红色 湖蓝色 玫瑰色",
    ),
)
_KIND_OF = {word: kind for kind, words in _KINDS for word in words.split()}
_WORD = "|".join(sorted(map(re.escape, _KIND_OF), key=len, reverse=True))
_PIECES = (
    r"首饰|款式|款|风格|风|设计|颜色|材质|饰品|戒指|项链|手链|手镯|耳环|耳钉|耳饰|吊坠|珠宝|类型|那种|东西|一点|些"
)
_THINGS = (
    rf"(?P<things>(?:{_WORD})(?:(?:和|跟|与|或者?|还有|、)?(?:{_WORD})){{0,3}})"
    rf"(?:色)?(?:一点|一些)?(?:的?(?:{_PIECES})){{0,3}}的?"
)
_ALWAYS = r"(?:平时|一直|其实|个人|还是|就|只|最|更|超|超级|特别|比较|很|都|也|挺|蛮|真的)*"
_LIKES = re.compile(rf"我(?:自己)?{_ALWAYS}(?:喜欢|爱|偏爱|偏好|钟爱|中意)(?:戴)?{_THINGS}")
_DISLIKES = re.compile(
    rf"我(?:自己)?{_ALWAYS}(?:不(?:太|是很|怎么|大)?喜欢|不爱|讨厌|受不了|不戴|不要)(?:戴)?(?:太)?{_THINGS}"
)
_SUM = "[0-9一二三四五六七八九十百千万k]{1,8}"
_BAND = re.compile(
    rf"(?:我(?:们)?的?)?预算(?:是|在|大概|一般|差不多)*(?P<band>{_SUM}(?:元|块)?(?:(?:到|至|-|~){_SUM})?)"
    r"(?:元|块)?(?:左右|以内|以下|上下|以上)?"
)
_WISH = re.compile(
    r"(?:我(?:的)?(?:心愿|愿望)(?:清单|单)?(?:是|:)?|我?(?:一直)?(?:想要|想买|看中了?|种草了?))(?P<wish>.{2,30})"
)
_WISH_UNASKED = re.compile(r"我的(?:心愿|愿望)(?:清单|单)?(?:是|:)(?P<wish>.{2,30})")


def tastes(words: str, asked: bool) -> tuple[tuple[TasteKind, str], ...]:
    """Materials, stones, styles and colours, each under its kind; dislikes under theirs. `asked`: to be remembered."""
    if (found := _LIKES.fullmatch(words)) is not None:
        return tuple((_KIND_OF[word], _written(word)) for word in _named(found["things"]))
    if (found := _DISLIKES.fullmatch(words)) is not None:
        return tuple((TasteKind.DISLIKES, _written(word)) for word in _named(found["things"]))
    if asked and (found := _BAND.fullmatch(words)) is not None:
        return ((TasteKind.PRICE_BAND, words[found.start("band") :].removesuffix("的")),)
    return ()


def wish(words: str, asked: bool) -> tuple[TasteKind, str] | None:
    """What she would like to have one day; without "记住" only where she calls it her wish."""
    found = (_WISH if asked else _WISH_UNASKED).fullmatch(words)
    return (TasteKind.WISH, _written(found["wish"])) if found else None


def _named(things: str) -> list[str]:
    return list(dict.fromkeys(re.findall(_WORD, things)))


def _written(word: str) -> str:
    """As it stands in the shop's books: K is a capital letter."""
    return re.sub(r"(?<=\d)k|k(?=金)", "K", word)
