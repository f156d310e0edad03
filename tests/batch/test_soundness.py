"""`check_job`: what of a job cannot be used is named, all of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from verify.batch import check_job
from verify.batch.codec import ITEM_RESULT
from verify.ledger import Event, JobHeader, Ledger
from verify.model.item import Item
from verify.model.result import ItemResult
from verify.vault.store import EncryptedStore

KEPT_UNTIL = dt.date(2027, 5, 3)  # of the header


@pytest.fixture
def job(tmp_path: Path, kek: bytes, header: JobHeader, event: Event, make_record) -> Path:  # type: ignore[no-untyped-def]
    with Ledger.create(tmp_path / "job", kek, header) as ledger:
        for number in (0, 1):
            result = ItemResult(Item(f"item-{number}", KEPT_UNTIL, ()), ())
            payload = ITEM_RESULT.dump_json(result).decode()
            ledger.record_item(make_record(number, payload=payload), {"page": b"PAGE%d" % number}, event)
    return tmp_path / "job"


def store_of(job: Path, kek: bytes) -> EncryptedStore:
    return Ledger.open(job, kek)._store


def test_a_sound_job_has_no_faults_and_says_what_was_looked_at(job: Path, kek: bytes) -> None:
    found = check_job(job, kek, today=KEPT_UNTIL)
    assert (found.items, found.pictures, found.overdue) == (2, 2, 0)
    assert found.faults == ()


def test_each_record_and_picture_that_cannot_be_used_is_named(job: Path, kek: bytes) -> None:
    with store_of(job, kek) as store:
        store.write("UPDATE item SET payload = '{}' WHERE item_id = 'item-0'")
        store.write("UPDATE blob SET bytes = x'00' WHERE item_id = 'item-1'")
    faults = check_job(job, kek, today=KEPT_UNTIL).faults
    assert any("item item-0" in fault for fault in faults)
    assert any("picture page of item item-1" in fault for fault in faults)


def test_a_damaged_page_is_told_before_it_is_read(job: Path, kek: bytes) -> None:
    path = job / "ledger.db"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    found = check_job(job, kek, today=KEPT_UNTIL)
    assert found.faults and all(fault.startswith("storage: ") for fault in found.faults)


def test_a_job_kept_too_long_says_so(job: Path, kek: bytes) -> None:
    assert check_job(job, kek, today=KEPT_UNTIL + dt.timedelta(days=3)).overdue == 3
