"""`flask shop publish-menu` and `codes`: what customers meet inside WeChat."""

from __future__ import annotations

import click
from sqlalchemy import select

from commands import parts, sentences
from commands.shop import group
from crm import db
from crm.models import Staff, Store
from delivery_parts import platforms_of
from handlers.customer.menu import BUTTONS
from handlers.customer.welcome import ADVISOR_SCENE, STORE_SCENE


@group.command("publish-menu")
@sentences
def publish_menu() -> None:
    """Put the menu at the foot of the official account's chat; replaces the one that is there."""
    platforms_of(parts()).official_account.create_menu(BUTTONS)
    click.echo(f"The menu is published: {'、'.join(str(button['name']) for button in BUTTONS)}.")


@group.command("codes")
@sentences
def codes() -> None:
    """Make the permanent QR code of each shop and advisor; one line each: scene, name, picture."""
    opened = parts()
    account = platforms_of(opened).official_account
    with db.reading(opened.engine) as session:
        scenes = [(f"{STORE_SCENE}{store.code}", store.name) for store in session.scalars(select(Store))]
        working = session.scalars(select(Staff).where(Staff.left_at.is_(None)))
        scenes += [(f"{ADVISOR_SCENE}{one.userid}", one.name) for one in working]
    for scene, name in scenes:
        click.echo(f"{scene}\t{name}\t{account.create_qr_code(scene, None).picture_url}")
