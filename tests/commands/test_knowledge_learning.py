"""`flask knowledge export/import/gaps/unused`: the atelier's table there and back, and what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from crm.db import Sessions
from crm.models import Conversation, KnowledgeAddition, Why
from crm.services.learning import questions, uses
from crm.services.learning.questions import Kept
from tests.commands.conftest import Flask
from tests.crm.builders import NOW

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Row = dict[str, str]


def table_of(path: Path) -> list[Row]:
    names, *rows = load_workbook(path).worksheets[0].values
    return [{str(name): str(cell or "") for name, cell in zip(names, row, strict=True)} for row in rows]


def written(path: Path, *rows: Row) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    names = list(dict.fromkeys(name for row in rows for name in row))
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name, "") for name in names])
    book.save(path)
    return path


def row_of(path: Path, topic: str) -> Row:
    return next(row for row in table_of(path) if row["topic"] == topic)


@pytest.fixture
def exported(flask: Flask, tmp_path: Path) -> Path:
    path = tmp_path / "entries.xlsx"
    assert flask("knowledge", "export", path).exit_code == 0
    return path


def additions(sessions: Sessions) -> list[KnowledgeAddition]:
    with sessions() as session:
        return list(session.scalars(select(KnowledgeAddition).order_by(KnowledgeAddition.id)))


@SQLITE
def test_what_was_exported_changes_nothing_when_it_comes_back(flask: Flask, exported: Path, sessions: Sessions) -> None:
    rows = table_of(exported)
    assert len(rows) >= 199
    assert all(row["text"] or row["state"] for row in rows)
    told = flask("knowledge", "import", exported)
    assert told.stdout.strip() == f"0 new, 0 changed, {len(rows)} unchanged, 0 refused"
    assert additions(sessions) == []


@SQLITE
def test_changed_rows_become_additions_once_and_are_answered(
    flask: Flask, exported: Path, tmp_path: Path, sessions: Sessions
) -> None:
    pearls = row_of(exported, "pearl-care")
    changed = {**pearls, "text": "珍珠怕酸，戴完擦净。", "askings": f"{pearls['askings']}\n珠珠咋养护才好"}
    new = {"topic": "", "title": "儿童区", "askings": "店里有儿童区吗\n带小朋友来有地方玩吗", "text": "二楼有儿童区。"}
    file = written(tmp_path / "changed.xlsx", changed, {**new, "checked_on": "2026-11-20", "source": "门店"})
    assert flask("knowledge", "import", file, "--dry-run").stdout.startswith("1 new, 1 changed")
    assert additions(sessions) == []
    assert flask("knowledge", "import", file).stdout.startswith("1 new, 1 changed, 0 unchanged, 0 refused")
    assert flask("knowledge", "import", file).stdout.startswith("0 new, 0 changed, 2 unchanged, 0 refused")
    answered = flask("knowledge", "answer", input="珠珠咋养护才好\n店里有儿童区吗\n").stdout
    assert "珍珠怕酸，戴完擦净。" in answered
    assert "二楼有儿童区。" in answered
    again = tmp_path / "again.xlsx"
    flask("knowledge", "export", again)
    assert row_of(again, "pearl-care")["text"] == "珍珠怕酸，戴完擦净。"
    assert row_of(again, "pearl-care")["long"] == pearls["long"]
    added = next(row for row in table_of(again) if row["title"] == "儿童区")
    assert (added["source"], added["checked_on"]) == ("门店", "2026-11-20")
    assert ", 0 refused" in flask("knowledge", "import", again).stdout
    assert len(additions(sessions)) == 2


@SQLITE
def test_an_entry_is_switched_off_and_on_again(flask: Flask, tmp_path: Path) -> None:
    for state in ("off", "on"):
        file = written(tmp_path / f"{state}.xlsx", {"topic": "pearl-yellow", "state": state})
        assert "1 changed" in flask("knowledge", "import", file).stdout
        answered = flask("knowledge", "answer", input="珍珠发黄怎么办\n").stdout
        assert ("\tpearl-yellow\t" in answered) == (state == "on")


TAKEN: Row = {"topic": "pearl-clean", "title": "珍珠的清洁"}
REFUSED: list[tuple[Row, str, str]] = [
    (TAKEN, "topic", "stands already in line 2"),
    ({"topic": "Pearl Care"}, "topic", "small letters"),
    ({"topic": "shop-new", "title": "新", "askings": "新的吗"}, "text", "is missing"),
    ({"topic": "pearl-care", "text": "字" * 121}, "text", "121 characters"),
    ({"topic": "pearl-care", "long": "字" * 601}, "long", "601 characters"),
    ({"topic": "pearl-care", "text": "请看{shop.moon}"}, "text", "unknown fact"),
    ({"topic": "pearl-ultrasonic", "text": "可以放超声波里洗五分钟。"}, "text", "must never"),
    ({"topic": "pearl-ultrasonic", "long": "可以放超声波里洗五分钟。"}, "long", "must never"),
    (
        {"topic": "shop-x", "title": "珠", "askings": "珍珠机洗多久", "text": "放超声波里洗五分钟。"},
        "text",
        "must never",
    ),
    ({"topic": "pearl-care", "askings": "只剩这一句"}, "askings", "stands in the files"),
    (
        {"topic": "shop-x", "title": "珠", "askings": "珍珠发黄怎么办", "text": "好的。"},
        "askings",
        "pearl-yellow already",
    ),
    ({"topic": "pearl-clean-2", "title": "珠", "askings": "珠子咋洗", "text": "用洗眼镜的机器洗。"}, "text", "超声波"),
    (
        {"topic": "shop-y", "title": "我叫李娜", "askings": "刻字吗", "text": "能刻。"},
        "title",
        "names or locates a person",
    ),
    (
        {"topic": "shop-y", "title": "刻字", "askings": "打138 0000 1208问刻字", "text": "能刻。"},
        "askings",
        "“打＊＊问刻字” names or locates a person",
    ),
    ({"topic": "pearl-care", "text": "新的。", "version": "7"}, "version", "was changed since this table was exported"),
    ({"topic": "pearl-care", "keywords": "全部: 10"}, "keywords", "belongs to the files"),
    ({"topic": "pearl-care", "never": "没有"}, "never", "belongs to the files"),
    ({"topic": "pearl-care", "state": "maybe"}, "state", "on or off"),
    ({"topic": "pearl-care", "checked_on": "昨天"}, "checked_on", "a date"),
    ({"topic": "pearl-care", "title": "=1+1"}, "title", "is a formula"),
]


@SQLITE
def test_a_row_that_cannot_be_taken_is_named_with_its_reason(flask: Flask, tmp_path: Path, sessions: Sessions) -> None:
    told = flask(
        "knowledge", "import", written(tmp_path / "bad.xlsx", TAKEN, *(row for row, _, _ in REFUSED)), "--dry-run"
    )
    assert told.exit_code == 1
    lines = told.stdout.splitlines()[1:]
    assert len(lines) == len(REFUSED)
    for number, (line, (_, column, reason)) in enumerate(zip(lines, REFUSED, strict=True), start=3):
        assert line.startswith(f"line {number}, column {column}: ")
        assert reason in line
    assert additions(sessions) == []


@SQLITE
def test_a_table_takes_back_nothing_that_was_taught_since_and_asks_nothing_twice(
    flask: Flask, exported: Path, tmp_path: Path, sessions: Sessions
) -> None:
    pearls = row_of(exported, "pearl-care")
    later = {"topic": "pearl-care", "askings": f"{pearls['askings']}\n珠珠咋养护才好"}
    assert "1 changed" in flask("knowledge", "import", written(tmp_path / "later.xlsx", later)).stdout
    twice = [{"topic": f"shop-{n}", "title": n, "askings": "店里有儿童区吗", "text": f"{n}楼有。"} for n in "ab"]
    told = flask("knowledge", "import", written(tmp_path / "old.xlsx", {**pearls, "source": "工坊"}, *twice)).stdout
    refused = told.splitlines()[1:]
    assert [line.split(":")[0] for line in refused] == ["line 2, column version", "line 4, column askings"]
    assert "pearl-care was changed since" in refused[0]
    assert "“店里有儿童区吗” is a way of shop-a already" in refused[1]
    assert [one.topic for one in additions(sessions)] == ["pearl-care", "shop-a"]


@SQLITE
@pytest.mark.parametrize("header", ["topic,strange", "title"])
def test_a_file_that_is_none_is_one_sentence(flask: Flask, tmp_path: Path, header: str) -> None:
    file = tmp_path / "entries.csv"
    file.write_text(f"{header}\npearl-care,x\n", encoding="utf-8")
    told = flask("knowledge", "import", file)
    assert told.exit_code == 1
    assert "Traceback" not in told.output
    assert "the first line" in told.stderr or "unknown" in told.stderr


@SQLITE
def test_no_spreadsheet_sees_a_formula(flask: Flask, tmp_path: Path) -> None:
    formula = {"topic": "shop-f", "title": "公式", "askings": "'=1+1", "text": "'=HYPERLINK(1)"}
    file = tmp_path / "in.csv"
    file.write_text(",".join(formula) + "\n" + ",".join(formula.values()) + "\n", encoding="utf-8")
    assert "1 new" in flask("knowledge", "import", file).stdout
    out = tmp_path / "out.xlsx"
    flask("knowledge", "export", out)
    assert row_of(out, "shop-f")["text"] == "'=HYPERLINK(1)"


def test_gaps_and_entries_of_no_use_are_listed(flask: Flask, sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Conversation(channel="kf", account="wk1", person="wm1"))
        session.flush()
        for _ in range(2):
            # One that was passed over and one that is not answered may be alike: they count once.
            passed = Kept("a", "有儿童区不", Why.PASSED_OVER, "hours")
            questions.keep(session, 1, [passed, Kept("a", "店里有\n儿童区吗", Why.UNANSWERED)], NOW)
        uses.count(session.connection(), 1, NOW.date(), "answered", ["pearl-care", "pearl-clean"])
        uses.count(session.connection(), 1, NOW.date(), "disliked", ["pearl-clean"])
    listed = flask("knowledge", "gaps").stdout.splitlines()
    assert len(listed) == 2
    assert listed[1].split("\t")[1:6] == ["2", "1", "1", "0", "0"]
    assert listed[1].endswith("店里有 儿童区吗")
    topics = {line.split("\t")[0]: line for line in flask("knowledge", "unused", "--days", "3650").stdout.splitlines()}
    assert "pearl-care" not in topics
    assert topics["pearl-clean"].split("\t")[1:6] == ["1", "0", "0", "0", "1"]
    assert "pearl-yellow" in topics
