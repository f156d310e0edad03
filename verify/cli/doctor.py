"""`verify doctor`: what is installed and in force."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import key_option, settings_from, settings_options

__all__ = ["command"]


@click.command("doctor")
@key_option
@settings_options
def command(settings_file: Path | None, **flags: object) -> None:
    """Say which engines, models, sandbox layers and programs are in force, and what is lost without the rest."""
    from verify.batch.probe import probe

    for fact in probe(settings_from(settings_file, **flags)):
        click.echo(f"{fact.name:16} {fact.value}")
        if fact.lost:
            click.echo(f"{'':16} {click.style('lost:', bold=True)} {fact.lost}")
