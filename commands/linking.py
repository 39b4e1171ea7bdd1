"""`flask customers merge` and `unmerge`: two customers who are one person, and two again."""

from __future__ import annotations

import click

from commands import parts, sentences
from commands.customers import OPERATOR, group
from crm.services.dossier import locate
from crm.services.merging import conflicts_of, merge, record_of, unmerge


@group.command("merge")
@click.argument("keep")
@click.argument("other")
@click.option("--why", required=True, help="How it is known; stands in the audit log.")
@sentences
def merge_command(keep: str, other: str, why: str) -> None:
    """OTHER is KEEP from now on: everything moves to KEEP, and OTHER's code still finds her."""
    opened = parts()
    with opened.sessions.begin() as session:
        kept, second = (locate(session, OPERATOR, named) for named in (keep, other))
        record = merge(session, OPERATOR, kept, second, why, opened.clock.now())
        click.echo(f"{record.former_code} is {kept.code} now.")
        if fields := conflicts_of(record):
            click.echo(f"They differ in {', '.join(sorted(fields))}: {kept.code}'s hold, the others are kept.")


@group.command("unmerge")
@click.argument("customer")
@sentences
def unmerge_command(customer: str) -> None:
    """Undo the newest merge that CUSTOMER was kept in, or went up in."""
    opened = parts()
    with opened.sessions.begin() as session:
        record = record_of(session, customer)
        back = unmerge(session, OPERATOR, record, opened.clock.now())
        click.echo(f"{back.code} and {record.customer.code} are two again.")
