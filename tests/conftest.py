from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from verify.audit import kinds
from verify.ledger import Event, ItemRecord, ItemState, JobHeader, Ledger
from verify.vault.keys import new_data_key

# Unattended runs take the same examples each time; a developer's run keeps looking for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

Record = Callable[..., ItemRecord]


@pytest.fixture(scope="session")
def kek() -> bytes:
    return new_data_key()


@pytest.fixture(scope="session")
def header() -> JobHeader:
    return JobHeader(
        job_id="3f9a",
        created=dt.datetime(2026, 11, 3, 9, 30, tzinfo=dt.UTC),
        manifest_sha256="ab" * 32,
        purpose="missing persons, case order 12",
        operator="operator-7",
        retention_until=dt.date(2027, 5, 3),
        settings='{"threshold": 0.4}',
        tool_version="0.1.0",
    )


@pytest.fixture(scope="session")
def event() -> Event:
    return kinds.item_recorded(
        "operator-7", "p", item_id="A", source_sha256="0" * 64, fingerprint="f", state=ItemState.DONE
    )


def record(number: int, text: str = "", **fields: object) -> ItemRecord:
    payload = json.dumps({"number": number, "text": text})
    base = {"fingerprint": f"f{number}", "state": ItemState.DONE, "payload": payload, **fields}
    return ItemRecord(f"item-{number}", number, **base)  # type: ignore[arg-type]


@pytest.fixture
def make_record() -> Record:
    return record


@pytest.fixture(scope="session")
def finished_job(tmp_path_factory: pytest.TempPathFactory, kek: bytes, header: JobHeader, event: Event) -> Path:
    """A closed job of 30 items with pictures, a run and findings between items; not to be changed."""
    path = tmp_path_factory.mktemp("finished") / "job"
    with Ledger.create(path, kek, header) as ledger:
        for number in range(30):
            blobs = {"page": b"PAGE%d" % number + os.urandom(3000), "face": os.urandom(500)}
            ledger.record_item(record(number, "ZZPLANTED HANNA"), blobs, event)
        linked = kinds.linkage_recorded("o", "p", items=30, findings=1)
        ledger.record_linkage('{"pairs": ["ZZPLANTED"]}', linked)
        ended = kinds.run_ended("o", "p", run_id="r1", exit_code=0, done=30, failed=0, poison=0, skipped=0)
        ledger.record_run("r1", '{"seconds": 3}', ended)
    return path


@pytest.fixture
def job(finished_job: Path, tmp_path: Path) -> Path:
    """A copy of that job, to do with as one likes."""
    return Path(shutil.copytree(finished_job, tmp_path / "job"))
