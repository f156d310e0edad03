"""A gallery in a directory: `gallery.db`, encrypted, and `key.json` with its wrapped data key.

A gallery is pinned to one kind of entry and one engine and model. Galleries of another kind (missing persons,
victims, nominals) are other directories, so that they may lie under other keys.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.gallery.references import References, references_of
from verify.gallery.store.record import (
    digest_of,
    dump_entry,
    dump_template,
    load_entry,
    load_template,
    load_vector,
)
from verify.ledger.events import EVENT_TABLE, Event, StoredEvent, append_event, stored_events
from verify.model.face import FaceTemplate
from verify.model.gallery import Entry, EntryKind
from verify.vault.files import private_directory
from verify.vault.keys import derive, new_data_key, read_wrapped, unwrap, wrap, write_wrapped
from verify.vault.lock import WriterLock
from verify.vault.store import EncryptedStore, open_encrypted

__all__ = ["Gallery"]

_DATABASE, _KEY, _LOCK = "gallery.db", "key.json", "lock"
_SCHEMA_VERSION = 1
_TABLES = (
    "CREATE TABLE property (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE entry (reference_id TEXT PRIMARY KEY, record TEXT NOT NULL, picture BLOB,"
    " digest BLOB NOT NULL, salt BLOB NOT NULL) STRICT",
    "CREATE TABLE template (reference_id TEXT NOT NULL REFERENCES entry ON DELETE CASCADE,"
    " number INTEGER NOT NULL, vector BLOB NOT NULL, rest TEXT NOT NULL,"
    " PRIMARY KEY (reference_id, number)) STRICT",
    EVENT_TABLE,
)


class Gallery:
    """An open gallery. Made by `create` or `open`; close it, or use it in a `with` statement.

    Its methods raise what `verify.vault.store.EncryptedStore` does; writing to one that was opened for
    reading raises UsageError.
    """

    def __init__(self, store: EncryptedStore, lock: WriterLock | None, operator: str) -> None:
        """Not called by users."""
        self._store, self._lock, self._operator = store, lock, operator
        rows = store.rows("SELECT name, value FROM property ORDER BY name")
        properties = {str(name): str(value) for name, value in rows}
        self.genesis = hashlib.sha256(json.dumps(properties).encode()).digest()
        self.gallery_id = properties["gallery_id"]
        self.name = properties["name"]
        self.kind = EntryKind(properties["kind"])
        self.engine = properties["engine"]
        self.model_sha256 = properties["model_sha256"]

    @classmethod
    def create(
        cls,
        directory: Path,
        kek: bytes,
        *,
        name: str,
        kind: EntryKind,
        engine: str,
        model_sha256: str,
        operator: str = "",
    ) -> Gallery:
        """Makes an empty gallery and opens it for writing.

        Args:
            directory: new or empty of a gallery.
            kek: the organisation's key, 32 bytes.
            name: shown in reports.
            kind: of all its entries.
            engine: name and version of the engine of all its templates.
            model_sha256: of that engine's network.
            operator: who answers for what is written, for the events.

        Raises:
            UsageError: there is a gallery already, or the directory cannot be written.
            LockedError: another process is writing here.
        """
        private_directory(directory)
        lock = WriterLock(directory / _LOCK)
        try:
            if (directory / _KEY).exists():
                raise UsageError(f"{directory}: holds a gallery already; choose another directory")
            gallery_id, data_key = uuid.uuid4().hex, new_data_key()
            properties = {
                "gallery_id": gallery_id,
                "name": name,
                "kind": kind.value,
                "engine": engine,
                "model_sha256": model_sha256,
            }
            key = derive(data_key, "database")
            with open_encrypted(directory / _DATABASE, key, create=True) as store, store.transaction():
                for statement in _TABLES:
                    store.write(statement)
                store.write_many("INSERT INTO property VALUES (?, ?)", properties.items())
                store.schema_version = _SCHEMA_VERSION
            write_wrapped(directory / _KEY, wrap(kek, data_key, _context(gallery_id)))
        finally:
            lock.release()
        return cls.open(directory, kek, write=True, operator=operator)

    @classmethod
    def open(cls, directory: Path, kek: bytes, *, write: bool = False, operator: str = "") -> Gallery:
        """Opens a gallery; with `write` nobody else can write until it is closed.

        Raises:
            PolicyError: there is no key, or it is another one.
            DamagedStoreError: it was altered, or is of another version.
            LockedError: another process is writing.
        """
        wrapped = read_wrapped(directory / _KEY)
        key = derive(unwrap(kek, wrapped), "database")
        lock = WriterLock(directory / _LOCK) if write else None
        store = None
        try:
            store = open_encrypted(directory / _DATABASE, key, read_only=not write)
            if store.schema_version != _SCHEMA_VERSION:
                raise DamagedStoreError(f"{store.path}: written by another version of this tool; use that one")
            gallery = cls(store, lock, operator)
            if wrapped.context != _context(gallery.gallery_id):
                raise DamagedStoreError(f"{directory}: its key belongs to another gallery; restore key.json")
        except BaseException:
            if store:
                store.close()
            if lock:
                lock.release()
            raise
        return gallery

    def close(self) -> None:
        """Closes the gallery and lets the next writer in."""
        self._store.close()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Gallery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def enrol(self, entry: Entry, templates: Sequence[FaceTemplate] = (), picture: bytes | None = None) -> None:
        """Takes an entry in, in place of one of the same reference id.

        Args:
            entry: of the gallery's kind.
            templates: of its picture; empty when no face could be used: the entry takes part by its other
                data.
            picture: the reference picture, for review.

        Raises:
            PolicyError: an entry of another kind, or a template of another engine or model.
            UsageError: a template that has no direction, or opened for reading.
        """
        self._check(entry, templates)
        record, dumped = dump_entry(entry), [dump_template(template) for template in templates]
        digest, salt = digest_of(record, dumped, picture), secrets.token_bytes(16)
        with self._store.transaction():
            self._store.write("DELETE FROM entry WHERE reference_id = ?", (entry.reference_id,))
            self._store.write(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
                (entry.reference_id, record, picture, digest, salt),
            )
            self._store.write_many(
                "INSERT INTO template VALUES (?, ?, ?, ?)",
                ((entry.reference_id, number, vector, rest) for number, (vector, rest) in enumerate(dumped)),
            )
            self._log("entry_enrolled", entry.provenance.purpose, salt + digest)

    def remove(self, reference_id: str) -> bool:
        """Deletes an entry with its templates and picture, from the log of the database as well.

        Returns:
            False when there is none of that id.

        Raises:
            LockedError: it is deleted, but somebody reads an older state: close them and remove again.
        """
        self._writable()
        with self._store.transaction():
            row = self._store.row("SELECT salt, digest FROM entry WHERE reference_id = ?", (reference_id,))
            if row is not None:
                self._store.write("DELETE FROM entry WHERE reference_id = ?", (reference_id,))
                self._log("entry_removed", "", bytes(row[0]) + bytes(row[1]))
        self._store.checkpoint_truncate()
        return row is not None

    def entries(self) -> tuple[Entry, ...]:
        """All entries, also expired ones, ordered by reference id."""
        rows = self._store.rows("SELECT record FROM entry ORDER BY reference_id")
        return tuple(load_entry(str(row[0])) for row in rows)

    def references(self) -> References:
        """All templates; `References.only` limits them to the entries in force."""
        rows = list(self._store.rows("SELECT reference_id, vector FROM template ORDER BY reference_id, number"))
        vectors = [load_vector(row[1]) for row in rows]
        matrix = np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32)
        return references_of([str(row[0]) for row in rows], matrix, engine=self.engine, model_sha256=self.model_sha256)

    def templates(self, reference_id: str) -> tuple[FaceTemplate, ...]:
        """The templates of one entry, in the order they were enrolled."""
        rows = self._store.rows(
            "SELECT vector, rest FROM template WHERE reference_id = ? ORDER BY number", (reference_id,)
        )
        return tuple(load_template(row[0], str(row[1])) for row in rows)

    def picture(self, reference_id: str) -> bytes | None:
        """The reference picture; None when there is no picture or no such entry."""
        row = self._store.row("SELECT picture FROM entry WHERE reference_id = ?", (reference_id,))
        return None if row is None or row[0] is None else bytes(row[0])

    def events(self) -> Iterator[StoredEvent]:
        """What was written, in order, chained from `genesis`; entries are told by a salted digest only."""
        return stored_events(self._store)

    @property
    def version(self) -> str:
        """SHA-256 over kind, engine, model and all entries with their templates and pictures."""
        digest = hashlib.sha256()
        digest.update(json.dumps([self.kind.value, self.engine, self.model_sha256]).encode() + b"\n")
        for row in self._store.rows("SELECT digest FROM entry ORDER BY reference_id"):
            digest.update(row[0])
        return digest.hexdigest()

    def _writable(self) -> None:
        if self._lock is None:
            raise UsageError(f"gallery {self.name}: opened for reading; open it for writing")

    def _check(self, entry: Entry, templates: Sequence[FaceTemplate]) -> None:
        self._writable()
        if entry.kind is not self.kind:
            raise PolicyError(
                f"entry {entry.reference_id} is of kind {entry.kind}, gallery {self.name} holds {self.kind} "
                "only: enrol it into a gallery of its kind"
            )
        for template in templates:
            if (template.engine, template.model_sha256) != (self.engine, self.model_sha256):
                raise PolicyError(
                    f"entry {entry.reference_id}: its template is of {template.engine}, gallery {self.name} "
                    f"holds those of {self.engine} and its model only: enrol it with that engine"
                )
        if templates:
            if len({len(template.vector) for template in templates} | self._dimensions()) > 1:
                raise UsageError(f"entry {entry.reference_id}: its template has another length; enrol it again")
            matrix = np.array([template.vector for template in templates], dtype=np.float32)
            references_of(
                [entry.reference_id] * len(matrix), matrix, engine=self.engine, model_sha256=self.model_sha256
            )

    def _dimensions(self) -> set[int]:
        row = self._store.row("SELECT length(vector) FROM template LIMIT 1")
        return set() if row is None else {int(row[0]) // 4}

    def _log(self, action: str, purpose: str, content: bytes) -> None:
        detail = {"commitment": hashlib.sha256(content).hexdigest()}
        append_event(self._store, self.genesis, Event(action, self._operator, purpose, detail))


def _context(gallery_id: str) -> str:
    return f"gallery:{gallery_id}"
