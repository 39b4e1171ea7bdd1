"""What this shop's bot never answers, however much jewellery stands beside it."""

from knowledge.lexicon import INSULT
from knowledge.reading import Reading

# A health, luck or market question gets a person even when a piece is named: our word would be advice.
NEVER_ANSWERED = frozenset({"medicine", "luck", "investment"})
# Another house's name is fine when its piece is brought here, not when we shall judge the house.
PIECES_FROM_ELSEWHERE = frozenset({"换新", "回收", "修", "清洗", "改圈", "检测", "断", "抛光", "松动", "刻字", "换线"})


def out_of_scope(reading: Reading) -> bool:
    """Must a person take this question, whatever the entries say?"""
    if reading.of_kind(INSULT) or reading.foreign_groups & NEVER_ANSWERED:
        return True
    if "competitors" in reading.foreign_groups and not PIECES_FROM_ELSEWHERE & set(reading.ideas):
        return True
    # Nothing of the trade at all, only words of another one.
    return bool(reading.foreign) and not reading.ideas
