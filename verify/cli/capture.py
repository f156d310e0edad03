"""`verify capture`: pages from a scanner, each with who made it, when and how."""

from __future__ import annotations

from pathlib import Path

import click

from verify.capture.scanner import ScanSource
from verify.cli._options import FILE, operator_option

__all__ = ["command"]


@click.group("capture")
def command() -> None:
    """Take pictures of documents with the devices of this machine."""


@command.command()
def devices() -> None:
    """List the scanners."""
    from verify.capture.scanner import devices as find

    found = find()
    for one in found:
        click.echo(f"{one.name}\t{one.label}")
    if not found:
        click.echo("no scanner was found: is it switched on, and is its driver installed?", err=True)


@command.command()
@click.argument("folder", metavar="DIR", type=FILE)
@click.option("--device", required=True, help="as 'verify capture devices' names it")
@click.option(
    "--source",
    type=click.Choice([one.value for one in ScanSource]),
    default="flatbed",
    show_default=True,
    help="where the paper lies",
)
@click.option("--resolution", type=click.IntRange(50, 1200), default=300, show_default=True, help="dots per inch")
@click.option("--grey", is_flag=True, help="scan in grey instead of colour")
@click.option("--pages", type=click.IntRange(0, 500), default=0, help="of the feeder at most; 0 takes all")
@operator_option
def scanner(folder: Path, device: str, source: str, resolution: int, grey: bool, pages: int, operator: str) -> None:
    """Scan one page, or what is in the feeder, into DIR. Beside each page stands how it was made."""
    from verify.capture.scanner import scan

    scan(
        folder,
        device=device,
        operator=operator,
        source=ScanSource(source),
        resolution=resolution,
        colour=not grey,
        pages=pages,
        told=lambda page: click.echo(page.path),
    )
