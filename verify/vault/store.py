"""An encrypted SQLite database (SQLCipher): every page has an HMAC, so damage is found before it is used.

The one place that talks to sqlcipher3. What a page HMAC cannot see: an old page or file put back by somebody
who holds a copy, or a log file cut short. The audit chain and its checkpoints are there for that.

Source: SQLCipher 4 design (AES-256-CBC and HMAC-SHA512 for each page). The settings were measured with
picture blobs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlcipher3

from verify.errors import DamagedStoreError, LockedError, UsageError, VerifyError
from verify.vault.files import create_private, sync_directory
from verify.vault.keys import KEY_BYTES

__all__ = ["EncryptedStore", "Row", "Store", "open_encrypted", "wipe"]

Row = tuple[Any, ...]

_BUSY_SECONDS = 10.0
_PAGE_BYTES = 16384  # best for pictures of some 10 to 100 kB
_DAMAGED = "failed its integrity check and was not used; restore it from a backup"
_CODES: dict[int, tuple[type[VerifyError], str]] = {
    sqlcipher3.SQLITE_NOTADB: (DamagedStoreError, "does not open with this key, or is damaged at its start"),
    sqlcipher3.SQLITE_CORRUPT: (DamagedStoreError, _DAMAGED),
    sqlcipher3.SQLITE_BUSY: (LockedError, "in use by another process; try again when it has ended"),
    sqlcipher3.SQLITE_LOCKED: (LockedError, "in use by another process; try again when it has ended"),
    sqlcipher3.SQLITE_READONLY: (UsageError, "opened for reading only, or its permissions forbid writing"),
    sqlcipher3.SQLITE_CANTOPEN: (UsageError, "cannot be opened; look at its permissions"),
    sqlcipher3.SQLITE_FULL: (VerifyError, "the disk is full, the last step was not recorded; make room"),
    sqlcipher3.SQLITE_IOERR: (VerifyError, "the disk reported an error; the last step was not recorded"),
}


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what can go wrong with a file into our errors; a mistake in our SQL stays as it is."""
    try:
        yield
    except sqlcipher3.DatabaseError as error:
        known = _CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if known is None:
            raise
        kind, message = known
        raise kind(f"{path}: {message}") from error


class Store(Protocol):
    """What a room needs of an encrypted database, wherever it is. `EncryptedStore` says what each method does."""

    schema_version: int

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Runs a query."""
        ...

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """Runs a query for its first row."""
        ...

    def write(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Runs one statement."""
        ...

    def write_many(self, sql: str, parameters: Iterable[Sequence[object]]) -> None:
        """Runs one statement many times."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""
        ...

    def checkpoint_truncate(self) -> None:
        """Makes deleted rows go from the files."""
        ...

    def damaged_pages(self) -> tuple[str, ...]:
        """A line for each bad page."""
        ...

    def close(self) -> None:
        """Closes."""
        ...

    def __enter__(self) -> Store:
        """For a `with` statement, which closes."""
        ...

    def __exit__(self, *_: object) -> None:
        """Closes."""
        ...


class EncryptedStore:
    """An open encrypted database, to be used by the thread that opened it. Made by `open_encrypted`.

    All methods raise DamagedStoreError when a page fails its integrity check, LockedError when another
    process holds the database too long, and VerifyError when the disk is full or fails; each names the file.
    """

    def __init__(self, path: Path, connection: Any) -> None:
        self.path = path
        self._connection = connection

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Runs a query now and streams its rows."""
        with _told(self.path):
            cursor = self._connection.execute(sql, parameters)
        return self._stream(cursor)

    def _stream(self, cursor: Any) -> Iterator[Row]:
        with _told(self.path):
            yield from cursor

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """Runs a query and returns its first row, or None."""
        with _told(self.path):
            found: Row | None = self._connection.execute(sql, parameters).fetchone()
            return found

    def write(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Runs one statement and returns the number of rows it changed."""
        with _told(self.path):
            changed: int = self._connection.execute(sql, parameters).rowcount
            return changed

    def write_many(self, sql: str, parameters: Iterable[Sequence[object]]) -> None:
        """Runs one statement for each set of parameters."""
        with _told(self.path):
            self._connection.executemany(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is recorded together, on disk, when the block ends; or nothing of it."""
        self.write("BEGIN IMMEDIATE")
        try:
            yield
            self.write("COMMIT")
        finally:
            if self._connection.in_transaction:
                self.write("ROLLBACK")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever another process writes meanwhile."""
        self.write("BEGIN")
        try:
            yield
        finally:
            self.write("ROLLBACK")

    @property
    def schema_version(self) -> int:
        """The number the owner gave its tables (`PRAGMA user_version`); 0 in a new database."""
        row = self.row("PRAGMA user_version")
        return int(row[0]) if row else 0

    @schema_version.setter
    def schema_version(self, version: int) -> None:
        self.write(f"PRAGMA user_version = {version:d}")

    def checkpoint_truncate(self) -> None:
        """Moves all to the main file and empties the write-ahead log: then deleted rows are gone from both.

        Raises:
            LockedError: a reader is still using the old state.
        """
        row = self.row("PRAGMA wal_checkpoint(TRUNCATE)")
        if row is None or row[0] != 0:
            raise LockedError(f"{self.path}: its log cannot be emptied while somebody reads; try again")

    def damaged_pages(self) -> tuple[str, ...]:
        """Checks the HMAC of each page of the main file; returns a line for each bad one. About 4 ms a MB."""
        return tuple(str(row[0]) for row in self.rows("PRAGMA cipher_integrity_check"))

    def close(self) -> None:
        """Closes; the last one to close a sound database leaves no log behind."""
        with _told(self.path):
            self._connection.close()

    def __enter__(self) -> EncryptedStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_encrypted(path: Path, key: bytes, *, create: bool = False, read_only: bool = False) -> EncryptedStore:
    """Opens an encrypted database.

    Args:
        path: the file; its log and index stand beside it (`-wal`, `-shm`), all of mode 0600.
        key: 32 random bytes, used as they are.
        create: make a new one, which must not exist yet.
        read_only: refuse writing.

    Raises:
        UsageError: missing, or with `create` there already, or no permission.
        DamagedStoreError: not opened by this key, or damaged, or emptied.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    if create:
        try:
            os.close(create_private(path))
        except FileExistsError as error:
            raise UsageError(f"{path}: exists already") from error
    elif not path.is_file():
        raise UsageError(f"{path}: missing")
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
    if read_only and not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists():
        uri += "&immutable=1"  # on a read-only medium no index can be made beside it, and nobody can be writing
    with _told(path):
        connection = sqlcipher3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    store = EncryptedStore(path, connection)
    try:
        _unlock(store, key)
        if not create and store.row("PRAGMA page_count") == (0,):
            raise DamagedStoreError(f"{path}: is empty; restore it from a backup")
        if not read_only:
            _prepare_writing(store)
    except VerifyError:
        store.close()
        raise
    return store


def _unlock(store: EncryptedStore, key: bytes) -> None:
    if store.row("PRAGMA cipher_version") is None:
        raise UsageError(f"{store.path}: this SQLite cannot encrypt; install sqlcipher3")
    store.row("PRAGMA cipher_log_level = NONE")  # failures are told by our errors, not on stderr
    store.row(f"PRAGMA key = \"x'{key.hex()}'\"")
    store.row("PRAGMA cipher_compatibility = 4")
    store.row(f"PRAGMA cipher_page_size = {_PAGE_BYTES}")
    store.row("PRAGMA temp_store = MEMORY")  # no plaintext in temporary files
    store.row("PRAGMA foreign_keys = ON")
    store.row("SELECT count(*) FROM sqlite_schema")  # reads the first page: a wrong key ends here


def _prepare_writing(store: EncryptedStore) -> None:
    store.row("PRAGMA secure_delete = ON")
    store.row("PRAGMA synchronous = FULL")
    journal = store.row("PRAGMA journal_mode = WAL")
    if journal != ("wal",) or store.row("PRAGMA secure_delete") != (1,):
        raise UsageError(f"{store.path}: needs a file system with write-ahead logs; use a local one")


def wipe(path: Path) -> None:
    """Removes a database with its log and index. Destroy its key first: that makes the blocks unreadable."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    sync_directory(path.parent)
