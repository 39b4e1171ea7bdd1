"""`flask deliveries`: what went out, what did not, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from commands import parts, sentences
from crm import db
from crm.services.delivery_list import Listed, listing

COLUMNS = ("job", "due_on", "customer", "channel", "state", "reason", "planned_at", "ended_at")


@click.group("deliveries")
def group() -> None:
    """Pushes: planned, sent, skipped and why."""


@group.command("list")
@click.option("--since", metavar="ISO", default="", help="Only pushes planned since this moment.")
@click.option("--job", default="", help="Only pushes of this job.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@sentences
def list_deliveries(since: str, job: str, form: str) -> None:
    """One row per push, oldest first."""
    opened = parts()
    zone = opened.settings.zone
    begin = _instant(since, zone) if since else None
    with db.reading(opened.engine) as session:
        rows = (_fields(row, zone) for row in listing(session, begin, job))
        for line in _as_json(rows) if form == "json" else _as_table(rows):
            click.echo(line)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "write for example 2026-12-08T10:00:00+08:00"
        raise click.ClickException(f"{text!r} is no moment in time; {hint}.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _fields(row: Listed, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "job": row.job,
        "due_on": row.due_on.isoformat(),
        "customer": row.customer,
        "channel": row.channel,
        "state": row.state,
        "reason": row.reason,
        "planned_at": _local(row.planned_at, zone),
        "ended_at": _local(row.ended_at, zone),
    }


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _as_json(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    """One array, a row to the line, so that a million rows need no memory."""
    before = "["
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"


def _as_table(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    yield "\t".join(COLUMNS)
    for row in rows:
        yield "\t".join("-" if row[name] in (None, "") else str(row[name]) for name in COLUMNS)
