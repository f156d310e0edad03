"""`verify doctor`: what is installed and in force."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from verify.cli._options import key_option, settings_from, settings_options

__all__ = ["command"]


@click.command("doctor")
@key_option
@settings_options
def command(settings_file: Path | None, **flags: object) -> None:
    """Say which engines, models, sandbox layers and programs are in force, and what is lost without the rest."""
    from verify.batch.probe import probe

    table = Table("", "", "what is lost", box=None, pad_edge=False, show_header=False)
    for fact in probe(settings_from(settings_file, **flags)):
        table.add_row(fact.name, fact.value, fact.lost)
    Console(soft_wrap=True).print(table)
