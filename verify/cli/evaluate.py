"""`verify evaluate`: measure this toolkit on inputs whose truth is told apart from it."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, settings_from, settings_options
from verify.errors import UsageError

__all__ = ["command"]


@click.group("evaluate")
def command() -> None:
    """Measure this toolkit itself."""


@command.command()
@click.argument("directory", metavar="DIR", type=FILE)
@click.option("--out", type=FILE, required=True, help="JSON lines, one for each file: outcome, kind, detail, seconds")
@settings_options
def hostile(directory: Path, out: Path, settings_file: Path | None, **flags: object) -> None:
    """Give every file below DIR one outcome, each in a confined worker, and count them.

    A file named manifest.jsonl at the top of DIR is left out. Links are not followed: they are refused.
    """
    from verify.cli._screen import show_hostile
    from verify.evaluate import evaluate_hostile, write_line

    settings = settings_from(settings_file, **flags)
    try:
        with out.open("w", encoding="ascii") as stream:
            report = evaluate_hostile(directory, settings, lambda one: write_line(stream, one))
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror})") from error
    show_hostile(report)
