"""Rules about the whole: who may import whom, where time comes from, how large a file may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What is ours at the top of the repository. Anything new has to find its place in this table.
OURS = (
    *("bot", "crm", "handlers", "knowledge", "scheduler", "sandbox", "wording", "settings", "pages"),
    *("assembly", "delivery_parts", "launcher", "worker", "wsgi"),
    *("commands", "bench", "sample", "migrations", "tests"),
)
# Each part and all that it may know of ours, beside itself.
MAY_IMPORT = {
    "crm": (),
    "knowledge": (),
    "bot": (),
    "wording": (),
    "sandbox": (),
    "settings": (),
    "sample": (),
    "migrations": ("crm",),
    "handlers": ("bot", "crm", "knowledge", "wording"),
    "pages": (
        *("bot", "crm", "wording"),
        *("handlers.appointment_news", "handlers.context", "handlers.outbox", "handlers.schedule_words"),
    ),
    "scheduler": (
        *("crm", "knowledge", "wording"),
        *("bot.clock", "bot.messages", "bot.errors", "bot.codec", "bot.words", "bot.platforms", "bot.links"),
    ),
}
# Where parts are put together: they import what they assemble, and they alone see the settings.
# `migrations.env` is what `alembic` starts by itself, `sample.load` what `make run` starts first.
ROOTS = (
    *("wsgi", "worker", "launcher", "assembly", "delivery_parts", "commands", "bench", "tests"),
    *("scheduler.__main__", "migrations.env", "sample.load"),
)
SEEN_BY_ROOTS_ONLY = ("settings", "assembly", "delivery_parts")
# Where the machine's own time may be read: the clocks, leases of processes, and what is no part of the program.
READS_THE_TIME = ("bot.clock", "crm.services.claims", "sandbox", "bench", "tests")
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
MOST_LINES = 400
UNFINISHED = ("TODO", "FIXME")


@cache
def sources() -> Mapping[str, Path]:
    """Every Python file of ours by module name."""
    found: dict[str, Path] = {}
    for name in OURS:
        for path in sorted((ROOT / name).rglob("*.py")) or [ROOT / f"{name}.py"]:
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(sources()[module].read_text(encoding="utf-8"))


def is_in(module: str, *parts: str) -> bool:
    """Whether the module is one of these parts or lies inside one."""
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def imported(module: str, *, only_at_start: bool = False) -> set[str]:
    """Modules of ours that this one imports; `only_at_start`: while it is loaded, not for its types or later."""
    nodes = _run_at_start(tree(module).body) if only_at_start else ast.walk(tree(module))
    names = {name for node in nodes for name in _names(node, module)}
    return {_longest_module(name) for name in names if is_in(name, *OURS)} - {module}


def _run_at_start(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from _run_at_start(node.orelse)
            case ast.If() | ast.Try():
                yield from (one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom))
            case _:
                yield node


def _names(node: ast.AST, module: str) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=source, names=names, level=level):
            package = module.split(".")[: -level or None] if level else []
            base = ".".join([*package, *([source] if source else [])])
            return [f"{base}.{alias.name}" for alias in names]
    return []


def _longest_module(name: str) -> str:
    while name not in sources():
        name = name.rpartition(".")[0]
    return name


def test_everything_at_the_top_has_its_place_in_the_table() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {path.stem for path in ROOT.glob("*.py")}
    assert found - {"gunicorn.conf"} <= set(OURS)
    assert set(OURS) == {*MAY_IMPORT, *(root for root in ROOTS if "." not in root)}


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_each_part_imports_only_what_it_may_know(part: str) -> None:
    strangers = [
        f"{module} imports {name}"
        for module in sources()
        if is_in(module, part) and not is_in(module, *ROOTS)
        for name in sorted(imported(module))
        if not is_in(name, part, *MAY_IMPORT[part])
    ]
    assert strangers == []


def test_settings_and_assembly_are_seen_by_composition_roots_only() -> None:
    curious = [
        f"{module} imports {name}"
        for module in sources()
        if not is_in(module, *ROOTS)
        for name in imported(module)
        if is_in(name, *SEEN_BY_ROOTS_ONLY)
    ]
    assert curious == []


def test_the_program_never_imports_its_tests_bench_or_sandbox() -> None:
    lost = [
        f"{module} imports {name}"
        for module in sources()
        if not is_in(module, "tests", "bench", "sandbox")
        for name in imported(module)
        if is_in(name, "tests", "bench", "sandbox")
    ]
    assert lost == []


def test_there_are_no_import_cycles() -> None:
    graph = {module: imported(module, only_at_start=True) for module in sources()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(f"a cycle: {' → '.join(error.args[1])}") from None


def test_time_comes_from_the_clock() -> None:
    readers = [
        f"{module}:{node.lineno} reads {node.value.id}.{node.attr}"
        for module in sources()
        if not is_in(module, *READS_THE_TIME)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCKS
    ]
    assert readers == []


def test_no_file_is_too_long_to_read() -> None:
    counts = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in sources().items()}
    assert {module: lines for module, lines in counts.items() if lines > MOST_LINES} == {}


def test_nothing_is_left_for_later() -> None:
    left = [
        f"{module}:{number}"
        for module, path in sources().items()
        if module != __name__
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(word in line for word in UNFINISHED) or "raise NotImplementedError" in line
    ]
    assert left == []


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        module
        for module, path in sources().items()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(module))
    ]
    assert [module for module in silent if not is_in(module, "migrations.versions")] == []
