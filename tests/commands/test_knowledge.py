"""`flask knowledge …`: answers by the line, the check and the measurement."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Flask

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NO_TABLES = pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)


@ONE_DATABASE
def test_answers_hold_the_facts_of_the_database(flask: Flask, tmp_path: Path) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text("key,value\nhours,每天10:00–22:00\n", encoding="utf-8")
    assert flask("shop", "import", "shop_facts", facts).exit_code == 0
    told = flask("knowledge", "answer", input="你们几点关门\n珍珠怎么保养\n\n")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert [line.split("\t")[:2] for line in lines] == [
        ["answer", "hours"],
        ["answer", "pearl-care"],
        ["handover", "-"],
    ]
    assert "每天10:00–22:00" in lines[0]


@NO_TABLES
def test_without_a_database_it_answers_and_says_once_what_is_missing(
    environment: None, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commands import create_app

    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    told = create_app().test_cli_runner().invoke(args=["knowledge", "answer"], input="你们几点关门\n珍珠怎么保养\n")
    assert told.exit_code == 0
    assert [line.split("\t")[0] for line in told.stdout.splitlines()] == ["handover", "answer"]
    assert told.stderr.count("Without the shop's own facts") == 1


@ONE_DATABASE
def test_another_base_replaces_the_entries(flask: Flask, tmp_path: Path) -> None:
    base = tmp_path / "base.tsv"
    base.write_text("id\tquestion\tanswer\nbread\t面包怎么保存\t室温两天\ncake\t生日蛋糕能订吗\t能\n", encoding="utf-8")
    told = flask("knowledge", "answer", "--base", base, input="面包怎么保存呢\n珍珠怎么保养\n")
    assert [line.split("\t")[1] for line in told.stdout.splitlines()] == ["bread", "-"]
    assert told.stdout.splitlines()[0].endswith("\t室温两天")


@ONE_DATABASE
def test_bytes_that_are_no_text_get_a_line_too(flask: Flask) -> None:
    told = flask("knowledge", "answer", input=b"\xff\xfe\x00\n\xef\xbb\xbf\xe7\x8f\x8d\xe7\x8f\xa0\n")
    assert told.exit_code == 0
    assert len(told.stdout.splitlines()) == 2


@ONE_DATABASE
@pytest.mark.parametrize("words", [("answer", "--base"), ("evaluate",)])
def test_a_file_that_is_not_there_is_one_sentence(flask: Flask, words: tuple[str, ...], tmp_path: Path) -> None:
    told = flask("knowledge", *words, tmp_path / "absent.tsv", input="x\n")
    assert told.exit_code == 1
    assert "absent.tsv can't be read" in told.stderr
    assert "Traceback" not in told.output


@ONE_DATABASE
def test_the_check_counts_the_entries(flask: Flask) -> None:
    told = flask("knowledge", "check")
    assert told.exit_code == 0
    assert "no fault" in told.stdout


@ONE_DATABASE
def test_faults_are_listed_with_their_place_and_end_in_failure(
    flask: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.yaml").write_text("entries:\n- id: a\n  title: A\n  short: '{shop.moon}'\n", encoding="utf-8")
    told = flask("knowledge", "check", "--entries", tmp_path)
    assert told.exit_code == 1
    assert "bad.yaml:2: a: has no keywords" in told.stdout
    assert "faults in 1 entries" in told.stderr


@ONE_DATABASE
def test_labelled_questions_are_measured(flask: Flask, tmp_path: Path) -> None:
    file = tmp_path / "questions.tsv"
    file.write_text(
        "question\ttopic_id\tkind\n珍珠怎么保养\tpearl-care\tplain\n今天天气\tNONE\tnone\n", encoding="utf-8"
    )
    told = flask("knowledge", "evaluate", file, "--misses")
    assert told.exit_code == 0
    assert "accuracy             100.0% (1 of 1)" in told.stdout
    assert "ms a question" in told.stdout
    assert "MB" in told.stdout


COMPARED = "pearl-care\t珍珠怎么保养\t用软布擦\nsilver-tarnish\t银手镯发黑怎么办\t用擦银布\nhours\t几点关门\t九点\n"
LABELLED = "question\ttopic_id\tkind\n珍珠怎么保养\tpearl-care\tplain\n今天天气\tNONE\tnone\n"


@ONE_DATABASE
def test_other_methods_are_measured_beside_the_engine(flask: Flask, tmp_path: Path) -> None:
    file, base = tmp_path / "questions.tsv", tmp_path / "base.tsv"
    file.write_text(LABELLED, encoding="utf-8")
    # Our own wordings are 27,000: preparing three methods for them takes eight seconds.
    base.write_text("id\tquestion\tanswer\n" + COMPARED, encoding="utf-8")
    told = flask("knowledge", "compare", file, "--base", base)
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.stdout.splitlines()] == [
        "at",
        "this",
        "BM25,",
        "rapidfuzz,",
        "rapidfuzz,",
        "TF-IDF,",
    ]
    assert told.stdout.splitlines()[1].split()[-4:] == ["100.0%", "100.0%", "0.0%", "0.0%"]


@ONE_DATABASE
def test_each_threshold_is_tried_and_the_one_in_use_is_marked(flask: Flask, tmp_path: Path) -> None:
    file = tmp_path / "questions.tsv"
    file.write_text(LABELLED, encoding="utf-8")
    told = flask("knowledge", "thresholds", file)
    assert told.exit_code == 0
    assert "answer_from" in told.stdout
    assert told.stdout.count(" <") == len([line for line in told.stdout.splitlines() if not line.startswith(" ")])
