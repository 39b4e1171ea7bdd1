"""Files of rows: CSV and .xlsx, read line by line, written so that no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

from crm.errors import Invalid

# A spreadsheet may take a cell that begins like this for a formula (also behind our own apostrophe).
FORMULA_LIKE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
# What stands in for a cell that holds a formula: its value is whatever the last program computed.
FORMULA = "\0formula"
# Bytes read at once when a file is looked through before the import.
PIECE = 1 << 20

Line = tuple[int, list[str]]


def safe(cell: str) -> str:
    """With an apostrophe in front where a spreadsheet could see a formula; a negative number stays one."""
    return f"'{cell}" if FORMULA_LIKE.match(cell) and not NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """Undoes `safe`."""
    return cell[1:] if cell.startswith("'") and FORMULA_LIKE.match(cell) else cell


@contextmanager
def lines_of(path: Path) -> Iterator[Iterator[Line]]:
    """The lines that are not empty, each with its number; raises Invalid in one sentence."""
    if not path.is_file():
        raise Invalid(f"There is no file {path}.")
    if path.suffix.lower() == ".xlsx":
        yield _sheet_lines(path)
        return
    _must_be_utf8(path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield _csv_lines(path, stream)


def _csv_lines(path: Path, stream: Iterable[str]) -> Iterator[Line]:
    reader = csv.reader(stream)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, [plain(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(f"{path} is no CSV from line {begins} on: {error}.") from None


def _must_be_utf8(path: Path) -> None:
    """Looked at before the first row is taken, so that half a file is never imported."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            while stream.read(PIECE):
                pass
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not in UTF-8: save it as “CSV UTF-8” or as .xlsx.") from None


def _sheet_lines(path: Path) -> Iterator[Line]:
    try:
        book = load_workbook(path, read_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise Invalid(f"{path} is no .xlsx file.") from None
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [_cell_text(cell) for cell in row]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def _cell_text(cell: Any) -> str:
    if cell.data_type == "f":
        return FORMULA
    value = cell.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else plain(str(value))


def write_lines(path: Path, lines: Iterable[list[str]]) -> None:
    """Write a whole file or none; readable by its owner alone: it may hold customers."""
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}.")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.touch(mode=0o600)
        guarded = ([safe(cell) for cell in line] for line in lines)
        if path.suffix.lower() == ".xlsx":
            _write_sheet(unfinished, guarded)
        else:
            with unfinished.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows(guarded)
        unfinished.replace(path)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _write_sheet(path: Path, lines: Iterable[list[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in line])
    with path.open("wb") as stream:
        book.save(stream)
