"""`verify job`: look at, export and purge a job."""

from __future__ import annotations

import json
from pathlib import Path

import click

from verify.cli._options import FILE, key_option, load_kek, operator_option, settings_from, today
from verify.errors import DamagedStoreError, UsageError

__all__ = ["command"]

_SHOWN = 20  # faults that are named one by one
_job = click.argument("job_dir", metavar="JOB", type=FILE)


@click.group("job")
def command() -> None:
    """Look at, export and purge the encrypted record of a job."""


@command.command()
@_job
@click.argument("directory", metavar="DIR", type=FILE)
@click.option("--case", "cases", multiple=True, metavar="ITEM", help="only this item; repeatable")
@click.option("--pdf", is_flag=True, help="write report.pdf too")
@operator_option
@key_option
def export(
    job_dir: Path, directory: Path, cases: tuple[str, ...], pdf: bool, operator: str, key_file: Path | None
) -> None:
    """Write results.jsonl, findings.csv and report.html of JOB into DIR. The export is logged.

    What people decided stands in it, so keep it from a reviewer whose judgement is still due.
    """
    from verify.report import export_job

    kek = load_kek(settings_from(key_file=key_file))
    for path in export_job(job_dir, kek, directory, actor=operator, cases=cases, pdf=pdf):
        click.echo(path)


@command.command()
@_job
@key_option
def status(job_dir: Path, key_file: Path | None) -> None:
    """Count the items of JOB by state, without showing any of them."""
    from verify.ledger import Ledger

    with Ledger.open(job_dir, load_kek(settings_from(key_file=key_file)), "read") as ledger:
        header = ledger.header
        click.echo(f"job {header.job_id} of {header.created:%Y-%m-%d %H:%M} UTC, kept until {header.retention_until}")
        click.echo(f"manifest {header.manifest_sha256}")
        for state, count in ledger.counts().items():
            click.echo(f"{state.value:10} {count}")


@command.command()
@_job
@key_option
def check(job_dir: Path, key_file: Path | None) -> None:
    """Read all of JOB and say what of it cannot be used; 'verify audit check' proves that it is as logged."""
    from verify.batch import check_job

    found = check_job(job_dir, load_kek(settings_from(key_file=key_file)), today=today())
    if found.overdue:
        click.echo(f"kept {found.overdue} days longer than its record allows: run 'verify job purge {job_dir}'")
    if found.faults:
        raise DamagedStoreError(f"{job_dir}: {'; '.join(found.faults[:_SHOWN])}{_more(found.faults)}")
    click.echo(f"{found.items} items, {found.pictures} pictures and {found.runs} runs: all can be read")


def _more(faults: tuple[str, ...]) -> str:
    return f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""


@command.command()
@_job
@click.argument("item_id", metavar="ITEM")
@key_option
def why(job_dir: Path, item_id: str, key_file: Path | None) -> None:
    """Say why ITEM was computed when it was, and from what."""
    from verify.ledger import Ledger

    with Ledger.open(job_dir, load_kek(settings_from(key_file=key_file)), "read") as ledger:
        record = ledger.standing(item_id)
    if record is None:
        raise UsageError(f"{job_dir}: has no item {item_id!r}")
    click.echo(f"{record.item_id}: {record.state.value}, attempt {record.attempts}; {record.why}")
    if record.failure:
        click.echo(f"failed: {record.failure}")
    for name, value in sorted(json.loads(record.basis).items()):
        click.echo(f"  {name:40} {value}")


@command.command()
@_job
@operator_option
@key_option
@click.confirmation_option(prompt="This destroys the job's key: its results can never be read again. Go on?")
def purge(job_dir: Path, operator: str, key_file: Path | None) -> None:
    """Destroy JOB's key and data; a tombstone without personal data stays."""
    from verify.ledger import purge as purge_job

    click.echo(purge_job(job_dir, load_kek(settings_from(key_file=key_file)), operator))
