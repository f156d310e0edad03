"""`verify settings`: every setting, its value, and what it means."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from verify.cli._options import settings_from, settings_options
from verify.settings import Limits

__all__ = ["command"]


@click.command("settings")
@settings_options
def command(settings_file: Path | None, **flags: object) -> None:
    """Show every setting with its value and meaning."""
    settings = settings_from(settings_file, **flags)
    table = Table("setting", "value", "meaning", box=None, pad_edge=False)
    for name, field in type(settings).model_fields.items():
        if name != "limits":
            table.add_row(name, str(getattr(settings, name)), field.description or "")
    for name, field in Limits.model_fields.items():
        table.add_row(f"limits.{name}", str(getattr(settings.limits, name)), field.description or "")
    Console().print(table)
