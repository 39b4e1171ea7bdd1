"""The `flask …` commands: each reads, calls, prints; whatever goes wrong is one sentence."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import OperationalError

from assembly import Parts, open_parts
from bot.errors import PlatformError
from crm.errors import CrmError
from settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


def sentences(command: Callable[P, R]) -> Callable[P, R]:
    """What the CRM refuses, and a database that is away, end a command with one sentence and exit code 1."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except CrmError as error:
            raise click.ClickException(str(error)) from None
        except PlatformError as error:
            raise click.ClickException(f"The platform did not do it: {error}") from None
        except OperationalError as error:
            reason = " ".join(str(error.orig).split())
            raise click.ClickException(f"The database cannot be used: {reason}") from None

    return told


def parts() -> Parts:
    """What a command works with; raises CrmError or InvalidSettings."""
    return open_parts(Settings.load())


def register(app: Flask) -> None:
    """Make every group a `flask` command."""
    import commands.channel
    import commands.fields
    import commands.knowledge_learning
    import commands.linking
    import commands.privacy  # noqa: F401 - they add their commands to groups
    from commands import appointments, customers, deliveries, knowledge, shop

    for group in (shop.group, customers.group, knowledge.group, deliveries.group, appointments.group):
        app.cli.add_command(group)


def create_app() -> Flask:
    """The application of the command line: commands alone, so that `flask shop migrate` starts on any database."""
    app = Flask("shop")
    register(app)
    return app
