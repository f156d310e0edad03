"""`verify evaluate`: measure this toolkit on inputs whose truth is told apart from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from verify.cli._options import FILE, key_option, load_kek, settings_from, settings_options
from verify.errors import ExitCode, UsageError

__all__ = ["command"]

_F = TypeVar("_F", bound=Callable[..., Any])


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


@command.command()
@click.argument("labels", metavar="LABELS", type=FILE)
@click.option("--kind", type=click.Choice(["page", "line"]), default="page", show_default=True, help="of labels")
@click.option("--conditions", metavar="DIR", type=FILE, help="folder of folders with the pages, one a condition")
@click.option("--out", type=FILE, required=True, help="JSON lines: path, lines, accepted, reason")
@settings_options
def mrz(
    labels: Path, kind: str, conditions: Path | None, out: Path, settings_file: Path | None, **flags: object
) -> ExitCode:
    """Read the labelled pages or lines of LABELS and write what was read, for a scorer.

    LABELS is JSON lines with kind, path and the true lines. With --conditions the paths are written with the condition
    in front. A file that cannot be read is written with the reason. Files are decoded in this process: give it only
    material you would open yourself.
    """
    from verify.evaluate import evaluate_mrz, write_reading

    settings = settings_from(settings_file, **flags)
    right = accepted = wrong = total = 0
    try:
        with out.open("w", encoding="ascii") as stream:
            for one in evaluate_mrz(labels, settings, kind=kind, conditions=conditions):
                write_reading(stream, one)
                total, right, accepted = total + 1, right + one.right, accepted + one.accepted
                wrong += one.accepted and not one.right
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror})") from error
    click.echo(f"{total} read, {right} as labelled, {accepted} vouched for, {wrong} of those not as labelled")
    return ExitCode.OK


@command.command()
@click.argument("pairs", metavar="PAIRS.tsv", type=FILE)
@click.option("--out", type=FILE, required=True, help="one number a line, 0 to 1; larger is more alike")
def names(pairs: Path, out: Path) -> None:
    """Compare the names in the columns name1 and name2 of PAIRS.tsv, in the order of its lines.

    The numbers are written for a scorer; labels in the file are not looked at.
    """
    from verify.evaluate import evaluate_names

    try:
        with out.open("w", encoding="ascii") as stream:
            report = evaluate_names(pairs, stream)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror})") from error
    click.echo(f"{report.pairs} pairs compared, {report.not_comparable} of them not comparable")


def _face_options(function: _F) -> _F:
    """What `faces` and `differentials` share."""
    for option in (
        click.option("--engine", "face_engine", help="face engine; default the one in force"),
        click.option(
            "--cohort",
            "cohort_from",
            help="normalise scores: a file of 'verify cohort build', a folder of pictures of other people, or 'self' "
            "for the files themselves",
        ),
        click.option(
            "--border",
            type=click.IntRange(0, 1000),
            default=60,
            show_default=True,
            help="pixels put around tight crops: where the face fills the picture or none is found; 0 for none",
        ),
    ):
        function = option(function)
    return function


@command.command()
@click.argument("listing", metavar="FILES", type=FILE)
@_face_options
@click.option("--out", type=FILE, required=True, help="matrix of all scores, NumPy, NaN without a template")
@click.option("--noise", type=FILE, help="two names a line: pairs of people who may be one, left out of the rates")
@click.option("--report", "folder", type=FILE, help="folder for report.txt, report.json and a DET curve")
@key_option
@settings_options
def faces(
    listing: Path,
    cohort_from: str | None,
    border: int,
    out: Path,
    noise: Path | None,
    folder: Path | None,
    settings_file: Path | None,
    **flags: object,
) -> None:
    """Compare all FILES (one path a line; the folder's name is the person) and say how often engines err on them."""
    from verify.evaluate import (
        acquire_files,
        evaluate_pairs,
        files_in,
        noisy_pairs,
        normaliser_for,
        plot_det,
        write_scores,
    )

    settings = settings_from(settings_file, **flags)
    acquired = acquire_files(files_in(listing), settings, border=border)
    normaliser = normaliser_for(acquired, cohort_from, settings, lambda: load_kek(settings), border=border)
    scores = write_scores(out, acquired, normaliser)
    leave_out = noisy_pairs(noise) if noise else frozenset()
    report = evaluate_pairs(acquired, scores, cohort=normaliser.told, leave_out=leave_out)
    for line in report.lines:
        click.echo(line)
    if folder is not None:
        click.echo(plot_det(folder, report))


@command.command()
@click.argument("listing", metavar="LIST", type=FILE)
@_face_options
@click.option("--threshold", type=float, help="of the scores; default the model card's for --fmr")
@click.option(
    "--fmr",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=1e-4,
    show_default=True,
    help="false match rate of the threshold taken from the card",
)
@key_option
@settings_options
def differentials(
    listing: Path,
    cohort_from: str | None,
    border: int,
    threshold: float | None,
    fmr: float,
    settings_file: Path | None,
    **flags: object,
) -> None:
    """False match rates by group. LIST is a CSV with file and group, or paths named age_sex_race_date as UTKFace's."""
    from verify.evaluate import (
        acquire_files,
        group_rates,
        labelled_files,
        normaliser_for,
        report_lines,
        score_matrix,
        threshold_for,
    )

    settings = settings_from(settings_file, **flags)
    files = labelled_files(listing)
    acquired = acquire_files([one.path for one in files], settings, border=border)
    normaliser = normaliser_for(acquired, cohort_from, settings, lambda: load_kek(settings), border=border)
    least = threshold_for(acquired, fmr, normaliser) if threshold is None else threshold
    groups = group_rates(files, score_matrix(acquired, normaliser), least)
    click.echo(f"engine {acquired.engine.name}, cohort: {normaliser.told}")
    for line in report_lines(groups, least, fmr if threshold is None else None):
        click.echo(line)
