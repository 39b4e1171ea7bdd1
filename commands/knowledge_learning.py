"""`flask knowledge export/import/gaps/unused`: the entries as a table, and what is missing or of no use."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from assembly import Parts
from commands import entry_table, parts, sentences
from commands.entry_table import Shelf
from commands.knowledge import content_faults, group
from crm import db
from crm.actors import Actor
from crm.models import Why
from crm.services import audit
from crm.services.learning import questions, uses
from crm.services.learning.personal import masked
from crm.services.learning.uses import Sums
from knowledge import Knowledge

OPERATOR = Actor.operator()
GAP_COLUMNS = ("number", "asked", "askers", "unanswered", "passed_over", "disliked", "last_asked", "words")
UNUSED_COLUMNS = ("topic", "answered", "chosen", "offered", "liked", "disliked", "title")


@group.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@sentences
@content_faults
def export(file: Path) -> None:
    """Write every entry, those of the files and the shop's own, into FILE (.xlsx or .csv)."""
    opened = parts()
    with db.reading(opened.engine) as session:
        shelf = Shelf.of(Knowledge.load(), session)
    click.echo(f"{entry_table.export(shelf, file)} entries in {file}")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.pass_context
@sentences
@content_faults
def import_(context: click.Context, file: Path, dry_run: bool) -> None:
    """Make the shop's additions of the rows of FILE that changed; live everywhere within two seconds.

    Columns as `export` writes them; an empty cell changes nothing. Keywords, never and related belong to the files.
    """
    opened = parts()
    base = Knowledge.load()
    with opened.sessions() as session:
        report = entry_table.take(Shelf.of(base, session), session, file, OPERATOR, opened.clock.now())
        counts = f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged"
        audit.note(session, opened.clock.now(), OPERATOR, "knowledge-import", detail=counts)
        (session.rollback if dry_run else session.commit)()
    click.echo(f"{counts}, {len(report.refused)} refused{' (dry run: nothing written)' if dry_run else ''}")
    for refusal in report.refused:
        click.echo(f"line {refusal.line}, column {refusal.column}: {refusal.reason}")
    context.exit(1 if report.refused else 0)


@group.command("gaps")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@sentences
def gaps(limit: int) -> None:
    """List what customers asked and nobody answered yet, most asked first; tab-separated."""
    opened = parts()
    with opened.sessions.begin() as session:
        groups = questions.open_groups(session, limit)
        audit.note(session, opened.clock.now(), OPERATOR, "knowledge-gaps", detail=f"{len(groups)} groups")
    click.echo("\t".join(GAP_COLUMNS))
    for one in groups:
        reasons = [str(one.reasons.get(why, 0)) for why in Why]
        last = one.question.last_asked_at.astimezone(opened.settings.zone).isoformat(timespec="minutes")
        words = " | ".join(" ".join(masked(said).split()) for said in one.words)
        click.echo("\t".join([str(one.question.id), str(one.question.asked), str(one.askers), *reasons, last, words]))


@group.command("unused")
@click.option("--days", type=click.IntRange(1, 3_650), default=90, show_default=True, help="How far to look back.")
@sentences
@content_faults
def unused(days: int) -> None:
    """List the entries that were never read in that time, and those that helped fewer than they did not."""
    opened = parts()
    with db.reading(opened.engine) as session:
        shelf = Shelf.of(Knowledge.load(), session)
        counted = uses.sums(session, _day(opened, days))
    click.echo("\t".join(UNUSED_COLUMNS))
    for topic, entry in shelf.now.items():
        served = counted.get(topic, Sums())
        if not served.used or served.disliked > served.liked:
            counts = (served.answered, served.chosen, served.offered, served.liked, served.disliked)
            click.echo("\t".join([topic, *map(str, counts), entry.title]))


def _day(opened: Parts, days: int) -> date:
    return opened.clock.now().astimezone(opened.settings.zone).date() - timedelta(days=days)
