"""Events and their hash chain: appended in the transaction of what they tell of, never changed.

An event is stored as the exact bytes that were hashed. Its digest is SHA-256(0x00 || previous digest ||
bytes); the digest before the first event is the one of the job's header, so a chain cannot be moved to
another job. Order is by `seq`, never by clock. (0x00 marks a leaf, as in RFC 6962 section 2.1, so that a
tree over the same events can be added.)
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from verify.vault.store import Store

__all__ = ["Event", "Scalar", "StoredEvent", "canonical_json", "chain_digest"]

Scalar = str | int | float | bool | None
EVENT_TABLE = "CREATE TABLE event (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, digest BLOB NOT NULL) STRICT"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done, to be recorded. The constructors are in `verify.audit.kinds`.

    Attributes:
        action: what, e.g. "item_recorded".
        actor: the operator or reviewer who answers for it.
        purpose: the purpose and legal basis of the job.
        detail: ids, counts and digests; never a name, a date of birth or a document number.
    """

    action: str
    actor: str
    purpose: str
    detail: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored; nothing of it is checked yet (`verify.audit.verify_chain`).

    Attributes:
        seq: 1 for the first.
        body: canonical JSON with seq, utc, action, actor, purpose and detail.
        digest: of the chain up to here, 32 bytes.
    """

    seq: int
    body: bytes
    digest: bytes

    def fields(self) -> dict[str, object]:
        """Returns the body's members; an empty dict when the body is not a JSON object."""
        try:
            members = json.loads(self.body)
        except ValueError:
            return {}
        return members if isinstance(members, dict) else {}


def canonical_json(value: Mapping[str, object]) -> bytes:
    """Returns compact JSON with sorted keys in ASCII: the same bytes for the same value.

    Raises:
        ValueError: a number is not finite.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def chain_digest(previous: bytes, body: bytes) -> bytes:
    """Returns the digest of the chain after `body`, 32 bytes."""
    return hashlib.sha256(b"\x00" + previous + body).digest()


def append_event(store: Store, genesis: bytes, event: Event) -> StoredEvent:
    """Appends an event; the caller holds the transaction."""
    seq, previous = chain_head(store, genesis)
    body = canonical_json(
        {
            "seq": seq + 1,
            "utc": dt.datetime.now(dt.UTC).isoformat(timespec="microseconds"),
            "action": event.action,
            "actor": event.actor,
            "purpose": event.purpose,
            "detail": dict(event.detail),
        }
    )
    stored = StoredEvent(seq + 1, body, chain_digest(previous, body))
    store.write("INSERT INTO event VALUES (?, ?, ?)", (stored.seq, stored.body, stored.digest))
    return stored


def chain_head(store: Store, genesis: bytes) -> tuple[int, bytes]:
    """Returns number and digest of the last event; 0 and the genesis digest when there is none."""
    last = store.row("SELECT seq, digest FROM event ORDER BY seq DESC LIMIT 1")
    return (int(last[0]), bytes(last[1])) if last else (0, genesis)


def stored_events(store: Store, after: int = 0) -> Iterator[StoredEvent]:
    """Streams the events in order of `seq`."""
    for row in store.rows("SELECT seq, body, digest FROM event WHERE seq > ? ORDER BY seq", (after,)):
        yield StoredEvent(*row)
