"""`verify run`: the main job."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from verify.cli._logs import log_options, start_log
from verify.cli._options import (
    FILE,
    key_option,
    load_kek,
    load_site_cohort,
    operator_option,
    settings_from,
    settings_options,
)
from verify.errors import ExitCode

__all__ = ["command"]


@click.command("run")
@click.argument("manifest", type=FILE)
@click.option("--job", "job_dir", type=FILE, required=True, help="folder of the encrypted job ledger")
@click.option("--watchlist", "watchlists", type=FILE, multiple=True, help="list of names and documents; repeatable")
@click.option("--gallery", "galleries", type=FILE, multiple=True, help="folder of an enrolled gallery; repeatable")
@click.option("--export", "export_dir", type=FILE, help="write the reports into this folder at the end (logged)")
@click.option("--purpose", required=True, help="why this is run, with the legal basis; it stands in every report")
@click.option("--resume", is_flag=True, help="go on with the job that is in the folder")
@click.option("--retry-failed", is_flag=True, help="with --resume, try the items again that failed")
@click.option("--limit", type=click.IntRange(min=1), help="stop after so many items; --resume goes on")
@click.option("--dry-run", is_flag=True, help="only say what would be done; nothing is read or written")
@click.option("--require-sandbox", is_flag=True, default=None, help="refuse to run where it is not in force")
@click.option("--engine", "batch_engine", type=click.Choice(["local", "ray"]), help="where files are read")
@click.option("--address", "ray_address", help="of the Ray cluster, HOST:PORT; default one on this machine only")
@click.option("-q", "--quiet", is_flag=True, help="no progress and no summary")
@log_options
@operator_option
@key_option
@settings_options
def command(
    manifest: Path,
    job_dir: Path,
    watchlists: tuple[Path, ...],
    galleries: tuple[Path, ...],
    export_dir: Path | None,
    purpose: str,
    resume: bool,
    retry_failed: bool,
    limit: int | None,
    dry_run: bool,
    quiet: bool,
    log_format: str,
    log_level: str | None,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> ExitCode:
    """Read and check every crossing of MANIFEST into an encrypted job ledger.

    The exit code is 11 to 14 by the highest severity found, 4 when some files could not be read, else 0.
    """
    from verify.batch import Commission, open_lists, plan, read_manifest, run
    from verify.cli._screen import progress_bar, show_plan, show_quarantined, show_summary
    from verify.report import export_job

    start_log(log_format, log_level)
    settings = settings_from(settings_file, **flags)
    kek = load_kek(settings)
    commission = Commission(
        read_manifest(manifest), job_dir, kek, operator, purpose, resume, retry_failed=retry_failed, limit=limit
    )
    lists = open_lists(watchlists, galleries, kek, load_site_cohort(settings, kek))
    show_quarantined(lists)
    if dry_run:
        show_plan(plan(commission, settings, lists))
        return ExitCode.OK
    with progress_bar(quiet=quiet or log_format == "json" or not sys.stderr.isatty()) as progress:
        summary = run(commission, settings, lists, progress=progress)
    if not quiet:
        show_summary(summary)
    if export_dir is not None:
        for path in export_job(job_dir, kek, export_dir, actor=operator):
            click.echo(path)
    return summary.exit_code
