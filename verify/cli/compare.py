"""`verify compare`: two faces, 1:1."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, settings_from, settings_options
from verify.errors import ExitCode

__all__ = ["command"]


@click.command("compare")
@click.argument("probe", type=FILE)
@click.argument("reference", type=FILE)
@settings_options
def command(probe: Path, reference: Path, settings_file: Path | None, **flags: object) -> ExitCode:
    """Compare the main face of PROBE with that of REFERENCE.

    Prints the comparison score with its engine, and the threshold with its birth certificate. It decides nothing.
    """
    from verify.batch.single import compare_files

    result = compare_files(probe, reference, settings_from(settings_file, **flags))
    for path, reading in zip((probe, reference), result.readings, strict=True):
        for note in (
            reading.outcome.detail,
            reading.face_reason,
            *(a for f in reading.faces[:1] for a in f.quality.advice),
        ):
            if note:
                click.echo(f"verify: {path}: {note}", err=True)
    if result.score is None:
        click.echo(f"not computable: {result.reason}")
        return ExitCode.SOME_UNREADABLE
    score, threshold = result.score, result.threshold
    side = "at or above" if score.value >= threshold.value else "below"
    click.echo(f"comparison score  {score.value:.4f} ({score.kind}, greater is more alike)")
    click.echo(f"what it means     {result.band}")
    if result.llr is not None:
        click.echo(f"                  log-likelihood ratio {result.llr:.1f} (natural), for people as measured on")
    click.echo(f"engine            {score.engine}, model {score.model_sha256}")
    click.echo(f"threshold         {threshold.value:.4f} for {threshold.rate}; the score is {side} it")
    click.echo(f"measured on       {threshold.data_set}, {threshold.measured}")
    click.echo(f"mind              {threshold.note}")
    return ExitCode.OK
