"""What is usually asked of a material or a piece, and nothing else: "银怎么洗", "玫瑰金能回收吗", "修戒指多少钱"."""

from knowledge.conversation import ABOUT_ANYTHING
from knowledge.lexicon import Lexicon
from knowledge.matrix import SURE, Combination, Material, Matrix, is_stone
from knowledge.reading import Reading
from knowledge.reckoning import grams_in

# Of washing and care the table has a sentence for every material.
WASHED = frozenset({"清洗", "养护"})
# Answered under the material's own topic, where its row names no other.
ABOUT_THE_MATERIAL = WASHED | {"佩戴"}
# Ideas that such a question may hold without asking for another topic ("怎么看真假", "在家怎么洗", "要几天").
BESIDE = ABOUT_ANYTHING | {"在家", "量"} - {"能改", "怎么选"}
MENDED = "修"
ANY_PIECE, METAL, GOLD = "首饰", "贵金属", "金"
# "20克的手镯大概多少钱" is asked of the day's price.
SUM, A_SUM = "price-today", frozenset({"多少钱", "今天", "金价", "按克", "克重"})


def topic_for(matrix: Matrix, reading: Reading, lexicon: Lexicon) -> Combination | None:
    """The topic for this material or piece, with the table's sentence on washing; None where more is asked."""
    if grams_in(reading.text) and _asks_for_a_sum(reading, lexicon):
        return Combination("", SUM, frozenset({SUM}), "", (GOLD, "金价"), SURE, 0)
    concern = _only_concern(reading)
    materials = matrix.of_piece(reading, lexicon)
    if not concern or (reading.materials and not materials):
        return None
    material = max(materials, key=lambda one: (one.only_wiped, is_stone(one, lexicon)), default=None)
    topic = _of_the_material(material, concern) or _of_the_piece(reading, concern, lexicon)
    if not topic:
        return None
    return Combination(
        text=f"{material.name}{material.wash}" if material and concern in WASHED else "",
        topic=topic,
        neighbours=frozenset({topic}),
        general="",
        ideas=(material.ideas[0] if material else reading.objects[0], concern),
        confidence=SURE,
        strictness=0,
    )


def topic_alone(matrix: Matrix, reading: Reading, lexicon: Lexicon) -> str:
    """The same for a question inside a message; a single word of which only one thing is asked has a topic too."""
    found = topic_for(matrix, reading, lexicon)
    alone = lexicon.bare.get(reading.ideas[0], ()) if len(reading.ideas) == 1 and not reading.words else ()
    return found.topic if found else alone[0] if len(alone) == 1 else ""


def concern_of_some_piece(reading: Reading) -> str:
    """What is asked of a piece that nobody said the material of, and nothing else; else nothing."""
    return "" if reading.materials else _only_concern(reading)


def _only_concern(reading: Reading) -> str:
    asked = set(reading.concerns) - BESIDE
    # "断了能修吗" is about what is broken.
    asked = asked - {MENDED} or asked
    named = bool(reading.materials or reading.objects)
    return asked.pop() if len(asked) == 1 and named and not (reading.words or reading.foreign) else ""


def _asks_for_a_sum(reading: Reading, lexicon: Lexicon) -> bool:
    gold = all(GOLD in (idea, *lexicon.wider_ideas(idea)) for idea in reading.materials)
    return gold and "多少钱" in reading.concerns and set(reading.concerns) <= A_SUM and not reading.foreign


def _of_the_material(material: Material | None, concern: str) -> str:
    if material is None:
        return ""
    return material.topics.get(concern) or (material.topic if concern in ABOUT_THE_MATERIAL else "")


def _of_the_piece(reading: Reading, concern: str, lexicon: Lexicon) -> str:
    topics = lexicon.usual.get(concern, {})
    only_metal = all(METAL in (idea, *lexicon.wider_ideas(idea)) for idea in reading.materials)
    named = (*reading.objects, *([METAL] if only_metal else []), ANY_PIECE)
    return next((topics[one] for one in named if one in topics), "")
