"""`verify gallery`: enrol, list and identify."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from verify.cli._options import (
    FILE,
    day,
    key_option,
    load_kek,
    operator_option,
    settings_from,
    settings_options,
    today,
)
from verify.errors import ExitCode
from verify.model.gallery import EntryKind

__all__ = ["command"]

_KINDS = [kind.value for kind in EntryKind if kind is not EntryKind.DOCUMENT]
_directory = click.option("--gallery", "directory", type=FILE, required=True, help="folder of the gallery")


@click.group("gallery")
def command() -> None:
    """Enrol entries into an encrypted gallery, list them, identify a face among them."""


@command.command()
@click.argument("table", type=FILE)
@_directory
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="of all entries of this gallery")
@click.option("--name", help="shown in reports; default the folder's name")
@click.option("--images", type=FILE, help="folder below which the list's images lie; default the list's own")
@operator_option
@key_option
@settings_options
def enrol(
    table: Path,
    directory: Path,
    kind: str,
    name: str | None,
    images: Path | None,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> ExitCode:
    """Enrol the entries of TABLE (CSV) with their pictures.

    Every entry needs source, owner, legal basis, purpose, review-by and expiry; a line without them is not taken in.
    """
    from verify.batch.single import enrol_table

    settings = settings_from(settings_file, **flags)
    done, quarantined = enrol_table(
        table,
        images or table.parent,
        directory,
        load_kek(settings),
        settings,
        kind=EntryKind(kind),
        name=name or directory.name,
        operator=operator,
    )
    without = [one for one in done if one.reason]
    click.echo(
        f"{len(done)} entries enrolled, {len(without)} of them without a face, {len(quarantined)} lines not taken in"
    )
    for one in without:
        click.echo(f"verify: {one.reference_id} takes part without a face: {one.reason}", err=True)
    for line in quarantined:
        click.echo(f"verify: {table}: line {line.line} was not taken in: {line.reason}", err=True)
    return ExitCode.SOME_UNREADABLE if quarantined else ExitCode.OK


@command.command("list")
@_directory
@click.option("--date", callback=day, help="day on which entries have to be in force; default today")
@key_option
@settings_options
def list_(directory: Path, date: dt.date | None, settings_file: Path | None, **flags: object) -> None:
    """List the entries of a gallery. This shows personal data."""
    from verify.gallery import Gallery, in_force

    settings = settings_from(settings_file, **flags)
    with Gallery.open(directory, load_kek(settings)) as gallery:
        entries, suppressed = in_force(gallery.entries(), date or today())
        enrolled = set(gallery.references().ids)
        click.echo(f"{gallery.name}: {gallery.kind}, engine {gallery.engine}, version {gallery.version[:16]}")
    for entry in entries:
        names = "; ".join(str(name) for name in entry.names) or "no name"
        face = "face" if entry.reference_id in enrolled else "no face"
        click.echo(
            f"{entry.reference_id}\t{names}\t{entry.birth_date or '-'}\t{face}\texpires {entry.provenance.expires}"
        )
    click.echo(f"{len(entries)} in force, {suppressed} expired and not shown")


@command.command()
@click.argument("probe", type=FILE)
@_directory
@click.option("--date", callback=day, help="day on which entries have to be in force; default today")
@key_option
@settings_options
def identify(
    probe: Path, directory: Path, date: dt.date | None, settings_file: Path | None, **flags: object
) -> ExitCode:
    """Suggest entries of a gallery whose face resembles the main face of PROBE: a candidate list, for a person."""
    from verify.batch.single import identify_file

    settings = settings_from(settings_file, **flags)
    result = identify_file(probe, directory, load_kek(settings), settings, on=date or today())
    threshold = result.threshold
    click.echo(
        f"{result.gallery_size} references searched, {result.suppressed} expired entries left out; threshold "
        f"{threshold.value:.4f} for {threshold.rate}, measured on {threshold.data_set}, {threshold.measured}"
    )
    if result.reason:
        click.echo(f"not computable: {result.reason}")
        return ExitCode.SOME_UNREADABLE
    for rank, (entry, score) in enumerate(result.candidates, start=1):
        click.echo(
            f"{rank}\t{entry.reference_id}\t{score.value:.4f}\t{entry.provenance.source}\tcheck again at its source"
        )
    if not result.candidates:
        click.echo("no candidate above the threshold")
    return ExitCode.OK
