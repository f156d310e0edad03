"""What leaves the ledger in the clear leaves here, whole files only, and each is an event of the audit log."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from verify.audit import checkpoint
from verify.audit.kinds import personal_data_exported
from verify.batch.codec import ITEM_RESULT, LINKAGE, REVIEW_ENTRY, RUN_RECORD
from verify.errors import UsageError
from verify.ledger import Ledger
from verify.model.judgement import Closing, Judgement
from verify.model.result import ItemResult
from verify.report.data import Report
from verify.report.earlier import earlier_of
from verify.report.html import write_html
from verify.report.jsonl import write_jsonl
from verify.report.pdf import write_pdf
from verify.report.table import write_findings_csv
from verify.vault.files import create_private, private_directory

__all__ = ["export_job", "report_of"]

_Writer = Callable[[Report, Any], None]
_WRITERS: dict[str, _Writer] = {
    "results.jsonl": write_jsonl,
    "findings.csv": write_findings_csv,
    "report.html": write_html,
}


class _Results:
    """The items of a ledger, all or some, read anew each time they are asked for."""

    def __init__(self, ledger: Ledger, only: Collection[str]) -> None:
        self._ledger, self._only = ledger, only

    def __iter__(self) -> Iterator[ItemResult]:
        for one in self._ledger.items():
            if self._only and one.item_id not in self._only:
                continue
            if one.payload == "null":
                raise UsageError(f"item {one.item_id!r} has no result; finish the run with 'verify run --resume'")
            yield ITEM_RESULT.validate_json(one.payload)


def export_job(
    job_dir: Path, kek: bytes, directory: Path, *, actor: str, cases: Collection[str] = (), pdf: bool = False
) -> list[Path]:
    """Writes `results.jsonl`, `findings.csv` and `report.html`, readable by their owner only.

    Args:
        job_dir: of the job.
        kek: the key that opens it.
        directory: made if it is not there; files of an earlier export are replaced.
        actor: who takes the data out.
        cases: ids of the items to write; all when empty.
        pdf: write `report.pdf` too.

    Returns:
        The files written.

    Raises:
        UsageError: the job has no finished run yet, has no such item, or a file cannot be written.
        MissingEngineError: WeasyPrint is not installed, and a PDF is asked for.
    """
    private_directory(directory)
    written = []
    with Ledger.open(job_dir, kek) as ledger:
        missing = sorted(set(cases) - set(ledger.states()))
        if missing:
            raise UsageError(f"{job_dir}: has no item {', '.join(map(repr, missing))}")
        report = report_of(ledger, cases)
        count = len(set(cases)) or sum(ledger.counts().values())
        for name, write in (_WRITERS | ({"report.pdf": write_pdf} if pdf else {})).items():
            path = directory / name
            with _written(path, write, report) as digest:  # logged before it can be found: no export without its event
                event = personal_data_exported(
                    actor, ledger.header.purpose, export_format=name, items=count, output_sha256=digest
                )
                ledger.append(event)
            written.append(path)
    return written


def report_of(ledger: Ledger, cases: Collection[str] = ()) -> Report:
    """What a ledger holds, as a report of all items or of some.

    Raises:
        UsageError: no run of the job has ended.
    """
    runs = list(ledger.runs())
    if not runs:
        raise UsageError(f"{ledger.header.job_id}: no run of this job has ended; finish it with 'verify run --resume'")
    head = checkpoint(ledger)
    run = replace(
        RUN_RECORD.validate_json(runs[-1]),
        audit_head=head.digest,
        audit_length=head.seq,
        audit_public_key=head.public_key,
        audit_signature=head.signature,
    )
    review: dict[str, tuple[Judgement | Closing, ...]] = {}
    for entry in map(REVIEW_ENTRY.validate_json, ledger.review()):
        review[entry.item_id] = (*review.get(entry.item_id, ()), entry)
    linkage = tuple(one for one in LINKAGE.validate_json(ledger.linkage() or "[]") if not cases or one[0] in cases)
    earlier = {place: one for place, one in earlier_of(ledger.events()).items() if not cases or place[0] in cases}
    return Report(run, _Results(ledger, cases), ledger.blob, linkage, review, earlier)


@contextmanager
def _written(path: Path, write: _Writer, report: Report) -> Iterator[str]:
    """Writes beside, gives the SHA-256 of what was written, and renames at the end: nobody ever sees half a file."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with _opened(fresh, binary=path.suffix == ".pdf") as stream:
            write(report, stream)
        with fresh.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        yield digest
        fresh.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        fresh.unlink(missing_ok=True)  # nothing half-written stays in the clear


def _opened(path: Path, *, binary: bool) -> IO[Any]:
    descriptor = create_private(path)
    return os.fdopen(descriptor, "wb") if binary else os.fdopen(descriptor, "w", encoding="utf-8", newline="")
