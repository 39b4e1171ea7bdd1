"""Materials against treatments: the strictest verdict, said in one sentence, under the topic that fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import Decision, Knowledge
from knowledge.checking import advising_clauses
from knowledge.errors import MatrixError
from knowledge.lexicon import Lexicon
from knowledge.matrix import VERDICTS, Matrix, load_matrix, topic_of
from knowledge.reading import Reader
from tests.knowledge.conftest import Ask


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return load_matrix()


@pytest.mark.parametrize(
    ("question", "said", "topic"),
    [
        ("石榴石手链可以用蒸汽洗吗", "石榴石请不要用蒸汽清洗", "garnet-care"),
        ("橄榄石可以用超声波吗", "橄榄石请不要用超声波清洗", "peridot-care"),
        ("足金可以用酒精擦吗", "足金可以用酒精擦", "alcohol-clean"),
        ("月光石能戴着游泳吗", "月光石最好不要戴着游泳、下海", "wear-swim"),
        ("紫水晶能晒吗", "请不要久晒", "quartz-care"),
        ("镶珍珠的18k戒指能用洗银水吗", "以最娇气的为准，", "silver-dip"),
        ("充填红宝石可以用超声波吗", "充填或染色的红蓝宝请不要用超声波清洗", "ruby-sapphire-care"),
    ],
)
def test_a_combination_is_put_together(
    matrix: Matrix, reader: Reader, lexicon: Lexicon, question: str, said: str, topic: str
) -> None:
    combination = matrix.combine(reader.read(question), lexicon)
    assert combination is not None
    assert said in combination.text
    assert combination.topic == topic


@pytest.mark.parametrize(
    "question",
    [
        "莫桑石能用超声波吗",
        "超声波能洗什么",
        "珍珠怎么保养",
        "银戒指泡了温泉变黑了怎么办",
        "用洗银水洗坏了珍珠怎么补救",
        "翡翠用超声波能分辨真假吗",
        "孔雀石吊坠出汗戴花了能拿肥皂搓吗",
        "珍珠能用酒精牙膏超声波蒸汽吗",
        "白金戒指能不能用漂白水",
    ],
)
def test_other_questions_are_not_for_the_matrix(
    matrix: Matrix, reader: Reader, lexicon: Lexicon, question: str
) -> None:
    assert matrix.combine(reader.read(question), lexicon) is None


def test_the_strictest_of_several_materials_decides(matrix: Matrix, reader: Reader, lexicon: Lexicon) -> None:
    alone = matrix.combine(reader.read("钻石能用超声波吗"), lexicon)
    beside = matrix.combine(reader.read("镶珍珠的钻石戒指能用超声波吗"), lexicon)
    assert alone is not None
    assert "可以" in alone.text
    assert beside is not None
    assert "珍珠请不要" in beside.text


def test_several_treatments_are_answered_under_the_strictest(matrix: Matrix, reader: Reader, lexicon: Lexicon) -> None:
    both = matrix.combine(reader.read("钻石能用牙膏或者超声波洗吗"), lexicon)
    assert both is not None
    assert both.topic == "toothpaste-clean"
    assert both.text.count("\n") == 1
    assert "请不要用牙膏刷" in both.text
    assert "可以用超声波清洗" in both.text


def test_every_cell_makes_a_sentence_with_a_reason_and_a_source(matrix: Matrix) -> None:
    for material in matrix.materials:
        for treatment in matrix.treatments:
            cell = material.cells[treatment.name]
            assert cell.verdict in VERDICTS
            assert cell.reason, (material.name, treatment.name)
            assert cell.source, (material.name, treatment.name)


def test_every_combination_answers_under_a_topic_that_exists(matrix: Matrix, knowledge: Knowledge) -> None:
    named = {topic_of(material, treatment) for material in matrix.materials for treatment in matrix.treatments}
    assert named <= knowledge.topics().keys()


def test_what_must_never_be_done_is_never_advised(matrix: Matrix, reader: Reader, lexicon: Lexicon) -> None:
    for material in matrix.materials:
        for treatment in matrix.treatments:
            if material.cells[treatment.name].verdict != "never":
                continue
            reading = reader.read(f"{material.ideas[0]}可以{treatment.ideas[0]}吗")
            combination = matrix.combine(reading, lexicon)
            if combination is None:
                continue
            assert not [part for part in advising_clauses(combination.text) if treatment.says["safe"] in part]


def test_an_entry_that_names_both_speaks_for_itself(ask: Ask) -> None:
    answer = ask("珐琅手镯能不能用蒸汽洗")
    assert answer.decision is Decision.ANSWER
    assert not answer.text.startswith("珐琅请不要")


def test_an_entry_that_does_not_name_the_material_is_preceded_by_the_verdict(ask: Ask) -> None:
    answer = ask("石榴石手链可以用蒸汽洗吗")
    assert answer.decision is Decision.ANSWER
    assert "石榴石" in answer.text.split("。")[0]


@pytest.mark.parametrize(
    "text",
    [
        "treatments: {}",
        "a: [",
        "treatments: {晒: {ideas: [晒], safe: a, caution: b, never: c}}\n"
        "groups: {g: {wash: w, cells: {晒: [maybe, x, y]}}}\n"
        "materials:\n  金:\n    {ideas: [金], group: g, topic: t}\n",
    ],
)
def test_a_broken_matrix_is_one_clear_error(tmp_path: Path, text: str) -> None:
    broken = tmp_path / "matrix.yaml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(MatrixError, match=r"matrix\.yaml can't be read"):
        load_matrix(broken)
