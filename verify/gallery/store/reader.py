"""What can be read from a gallery. Everything is authenticated before it is used."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator

import numpy as np

from verify.gallery.freeze import read_frozen
from verify.gallery.references import References, references_of
from verify.gallery.store.place import GalleryPlace
from verify.gallery.store.postgres import PostgresStore
from verify.gallery.store.record import load_entry, load_template, load_vector
from verify.gallery.store.sealed import SubjectKeys
from verify.ledger.events import StoredEvent, stored_events
from verify.model.face import FaceTemplate
from verify.model.gallery import Entry, EntryKind
from verify.vault.store import Store

__all__ = ["GalleryReader"]


class GalleryReader:
    """The reading half of a gallery; `Gallery` opens it."""

    def __init__(self, place: GalleryPlace, store: Store, data_key: bytes) -> None:
        """Not called by users."""
        self._place, self._store, self._shared = place, store, isinstance(store, PostgresStore)
        rows = store.rows("SELECT name, value FROM property")
        properties = {str(name): str(value) for name, value in rows}
        self.genesis = bytes.fromhex(properties["genesis"])
        self.gallery_id = properties["gallery_id"]
        self.name = properties["name"]
        self.kind = EntryKind(properties["kind"])
        self.engine = properties["engine"]
        self.model_sha256 = properties["model_sha256"]
        self._keys = SubjectKeys.of(data_key, self.gallery_id)

    @property
    def shared(self) -> bool:
        """Whether it is on a server."""
        return self._shared

    def entries(self) -> tuple[Entry, ...]:
        """All entries, also expired and withdrawn ones, ordered by reference id."""
        return tuple(sorted((entry for entry, _ in self.digests()), key=lambda entry: entry.reference_id))

    def digests(self) -> Iterator[tuple[Entry, bytes]]:
        """Each entry with the digest that was taken of all that is kept of it."""
        # the salt is read because what is read is authenticated
        rows = self._store.rows("SELECT reference_id, wrapped, record, digest, salt FROM entry ORDER BY reference_id")
        for reference_id, wrapped, record, digest, _ in rows:
            yield load_entry(self._keys.open(wrapped, reference_id).open(record, "record")), bytes(digest)

    def templates(self, reference_id: str) -> tuple[FaceTemplate, ...]:
        """The templates of one entry, in the order they were enrolled."""
        row = self._store.row("SELECT wrapped FROM entry WHERE reference_id = ?", (reference_id,))
        if row is None:
            return ()
        key = self._keys.open(row[0], reference_id)
        rows = self._store.rows(
            "SELECT number, vector, rest FROM template WHERE reference_id = ? ORDER BY number", (reference_id,)
        )
        return tuple(
            load_template(key.open(vector, f"vector {number}"), key.open(rest, f"rest {number}"))
            for number, vector, rest in rows
        )

    def picture(self, reference_id: str) -> bytes | None:
        """The reference picture; None when there is no picture or no such entry."""
        row = self._store.row("SELECT wrapped, picture FROM entry WHERE reference_id = ?", (reference_id,))
        if row is None or row[1] is None:
            return None
        return self._keys.open(row[0], reference_id).open(row[1], "picture")

    def references(self) -> References:
        """All templates, from the frozen version if there is one; `References.only` limits them to those in force."""
        version = self.version
        row = self._store.row("SELECT folder, key FROM frozen WHERE version = ?", (version,))
        # frozen blocks of a shared gallery lie where it was frozen; elsewhere there are only the rows
        if row is not None and (not self._shared or (self._place.frozen / str(row[0])).is_dir()):
            return read_frozen(self._place.frozen / str(row[0]), bytes(row[1]), self._binding(version))
        rows = self._store.rows(
            "SELECT t.reference_id, e.wrapped, t.number, t.vector FROM template t JOIN entry e USING (reference_id)"
            " ORDER BY t.reference_id, t.number"
        )
        ids, vectors = [], []
        for reference_id, wrapped, number, vector in rows:
            ids.append(str(reference_id))
            key = self._keys.open(wrapped, str(reference_id))
            vectors.append(load_vector(key.open(vector, f"vector {number}")))
        matrix = np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32)
        return references_of(ids, matrix, engine=self.engine, model_sha256=self.model_sha256)

    def withdrawn(self) -> dict[str, dt.date]:
        """The first day without it, of each withdrawn entry, by reference id."""
        rows = self._store.rows("SELECT reference_id, withdrawn FROM entry WHERE withdrawn IS NOT NULL")
        return {str(row[0]): dt.date.fromisoformat(str(row[1])) for row in rows}

    @property
    def together(self) -> frozenset[EntryKind]:
        """Kinds of lists that it may be searched together with, beyond what is always allowed."""
        row = self._store.row("SELECT value FROM property WHERE name = ?", ("together",))
        return frozenset(EntryKind(one) for one in str(row[0]).split(",") if one) if row else frozenset()

    def tombstones(self) -> tuple[tuple[dt.datetime, str, bytes], ...]:
        """When a subject was forgotten, why, and a commitment that only its own salt could have opened."""
        rows = self._store.rows("SELECT utc, reason, commitment FROM tombstone ORDER BY number")
        return tuple((dt.datetime.fromisoformat(str(row[0])), str(row[1]), bytes(row[2])) for row in rows)

    def events(self) -> Iterator[StoredEvent]:
        """What was written, in order, chained from `genesis`; entries are told by a salted digest only."""
        return stored_events(self._store)

    @property
    def version(self) -> str:
        """SHA-256 over kind, engine, model and all entries with their templates, pictures and withdrawals."""
        digest = hashlib.sha256()
        digest.update(json.dumps([self.kind.value, self.engine, self.model_sha256]).encode() + b"\n")
        rows = self._store.rows("SELECT reference_id, digest, withdrawn FROM entry ORDER BY reference_id")
        for _, of_entry, withdrawn in sorted(rows) if self._shared else rows:  # a server orders what is sealed
            digest.update(of_entry + (withdrawn or "").encode())
        return digest.hexdigest()

    def damaged_pages(self) -> tuple[str, ...]:
        """A line for each page of the main file that fails its authentication."""
        return self._store.damaged_pages()

    def _binding(self, version: str) -> str:
        return f"{self.gallery_id}/{version}/{self.model_sha256}"
