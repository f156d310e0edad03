"""The files of a job directory; a new one comes to be wholly, or is finished or begun again after a crash."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.vault.files import destroy, private_directory, sync_directory
from verify.vault.keys import derive, new_data_key, read_wrapped, unwrap, wrap, write_wrapped
from verify.vault.lock import WriterLock
from verify.vault.store import EncryptedStore, open_encrypted, wipe

__all__ = ["JobPlace"]

_DATABASE_KEY = "database"


@dataclass(frozen=True, slots=True)
class JobPlace:
    """A job directory. Order of creation: unfinished database, key, final name of the database."""

    directory: Path

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.directory / "ledger.db"

    @property
    def key(self) -> Path:
        """The wrapped data key."""
        return self.directory / "key.json"

    @property
    def tombstone(self) -> Path:
        """What is left of a purged job."""
        return self.directory / "tombstone.json"

    @property
    def _unfinished(self) -> Path:
        return self.directory / "ledger.db.new"

    def lock(self) -> WriterLock:
        """Takes the writer's lock; raises LockedError when another process has it."""
        return WriterLock(self.directory / "lock")

    def exists(self) -> bool:
        """Whether there is a job.

        Raises:
            PolicyError: there was one; it was purged, or its key is gone.
        """
        if self.tombstone.exists():
            raise PolicyError(f"{self.directory}: this job was purged; use a new directory")
        if self.database.exists() and not self.key.exists():
            raise PolicyError(f"{self.key}: missing; without it {self.database.name} cannot be read")
        return self.key.exists()

    def require(self) -> None:
        """Raises UsageError when there is no job, and PolicyError as `exists` does."""
        if not self.exists():
            raise UsageError(f"{self.directory}: no job here; name the directory of a job")

    def create(self, kek: bytes, job_id: str, fill: Callable[[EncryptedStore], None]) -> None:
        """Makes key and database, filled by `fill`; the caller holds the lock and saw that there is none."""
        data_key = new_data_key()
        wipe(self._unfinished)
        with open_encrypted(self._unfinished, derive(data_key, _DATABASE_KEY), create=True) as store:
            fill(store)
            store.checkpoint_truncate()
        write_wrapped(self.key, wrap(kek, data_key, f"job:{job_id}"))
        self._finish_creation()

    def _finish_creation(self) -> None:
        if self._unfinished.exists() and not self.database.exists():
            self._unfinished.replace(self.database)
            sync_directory(self.directory)

    def open(self, kek: bytes, *, read_only: bool) -> tuple[EncryptedStore, bytes, str]:
        """Opens the database; returns it with the job's data key and the key's context.

        To write, the caller holds the lock: a creation that a crash cut short is finished then.

        Raises:
            UsageError: there is no job here.
            PolicyError: purged, or the key is another one or destroyed.
            DamagedStoreError: key or database are damaged.
        """
        self.require()
        if not read_only:
            self._finish_creation()
        wrapped = read_wrapped(self.key)
        data_key = unwrap(kek, wrapped)
        if not self.database.exists():
            raise DamagedStoreError(f"{self.database}: missing; restore the directory from a backup")
        store = open_encrypted(self.database, derive(data_key, _DATABASE_KEY), read_only=read_only)
        return store, data_key, wrapped.context

    def prepare(self) -> None:
        """Makes sure of the directory."""
        private_directory(self.directory)

    def destroy_data(self) -> None:
        """Destroys the key, then removes the database; may be done again. The caller holds the lock."""
        destroy(self.key)
        for leftover in (self.key, self.tombstone):
            destroy(leftover.with_name(leftover.name + ".new"))
        wipe(self.database)
        wipe(self._unfinished)
        shutil.rmtree(self.directory / "captures", ignore_errors=True)  # sealed under the key that is gone
        (self.directory / "lock").unlink(missing_ok=True)
