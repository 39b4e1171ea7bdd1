"""`make bench`: every table of docs/benchmarks.md; `python -m bench receiver` for one of them."""

from __future__ import annotations

import sys

from bench import appointments, customers, knowledge, receiver, stages

TABLES = {
    "receiver": receiver.run,
    "stages": stages.run,
    "appointments": appointments.run,
    "customers": customers.run,
    "knowledge": knowledge.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"No such table: {', '.join(unknown)}. There are: {', '.join(TABLES)}.", file=sys.stderr)
        return 1
    for name in names or TABLES:
        TABLES[name]()
    return 0


sys.exit(main(sys.argv[1:]))
