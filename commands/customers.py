"""`flask customers …`: what the shop keeps about one person, a copy of it, and its end."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands import parts, sentences
from crm.actors import Actor
from crm.services.dossier import dossier, locate
from crm.services.erasure import erase
from crm.services.privacy.holds import RULE
from crm.services.privacy.reapplying import keep_file
from crm.services.privacy.stone_file import StoneFile

OPERATOR = Actor.operator()


@click.group("customers")
def group() -> None:
    """One customer, named by code, phone or openid. Every use is in the audit log."""


@group.command("show")
@click.argument("customer")
@sentences
def show(customer: str) -> None:
    """Print everything about CUSTOMER as one JSON object."""
    _print_dossier(customer, "show")


@group.command("export")
@click.argument("customer")
@sentences
def export(customer: str) -> None:
    """Print CUSTOMER's own copy as one JSON object."""
    _print_dossier(customer, "export-customer")


@group.command("erase")
@click.argument("customer")
@click.option("--yes", is_flag=True, help="Do not ask.")
@sentences
def erase_command(customer: str, yes: bool) -> None:
    """Erase what is about CUSTOMER's person; purchases stay without it. Cannot be undone."""
    opened = parts()
    with opened.sessions() as session:
        code = locate(session, OPERATOR, customer).code
    if not yes:
        click.confirm(f"Erase {code} for good?", abort=True)
    with opened.sessions.begin() as session:
        held = erase(session, OPERATOR, locate(session, OPERATOR, code), opened.clock.now())
    keep_file(opened.engine, StoneFile(Path(opened.settings.tombstones_file)))
    click.echo(f"{code} is erased.")
    if held:
        click.echo(f"Kept with name and phone, because a law wants it ({RULE}): {held} lines of cash purchases.")


def _print_dossier(named: str, action: str) -> None:
    opened = parts()
    with opened.sessions.begin() as session:
        everything = dossier(session, OPERATOR, locate(session, OPERATOR, named), action, opened.clock.now())
    click.echo(json.dumps(everything, ensure_ascii=False, indent=2))
