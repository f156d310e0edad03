"""The reading side of a ledger: nothing here writes, and a damaged page is never used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict

from verify.errors import DamagedStoreError
from verify.ledger.events import StoredEvent, chain_head, stored_events
from verify.ledger.record import ItemRecord, ItemState, JobHeader, commitment
from verify.ledger.tables import ITEM_ROWS, LINKAGE, REVIEW, RUN, STANDING_ROWS, read_item
from verify.vault.keys import derive
from verify.vault.store import EncryptedStore

__all__ = ["LedgerReader"]


class LedgerReader:
    """What a ledger holds. Every method may raise DamagedStoreError, which names the file.

    Attributes:
        header: the terms of the job.
        genesis: the digest the event chain starts from, 32 bytes.
    """

    def __init__(self, store: EncryptedStore, header: JobHeader, data_key: bytes) -> None:
        self._store = store
        self._data_key = data_key
        self.header = header
        self.genesis = header.digest()

    def snapshot(self) -> AbstractContextManager[None]:
        """All that is read inside is of one moment, whatever another process records meanwhile."""
        return self._store.snapshot()

    def item(self, item_id: str) -> ItemRecord | None:
        """Returns the record of an item, or None."""
        row = self._store.row(f"{ITEM_ROWS} WHERE item_id = ?", (item_id,))
        return read_item(row) if row else None

    def items(self) -> Iterator[ItemRecord]:
        """Streams the records in the order of the manifest."""
        return map(read_item, self._store.rows(f"{ITEM_ROWS} ORDER BY ordinal, item_id"))

    def standing(self, item_id: str) -> ItemRecord | None:
        """Returns the record of an item without its payload, or None: enough to tell whether it stands."""
        row = self._store.row(f"{STANDING_ROWS} WHERE item_id = ?", (item_id,))
        return read_item(row) if row else None

    def standing_from(self, ordinal: int, count: int) -> dict[str, tuple[str, ItemState]]:
        """Returns fingerprint and state of the items recorded at `count` places of the manifest from `ordinal`."""
        sql = "SELECT item_id, fingerprint, state FROM item WHERE ordinal >= ? AND ordinal < ?"
        rows = self._store.rows(sql, (ordinal, ordinal + count))
        return {item_id: (fingerprint, ItemState(state)) for item_id, fingerprint, state in rows}

    def reading_of(self, key: str) -> tuple[str, int] | None:
        """Returns the item that holds the reading of this key, and its number there; None when none does."""
        row = self._store.row("SELECT item_id, number FROM reading WHERE key = ?", (key,))
        return (str(row[0]), int(row[1])) if row else None

    def states(self) -> dict[str, ItemState]:
        """Returns the state of each recorded item, in the order of the manifest."""
        rows = self._store.rows("SELECT item_id, state FROM item ORDER BY ordinal, item_id")
        return {item_id: ItemState(state) for item_id, state in rows}

    def counts(self) -> dict[ItemState, int]:
        """Returns how many items are in each state; all states are there."""
        found: dict[str, int] = dict(self._store.rows("SELECT state, count(*) FROM item GROUP BY state"))
        return {state: found.get(state, 0) for state in ItemState}

    def blob(self, item_id: str, name: str) -> bytes | None:
        """Returns a picture, or None.

        Raises:
            DamagedStoreError: it is not what its digest says.
        """
        sql = "SELECT bytes, sha256 FROM blob WHERE item_id = ? AND name = ?"
        row = self._store.row(sql, (item_id, name))
        if row is None:
            return None
        if hashlib.sha256(row[0]).hexdigest() != row[1]:
            raise DamagedStoreError(f"{self._store.path}: picture {name} of item {item_id} was altered")
        return bytes(row[0])

    def blob_names(self, item_id: str) -> tuple[str, ...]:
        """Returns the names of an item's pictures, sorted."""
        rows = self._store.rows("SELECT name FROM blob WHERE item_id = ? ORDER BY name", (item_id,))
        return tuple(row[0] for row in rows)

    def linkage(self) -> str | None:
        """Returns the findings between items (JSON text), or None."""
        row = self._store.row("SELECT payload FROM note WHERE name = ?", (LINKAGE,))
        return row[0] if row else None

    def runs(self) -> Iterator[str]:
        """Streams the records of the runs (JSON text), the oldest first."""
        return self._notes(RUN)

    def review(self) -> Iterator[str]:
        """Streams the entries of the review (JSON text), the oldest first."""
        return self._notes(REVIEW)

    def _notes(self, prefix: str) -> Iterator[str]:
        sql = "SELECT payload FROM note WHERE substr(name, 1, ?) = ? ORDER BY seq"
        return (row[0] for row in self._store.rows(sql, (len(prefix), prefix)))

    def events(self, after: int = 0) -> Iterator[StoredEvent]:
        """Streams the events after number `after`, unchecked."""
        return stored_events(self._store, after)

    def head(self) -> tuple[int, bytes]:
        """Returns number and digest of the last event; 0 and `genesis` when there is none."""
        return chain_head(self._store, self.genesis)

    def commitments(self) -> Iterator[tuple[str, str]]:
        """Streams what the last event of each record must say, worked out anew: (record, commitment)."""
        for row in self._store.rows(ITEM_ROWS):
            record = read_item(row)
            found = self._store.rows("SELECT name, bytes FROM blob WHERE item_id = ?", (record.item_id,))
            yield f"item:{record.item_id}", commitment(row[-1], asdict(record), dict(found))
        for name, payload, salt in self._store.rows("SELECT name, payload, salt FROM note"):
            yield f"note:{name}", commitment(salt, {"payload": payload}, {})

    def damaged_pages(self) -> tuple[str, ...]:
        """Returns a line for each page of the database that fails its integrity check."""
        return self._store.damaged_pages()

    def derive_key(self, purpose: str) -> bytes:
        """Returns a 32-byte key of this job for one purpose; it is lost when the job is purged."""
        return derive(self._data_key, purpose)
