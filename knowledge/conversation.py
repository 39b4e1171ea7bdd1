"""What a question inherits from the conversation: the material, the piece or the concern that it leaves out."""

import re

from knowledge.answers import Turn
from knowledge.lexicon import MATERIAL, OBJECT
from knowledge.reading import Reading, asks_about_it

# Concerns that say nothing of their own: "要多久" after "可以改大吗" is about the resizing.
ABOUT_ANYTHING = frozenset({"多少钱", "多久一次", "周期", "流程", "在家", "免费", "能改", "意思", "怎么选"})
_CHOICE = re.compile(r"^(?:第|选|要)?\s*([123一二三①②③])\s*(?:个|条|项|号)?[.、,\s]*$")
_DIGITS = {"一": 1, "二": 2, "三": 3, "①": 1, "②": 2, "③": 3}
_MORE = re.compile(
    r"^(?:这是|那是|那|这|可是)*(?:为什么|为啥|为何|什么原因|啥原因|什么道理)(?:会这样|这样|不行|不能|不可以)?(?:呢|呀|啊)?$|"
    r"^(?:说|讲|再|请|能|可以|更|想看|看)*(?:详细|具体|仔细|多说|展开|更多)"
    r"(?:点|些|一点|一些|说说|讲讲|说明|介绍|的|吗|呢|下|一下|\s)*$"
)
_AND_NOW = re.compile(
    r"^(?:那|这|我|现在|该|应该|你说|到底|呢)*(?:怎么办|咋办|咋整|怎么弄|怎么处理|怎么解决|要紧|严重|会坏|有影响|有没有影响|没事(?=[吧吗]))"
    r"(?:吗|么|嘛|不|吧|呢|啊|呀)*$"
)
_THE_SAME = re.compile(
    r"(?:也|都)?(?:是)?(?:一样|同样|这样|如此|这么)(?:的|洗|养|做|弄|处理|保养|清洗)*(?:吗|么|嘛|不|呢)?[?\s]*$"
)
_POINTS_BACK = re.compile(
    r"^(?:那|那么|还有|如果|要是|换成|换|我这|这|它|和)|(?:呢|呐|也是|也可以|也能|也行|一样吗)[吗呢?\s]*$"
)

_OF_ANOTHER_KIND = re.compile(
    r"^(?:那)?(?:如果|要是|若是|万一|假如).*(?:的呢|的话|呢)[?\s]*$|^那.{1,14}的(?:那种|那款|这种)呢[?\s]*$|^.{2,14}的(?:那种|那款|这种)[?\s]*$"
)

_OF_ANOTHER_PLACE = re.compile(r"^(?:那|那么|还有)?(?P<named>[^,?那]{2,8}?)(?:的)?呢[?\s]*$")
_SENTENCE_PARTS = re.compile(r"[，；。：]")


def chosen(question: str, turn: Turn) -> str:
    """The topic chosen by its number from the readings offered before, or nothing."""
    match = _CHOICE.match(question.strip())
    if not match or not turn.offered:
        return ""
    number = _DIGITS.get(match[1]) or int(match[1])
    return turn.offered[number - 1] if number <= len(turn.offered) else ""


def wants_more(question: str, turn: Turn) -> bool:
    """Does this ask for the long form of the last answer ("详细", "那怎么办")?"""
    words = question.strip(" ?？。!！,，")
    return bool(turn.topic) and bool(_MORE.match(words) or _AND_NOW.match(words))


def asks_the_same(reading: Reading) -> bool:
    """ "也一样吗" asks what was asked before of something else, not for a difference."""
    return set(reading.concerns) <= {"区别"} and bool(_THE_SAME.search(reading.text))


def points_back(reading: Reading) -> bool:
    """Does this question speak as if something had been said before (那…, …呢)?"""
    return bool(_POINTS_BACK.search(reading.text))


def of_another_kind(reading: Reading) -> bool:
    """Does it ask what was asked before, of a piece that differs in something ("如果有裂的呢")?"""
    return bool(_OF_ANOTHER_KIND.search(reading.text))


def inherit(reading: Reading, turn: Turn) -> Reading | None:
    """The question completed by what the conversation is about; None when it lacks nothing or is about other things."""
    if reading.foreign or not (turn.materials or turn.concerns or turn.objects):
        return None
    if reading.materials and not reading.concerns and asks_about_it(reading) and "也" not in reading.text:
        # "俄料算和田玉吗" asks about the material itself, whatever was asked before.
        return None
    if not reading.ideas and not (points_back(reading) and not reading.words):
        return None
    materials = reading.materials or turn.materials
    objects = reading.objects or (turn.objects if not reading.materials or not reading.concerns else ())
    concerns = turn.concerns if asks_the_same(reading) else reading.concerns or turn.concerns
    if set(concerns) <= ABOUT_ANYTHING or of_another_kind(reading):
        concerns = (*turn.concerns, *concerns)
    others = () if asks_the_same(reading) else _others(reading)
    completed = tuple(dict.fromkeys((*materials, *objects, *concerns, *others)))
    if set(completed) == set(reading.ideas):
        return None
    return Reading(
        reading.text,
        completed,
        reading.words,
        {},
        reading.kinds,
        completed=asks_the_same(reading) or not (reading.words or reading.concerns),
    )


def leaves_out_the_matter(reading: Reading) -> bool:
    """Does it only say what may be asked of anything ("要多久", "多少钱")?"""
    asked = set(reading.concerns)
    return bool(asked) and asked <= ABOUT_ANYTHING and not (reading.materials or reading.objects or reading.words)


def said_of(question: str, text: str) -> str:
    """What the last answer says of something that it names itself: "那静安店呢" after the opening hours."""
    found = _OF_ANOTHER_PLACE.match(question.strip())
    parts = [part for part in _SENTENCE_PARTS.split(text) if found and found["named"] in part]
    return "，".join(parts) + "。" if parts else ""


def next_turn(reading: Reading, topic: str, offered: tuple[str, ...], before: Turn | None = None) -> Turn:
    """What the conversation is about after this reading was answered; who names no piece still speaks of the last."""
    names_none = before is not None and not (reading.materials or reading.objects or reading.foreign)
    last = before if before and names_none else Turn(materials=reading.materials, objects=reading.objects)
    told = before.told if before and before.topic == topic else ()
    return Turn(topic, last.materials, last.objects, reading.concerns, offered, told=told)


def _others(reading: Reading) -> tuple[str, ...]:
    known = set(reading.concerns)
    return tuple(
        idea for idea in reading.ideas if idea not in known and reading.kinds.get(idea) not in {MATERIAL, OBJECT}
    )
