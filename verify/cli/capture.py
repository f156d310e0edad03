"""`verify capture`: pages and faces from scanner and camera, each with who made it, when and how."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from verify.capture.scanner import ScanSource
from verify.cli._options import FILE, key_option, load_kek, operator_option, settings_from, settings_options
from verify.errors import ExitCode
from verify.model.item import Role

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


@command.command()
@click.argument("folder", metavar="DIR", type=FILE)
@click.option("--device", default="0", show_default=True, help="number of the camera, or the address of its stream")
@click.option(
    "--role",
    type=click.Choice([one.value for one in Role if one is not Role.CHIP]),
    default=Role.CAPTURE.value,
    show_default=True,
    help="what is in front of the camera: a person ('capture'), or a page of a document",
)
@click.option("--item", default="", help="the crossing it belongs to; default a name of its own")
@operator_option
@settings_options
def webcam(
    folder: Path, device: str, role: str, item: str, operator: str, settings_file: Path | None, **flags: object
) -> ExitCode:
    """Take one picture into DIR, with advice before and a question after. Beside it stands how it was made.

    An address is the only thing that makes this command use the network.
    """
    from verify.batch.glance import Glance
    from verify.capture.original import keep_original, original_of
    from verify.capture.webcam import Camera, Frame, Remarks, encoded, page_advice, shoot
    from verify.cli._lines import Lines

    part, camera = Role(role), Camera(device)
    describe = partial(original_of, suffix=".png", device=camera.label, operator=operator, role=part, item=item)
    describe(b"")  # a name that cannot be used is told before anything is taken

    def look(frame: Frame) -> Remarks:
        seen = glance.look(encoded(frame, ".jpg"), part)
        light = () if part is Role.CAPTURE else tuple(page_advice(frame))
        return Remarks(seen.facts, (*light, *seen.advice))

    with Glance(settings_from(settings_file, **flags)) as glance, camera:
        frame = shoot(camera, look, said=Lines().wait, tell=partial(click.echo, err=True))
    if frame is None:
        click.echo("verify: nothing was kept", err=True)
        return ExitCode.INTERRUPTED
    height, width = frame.shape[:2]
    data = encoded(frame, ".png")
    click.echo(keep_original(folder, describe(data, width=width, height=height), data))
    return ExitCode.OK


@command.command()
@click.argument("job_dir", metavar="JOB", type=FILE)
@click.argument("folder", metavar="DIR", type=FILE)
@operator_option
@key_option
def release(job_dir: Path, folder: Path, operator: str, key_file: Path | None) -> None:
    """Write the pictures taken in the review of JOB into DIR, readable, for a batch or 'verify watch'. It is logged."""
    from verify.ledger import Ledger
    from verify.review.captures import Captures

    with Ledger.open(job_dir, load_kek(settings_from(key_file=key_file))) as ledger:
        for path in Captures(ledger, job_dir).release(folder, operator):
            click.echo(path)
