"""`flask customers field …`, `tag …` and `find`: what the shop itself notes about its customers."""

from __future__ import annotations

import click

from commands import parts, sentences
from commands.customers import OPERATOR, group
from crm.models import FieldType
from crm.services import audit
from crm.services.dossier import locate
from crm.services.households import fields
from crm.services.tables import Accounts, tables


@group.group("field")
def field() -> None:
    """The shop's own fields: further columns of the customers' table, found again by their value."""


@field.command("add")
@click.argument("key")
@click.argument("label")
@click.argument("kind", metavar="TYPE", type=click.Choice([kind.value for kind in FieldType]))
@click.option("--choices", default="", metavar="A;B;C", help="The values of a field of the type choice.")
@sentences
def add(key: str, label: str, kind: str, choices: str) -> None:
    """Add a field KEY (small letters), shown as LABEL."""
    opened = parts()
    taken = [column.name for column in tables(opened.settings.zone, Accounts("", ""))["customers"].columns]
    words = choices.replace("；", ";").split(";")
    with opened.sessions.begin() as session:
        fields.add(session, OPERATOR, key, label, FieldType(kind), words, taken, opened.clock.now())
    click.echo(f"{key} is a column of customers now.")


@field.command("list")
@sentences
def list_fields() -> None:
    """Print one field a line: key, label, type, choices; tab-separated."""
    with parts().sessions() as session:
        for one in fields.definitions(session):
            click.echo("\t".join((one.key, one.label, one.type.value, one.choices)))


@field.command("remove")
@click.argument("key")
@click.option("--yes", is_flag=True, help="Do not ask.")
@sentences
def remove(key: str, yes: bool) -> None:
    """Remove the field KEY and what all customers have there. Cannot be undone."""
    opened = parts()
    if not yes:
        click.confirm(f"Remove {key} with all its values?", abort=True)
    with opened.sessions.begin() as session:
        count = fields.remove(session, OPERATOR, key, opened.clock.now())
    click.echo(f"{key} is gone; {count} customers had something there.")


@field.command("set")
@click.argument("customer")
@click.argument("key")
@click.argument("value")
@sentences
def set_value(customer: str, key: str, value: str) -> None:
    """Put VALUE into the field KEY of CUSTOMER (code, phone or openid); "" empties it."""
    opened = parts()
    with opened.sessions.begin() as session:
        found = locate(session, OPERATOR, customer)
        kept = fields.set_value(session, OPERATOR, found, fields.definition(session, key), value, opened.clock.now())
        code = found.code
    click.echo(f"{code}: {key} = {kept or 'empty'}")


@group.command("find")
@click.argument("key")
@click.argument("value")
@sentences
def find(key: str, value: str) -> None:
    """Print the codes of the customers whose field KEY is exactly VALUE; KEY `tag` searches tags."""
    opened = parts()
    with opened.sessions.begin() as session:
        found = fields.find(session, OPERATOR, key, value)
        audit.note(session, opened.clock.now(), OPERATOR, "find-customers", detail=key)
        codes = [one.code for one in found]
    for code in codes:
        click.echo(code)


@group.group("tag")
def tag() -> None:
    """The tags that advisors put on customers."""


@tag.command("add")
@click.argument("name")
@click.option("--group", "group_name", default="", help="Under which heading it is offered.")
@sentences
def add_tag(name: str, group_name: str) -> None:
    """Offer the tag NAME."""
    opened = parts()
    with opened.sessions.begin() as session:
        fields.add_tag(session, OPERATOR, name, group_name, opened.clock.now())
    click.echo(f"{name} can be used now.")


@tag.command("list")
@sentences
def list_tags() -> None:
    """Print one tag a line with its group, tab-separated."""
    with parts().sessions() as session:
        for one in fields.tags(session):
            click.echo(f"{one.name}\t{one.group}")


@tag.command("remove")
@click.argument("name")
@sentences
def remove_tag(name: str) -> None:
    """Offer NAME no more; customers who have it keep it."""
    opened = parts()
    with opened.sessions.begin() as session:
        fields.remove_tag(session, OPERATOR, name, opened.clock.now())
    click.echo(f"{name} is offered no more.")
