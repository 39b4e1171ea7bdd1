"""Parts of a customer's words that say who she is: found before they are taught, masked where staff read them.

What is looked for is what people type into a chat; a name without any word around it is not found, which is why
whoever teaches reads the ways of asking before they hold (`handlers/advisor/questions.py`).
"""

from __future__ import annotations

import re
import unicodedata

MASK = "＊＊"
_DIGIT = "[0-9零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]"
# What people put between the digits of a number.
_GAP = r"[\s\-—–_.·•,，、/()（）]{0,3}"
_HAN = "\u4e00-\u9fff"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦昌马苗"
    "凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余顾孟黄和穆萧尹姚邵汪祁毛禹狄"
    "贝戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房丁邓洪包左"
    "石崔吉龚程陆翁曲甄段侯武刘龙叶司白赖乔谭曾关金欧聂向游肖廖易温文申牛尚艾谷辛邢岳"
)
_ID = r"[A-Za-z][A-Za-z0-9_\-]{4,19}"
_PATTERNS = (
    # E-mail addresses, links, marks of an address.
    r"[\w.+\-]+\s*@\s*[\w.\-]*|@\S+|https?:\S*|www\.\S*",
    # An identity card, a bank card, a mobile phone, however it is grouped.
    rf"(?<!{_DIGIT}){_DIGIT}(?:{_GAP}{_DIGIT}){{13,18}}(?:{_GAP}[Xx])?",
    rf"(?<!{_DIGIT})[1一幺壹]{_GAP}[3-9三四五六七八九叁肆伍陆柒捌玖](?:{_GAP}{_DIGIT}){{9}}",
    r"0\d{2,3}[\s\-]?\d{7,8}",
    # Digits in a row: an order, a certificate. Nines are a fineness (99999).
    r"[A-Za-z]{0,4}-?(?!9+(?!\d))\d{5,}[A-Za-z]?|[零〇○一二三四五六七八九幺两]{6,}",
    # What is named as a number or an account.
    r"(?i:微信号?|薇信|威信|v信|vx|wx|weixin|wechat|qq|扣扣|企鹅号?|小红书号|抖音号)"
    rf"(?:我的|的|账号|号码|号|名|是|为|搜|加|[:：\s])*(?:{_ID}|(?:{_DIGIT}{_GAP}){{5,}})|微信号",
    rf"(?:加我|\+我|加个?[vV]|[vV]我)[:：\s]*(?:{_ID}|(?:{_DIGIT}{_GAP}){{5,}})",
    r"(?:订单|单号|快递|运单|卡号|会员卡?|尾号|证件|身份证|护照|车牌|电话|手机|座机|号码|邮箱|编号)"
    rf"(?:号码|号|的|是|为|后四位|[:：\s#])*(?:[A-Za-z]{{0,4}}{_GAP}(?:{_DIGIT}{_GAP}){{4,}}[A-Za-z0-9]*)",
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·.\s]?[A-Z0-9]{5,6}(?![A-Za-z0-9])",
    # Where somebody lives.
    rf"[{_HAN}]{{1,8}}(?:大道|路|街|巷|弄|胡同|村|小区|花园|苑|公寓|大厦|新城|家园|府)[{_HAN}\s]{{0,6}}?"
    rf"(?:{_DIGIT}|十|百){{1,5}}\s*(?:号(?![线店馆柜])|栋|幢|座|单元|室|弄)[^，。,?？!！\s]{{0,12}}",
    r"\d{1,3}\s*(?:栋|幢|号楼|单元)[\s\d\-零一二三四五六七八九十单元室楼层]*",
    rf"(?:我?家?住在?|住址|地址|寄到|寄给|送到|家在)[是:：\s]*(?!你)[{_HAN}]*(?:省|市|区|县|镇|乡|路|街|村|小区|花园|苑|公寓)"
    rf"(?:[{_HAN}\d\-]|\s(?=\d)|(?<=\d)\s)*",
    # Names.
    rf"(?:我叫|我名叫|我的?名字[叫是]?|本人叫?|姓名[是:：]|收件人[是:：]?|联系人[是:：]?|称呼我|叫我)\s*"
    rf"(?![什啥你您她他它们]|可以|名)[{_HAN}]{{2,4}}|(?:my name is|i am|i'm)\s+[a-z]+",
    rf"(?:(?<![百老名贵])|免贵)姓(?:[{_SURNAMES}]|欧阳|上官|司马|诸葛|司徒)[{_HAN}]{{0,2}}?(?=$|[，。,.\s?？!！的，]|想|问|在|请)",
    rf"我(?:是|就是)?(?:[{_SURNAMES}])[{_HAN}]{{1,2}}(?=$|[，。,.\s!！]|想问|请问|问)",
    rf"(?:欧阳|上官|司马|诸葛|司徒|[{_SURNAMES}])[{_HAN}]{{0,2}}?(?:先生|女士|小姐(?!妹)|太太)",
)
_PERSONAL = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))


def folded(words: str) -> str:
    """The words with plain digits and letters and without invisible characters, as the rules here read them."""
    plain = unicodedata.normalize("NFKC", words)
    return "".join(char for char in plain if unicodedata.category(char) not in {"Cf", "Mn", "Me"})


def is_personal(words: str) -> bool:
    """Do these words say who somebody is, or how to reach or find her?"""
    return bool(_PERSONAL.search(folded(words)))


def masked(words: str) -> str:
    """The words with every such part hidden; words without one stay as they were typed."""
    plain = folded(words)
    return _PERSONAL.sub(MASK, plain) if _PERSONAL.search(plain) else words
