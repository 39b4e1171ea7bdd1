"""Wordings of customers, read from their files; readings of them, kept from start to start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge import remembering
from knowledge.askings import NOBODY, Asking, load_askings, with_askings
from knowledge.entry import Entry
from knowledge.errors import EntryError
from knowledge.lexicon import Lexicon
from knowledge.reading import Reader, Reading

TEXTS = ["珍珠能碰水吗", "金链子发黑了咋办"]


@pytest.fixture(scope="module")
def reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon)


def test_every_line_is_a_topic_and_what_is_asked(tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_text("pearl-care\t珍珠怎么戴\n", encoding="utf-8")
    (tmp_path / "a.tsv").write_text("NONE\t珍珠奶茶多少钱\n", encoding="utf-8")
    assert load_askings(tmp_path) == [
        Asking(NOBODY, "珍珠奶茶多少钱", "a.tsv", 1),
        Asking("pearl-care", "珍珠怎么戴", "b.tsv", 1),
    ]


@pytest.mark.parametrize("line", ["pearl-care", "pearl-care\t", "\t珍珠怎么戴", ""])
def test_half_a_line_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.tsv").write_text(f"pearl-care\t珍珠怎么戴\n{line}\n", encoding="utf-8")
    with pytest.raises(EntryError, match=r"a\.tsv:2: a line is a topic, a tab"):
        load_askings(tmp_path)


def test_wordings_stand_beside_the_entrys_own_ways() -> None:
    entry = Entry("pearl-care", "珍珠保养", ways=("珍珠怎么养",))
    (asked,) = with_askings([entry], [Asking("pearl-care", "珠链能天天戴吗")])
    assert (asked.ways, asked.askings) == (("珍珠怎么养",), ("珠链能天天戴吗",))
    assert asked.wordings == ("珍珠保养", "珍珠怎么养", "珠链能天天戴吗")


def test_a_wording_of_no_topic_is_refused_with_its_place() -> None:
    with pytest.raises(EntryError, match=r"a\.tsv:7: there is no topic pearls"):
        with_askings([], [Asking("pearls", "珍珠怎么戴", "a.tsv", 7)])


def test_readings_are_kept_whole(reader: Reader, tmp_path: Path) -> None:
    kept = tmp_path / "var" / "readings.json"
    made = remembering.readings_of(TEXTS, reader, kept)
    again = remembering.readings_of(TEXTS, reader, kept)
    assert again == made == {text: reader.read(text) for text in TEXTS}
    assert [again[text].kinds for text in TEXTS] == [made[text].kinds for text in TEXTS]
    assert again[TEXTS[0]].written == made[TEXTS[0]].written


def test_what_is_kept_is_used(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "readings.json"
    remembering.readings_of(TEXTS, reader, kept)
    read: list[str] = []
    monkeypatch.setattr(reader, "read", lambda text: read.append(text) or Reading(text))
    remembering.readings_of([*TEXTS, "银链子呢"], reader, kept)
    assert read == ["银链子呢"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "old", "readings": {}}', '{"readings": {}}'])
def test_a_broken_or_old_memory_is_made_anew(reader: Reader, tmp_path: Path, content: str) -> None:
    kept = tmp_path / "readings.json"
    kept.write_text(content, encoding="utf-8")
    remembering.readings_of(TEXTS, reader, kept)
    assert sorted(json.loads(kept.read_text(encoding="utf-8"))["readings"]) == sorted(TEXTS)


def test_without_a_place_to_write_it_reads_every_time(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    nowhere = tmp_path / "file" / "readings.json"
    assert remembering.readings_of(TEXTS, reader, nowhere).keys() == set(TEXTS)
