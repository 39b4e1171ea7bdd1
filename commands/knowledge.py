"""`flask knowledge …`: questions answered, entries checked, answers measured, from the command line."""

from __future__ import annotations

import functools
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import OperationalError

from commands import parts
from crm import db
from crm.errors import CrmError
from crm.services.facts import facts
from handlers.live_knowledge import with_additions
from knowledge import Knowledge
from knowledge.answers import Answering
from knowledge.comparing import comparison
from knowledge.errors import KnowledgeError
from knowledge.evaluating import Judged, Outcome, judge, read_labelled, report
from knowledge.facts import KNOWN_FACTS
from knowledge.lines import answer_lines
from knowledge.trying import trials
from settings import InvalidSettings

P = ParamSpec("P")
R = TypeVar("R")

BASE = click.option(
    "--base", type=click.Path(path_type=Path), help="Answer from a TSV (id, question, answer) instead of our entries."
)
# resource counts resident memory in KiB on Linux and in bytes on macOS.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
# What is measured is the finding, not what one shop has filled in.
EVERY_FACT = {key: f"[{key}]" for key in KNOWN_FACTS}
# Outcomes worth reading one by one.
_TO_READ = frozenset(Outcome) - {Outcome.RIGHT, Outcome.KEPT_BACK}


def content_faults(command: Callable[P, R]) -> Callable[P, R]:
    """Content that can't be read ends a command with one sentence and exit code 1."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KnowledgeError as error:
            raise click.ClickException(str(error)) from None

    return told


@click.group("knowledge")
def group() -> None:
    """The answers to customers' questions: try them, check them, measure them."""


@group.command("answer")
@BASE
@content_faults
def answer(base: Path | None) -> None:
    """Answer one question a line of stdin (`first>>>follow-up` is a conversation), one line each.

    Printed: decision, topic id, confidence and text, tab-separated.
    """
    for line in answer_lines(_taught(base), _facts(), _lines_of_stdin()):
        click.echo(line)


@group.command("check")
@click.option("--entries", type=click.Path(path_type=Path), help="Another folder of entries, for instance a draft.")
@content_faults
def check(entries: Path | None) -> None:
    """Check every entry; each fault with file and line."""
    knowledge = Knowledge.load(entries)
    found = knowledge.check()
    for fault in found:
        click.echo(f"{fault.file}:{fault.line}: {fault.message}")
    if found:
        raise click.ClickException(f"{len(found)} faults in {len(knowledge.topics())} entries.")
    click.echo(f"{len(knowledge.topics())} entries, no fault.")


@group.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path))
@BASE
@click.option("--misses", is_flag=True, help="Print every question that was not answered right.")
@content_faults
def evaluate(file: Path, base: Path | None, misses: bool) -> None:
    """Measure the answers to the labelled questions of FILE (TSV: question, topic_id, kind; NONE = for a person)."""
    questions = read_labelled(file)
    started = time.perf_counter()
    knowledge = answering(base)
    loaded = time.perf_counter()
    judged = list(judge(knowledge, EVERY_FACT, questions))
    asked = time.perf_counter()
    if misses:
        _print_misses(judged)
    for line in report(judged):
        click.echo(line)
    turns = sum(one.asked.question.count(">>>") + 1 for one in judged) or 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 1024**2
    click.echo(
        f"time                 {(asked - loaded) / turns * 1000:.2f} ms a question, loaded in {loaded - started:.2f} s"
    )
    click.echo(f"memory               {memory:.0f} MB at most (the whole process)")


@group.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
@BASE
@content_faults
def compare(file: Path, base: Path | None) -> None:
    """The same questions to BM25, rapidfuzz and TF-IDF on the same content, each answering as often as the engine."""
    questions = read_labelled(file)
    for line in comparison(answering(base), questions, EVERY_FACT):
        click.echo(line)


@group.command("thresholds")
@click.argument("file", type=click.Path(path_type=Path))
@content_faults
def thresholds(file: Path) -> None:
    """For each named threshold, what other values would do to the labelled questions of FILE, and which is best."""
    for line in trials(Knowledge.load(), EVERY_FACT, read_labelled(file)):
        click.echo(line)


def _print_misses(judged: list[Judged]) -> None:
    for one in judged:
        if one.outcome in _TO_READ:
            wanted, got = "|".join(sorted(one.asked.topics)), "|".join(one.answer.topics) or "-"
            click.echo(
                f"{one.outcome}\t{one.asked.kind}\t{one.asked.question}\t{wanted}\t{got}\t{one.answer.confidence:.2f}"
            )


def answering(base: Path | None) -> Answering:
    """The shop's entries, or the base that was named; only a base needs numpy."""
    if base is None:
        return Knowledge.load()
    from knowledge.base import BaseKnowledge

    return BaseKnowledge.from_tsv(base)


def _taught(base: Path | None) -> Answering:
    """What customers are answered from: our entries with the shop's additions, where a database tells them."""
    if base is not None:
        return answering(base)
    knowledge = Knowledge.load()
    try:
        with db.reading(parts().engine) as session:
            return with_additions(knowledge, session)
    except (CrmError, InvalidSettings, OperationalError):
        return knowledge  # `_facts` says why


def _facts() -> dict[str, str]:
    """The shop's facts; none, said once on stderr, while there is no database to tell them."""
    try:
        opened = parts()
        with db.reading(opened.engine) as session:
            return facts(session)
    except (CrmError, InvalidSettings, OperationalError) as error:
        reason = str(error.orig) if isinstance(error, OperationalError) else str(error)
        click.echo(f"Without the shop's own facts: {' '.join(reason.split())}", err=True)
        return {}


def _lines_of_stdin() -> Iterator[str]:
    """Lines end at \\n alone; bytes that are no UTF-8 become replacement characters."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").removeprefix("\ufeff")
