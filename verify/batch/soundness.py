"""Whether a job can still be used whole: every page, every record and every picture of its ledger is looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from verify.batch.codec import ITEM_RESULT, LINKAGE, RUN_RECORD
from verify.errors import DamagedStoreError
from verify.ledger import Ledger, LedgerReader

__all__ = ["Soundness", "check_job"]


@dataclass(frozen=True, slots=True)
class Soundness:
    """What a check of a job found.

    Attributes:
        items, pictures, runs: that were looked at.
        faults: each a sentence that names what cannot be used; empty when all is sound.
        overdue: days since the date until which the job may be kept; 0 when it has not passed.
    """

    items: int
    pictures: int
    runs: int
    faults: tuple[str, ...]
    overdue: int


def check_job(job_dir: Path, kek: bytes, *, today: dt.date) -> Soundness:
    """Reads a whole job and says what of it cannot be used. Whether it is as logged, `verify.audit` proves.

    Args:
        job_dir: of the job.
        kek: the key that opens it.
        today: to compare its retention date with.

    Raises:
        DamagedStoreError: it does not open at all.
    """
    items = pictures = 0
    runs: list[str] = []
    with Ledger.open(job_dir, kek, "read") as ledger:
        faults = [f"storage: {line}" for line in ledger.damaged_pages()]
        if not faults:  # a damaged page would end the first query that meets it
            for record in ledger.items():
                items += 1
                faults += _unreadable(f"item {record.item_id}", ITEM_RESULT, record.payload)
                for name in ledger.blob_names(record.item_id):
                    pictures += 1
                    faults += _altered(ledger, record.item_id, name)
            runs = list(ledger.runs())
            for number, text in enumerate(runs, start=1):
                faults += _unreadable(f"record of run {number}", RUN_RECORD, text)
            if (links := ledger.linkage()) is not None:
                faults += _unreadable("findings between items", LINKAGE, links)
        overdue = (today - ledger.header.retention_until).days
        return Soundness(items, pictures, len(runs), tuple(faults), max(0, overdue))


def _unreadable(what: str, kind: TypeAdapter[Any], text: str) -> list[str]:
    try:
        kind.validate_json(text)
    except ValidationError as error:
        return [f"{what}: not a record of this version ({error.error_count()} parts do not fit)"]
    return []


def _altered(ledger: LedgerReader, item_id: str, name: str) -> list[str]:
    try:
        ledger.blob(item_id, name)
    except DamagedStoreError as error:
        return [str(error)]
    return []
