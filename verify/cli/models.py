"""`verify models`: the networks that do not come with the toolkit."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, settings_from, settings_options

__all__ = ["command"]

_CARDS = ("omz-reidentification-0095",)


@click.group("models")
def command() -> None:
    """List and fetch the networks that do not come with the toolkit."""


@command.command("list")
@settings_options
def list_(settings_file: Path | None, **flags: object) -> None:
    """List networks: their licence, their publisher, and whether they are here."""
    from verify.runtime import fetched_folder, load_card
    from verify.runtime.fetch import is_fetched

    settings = settings_from(settings_file, **flags)
    folder = settings.models or fetched_folder()
    for name in _CARDS:
        card = load_card(name)
        state = f"in {folder}" if is_fetched(card, folder) else f"not in {folder}: 'verify models fetch' gets it"
        click.echo(f"{name}\n  {card.name}, {card.licence}\n  {card.source}\n  {state}")
        for file in card.files:
            click.echo(f"  {file.size:>9} bytes  {file.licence:10}  SHA-256 {file.sha256}  {file.url}")


@command.command()
@click.option("--mirror", type=FILE, help="folder with copies of the files, for a site without a network")
@settings_options
def fetch(mirror: Path | None, settings_file: Path | None, **flags: object) -> None:
    """Get the recommended face engine from its publishers.

    This is one of the few commands that use the network. A download that broke off is gone on with; a file whose
    SHA-256 is not the one of its card is refused and deleted.
    """
    from verify.runtime import fetched_folder, load_card
    from verify.runtime.fetch import fetch as get

    settings = settings_from(settings_file, **flags)
    folder = settings.models or fetched_folder()
    for name in _CARDS:
        got = get(load_card(name), folder, mirror=mirror)
        for path in got:
            click.echo(f"{path}: as its card says")
        if not got:
            click.echo(f"{name}: all its files were in {folder} already")
    click.echo("new galleries and jobs take the engine omz now; one that was enrolled with another keeps that one")
