"""Entries are read, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import EntryError
from knowledge.loading import load_entries


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


@pytest.mark.parametrize("points", ["x", "[x]", "[{asked: [x]}]", "[{asked: [x], say: y, often: true}]"])
def test_a_point_that_is_none_is_refused_with_its_place(tmp_path: Path, points: str) -> None:
    (tmp_path / "gold.yaml").write_text(f"entries:\n- id: a\n  title: A\n  points: {points}", encoding="utf-8")
    with pytest.raises(EntryError, match=r"gold\.yaml:2: a point has asked, say"):
        load_entries(tmp_path)
