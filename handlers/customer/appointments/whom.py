"""For whom she comes, and on what occasion, out of her words."""

from __future__ import annotations

import re

# How she calls a person, and how the shop writes it down.
_PEOPLE = {
    "妈妈": "妈妈|母亲|老妈|妈咪|我妈|妈",
    "爸爸": "爸爸|父亲|老爸|我爸|爸",
    "爸妈": "爸妈|父母|爸爸妈妈|老人家",
    "婆婆": "婆婆",
    "岳母": "岳母|丈母娘",
    "公公": "公公",
    "岳父": "岳父|老丈人",
    "老婆": "老婆|媳妇儿?|内人",
    "太太": "太太|妻子|夫人",
    "老公": "老公|丈夫",
    "先生": "先生",
    "爱人": "爱人",
    "女朋友": "女朋友|女友|未婚妻",
    "男朋友": "男朋友|男友|未婚夫",
    "对象": "对象|另一半",
    "女儿": "女儿|闺女|囡囡",
    "儿子": "儿子",
    "儿媳": "儿媳妇?",
    "孙女": "外孙女|孙女",
    "孙子": "外孙|孙子",
    "宝宝": "宝宝|孩子|小孩|小朋友|小宝",
    "奶奶": "奶奶",
    "外婆": "外婆|姥姥",
    "爷爷": "爷爷",
    "外公": "外公|姥爷",
    "姐姐": "姐姐|我姐",
    "妹妹": "妹妹|我妹",
    "哥哥": "哥哥",
    "弟弟": "弟弟",
    "嫂子": "嫂子",
    "阿姨": "阿姨|小姨|姑姑|舅妈|伯母|婶婶",
    "闺蜜": "闺蜜",
    "朋友": "朋友|好友",
    "同学": "同学",
    "同事": "同事",
    "老师": "老师",
    "领导": "领导|老板",
    "客户": "客户",
}
_NAMES = {
    alias: name
    for name, aliases in _PEOPLE.items()
    for alias in re.split(r"\|", aliases.replace("儿?", "").replace("妇?", ""))
}
_PERSON = "|".join(
    sorted((alias for aliases in _PEOPLE.values() for alias in aliases.split("|")), key=len, reverse=True)
)
_SELF = r"我?自己(?!去|来|的金|带)|我本人|我戴|我用|自戴|自用"
_FOR = r"给|送给?|帮|替|为|陪|带着?|和|跟|与|同|是"
HERS = re.compile(
    rf"(?:我|我家|我们)?(?P<person>{_PERSON})(?:快|马上|要|下周|下个月|过|的|[一二三四五六七八九十0-9]+岁?)*(?:生日|大寿|想|喜欢|戴|看的|用的)"
)
_PARTNER = "男朋友|女朋友|男友|女友|老公|老婆|对象|爱人|先生|太太|未婚夫|未婚妻|另一半"
BOTH = re.compile(
    rf"我们?(?:俩|两个?人?|两口子|小两口)|情侣|夫妻(?:俩)?|一对(?:新人|情侣)"
    rf"|我(?:和|跟|与)(?:我)?(?:{_PARTNER})|(?:和|跟|与)(?:我)?(?:{_PARTNER})一起"
)
OTHER = re.compile(rf"(?<!不)(?:{_FOR})(?:我|我们|咱|咱们|俺|她|他)?(?:家|的|们)?(?P<person>{_PERSON})(?!店)")
ANSWER = re.compile(
    rf"(?:是|就是|嗯)?(?:{_FOR})?(?:我|我们|咱)?(?:家|的)?(?P<person>{_PERSON})(?:看|戴|用|买|的|啊|吧|呀|哦)*"
)
SELF = re.compile(rf"(?:{_SELF})")
GIFT = re.compile(r"送礼|送人|当礼物|做礼物|作礼物|礼物")
OCCASION = re.compile(
    r"结婚(?:[一二三四五六七八九十0-9]+周年)?|订婚|求婚|领证|婚礼|备婚|(?:(?<![周期拜])[一二三四五六七八九十0-9]+岁?)?(?:生日|大寿)|(?:[一二三四五六七八九十0-9]+)?周年|纪念日|满月|百天|百日|周岁|本命年|毕业|升学|乔迁|七夕|情人节|母亲节|圣诞节?|过年"
)
# A budget is worth knowing before she comes.
BUDGET = re.compile(
    r"(?:预算|价位)(?:大概|大约|在|是|约)*[0-9一二两三四五六七八九十百千万wk.~\-到至]+(?:元|块|左右|以内|上下|以下)*"
)


# So that the right size lies ready.
RING_SIZE = re.compile(r"手寸(?:是|大概|约)?[0-9.]{1,4}号?|[0-9]{1,2}号(?:圈口?|手寸|圈号)")


def for_whom_in(words: str) -> str:
    """ "妈妈" in "想给我妈看个镯子"; "" when she names nobody."""
    if BOTH.search(words):
        return "两个人一起"
    answer = ANSWER.fullmatch(words)
    said = [*OTHER.finditer(words)] or [*HERS.finditer(words)] or ([answer] if answer else [])
    if said:  # "不是婆婆，是我妈": the last one counts
        return _named(said[-1]["person"])
    if SELF.search(words):
        return "自己"
    return "送礼" if GIFT.search(words) else ""


def occasion_in(words: str) -> str:
    """What the visit is about beside pieces and persons: the occasion, her ring size, the budget."""
    return "，".join(
        dict.fromkeys(found[0] for rule in (OCCASION, RING_SIZE, BUDGET) for found in rule.finditer(words))
    )


def _named(alias: str) -> str:
    return _NAMES.get(alias) or next(name for name, aliases in _PEOPLE.items() if re.fullmatch(aliases, alias))
