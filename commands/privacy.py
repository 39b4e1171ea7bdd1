"""`flask customers consents` and `reapply-erasures`, `flask shop incidents`: what privacy asks of the operator."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from assembly import Parts
from commands import customers, parts, sentences, shop
from crm import db
from crm.actors import Actor
from crm.errors import Invalid
from crm.services import audit, consents
from crm.services.dossier import locate
from crm.services.privacy import incidents, reapplying
from crm.services.privacy.stone_file import StoneFile

OPERATOR = Actor.operator()
YES, NO = "yes", "no"
# What is shown when nothing narrows it down: of a million acts 30 days are read in two seconds, all in half a minute.
LATELY = timedelta(days=30)


@customers.group.command("consents")
@click.argument("customer")
@sentences
def consents_command(customer: str) -> None:
    """Print what CUSTOMER agreed to and withdrew, with the words that she saw."""
    opened = parts()
    with opened.sessions.begin() as session:
        found = locate(session, OPERATOR, customer)
        audit.note(session, opened.clock.now(), OPERATOR, "consents", found.code)
        lines = consents.ledger(session, found.id)
    for word, text in lines:
        when, said = _local(opened, word.at), YES if word.granted else NO
        click.echo(f"{when}\t{word.purpose}\t{said}\t{word.channel}\t{word.text_version or '-'}")
        if text is not None:
            click.echo("\n".join(f"    {line}" for line in text.words.splitlines()))
    if not lines:
        click.echo(f"{found.code} never said anything about it.")


@customers.group.command("reapply-erasures")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@sentences
def reapply_command(file: Path | None) -> None:
    """After a restore: erase again everybody whom FILE names (default: TOMBSTONES_FILE).

    It may be stopped and started again; a second run finds nothing to do.
    """
    opened = parts()
    stones = StoneFile(file or Path(opened.settings.tombstones_file))
    if not stones.path.exists():
        raise Invalid(f"There is no file {stones.path}.")
    count = reapplying.reapply(opened.sessions, stones, OPERATOR, opened.clock.now())
    click.echo(f"{count} customers are erased again.")


@shop.group.command("incidents")
@click.option("--customer", default="", metavar="CODE", help="Only what was done to this customer's data.")
@click.option("--actor", default="", metavar="NAME", help="Only what this member of staff (userid) or job did.")
@click.option("--since", default="", metavar="ISO", help="Only since then; without an offset it is the shop's time.")
@click.option("--each", is_flag=True, help="Every single act, not only how many of each kind.")
@sentences
def incidents_command(customer: str, actor: str, since: str, each: bool) -> None:
    """Whose data, by whom, when, what: from the audit log, the latest first.

    Without an option: of the last 30 days. One line: last, first, how often, actor, action, customer ("-":
    everybody's). With --each one line for each act.
    """
    opened = parts()
    moment = _moment(opened, since)
    if not (customer or actor or moment):
        moment = opened.clock.now() - LATELY
    with db.reading(opened.engine) as session:
        if each:
            for row in incidents.entries(session, customer=customer, actor=actor, since=moment):
                click.echo(f"{_local(opened, row.at)}\t{row.actor}\t{row.action}\t{row.subject}\t{row.detail}")
            return
        for one in incidents.incidents(session, customer=customer, actor=actor, since=moment):
            span = f"{_local(opened, one.last)}\t{_local(opened, one.first)}"
            click.echo(f"{span}\t{one.times}\t{one.actor}\t{one.action}\t{one.subject}")


def _local(opened: Parts, moment: datetime) -> str:
    return moment.astimezone(opened.settings.zone).isoformat(timespec="seconds")


def _moment(opened: Parts, written: str) -> datetime | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Invalid(f"“{written}” is no moment in time; write for example 2026-11-01T00:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=opened.settings.zone)
