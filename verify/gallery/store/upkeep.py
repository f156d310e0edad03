"""Looking after a gallery: is it whole, copies of it, and new keys for all of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from verify.errors import DamagedStoreError, UsageError
from verify.gallery.store.contents import begin, put
from verify.gallery.store.embedded import Gallery
from verify.gallery.store.place import GalleryPlace, context_of
from verify.gallery.store.postgres import Server
from verify.gallery.store.record import digest_of, dump_entry, dump_template, load_entry, load_template
from verify.gallery.store.sealed import SubjectKeys
from verify.gallery.store.tables import SCHEMA_VERSION
from verify.ledger.events import Event, append_event, chain_digest
from verify.model.face import FaceTemplate
from verify.model.gallery import Entry
from verify.vault.files import create_private, disk_errors, sync_directory, write_private
from verify.vault.store import Store

__all__ = ["copy_gallery", "damage", "rotate", "share_gallery"]

_COPIED = 1 << 20


def damage(gallery: Gallery) -> tuple[str, ...]:
    """Reads and authenticates every page, entry, picture, template, event and frozen block; one line a fault."""
    faults = [f"page: {line}" for line in gallery.damaged_pages()]
    try:
        for entry, digest in gallery.digests():
            templates = [dump_template(one) for one in gallery.templates(entry.reference_id)]
            if digest_of(dump_entry(entry), templates, gallery.picture(entry.reference_id)) != digest:
                faults.append("entry: its digest is not that of its contents")
        previous = gallery.genesis
        for event in gallery.events():
            if chain_digest(previous, event.body) != event.digest:
                faults.append(f"event {event.seq}: the chain is broken")
            previous = event.digest
        gallery.references()
        gallery.withdrawn()
        gallery.tombstones()
    except DamagedStoreError as error:
        faults.append(str(error))
    return tuple(faults)


def copy_gallery(source: Path, target: Path, kek: bytes, operator: str = "") -> Path:
    """Copies a gallery, for a backup or to restore one; the copy is read and authenticated in full.

    What is forgotten later stays in the copy, which opens with the same key file: keep copies for a limited time, or
    give the gallery a new key file (`rotate`) and destroy the old one.

    Args:
        source: directory of a gallery.
        target: directory without one.
        kek: the key that opens it.
        operator: who answers for it, for the event in both.

    Raises:
        UsageError: there is a gallery in the target.
        DamagedStoreError: the copy is damaged; it is left there to be looked at.
    """
    place, origin = GalleryPlace(target), GalleryPlace(source)
    place.prepare()
    with place.lock(), Gallery.open(source, kek, write=True, operator=operator) as gallery:
        if place.key.exists() or place.pages.exists():
            raise UsageError(f"{target}: holds a gallery already; choose another directory")
        gallery.note("gallery_copied", "backup")
        if not gallery.shared:
            gallery.empty_log()
            _copy(origin.pages, place.pages)
            write_private(place.key, origin.key.read_bytes())
    if not place.key.exists():  # from a server into files
        with place.lock(), origin.lock():
            _rewritten(origin, kek, place, kek, None, Event("gallery_copied", operator, "backup"))
    with Gallery.open(target, kek, write=True, operator=operator) as copied:
        copied.unfreeze()  # frozen blocks are not copied: they can be made again
        faults = damage(copied)
    if faults:
        raise DamagedStoreError(f"{target}: the copy is damaged ({faults[0]}); look at the source")
    return target


def _copy(source: Path, target: Path) -> None:
    with disk_errors(target), source.open("rb") as read, os.fdopen(create_private(target), "wb") as written:
        while part := read.read(_COPIED):
            written.write(part)
        written.flush()
        os.fsync(written.fileno())
    sync_directory(target.parent)


def rotate(directory: Path, kek: bytes, new_kek: bytes, operator: str = "") -> int:
    """Gives a gallery new keys throughout, and the tables of this version; it takes their place wholly or not at all.

    All is sealed anew: pages under a new data key, each subject under a new key. Copies made earlier open with the old
    key file only, and with nothing once that is destroyed.

    Args:
        directory: of the gallery; of this version or an earlier one.
        kek: the key that opens it now.
        new_kek: the key that is to open it; may be the same.
        operator: who answers for it.

    Returns:
        Entries it holds.

    Raises:
        PolicyError: the key is another one, or what is there is damaged; nothing has changed then.
    """
    place = GalleryPlace(directory)
    with place.lock():
        place.open(kek, read_only=False)[0].close()  # ends what a crash cut short
        server = None if place.pages.exists() else place.server
        count = _rewritten(place, kek, place, new_kek, server, Event("keys_rotated", operator, "rotation"))
    with Gallery.open(directory, new_kek, write=True) as gallery:
        gallery.unfreeze()
    return count


def share_gallery(directory: Path, kek: bytes, url: str, operator: str = "") -> int:
    """Moves a gallery from its files to a server, under new keys; it is there wholly or not at all.

    A colleague opens it with the same key file and a copy of the folder, which holds `key.json` and `server.json`.

    Args:
        directory: of the gallery.
        kek: the key that opens it.
        url: of a database, without a password; see `verify.gallery.store.postgres.Server`.
        operator: who answers for it.

    Returns:
        Entries it holds.

    Raises:
        UsageError: it is on a server already, or the address cannot be used.
        MissingEngineError: what talks to the server is not installed.
        VerifyError: the server cannot be reached.
    """
    place = GalleryPlace(directory)
    with place.lock():
        with Gallery.open(directory, kek) as gallery:
            if gallery.shared:
                raise UsageError(f"{directory}: is on a server already; 'verify gallery backup' brings it into files")
            server = Server(url, gallery.gallery_id)
        count = _rewritten(place, kek, place, kek, server, Event("gallery_shared", operator, "shared by a team"))
    with Gallery.open(directory, kek, write=True) as gallery:
        gallery.unfreeze()
    return count


def _rewritten(
    place: GalleryPlace, kek: bytes, to: GalleryPlace, new_kek: bytes, server: Server | None, event: Event
) -> int:
    """Seals all entries anew into another place, or into the same; the caller holds the locks. Returns how many."""
    store, data_key, context = place.open(kek, read_only=False)
    with store:
        if store.schema_version > SCHEMA_VERSION:
            raise DamagedStoreError(f"{place.directory}: written by a later version of this tool; use that one")
        old = store.schema_version == 1
        rows = store.rows("SELECT name, value FROM property ORDER BY name")
        properties = {str(name): str(value) for name, value in rows}
        if context != context_of(properties["gallery_id"]):
            raise DamagedStoreError(f"{place.directory}: its key belongs to another gallery; restore key.json")
        if old:  # version 1 took its properties for the beginning of the chain
            properties["genesis"] = hashlib.sha256(json.dumps(properties).encode()).hexdigest()
        held = _held_first(store) if old else _held(store, SubjectKeys.of(data_key, properties["gallery_id"]))
        count = 0

        def fill(fresh: Store, keys: SubjectKeys) -> None:
            nonlocal count
            for one in held:
                count += 1
                put(fresh, keys, one.entry, one.templates, one.picture, withdrawn=one.withdrawn, salt=one.salt)
            fresh.write_many("INSERT INTO event VALUES (?, ?, ?)", store.rows("SELECT * FROM event ORDER BY seq"))
            if not old:
                stones = store.rows("SELECT utc, reason, commitment FROM tombstone ORDER BY number")
                fresh.write_many("INSERT INTO tombstone (utc, reason, commitment) VALUES (?, ?, ?)", stones)
            append_event(fresh, bytes.fromhex(properties["genesis"]), replace(event, detail={"entries": count}))

        begin(to, new_kek, properties, fill, server)
    return count


@dataclass(frozen=True, slots=True)
class _Held:
    entry: Entry
    templates: tuple[FaceTemplate, ...]
    picture: bytes | None
    salt: bytes
    withdrawn: dt.date | None


def _held(store: Store, keys: SubjectKeys) -> Iterator[_Held]:
    rows = "SELECT reference_id, wrapped, record, picture, salt, withdrawn FROM entry ORDER BY reference_id"
    for reference_id, wrapped, record, picture, salt, withdrawn in store.rows(rows):
        key = keys.open(wrapped, reference_id)
        templates = tuple(
            load_template(key.open(vector, f"vector {number}"), key.open(rest, f"rest {number}"))
            for number, vector, rest in _templates(store, reference_id)
        )
        day = None if withdrawn is None else dt.date.fromisoformat(withdrawn)
        shown = None if picture is None else key.open(picture, "picture")
        yield _Held(load_entry(key.open(record, "record")), templates, shown, salt, day)


def _held_first(store: Store) -> Iterator[_Held]:
    """Entries of version 1, which sealed pages only."""
    for reference_id, record, picture, salt in store.rows(
        "SELECT reference_id, record, picture, salt FROM entry ORDER BY reference_id"
    ):
        templates = tuple(load_template(vector, rest) for _, vector, rest in _templates(store, reference_id))
        yield _Held(load_entry(record.encode()), templates, picture, salt, None)


def _templates(store: Store, reference_id: str) -> Iterator[tuple[int, bytes, bytes]]:
    for row in store.rows(
        "SELECT number, vector, rest FROM template WHERE reference_id = ? ORDER BY number", (reference_id,)
    ):
        yield row[0], row[1], row[2]
