"""What this shop's bot never answers, however much jewellery stands beside it."""

import re
from collections.abc import Collection

from knowledge.lexicon import INSULT
from knowledge.reading import Reading
from knowledge.reckoning import grams_in

# A health, luck or market question gets a person even when a piece is named: our word would be advice.
NEVER_ANSWERED = frozenset({"danger", "accusation", "medicine", "luck", "investment"})
COMPETITORS = "competitors"
PRICE = "多少钱"
WITH_A_DAYS_PRICE = frozenset({"金", "足金", "千足金", "四个九", "K金", "铂金", "古法金", "硬金", "5G金"})
# Another house's name is fine when its piece is brought here, not when we shall judge the house.
PIECES_FROM_ELSEWHERE = frozenset({"换新", "回收", "修", "清洗", "改圈", "检测", "断", "抛光", "松动", "刻字", "换线"})

# "忘记1", "忘了我爸爸": what we remember of her, not a ring that she forgot to take off.
_FORGET = re.compile(r"^(?:请|帮我|把|你们|都|这些|他|她)*(?:忘记|忘了|忘掉|别记|不要记)")


def asks_for_a_price(reading: Reading) -> bool:
    """The price of a piece or a stone, and nothing else: no entry knows it; that of gold is the day's, by weight."""
    named = bool(reading.materials or reading.objects)
    by_weight = bool(grams_in(reading.text)) and not reading.materials
    gold = by_weight or bool(WITH_A_DAYS_PRICE & set(reading.materials))
    return named and set(reading.concerns) == {PRICE} and not gold


def _goes_on(reading: Reading, word: str) -> bool:
    """Does the word make another thing of the material before it (水晶吊灯)?"""
    before = reading.text[: max(0, reading.text.find(word))]
    return any(before.endswith(written) for written in reading.written)


def out_of_scope(reading: Reading, known: Collection[str] = ()) -> bool:
    """Must a person take this question, whatever the entries say?

    `known` are the words of other trades that the entry in question answers about itself ("荧光是辐射吗").
    """
    foreign = {word: group for word, group in reading.foreign.items() if word not in known}
    groups = set(foreign.values())
    if _FORGET.search(reading.text) and not reading.ideas:
        return True
    if reading.of_kind(INSULT) or groups & NEVER_ANSWERED:
        return True
    if COMPETITORS in groups and not PIECES_FROM_ELSEWHERE & set(reading.ideas):
        return True
    if not reading.objects and any(_goes_on(reading, word) for word in foreign):
        return True
    # Words of another trade and no piece: "耳机坏了保修吗" is not for us.
    return bool(groups - {COMPETITORS}) and not (reading.materials or reading.objects)
