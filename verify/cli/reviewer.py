"""`verify reviewer`: who may sign in to a review."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import accounts_option, role_option
from verify.model.judgement import ReviewRole

__all__ = ["command"]


@click.group("reviewer")
def command() -> None:
    """Say who may sign in to a review."""


@command.command()
@click.argument("name")
@role_option
@accounts_option
@click.password_option(help="asked for when it is not given")
def add(name: str, role: str, accounts: Path, password: str) -> None:
    """Add NAME, or give NAME a new role and password."""
    from verify.review import Accounts

    Accounts(accounts).add(name, ReviewRole(role), password)
    click.echo(f"{name} may sign in as {role}")


@command.command("list")
@accounts_option
def list_(accounts: Path) -> None:
    """List who may sign in, and as what."""
    from verify.review import Accounts

    for name, role in sorted(Accounts(accounts).roles.items()):
        click.echo(f"{name:24} {role}")
