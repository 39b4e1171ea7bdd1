"""Which words may be somebody's name: a known surname, and nothing that is plainly another word."""

from __future__ import annotations

import re

from crm.services.blind import LONG_SURNAMES

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹"
    "熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤梅柳葛岳齐庞颜倪施樊章鲁"
    "卫尤戚喻柏窦奚郎苗鲍俞费廉岑滕殷毕邬傅卞康伍卜穆萧湛祁禹狄臧谈茅纪屈阮闵季娄骆凌霍虞柯宗杭洪邢裴荣翁荀甄曲芮储靳"
    "路巫焦仇栾甘厉詹郜蔺屠蒙池乔翟贡姬冉桑浦尚庄晏柴瞿阎艾耿匡寇聂敖辛饶荆佟涂邸笪蒲桂苟褚"
)
# Words of engraving, of letters and of colours, and everyday words that begin like a surname.
_OTHER_WORDS = re.compile(
    r"刻|字|体|款|面|形|色|的|写|内壁|[女先]士|先生$|小姐$|太太$"
    r"|^(?:方便|方法|方案|高兴|高级|高一|于是|任何|程序|程度|谢谢|马上|马路|白天|常常|常来|向来|石头|石榴|万一|余下|严重|许多|何必"
    r"|何况|何时|孔雀|付钱|付费|熊猫|毛衣|龙虾|黄金|黄牛|白金|金子|钱包|江湖|梅花|夏天|雷声|顾客|顾问|戴上|戴着|史上|武术"
    r"|费用|费劲|荣幸|康乃馨|季节|纪念|尚未|毕竟|毕业|桂花|蒙古|洪水|甘心|曲线|焦急|储蓄|柴火|乔迁|宗教)"
)
# "王女士" is how somebody wants to be called, "女士" alone is not.
_POLITE = re.compile(r"(?P<surname>.{1,2})(?:女士|先生|小姐|太太)")


def has_surname(name: str) -> bool:
    """It begins with a surname that we know."""
    return name[:2] in LONG_SURNAMES or name[:1] in SURNAMES


def may_be_name(name: str) -> bool:
    """Nothing in it says that it is another word; a surname is not asked for."""
    polite = _POLITE.fullmatch(name)
    if polite is not None:
        return has_surname(polite["surname"])
    return _OTHER_WORDS.search(name) is None
