"""`verify key`: the key file that opens jobs and galleries."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE

__all__ = ["command"]


@click.group("key")
def command() -> None:
    """Make the key file that opens jobs and galleries."""


@command.command()
@click.argument("file", type=FILE)
def create(file: Path) -> None:
    """Make a new random key in FILE (mode 0600). Without it nothing can be opened: keep a safe copy."""
    from verify.vault.keys import create_key_file

    create_key_file(file)
    click.echo(f"verify: wrote {file}; keep a copy in a safe place, and never beside the data", err=True)
