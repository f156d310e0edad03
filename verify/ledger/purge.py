"""The end of a job: its key is destroyed, its files are removed, a tombstone without personal data stays."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from verify.errors import DamagedStoreError
from verify.ledger.events import Event, StoredEvent
from verify.ledger.ledger import Ledger
from verify.ledger.place import JobPlace
from verify.vault.files import write_private

__all__ = ["purge"]

_SCHEMA_VERSION = 1


def purge(job_dir: Path, kek: bytes, actor: str) -> Path:
    """Purges a job and returns the path of its tombstone; one that a crash cut short is finished.

    The chain's last event says who purged it. The tombstone keeps that event's digest and the one before: an
    operator's own copy of the event can be proven by it, and nothing can be read from it.

    Raises:
        UsageError: no job here.
        PolicyError: the key is another one. (A damaged record is purged all the same, with unknown counts.)
        LockedError: another process is writing here.
    """
    place = JobPlace(job_dir)
    if not place.tombstone.exists():
        place.require()
    with place.lock():
        if not place.tombstone.exists():
            text = json.dumps({"schema_version": _SCHEMA_VERSION, **_last_words(place, kek, actor)}, indent=1)
            write_private(place.tombstone, f"{text}\n".encode())
        place.destroy_data()
    return place.tombstone


def _last_words(place: JobPlace, kek: bytes, actor: str) -> dict[str, object]:
    """Returns the members of the tombstone; None where a damaged record could not be read."""
    unknown = dict.fromkeys(("job_id", "created", "retention_until", "items", "chain"))
    try:
        with Ledger.attach(place, kek) as ledger:
            _, previous = ledger.head()
            last = ledger.append(Event("job_purged", actor, ledger.header.purpose))
            return {
                "job_id": ledger.header.job_id,
                "created": ledger.header.created.isoformat(),
                "retention_until": ledger.header.retention_until.isoformat(),
                "purged": last.fields()["utc"],
                "items": {state.value: count for state, count in ledger.counts().items()},
                "chain": _chain_end(previous, last),
            }
    except DamagedStoreError:
        return {**unknown, "purged": dt.datetime.now(dt.UTC).isoformat()}


def _chain_end(previous: bytes, last: StoredEvent) -> dict[str, object]:
    return {"events": last.seq, "previous": previous.hex(), "head": last.digest.hex()}
