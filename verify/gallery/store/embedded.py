"""A gallery in a directory: `gallery.db`, encrypted, and `key.json` with its wrapped data key.

A gallery is pinned to one kind of entry and one engine and model. Galleries of another kind (missing persons,
victims, nominals) are other directories, so that they may lie under other keys.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from verify.errors import DamagedStoreError, PolicyError, UsageError
from verify.gallery.freeze import remove_frozen, write_frozen
from verify.gallery.references import references_of
from verify.gallery.store.contents import begin, dimensions_of, put
from verify.gallery.store.place import GalleryPlace, context_of
from verify.gallery.store.reader import GalleryReader
from verify.gallery.store.tables import SCHEMA_VERSION
from verify.ledger.events import Event, append_event
from verify.model.face import FaceTemplate
from verify.model.gallery import Entry, EntryKind
from verify.vault.keys import new_data_key
from verify.vault.lock import WriterLock
from verify.vault.store import Store

__all__ = ["Gallery"]


class Gallery(GalleryReader):
    """An open gallery. Made by `create` or `open`; close it, or use it in a `with` statement.

    Its methods raise what `verify.vault.store.EncryptedStore` does; writing to one that was opened for
    reading raises UsageError.
    """

    def __init__(
        self, place: GalleryPlace, store: Store, data_key: bytes, lock: WriterLock | None, operator: str
    ) -> None:
        """Not called by users."""
        super().__init__(place, store, data_key)
        self._lock, self._operator = lock, operator

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
        place = GalleryPlace(directory)
        place.prepare()
        with place.lock():
            if place.key.exists():
                raise UsageError(f"{directory}: holds a gallery already; choose another directory")
            properties = {
                "gallery_id": uuid.uuid4().hex,
                "name": name,
                "kind": kind.value,
                "engine": engine,
                "model_sha256": model_sha256,
            }
            properties["genesis"] = hashlib.sha256(json.dumps(properties, sort_keys=True).encode()).hexdigest()
            begin(place, kek, properties, lambda _store, _keys: None)
        return cls.open(directory, kek, write=True, operator=operator)

    @classmethod
    def open(cls, directory: Path, kek: bytes, *, write: bool = False, operator: str = "") -> Gallery:
        """Opens a gallery; with `write` nobody else can write until it is closed.

        Raises:
            PolicyError: there is no key, or it is another one.
            DamagedStoreError: it was altered, or is of another version.
            LockedError: another process is writing.
        """
        place = GalleryPlace(directory)
        lock = None
        store = None
        try:
            if write and place.key.exists():
                lock = place.lock()
            store, data_key, context = place.open(kek, read_only=not write)
            if store.schema_version < SCHEMA_VERSION:
                raise DamagedStoreError(
                    f"{directory}: written by an earlier version; run 'verify gallery rotate' on it"
                )
            if store.schema_version > SCHEMA_VERSION:
                raise DamagedStoreError(f"{directory}: written by a later version of this tool; use that one")
            gallery = cls(place, store, data_key, lock, operator)
            if context != context_of(gallery.gallery_id):
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
        """Takes an entry in, in place of one of the same reference id; on disk when it returns.

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
        with self._store.transaction():
            self._store.write("DELETE FROM entry WHERE reference_id = ?", (entry.reference_id,))
            commitment = put(self._store, self._keys, entry, templates, picture)
            self._log("entry_enrolled", entry.provenance.purpose, commitment)

    def withdraw(self, reference_id: str, on: dt.date, reason: str) -> bool:
        """Marks an entry as withdrawn by its owner: from that day on it yields no candidate.

        Args:
            reference_id: of the entry.
            on: first day on which it is no longer used.
            reason: of the owner, for the events; it must not name anybody.

        Returns:
            False when there is none of that id.
        """
        self._writable()
        with self._store.transaction():
            row = self._store.row("SELECT salt, digest FROM entry WHERE reference_id = ?", (reference_id,))
            if row is not None:
                self._store.write("UPDATE entry SET withdrawn = ? WHERE reference_id = ?", (str(on), reference_id))
                self._log("entry_withdrawn", reason, bytes(row[0]) + bytes(row[1]))
        return row is not None

    def forget(self, reference_ids: Collection[str], reason: str) -> int:
        """Makes subjects unrecoverable from every file of the gallery; a tombstone that names nobody stays of each.

        Their keys, records, templates and pictures are overwritten, the log of the database is emptied, and frozen
        versions are destroyed with their keys (`freeze` makes a new one). A copy of the whole directory made earlier
        still holds them until its own key is gone: see `rotate`.

        Args:
            reference_ids: of the subjects.
            reason: e.g. "expired" or "request of the owner"; it must not name anybody.

        Returns:
            How many of them there were.

        Raises:
            LockedError: it is done, but somebody reads an older state: close them and forget again.
        """
        self._writable()
        gone = 0
        with self._store.transaction():
            for reference_id in reference_ids:
                row = self._store.row("SELECT salt, digest FROM entry WHERE reference_id = ?", (reference_id,))
                if row is not None:
                    gone += 1
                    commitment = bytes(row[0]) + bytes(row[1])
                    self._store.write("DELETE FROM entry WHERE reference_id = ?", (reference_id,))
                    self._store.write(
                        "INSERT INTO tombstone (utc, reason, commitment) VALUES (?, ?, ?)",
                        (dt.datetime.now(dt.UTC).isoformat(), reason, hashlib.sha256(commitment).digest()),
                    )
                    self._log("entry_forgotten", reason, commitment)
            if gone:
                self._store.write("DELETE FROM frozen")
        self._store.checkpoint_truncate()
        self._remove_stale()
        return gone

    def remove(self, reference_id: str) -> bool:
        """Forgets one subject; False when there is none of that id. Raises as `forget` does."""
        return bool(self.forget([reference_id], "removed"))

    def freeze(self) -> str:
        """Writes the templates of the present version to block files for search, in place of earlier ones.

        Returns:
            The version.
        """
        self._writable()
        version, references = self.version, self.references()
        folder, key = secrets.token_hex(8), new_data_key()
        write_frozen(self._place.frozen / folder, key, self._binding(version), references)
        with self._store.transaction():  # from here on it is the frozen version, before it was nothing
            self._store.write("DELETE FROM frozen")
            self._store.write("INSERT INTO frozen VALUES (?, ?, ?)", (version, folder, key))
            self._log("gallery_frozen", "search", bytes.fromhex(version))
        self._store.checkpoint_truncate()
        self._remove_stale()
        return version

    def change_model(
        self, engine: str, model_sha256: str, templates_of: Callable[[str, bytes], Sequence[FaceTemplate]]
    ) -> Mapping[str, int]:
        """Enrols all anew with another engine or model, from the reference pictures; all of them or none.

        Args:
            engine: name and version.
            model_sha256: of its network.
            templates_of: the templates of a picture, given the reference id and the picture.

        Returns:
            Templates of each entry; 0 for one that takes part by its other data from now on.

        Raises:
            PolicyError, UsageError: as for `enrol`; nothing has changed then.
        """
        self._writable()
        before, self.engine, self.model_sha256 = (self.engine, self.model_sha256), engine, model_sha256
        counts: dict[str, int] = {}
        gone = self.withdrawn()
        try:
            with self._store.transaction():
                self._store.write("DELETE FROM frozen")
                self._store.write("DELETE FROM template")
                for name, value in (("engine", engine), ("model_sha256", model_sha256)):
                    self._store.write("UPDATE property SET value = ? WHERE name = ?", (value, name))
                for entry in self.entries():
                    picture = self.picture(entry.reference_id)
                    templates = [] if picture is None else templates_of(entry.reference_id, picture)
                    self._check(entry, templates)
                    self._store.write("DELETE FROM entry WHERE reference_id = ?", (entry.reference_id,))
                    day = gone.get(entry.reference_id)
                    commitment = put(self._store, self._keys, entry, templates, picture, withdrawn=day)
                    self._log("entry_enrolled", entry.provenance.purpose, commitment)
                    counts[entry.reference_id] = len(templates)
        except BaseException:
            self.engine, self.model_sha256 = before
            raise
        self._store.checkpoint_truncate()
        self._remove_stale()
        return counts

    def allow_together(self, kinds: Collection[EntryKind], reason: str) -> None:
        """Allows, as a decision that is logged, that this gallery is searched in one run with lists of other kinds."""
        self._writable()
        text = ",".join(sorted(kinds))
        with self._store.transaction():
            self._store.write(
                "INSERT INTO property VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                ("together", text),
            )
            self._log("searched_together_allowed", f"{text or 'nothing'}: {reason}", text.encode())

    def note(self, action: str, purpose: str) -> None:
        """Appends an event that is about the gallery as a whole."""
        self._writable()
        with self._store.transaction():
            self._log(action, purpose, bytes.fromhex(self.version))

    def empty_log(self) -> None:
        """Moves all to the main file; raises LockedError while somebody reads an older state."""
        self._store.checkpoint_truncate()

    def unfreeze(self) -> None:
        """Destroys frozen versions and their keys."""
        self._writable()
        self._store.write("DELETE FROM frozen")
        self._store.checkpoint_truncate()
        self._remove_stale()

    def _remove_stale(self) -> None:
        """Frozen folders that no row names are of no use to anybody: their keys are gone."""
        named = {str(row[0]) for row in self._store.rows("SELECT folder FROM frozen")}
        if self._place.frozen.is_dir():
            for folder in self._place.frozen.iterdir():
                if folder.name not in named:
                    remove_frozen(folder)

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
            enrolled = dimensions_of(self._store)
            if len({len(template.vector) for template in templates} | {enrolled} - {None}) > 1:
                raise UsageError(f"entry {entry.reference_id}: its template has another length; enrol it again")
            matrix = np.array([template.vector for template in templates], dtype=np.float32)
            references_of(
                [entry.reference_id] * len(matrix), matrix, engine=self.engine, model_sha256=self.model_sha256
            )

    def _log(self, action: str, purpose: str, content: bytes) -> None:
        detail = {"commitment": hashlib.sha256(content).hexdigest()}
        append_event(self._store, self.genesis, Event(action, self._operator, purpose, detail))
