"""What people are to each other: the words a customer says, and the one under which we keep it."""

from __future__ import annotations

import re

# The word that we keep first, then every other way to say it.
_TABLE = (
    "太太 老婆 妻子 媳妇儿 媳妇 爱妻 夫人",
    "先生 老公 丈夫",
    "爱人 另一半 对象 伴侣",
    "未婚夫",
    "未婚妻",
    "男朋友 男友",
    "女朋友 女友",
    "婆婆",
    "公公",
    "丈母娘 岳母",
    "岳父 丈人 老丈人",
    "妈妈 母亲 老妈 妈咪 妈",
    "爸爸 父亲 老爸 爹 爸",
    "大女儿",
    "小女儿",
    "女儿 闺女",
    "大儿子",
    "小儿子",
    "儿子",
    "孙女",
    "外孙女",
    "孙子",
    "外孙",
    "儿媳 儿媳妇",
    "女婿",
    "奶奶",
    "爷爷",
    "外婆 姥姥",
    "外公 姥爷",
    "姐姐 姐",
    "妹妹 妹",
    "哥哥 哥",
    "弟弟 弟",
    "嫂子",
    "姑姑 姑妈",
    "姨妈 小姨 阿姨",
    "舅妈",
    "闺蜜",
    "朋友",
    "同事",
    "宝宝 孩子",
)
KEPT_AS = {word: line.split()[0] for line in _TABLE for word in line.split()}
# Longest first, so that 儿媳妇 is not read as 儿媳 and 妈妈 not as 妈.
PATTERN = "|".join(sorted(map(re.escape, KEPT_AS), key=len, reverse=True))
# Who shares weddings and first dates with her, and most gifts.
PARTNERS = frozenset(("太太", "先生", "爱人", "未婚夫", "未婚妻", "男朋友", "女朋友"))
# Whose it is that she speaks of, at the head of a sentence: her own where no relation is named.
WHO = rf"(?:(?:我|咱|俺)们?(?:家)?的?(?:(?:和|跟)(?:我)?(?:{PATTERN})的?)?)?(?P<relation>{PATTERN})?的?"
