"""`verify cohort`: a site's own faces to normalise searches with."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, key_option, load_kek, settings_from, settings_options
from verify.errors import ExitCode

__all__ = ["command"]


@click.group("cohort")
def command() -> None:
    """Faces of many people of the site, so that no group is found more alike than others."""


@command.command()
@click.argument("directory", metavar="DIR", type=FILE)
@click.option("--engine", "face_engine", help="face engine; default the one in force")
@click.option("--out", type=FILE, required=True, help="the cohort, encrypted with the key file")
@click.option("--name", help="shown beside results; default the folder's name")
@click.option("--border", type=click.IntRange(0, 1000), default=60, show_default=True, help="pixels around tight crops")
@key_option
@settings_options
def build(
    directory: Path,
    out: Path,
    name: str | None,
    border: int,
    settings_file: Path | None,
    **flags: object,
) -> ExitCode:
    """Make a cohort from the pictures below DIR: at least 100 people, none of whom is searched for.

    A picture in DIR itself is of one person, and the pictures of a folder in DIR are all of one, and are fused; folders
    that would give fewer than 100 people are no people, and each picture is of one. Take people such as the site meets,
    children among them, of every origin. No labels are needed. The file holds face templates, which are personal data:
    keep it as long as the pictures may be kept, no longer.
    """
    from verify.evaluate import acquire_files, build_cohort, files_below, people_below
    from verify.face import save_cohort

    settings = settings_from(settings_file, **flags)
    kek = load_kek(settings)
    acquired = acquire_files(files_below(directory), settings, border=border)
    cohort = build_cohort(acquired, name or directory.name, people=people_below(directory, acquired.files))
    save_cohort(out, kek, cohort)
    click.echo(f"{out}: {len(cohort)} people of {len(acquired.files)} pictures, engine {cohort.engine}")
    for number, reason in acquired.reasons.items():
        click.echo(f"verify: {acquired.files[number]}: not in the cohort: {reason}", err=True)
    click.echo("name it in the setting 'cohort'; searches then say that they are normalised with it")
    return ExitCode.SOME_UNREADABLE if acquired.reasons else ExitCode.OK
