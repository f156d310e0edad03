"""`verify gallery`: enrol, list and identify."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from verify.cli._care import COMMANDS
from verify.cli._options import (
    FILE,
    day,
    key_option,
    load_kek,
    load_site_cohort,
    operator_option,
    settings_from,
    settings_options,
    today,
)
from verify.errors import ExitCode
from verify.model.gallery import EntryKind

__all__ = ["command"]

_KINDS = [kind.value for kind in EntryKind if kind is not EntryKind.DOCUMENT]
_F = TypeVar("_F", bound=Callable[..., Any])
_directory = click.option("--gallery", "directory", type=FILE, required=True, help="folder of the gallery")


_GIVEN = ("source", "owner", "legal_basis", "purpose", "collected", "review_by", "expires")


def _given_options(function: _F) -> _F:
    """What holds for all records of a list that do not say it themselves."""
    for name in reversed(_GIVEN):
        dated = name in ("collected", "review_by", "expires")
        text = "of records that do not say it" + (", YYYY-MM-DD" if dated else "")
        function = click.option(f"--{name.replace('_', '-')}", name, help=text)(function)
    return function


@click.group("gallery")
def command() -> None:
    """Enrol entries into an encrypted gallery, list them, identify a face among them, look after it."""


for _one in COMMANDS:
    command.add_command(_one)


@command.command()
@click.argument("table", type=FILE)
@_directory
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="of all entries of this gallery")
@click.option("--name", help="shown in reports; default the folder's name")
@click.option("--images", type=FILE, help="folder below which the list's images lie; default the list's own")
@click.option("--format", "form", help="of the list, e.g. interpol or pfif; default told from the file")
@_given_options
@operator_option
@key_option
@settings_options
def enrol(
    table: Path,
    directory: Path,
    kind: str,
    name: str | None,
    images: Path | None,
    form: str | None,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> ExitCode:
    """Enrol the entries of TABLE with their pictures.

    TABLE is a CSV list, a folder of pictures, INTERPOL notices (JSON), FollowTheMoney (JSON lines), PFIF (XML),
    ANSI/NIST-ITL transactions, or a CSV list of lost and stolen documents. Every entry needs source, owner, legal
    basis, purpose, collected, review-by and expiry, of its own or from the options; a record without is not taken in. A
    record that comes again updates its entry.
    """
    from verify.batch.enrol import enrol_table
    from verify.gallery import Given

    told = {name: str(flags.pop(name) or "") for name in _GIVEN}
    settings = settings_from(settings_file, **flags)
    done = enrol_table(
        table,
        images or (table if table.is_dir() else table.parent),
        directory,
        load_kek(settings),
        settings,
        kind=EntryKind(kind),
        name=name or directory.name,
        operator=operator,
        given=Given({**told, "entry_kind": kind}),
        form=form or "",
    )
    without = sum(one.faces == 0 for one in done.enrolled)
    again = f" ({done.again} had been withdrawn)" if done.again else ""
    click.echo(
        f"{len(done.enrolled)} entries enrolled{again}, {without} of them without a face, "
        f"{len(done.withdrawn)} withdrawn, {len(done.quarantined)} lines not taken in"
    )
    if done.withdrawn:
        click.echo("verify: tell the jobs that may have found them: verify gallery notify JOB --gallery ...", err=True)
    for one in done.enrolled:
        if one.reason:
            how = f"with {one.faces} of its pictures" if one.faces else "without a face"
            click.echo(f"verify: {one.reference_id} takes part {how}: {one.reason}", err=True)
    for line in done.quarantined:
        click.echo(f"verify: {table}: line {line.line} was not taken in: {line.reason}", err=True)
    return ExitCode.SOME_UNREADABLE if done.quarantined else ExitCode.OK


@command.command("list")
@_directory
@click.option("--date", callback=day, help="day on which entries have to be in force; default today")
@click.option("--names", is_flag=True, help="show names and dates of birth of victims and missing people as well")
@key_option
@settings_options
def list_(directory: Path, date: dt.date | None, names: bool, settings_file: Path | None, **flags: object) -> None:
    """List the entries of a gallery. This shows personal data; of victims and missing people, reference ids only."""
    from verify.gallery import Gallery, in_force

    settings = settings_from(settings_file, **flags)
    with Gallery.open(directory, load_kek(settings)) as gallery:
        entries, suppressed = in_force(gallery.entries(), date or today(), gallery.withdrawn())
        enrolled = set(gallery.references().ids)
        click.echo(f"{gallery.name}: {gallery.kind}, engine {gallery.engine}, version {gallery.version[:16]}")
        shown = names or gallery.kind is EntryKind.NOMINAL
    for entry in entries:
        named = "; ".join(str(name) for name in entry.names) or "no name"
        person = f"{named}\t{entry.birth_date or '-'}" if shown else "-\t-"
        face = "face" if entry.reference_id in enrolled else "no face"
        click.echo(f"{entry.reference_id}\t{person}\t{face}\texpires {entry.provenance.expires}")
    click.echo(f"{len(entries)} in force, {suppressed} expired or withdrawn and not shown")


@command.command()
@click.argument("probe", type=FILE)
@_directory
@click.option("--date", callback=day, help="day on which entries have to be in force; default today")
@click.option("--engine", "batch_engine", type=click.Choice(["local", "ray"]), help="where the gallery is searched")
@click.option("--address", "ray_address", help="of the Ray cluster, HOST:PORT; default one on this machine only")
@key_option
@settings_options
def identify(
    probe: Path, directory: Path, date: dt.date | None, settings_file: Path | None, **flags: object
) -> ExitCode:
    """Suggest entries of a gallery whose face resembles the main face of PROBE: a candidate list, for a person."""
    from verify.batch.single import identify_file

    settings = settings_from(settings_file, **flags)
    kek = load_kek(settings)
    cohort = load_site_cohort(settings, kek)
    result = identify_file(probe, directory, kek, settings, on=date or today(), cohort=cohort)
    threshold = result.threshold
    click.echo(
        f"{result.gallery_size} references searched, {result.suppressed} expired entries left out; threshold "
        f"{threshold.value:.4f} for {threshold.rate}, measured on {threshold.data_set}, {threshold.measured}"
    )
    if result.reason:
        click.echo(f"not computable: {result.reason}")
        return ExitCode.SOME_UNREADABLE
    if result.cohort:
        click.echo(f"scores normalised with {result.cohort}")
    for rank, one in enumerate(result.candidates, start=1):
        origin = f"{one.entry.provenance.source}\tcheck again at its source"
        click.echo(f"{rank}\t{one.entry.reference_id}\t{one.score.value:.4f}\t{one.band}\t{origin}")
        for remark in one.remarks:
            click.echo(f"\tmind: {remark}")
    if not result.candidates:
        click.echo("no candidate above the threshold")
    for remark in result.remarks:
        click.echo(f"mind: {remark}")
    return ExitCode.OK
