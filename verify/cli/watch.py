"""`verify watch`: run what arrives in a folder."""

from __future__ import annotations

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


@click.command("watch")
@click.argument("folder", metavar="DIR", type=FILE)
@click.option("--jobs-dir", type=FILE, required=True, help="each pick-up becomes a job in a folder below it")
@click.option("--watchlist", "watchlists", type=FILE, multiple=True, help="list of names and documents; repeatable")
@click.option("--gallery", "galleries", type=FILE, multiple=True, help="folder of an enrolled gallery; repeatable")
@click.option("--purpose", required=True, help="why this is run, with the legal basis; it stands in every report")
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=5.0,
    show_default=True,
    help="seconds for which a file must not have changed",
)
@click.option("--once", is_flag=True, help="make one pass and end, for cron")
@click.option("--require-sandbox", is_flag=True, default=None, help="refuse to run where it is not in force")
@log_options
@operator_option
@key_option
@settings_options
def command(
    folder: Path,
    jobs_dir: Path,
    watchlists: tuple[Path, ...],
    galleries: tuple[Path, ...],
    purpose: str,
    settle: float,
    once: bool,
    log_format: str,
    log_level: str | None,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> ExitCode:
    """Run manifests and scans as they arrive in DIR, each once and only when it is finished.

    Manifests run as they are. Scans that none names are grouped by name: ABC_front, ABC_back, ABC_visa and ABC_capture
    are one crossing, any other file is a document. SIGTERM ends it after the job in flight.
    """
    from verify.batch import open_lists
    from verify.batch.watch import WatchOrder, watch
    from verify.cli._screen import show_quarantined

    start_log(log_format, log_level)
    settings = settings_from(settings_file, **flags)
    order = WatchOrder(folder, jobs_dir, load_kek(settings), operator, purpose, settle, once)
    cohort = load_site_cohort(settings, order.kek)
    show_quarantined(open_lists(watchlists, galleries, order.kek, cohort))
    return watch(order, settings, lambda: open_lists(watchlists, galleries, order.kek, cohort))
