"""The ledger of a job: a result and its event are one transaction, on disk when the call returns."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, astuple, replace
from pathlib import Path
from typing import Literal

from verify.errors import DamagedStoreError, PolicyError
from verify.ledger.events import Event, StoredEvent, append_event
from verify.ledger.place import JobPlace
from verify.ledger.reader import LedgerReader
from verify.ledger.record import ItemRecord, JobHeader, commitment
from verify.ledger.tables import LINKAGE, REVIEW, RUN, create_tables, read_header
from verify.vault.lock import WriterLock
from verify.vault.store import EncryptedStore

__all__ = ["Ledger"]

_SALT_BYTES = 16


class Ledger(LedgerReader):
    """An open ledger, to be used by the thread that opened it.

    One process writes at a time; readers take no lock and see the last finished transaction. Every method
    may raise DamagedStoreError, and those that write VerifyError when the disk is full: then nothing of the
    step was recorded.
    """

    def __init__(self, store: EncryptedStore, header: JobHeader, data_key: bytes, lock: WriterLock | None) -> None:
        """Use `create`, `open` or `open_or_create`."""
        super().__init__(store, header, data_key)
        self._lock = lock

    # --- opening and closing ---

    @classmethod
    def create(cls, job_dir: Path, kek: bytes, header: JobHeader) -> Ledger:
        """Begins a job in a new or empty directory and holds it for writing.

        Raises:
            PolicyError: there is a job already, or there was one.
            UsageError: the directory cannot be written.
            LockedError: another process is writing here.
        """
        return cls._begin(JobPlace(job_dir), kek, header, may_exist=False)

    @classmethod
    def open(cls, job_dir: Path, kek: bytes, mode: Literal["write", "read"] = "write") -> Ledger:
        """Opens a job; in mode "read" it takes no lock and refuses to write.

        Raises:
            UsageError: no job here, or written by another version of this tool.
            PolicyError: the key is another one or destroyed, or the job was purged.
            LockedError: another process is writing here (mode "write").
        """
        place = JobPlace(job_dir)
        place.require()
        if mode == "read":
            return cls.attach(place, kek, read_only=True)
        with ExitStack() as undo:
            ledger = cls.attach(place, kek, lock=undo.enter_context(place.lock()))
            undo.pop_all()
        return ledger

    @classmethod
    def open_or_create(cls, job_dir: Path, kek: bytes, header: JobHeader) -> Ledger:
        """Goes on with the job of this manifest, or begins it. The header of an existing job stays as it was.

        Raises:
            PolicyError: the directory belongs to another manifest; and what `create` and `open` raise.
        """
        ledger = cls._begin(JobPlace(job_dir), kek, header, may_exist=True)
        if ledger.header.manifest_sha256 != header.manifest_sha256:
            ledger.close()
            raise PolicyError(f"{job_dir}: belongs to another manifest; use another directory for this one")
        return ledger

    @classmethod
    def _begin(cls, place: JobPlace, kek: bytes, header: JobHeader, *, may_exist: bool) -> Ledger:
        place.prepare()
        with ExitStack() as undo:
            lock = undo.enter_context(place.lock())
            if not place.exists():
                place.create(kek, header.job_id, lambda store: create_tables(store, header))
            elif not may_exist:
                raise PolicyError(f"{place.directory}: has a job already; use another directory")
            ledger = cls.attach(place, kek, lock=lock)
            undo.pop_all()
        return ledger

    @classmethod
    def attach(cls, place: JobPlace, kek: bytes, *, read_only: bool = False, lock: WriterLock | None = None) -> Ledger:
        """Opens without taking the lock: to read, or because the caller holds it. Raises as `open` does."""
        store, data_key, context = place.open(kek, read_only=read_only)
        with ExitStack() as undo:
            undo.enter_context(store)
            header = read_header(store)
            if context != f"job:{header.job_id}":
                raise DamagedStoreError(f"{place.key}: is of another job; restore the directory from a backup")
            undo.pop_all()
        return cls(store, header, data_key, lock)

    def close(self) -> None:
        """Closes, then lets go of the lock."""
        try:
            self._store.close()
        finally:
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing ---

    def record_item(
        self, record: ItemRecord, blobs: Mapping[str, bytes], event: Event, readings: Mapping[str, int] | None = None
    ) -> None:
        """Records a result with its pictures, in place of an earlier one, and an event that commits to them.

        Args:
            record: the result.
            blobs: its pictures by name.
            event: of the recording.
            readings: key of the reading of each file, and its number in the result; see `reading_of`.
        """
        salt = secrets.token_bytes(_SALT_BYTES)
        item_id = record.item_id
        with self._store.transaction():
            self._store.write("DELETE FROM item WHERE item_id = ?", (item_id,))
            self._store.write("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*astuple(record), salt))
            for name, content in blobs.items():
                digest = hashlib.sha256(content).hexdigest()
                self._store.write("INSERT INTO blob VALUES (?, ?, ?, ?)", (item_id, name, digest, content))
            for key, number in (readings or {}).items():
                self._store.write("INSERT OR IGNORE INTO reading VALUES (?, ?, ?)", (key, item_id, number))
            self._append(event, f"item:{item_id}", commitment(salt, asdict(record), blobs))

    def erase_item(self, item_id: str, event: Event) -> None:
        """Erases an item and its pictures, also from the log file; the chain keeps that it was erased.

        Raises:
            LockedError: it is erased, but a reader keeps the log file from being emptied; do it again later.
        """
        with self._store.transaction():
            self._store.write("DELETE FROM item WHERE item_id = ?", (item_id,))
            self._append(event, f"item:{item_id}", None)
        self._store.checkpoint_truncate()

    def record_linkage(self, payload: str, event: Event) -> None:
        """Records the findings between items (JSON text), in place of the earlier ones."""
        self._record_note(LINKAGE, payload, event)

    def record_run(self, run_id: str, payload: str, event: Event) -> None:
        """Records how one run went (JSON text)."""
        self._record_note(f"{RUN}{run_id}", payload, event)

    def record_review(self, number: int, payload: str, event: Event) -> None:
        """Records entry `number` of the review (JSON text). Entries are only ever added.

        Raises:
            PolicyError: there is an entry of that number.
        """
        name = f"{REVIEW}{number:08}"
        if self._store.row("SELECT 1 FROM note WHERE name = ?", (name,)):
            raise PolicyError(f"entry {number} of the review was given already; look at the case again")
        self._record_note(name, payload, event)

    def append(self, event: Event) -> StoredEvent:
        """Records an event that comes with no result."""
        with self._store.transaction():
            return append_event(self._store, self.genesis, event)

    def _record_note(self, name: str, payload: str, event: Event) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        with self._store.transaction():
            stored = self._append(event, f"note:{name}", commitment(salt, {"payload": payload}, {}))
            row = (name, payload, stored.seq, salt)
            self._store.write("INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?)", row)

    def _append(self, event: Event, record: str, committed: str | None) -> StoredEvent:
        detail = {**event.detail, "record": record, "commitment": committed}
        return append_event(self._store, self.genesis, replace(event, detail=detail))
