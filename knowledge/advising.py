"""What a text advises and what it forbids, clause by clause, however it is typed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.text import simplified

# What these say forbids nothing, whatever negation is in it: reassurance, limits, words with such a character.
_REASSURES = re.compile(
    r"(?:绝对|完全|肯定|一定|并|也|都)*不(?:太|容易|怎么)?会?(?:再)?(?:伤|损|坏|裂|掉|影响|变[黑黄形色]|褪色|有事|[有出]问题|难|贵|麻烦)"
    r"[^，。；！？、\n]{0,3}"
    r"|(?:绝对|完全|并|也|都)?不(?:怕|要紧|碍事|打紧)|无妨|不妨|没(?:有)?(?:事|问题|关系|啥|影响|坏处|害处)"
    r"|(?:不用|不必|别|不要|无需)(?:太)?(?:担心|怕|害怕|着急|客气|犹豫|介意)|尽管放心|毫无"
    r"|谁说[^，。；！？、\n]{0,6}|不是不(?:能|行|可以)|没(?:有|什么)?不(?:可以|能|行)的?"
    r"|(?:不要|不能|不可|不宜|不得|别|勿)?(?:超过|久于|多于|高于)(?=[\d一二两三四五六七八九十半几])|不(?:超过|到|足|满|多于)"
    r"|(?:不要|不能|不可|不宜|别|勿)(?:太|过)[久长烫热高用大多][^，。；！？、\n]{0,2}"
    r"|免费|难免|特别|分别|区别|别的|级别|识别|辨别|个别|别人|别家|别处|不但|不仅|不止|不光|不锈钢|不错|不贵|不久|不少"
    r"|不管|不论|无论|不过(?=[\d一二两三四五六七八九十半几])|(?<!不)小心|坏了|弄坏的|伤痕|没有|没"
)
_FORBIDS = re.compile(
    r"不|别|勿|避|忌|禁|怕|远离|切莫|莫用|伤|(?<!消)毒|停用|没必要|没有必要|没法|反而|坏|慎|失去|损|误|难"
    r"|以免|免得|腐蚀|炸裂|骤热|发干|带走|磨料|风险|塌"
)
# It tells what has happened already, or asks: nobody is advised to do it.
_TELLS = re.compile(r"已经|不小心|万一|误放|误用|沾到|溅到|碰到了|网传|网上|有人说|据说|听说|传说|[吗呢么?？]$")
# A clause behind another one that says what that would do, or that it must not be.
_VERDICT = re.compile(
    r"不行|不可|不能|不建议|不合适|不适合|不宜|使不得|不推荐|要不得|不安全|伤|坏|裂|毁|损|失光|起皮|褪色|掉色|腐蚀|禁|大忌|危险"
    r"|失去|变脆|刮花|磨花|溶|失水|震松|脱胶|变色|发白|发黑|变黑|烧黑"
)
_GOES_ON = re.compile(r"洗完|之后|然后|再|别用|不要用|不能用|别拿")
_BARE_NAME = re.compile(r"(?!.?[用放拿可以])[^，。]{1,5}")
_SENTENCES = re.compile(r"[。；！\n]+")
_CLAUSES = re.compile(r"([，、：？?（）()])|(?=但是?|可是|然而|其实)")
# Behind a prohibition one of these begins what is advised instead.
_INSTEAD = re.compile(r"(?<![不没还])(?=而是|改用|换用|可以|应该|直接)")
_HAN = "\u4e00-\u9fff"
# A blank between two pieces of this many characters ends a clause, unless the first still forbids something.
_ENDS = re.compile(rf"(?<=[{_HAN}]{{3}})(?<![要能可以别勿用得])[ \t]+(?=[{_HAN}]{{3}})")
_BETWEEN = re.compile(rf"(?<=[{_HAN}])[ \t·•*_~|+/\-—]+(?=[{_HAN}])|(?<=[\d{_HAN}])[ \t]+(?=[\d{_HAN}])")
_WIDE = str.maketrans(",;:!?", "，；：！？")
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "So", "Sk"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, also without what only reassures (`bare`); `before` is its sentence up to it."""

    text: str
    bare: str
    forbids: bool
    before: str = ""


def plain(text: str) -> str:
    """The text as its reader understands it: width, traditional and invisible characters, blanks between characters."""
    folded = unicodedata.normalize("NFKC", text)
    seen = "".join(char for char in folded if char == "\n" or unicodedata.category(char) not in _INVISIBLE)
    return _BETWEEN.sub("", _ENDS.sub("，", simplified(seen).translate(_WIDE)))


def clauses(text: str) -> Iterator[Clause]:
    """Every clause of a text, each with whether it forbids, warns or only tells."""
    for sentence in _SENTENCES.split(plain(text)):
        yield from _of_sentence(sentence)


def _of_sentence(sentence: str) -> Iterator[Clause]:
    parts = [part for clause in _CLAUSES.split(sentence) if clause for part in _turns(clause)]
    forbidding, mark = False, ""
    for at, part in enumerate(parts):
        if _is_mark(part):
            mark = part
            continue
        # An enumeration goes on forbidding: 不用牙膏、砂纸; and waits for what it forbids: 酒精、丙酮都不能碰.
        listed = [part, *_further_items(parts[at:])]
        forbidding = any(_FORBIDS.search(_REASSURES.sub("", one)) for one in listed) or (forbidding and mark == "、")
        after = "".join(parts[at + 1 :])
        told = bool(_TELLS.search(part)) or after[:1] in ("？", "?")
        yield Clause(part, _REASSURES.sub("", part), forbidding or told or _condemned(after), "".join(parts[:at]))


def _is_mark(part: str) -> bool:
    return len(part) == 1 and bool(_CLAUSES.fullmatch(part))


def _further_items(parts: list[str]) -> Iterator[str]:
    """What an enumeration of bare names goes on with."""
    for name, mark, following in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        if mark != "、" or not _BARE_NAME.fullmatch(name):
            return
        yield following


def _turns(clause: str) -> list[str]:
    """不要用牙膏 and 可以用软布, where nothing stands between them."""
    first, *others = _INSTEAD.split(clause)
    return [first, *others] if first and _FORBIDS.search(_REASSURES.sub("", first)) else [clause]


def _condemned(after: str) -> bool:
    """Does what follows say that this must not be, or what it would do?"""
    following = next((part for part in re.split(r"[，：？（）]", after) if part), "")
    said = _REASSURES.sub("", following)
    return bool(_VERDICT.search(said)) and not _GOES_ON.search(said)
