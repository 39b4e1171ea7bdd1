"""`flask shop …`: the schema, the keys, and tables in and out."""

from __future__ import annotations

from pathlib import Path

import click

from assembly import Parts
from commands import parts, sentences
from crm.actors import Actor
from crm.errors import Invalid
from crm.services import audit
from crm.services.households.fields import definitions
from crm.services.keys import rotate
from crm.services.schema import migrate
from crm.services.tables import Accounts, Report, Table, export_table, import_table, tables
from settings import Settings

OPERATOR = Actor.operator()


@click.group("shop")
def group() -> None:
    """The shop's database: schema, keys, tables in and out."""


@group.command("migrate")
@sentences
def migrate_command() -> None:
    """Bring the database of DATABASE_URL to the newest schema."""
    migrate(Settings.load().database_url)
    click.echo("The database has the newest schema.")


@group.command("rotate-keys")
@sentences
def rotate_keys() -> None:
    """Encrypt every personal field again under the first key of DATA_KEYS.

    Run it after a new key was put in front and every process was started again; when it is done,
    the old key can be taken out. It may be stopped and started again at any time.
    """
    opened = parts()
    count = sum(rotate(opened.sessions))
    with opened.sessions.begin() as session:
        audit.note(session, opened.clock.now(), OPERATOR, "rotate-keys", detail=f"{count} rows")
    click.echo(f"{count} rows are now under the newest key.")


@group.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.pass_context
@sentences
def import_command(context: click.Context, kind: str, file: Path, dry_run: bool) -> None:
    """Take the rows of FILE (CSV in UTF-8, or .xlsx) of one KIND into the database.

    KIND: stores, staff, opening_days, products, pieces, customers, purchases, services, points, coupons or
    shop_facts.
    """
    opened = parts()
    report = import_table(opened.sessions, _table(opened, kind), file, opened.clock.now(), dry_run=dry_run)
    if not dry_run:
        with opened.sessions.begin() as session:
            audit.note(session, opened.clock.now(), OPERATOR, "import", detail=f"{kind}: {_counts(report)}")
    click.echo(f"{kind}: {_counts(report)}{' (dry run: nothing written)' if dry_run else ''}")
    for refusal in report.refused:
        click.echo(f"line {refusal.line}, column {refusal.column}: {refusal.reason}")
    context.exit(1 if report.refused else 0)


@group.command("export")
@click.argument("kind")
@click.argument("file", type=click.Path(path_type=Path))
@sentences
def export_command(kind: str, file: Path) -> None:
    """Write every row of one KIND into FILE (.csv or .xlsx), in the columns of the import."""
    opened = parts()
    count = export_table(opened.engine, _table(opened, kind), file)
    with opened.sessions.begin() as session:
        audit.note(session, opened.clock.now(), OPERATOR, "export", detail=f"{kind}: {count} rows")
    click.echo(f"{kind}: {count} rows in {file}")


def _table(opened: Parts, kind: str) -> Table:
    settings = opened.settings
    with opened.sessions() as session:
        own_fields = definitions(session)
    known = tables(settings.zone, Accounts(settings.oa_app_id, settings.wecom_corp_id), own_fields)
    if kind not in known:
        raise Invalid(f"There is no kind “{kind}”; there are {', '.join(known)}.")
    return known[kind]


def _counts(report: Report) -> str:
    return f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged, {len(report.refused)} refused"
