"""`verify audit`: prove what the audit log of a job says."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, key_option, load_kek, settings_from
from verify.errors import DamagedStoreError

__all__ = ["command"]


@click.group("audit")
def command() -> None:
    """Prove that the audit log of a job was not changed."""


@command.command()
@click.argument("job_dir", metavar="JOB", type=FILE)
@click.option(
    "--against",
    "reports",
    metavar="REPORT",
    type=FILE,
    multiple=True,
    help="report.html or results.jsonl exported from JOB: its log must still hold all it held then; repeatable",
)
@key_option
def check(job_dir: Path, reports: tuple[Path, ...], key_file: Path | None) -> None:
    """Prove that no event of JOB's audit log was changed, removed or added, and that its results are those logged.

    An end that was cut off, or a log written anew, shows only against a report kept elsewhere.
    """
    from verify.audit import verify_chain, verify_results
    from verify.ledger import Ledger
    from verify.report import read_checkpoint

    kept = [read_checkpoint(path) for path in reports]
    with Ledger.open(job_dir, load_kek(settings_from(key_file=key_file)), "read") as ledger:
        chain, altered = verify_chain(ledger, kept), verify_results(ledger)
    if chain.first_fault is not None:
        raise DamagedStoreError(
            f"{job_dir}: event {chain.first_fault.seq} of the audit log: {chain.first_fault.reason}"
        )
    if altered:
        raise DamagedStoreError(f"{job_dir}: not as the audit log says: {', '.join(altered)}")
    click.echo(f"audit log: {chain.length} events, sound; head {chain.head}")
    for path, one in zip(reports, kept, strict=True):
        click.echo(f"{path}: the log still holds the {one.seq} events of its checkpoint")
    click.echo("results: as the audit log says")
