"""The grid on which places are taken: cells of five minutes, counted from 1970.

A visit takes every cell it touches. Since the grid is the same for every shop and for ever, a shop
may change its slot length or its places while appointments exist: old and new visits still meet in the cells.
"""

from __future__ import annotations

from datetime import UTC, datetime

# Minutes: every slot length in use is a multiple (a shop's 45 or 20 minutes); an hour is then 12 rows.
CELL_MINUTES = 5
CELL_SECONDS = CELL_MINUTES * 60


def cells(starts_at: datetime, ends_at: datetime) -> range:
    """Every cell that the time touches; empty when it ends before it starts."""
    return range(int(starts_at.timestamp()) // CELL_SECONDS, -(-int(ends_at.timestamp()) // CELL_SECONDS))


def whole_cells(minutes: int) -> int:
    """Minutes rounded up to whole cells."""
    return -(-minutes // CELL_MINUTES) * CELL_MINUTES


def begin_of(cell: int) -> datetime:
    """The instant at which a cell begins."""
    return datetime.fromtimestamp(cell * CELL_SECONDS, UTC)


def next_begin(moment: datetime) -> datetime:
    """The first begin of a cell that is not before the moment."""
    return begin_of(-(-int(moment.timestamp()) // CELL_SECONDS))
