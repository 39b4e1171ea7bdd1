"""Entries and foreign bases are read, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import Decision, Knowledge
from knowledge.errors import EntryError
from knowledge.loading import load_entries, load_tsv

BAKERY = (
    "id\tquestion\tanswer\n"
    "open\t你们几点开门\t早上七点\n"
    "open\t营业时间\t\n"
    "cake\t可以订生日蛋糕吗\t提前一天预订\n"
    "bread\t面包怎么保存\t室温两天\n"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- id: a", r"gold\.yaml:1: the file needs a list 'entries'"),
        ("entries: [", r"gold\.yaml: "),
        ("entries:\n- title: no id", "lacks id or title"),
        ("entries:\n- id: a\n  title: A\n  wayz: []", r"gold\.yaml:2: unknown field wayz"),
        ("entries:\n- id: a\n  title: A\n  keywords: [x]", r"gold\.yaml:2: keywords must be"),
        ("entries:\n- id: a\n  title: A\n  keywords: {x: heavy}", r"gold\.yaml:2: a keyword needs a number"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "gold.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EntryError, match=message):
        load_entries(tmp_path)


def test_an_entry_knows_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "gold.yaml").write_text("entries:\n- id: a\n  title: A\n- id: b\n  title: B\n", encoding="utf-8")
    assert [(entry.id, entry.file, entry.line) for entry in load_entries(tmp_path)] == [
        ("a", "gold.yaml", 2),
        ("b", "gold.yaml", 4),
    ]


def test_a_folder_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntryError, match="no entry"):
        load_entries(tmp_path)


def test_rows_that_share_an_id_are_ways_of_asking_the_same(tmp_path: Path) -> None:
    base = tmp_path / "base.tsv"
    base.write_text(BAKERY, encoding="utf-8")
    assert [(entry.id, len(entry.ways), entry.short) for entry in load_tsv(base)] == [
        ("open", 2, "早上七点"),
        ("cake", 1, "提前一天预订"),
        ("bread", 1, "室温两天"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("你们几点开门呀", ("open",)),
        ("我想订一个生日蛋糕", ("cake",)),
        ("面包要怎么保存", ("bread",)),
        ("戒指怎么改圈", ()),
    ],
)
def test_another_trades_base_is_answered_from_too(
    tmp_path: Path, encoding: str, question: str, topics: tuple[str, ...]
) -> None:
    base = tmp_path / "base.tsv"
    base.write_text(BAKERY, encoding=encoding)
    answer = Knowledge.from_tsv(base).answer(question, {})
    assert answer.topics == topics
    assert (answer.decision is Decision.ANSWER) == bool(topics)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"id\tanswer\na\tb\n", "needs the columns"), (b"\xff\xfe\x00", "can't be read"), (b"", "needs the columns")],
)
def test_a_broken_base_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    base = tmp_path / "base.tsv"
    base.write_bytes(content)
    with pytest.raises(EntryError, match=message):
        load_tsv(base)


def test_a_base_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntryError, match="can't be read"):
        load_tsv(tmp_path / "absent.tsv")
