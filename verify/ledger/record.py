"""What the ledger keeps: the header of the job, and one record an item."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from verify.ledger.events import canonical_json

__all__ = ["ItemRecord", "ItemState", "JobHeader", "commitment"]


class ItemState(StrEnum):
    """What became of an item; all four are counted in every report."""

    DONE = "done"
    FAILED = "failed"  # may be tried again
    POISON = "poison"  # killed its worker or ran out of time twice: not tried again by itself
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class JobHeader:
    """The terms of a job; set once and never changed, for the event chain starts from its digest.

    Attributes:
        job_id: random, without meaning.
        created: aware UTC time.
        manifest_sha256: of the manifest the job belongs to, hexadecimal.
        purpose: purpose and legal basis.
        operator: who answers for the job.
        retention_until: the last day the record may be kept.
        settings: JSON text of the settings.
        tool_version: of this toolkit.
    """

    job_id: str
    created: dt.datetime
    manifest_sha256: str
    purpose: str
    operator: str
    retention_until: dt.date
    settings: str
    tool_version: str

    def to_json(self) -> bytes:
        """Returns the canonical JSON that is stored and hashed."""
        members = asdict(self)
        members["created"] = self.created.astimezone(dt.UTC).isoformat()
        members["retention_until"] = self.retention_until.isoformat()
        return canonical_json(members)

    @classmethod
    def from_json(cls, text: bytes) -> JobHeader:
        """Reads what `to_json` wrote."""
        members = json.loads(text)
        members["created"] = dt.datetime.fromisoformat(members["created"])
        members["retention_until"] = dt.date.fromisoformat(members["retention_until"])
        return cls(**members)

    def digest(self) -> bytes:
        """Returns the SHA-256 the event chain starts from."""
        return hashlib.sha256(self.to_json()).digest()


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """The result of one item.

    Attributes:
        item_id: unique in the job.
        ordinal: its place in the manifest.
        fingerprint: of all that decides the result: bytes of its files, models, settings that change results.
        state: what became of it.
        payload: JSON text of the result; "null" when there is none.
        failure: class of the failure, for `FAILED` and `POISON`; empty otherwise.
        attempts: how often it was tried.
        basis: JSON object of what the fingerprint is made from, by name; tells what differs from an earlier one.
        why: why it was computed: for the first time, or what had changed.
    """

    item_id: str
    ordinal: int
    fingerprint: str
    state: ItemState
    payload: str
    failure: str = ""
    attempts: int = 1
    basis: str = "{}"
    why: str = ""


def commitment(salt: bytes, record: Mapping[str, object], blobs: Mapping[str, bytes]) -> str:
    """Returns what the event says of a record: a salted SHA-256 over all of it, hexadecimal.

    The salt lies with the record: once the record is erased the digest tells nothing, and the chain still
    holds.
    """
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in blobs.items()}
    return hashlib.sha256(salt + canonical_json({"record": record, "blobs": digests})).hexdigest()
