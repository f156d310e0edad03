from __future__ import annotations

import hashlib
import json

import pytest

from verify.errors import LockedError, PolicyError, UsageError
from verify.ledger import Ledger, chain_digest, purge
from verify.ledger.place import JobPlace
from verify.vault.keys import new_data_key


def test_purge_leaves_a_tombstone_and_nothing_else(job, kek, header) -> None:
    database, key = (JobPlace(job).database.read_bytes(), JobPlace(job).key.read_text())
    with Ledger.open(job, kek) as ledger:
        events, head = ledger.head()
    tombstone = purge(job, kek, "operator-7")
    assert [file.name for file in job.iterdir()] == ["tombstone.json"]
    content = tombstone.read_bytes()
    for planted in (b"ZZPLANTED", b"HANNA", b"item-", b"operator-7", b"PAGE", database[:16], kek):
        assert planted not in content
    assert json.loads(key)["wrapped"].encode() not in content
    assert tombstone.stat().st_mode & 0o777 == 0o600
    told = json.loads(content)
    assert told["job_id"] == header.job_id
    assert told["created"] == "2026-11-03T09:30:00+00:00"
    assert told["retention_until"] == "2027-05-03"
    assert told["items"] == {"done": 30, "failed": 0, "poison": 0, "skipped": 0}
    assert told["chain"]["events"] == events + 1
    assert told["chain"]["previous"] == head.hex()


def test_tombstone_proves_the_last_event(job, kek, header) -> None:
    told = json.loads(purge(job, kek, "operator-7").read_text())
    event = {
        "action": "job_purged",
        "actor": "operator-7",
        "detail": {},
        "purpose": header.purpose,
        "seq": 33,
        "utc": told["purged"],
    }
    body = json.dumps(event, separators=(",", ":")).encode()
    assert chain_digest(bytes.fromhex(told["chain"]["previous"]), body).hex() == told["chain"]["head"]
    assert hashlib.sha256(body).hexdigest() != told["chain"]["head"]


def test_purged_job_is_refused_everywhere(job, kek, header) -> None:
    purge(job, kek, "o")
    for attempt in (
        lambda: Ledger.open(job, kek),
        lambda: Ledger.open(job, kek, mode="read"),
        lambda: Ledger.create(job, kek, header),
        lambda: Ledger.open_or_create(job, kek, header),
    ):
        with pytest.raises(PolicyError, match="purged"):
            attempt()
    assert purge(job, kek, "o").exists()


def test_purge_needs_the_key_the_lock_and_a_job(job, tmp_path, kek) -> None:
    with pytest.raises(PolicyError, match="key file with id"):
        purge(job, new_data_key(), "o")
    with Ledger.open(job, kek), pytest.raises(LockedError):
        purge(job, kek, "o")
    with pytest.raises(UsageError, match="no job here"):
        purge(tmp_path / "nowhere", kek, "o")
    assert not JobPlace(job).tombstone.exists()
    Ledger.open(job, kek).close()


def test_purge_cut_short_is_finished(job, kek, monkeypatch) -> None:
    class CutError(Exception):
        pass

    def cut(*_: object) -> None:
        raise CutError

    with monkeypatch.context() as patch:
        patch.setattr("verify.ledger.place.wipe", cut)
        with pytest.raises(CutError):
            purge(job, kek, "o")
    before = JobPlace(job).tombstone.read_bytes()
    assert JobPlace(job).database.exists()
    assert not JobPlace(job).key.exists()
    assert purge(job, new_data_key(), "o").read_bytes() == before  # the key is of no use any more
    assert [file.name for file in job.iterdir()] == ["tombstone.json"]


def test_damaged_job_is_purged_with_unknown_counts(job, kek) -> None:
    JobPlace(job).database.write_bytes(b"noise" * 9000)
    told = json.loads(purge(job, kek, "o").read_text())
    assert told["items"] is None
    assert told["chain"] is None
    assert [file.name for file in job.iterdir()] == ["tombstone.json"]
