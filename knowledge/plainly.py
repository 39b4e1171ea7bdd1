"""What is usually asked of any material, and nothing else: "银怎么洗", "珍珠怎么收", "玫瑰金能回收吗"."""

from knowledge.lexicon import Lexicon
from knowledge.matrix import SURE, Combination, Matrix, is_stone
from knowledge.reading import Reading

# Of washing and care the table has a sentence for every material.
WASHED = frozenset({"清洗", "养护"})
# Answered under the material's own topic, where its row names no other.
ABOUT_THE_MATERIAL = WASHED | {"佩戴"}
# Where neither the material nor its group names one.
USUAL_TOPICS = {"存放": "store-separate"}
# Ideas that such a question may hold without asking for more ("怎么看真假", "在家怎么洗").
BESIDE = frozenset({"在家", "流程", "量", "意思"})


def plainly(matrix: Matrix, reading: Reading, lexicon: Lexicon) -> Combination | None:
    """The topic for this material, with the table's sentence on washing; None where the question says more."""
    asked = set(reading.concerns) - BESIDE
    materials = matrix.of_piece(reading, lexicon)
    if len(asked) != 1 or not materials or reading.words or reading.foreign:
        return None
    concern = asked.pop()
    material = max(materials, key=lambda one: (one.only_wiped, is_stone(one, lexicon)))
    own = material.topic if concern in ABOUT_THE_MATERIAL else ""
    topic = material.topics.get(concern) or USUAL_TOPICS.get(concern) or own
    if not topic:
        return None
    return Combination(
        text=f"{material.name}{material.wash}" if concern in WASHED else "",
        topic=topic,
        neighbours=frozenset({topic}),
        general="",
        ideas=(material.ideas[0], concern),
        confidence=SURE,
        strictness=0,
    )
