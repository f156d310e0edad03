"""What goes into the tables of a gallery, and what can be wrong with it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping, Sequence

from verify.gallery.store.place import GalleryPlace, context_of, page_key
from verify.gallery.store.postgres import PostgresStore, Server
from verify.gallery.store.record import digest_of, dump_entry, dump_template
from verify.gallery.store.sealed import SubjectKeys
from verify.gallery.store.tables import SCHEMA_VERSION, TABLES
from verify.model.face import FaceTemplate
from verify.model.gallery import Entry
from verify.vault.files import sync_directory
from verify.vault.keys import new_data_key, wrap, write_wrapped
from verify.vault.store import Store, open_encrypted, wipe

__all__ = ["begin", "dimensions_of", "put"]

_SEALED_BYTES = 12 + 16  # nonce and tag around a vector


def begin(
    place: GalleryPlace,
    kek: bytes,
    properties: Mapping[str, str],
    fill: Callable[[Store, SubjectKeys], None],
    server: Server | None = None,
) -> None:
    """Makes a gallery, in place of one that may be there; the caller holds the lock.

    Until its key is written there is no gallery, or the earlier one; from then on it is this one.

    Args:
        place: of the gallery.
        kek: the key that is to open it.
        properties: its name, kind, engine and so on.
        fill: writes its contents.
        server: where a shared gallery is to be; None for files.
    """
    data_key, key_context = new_data_key(), context_of(properties["gallery_id"])

    def contents(store: Store) -> None:
        store.write_many("INSERT INTO property VALUES (?, ?)", properties.items())
        fill(store, SubjectKeys.of(data_key, properties["gallery_id"]))
        store.schema_version = SCHEMA_VERSION

    if server is not None:
        place.share(server)
        with PostgresStore(server, data_key, create=True) as made:
            with made.transaction():
                contents(made)
            write_wrapped(place.key, wrap(kek, data_key, key_context))
            wipe(place.pages)
            made.drop_others()
        return
    wipe(place.unfinished)
    with open_encrypted(place.unfinished, page_key(data_key), create=True) as store:
        with store.transaction():
            for statement in TABLES:
                store.write(statement)
            contents(store)
        store.checkpoint_truncate()
    write_wrapped(place.key, wrap(kek, data_key, key_context))
    wipe(place.pages)
    place.unfinished.replace(place.pages)
    sync_directory(place.directory)


def put(
    store: Store,
    keys: SubjectKeys,
    entry: Entry,
    templates: Sequence[FaceTemplate],
    picture: bytes | None,
    *,
    withdrawn: dt.date | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Writes an entry, sealed by a new key of its own; the caller holds the transaction.

    Args:
        store: where no entry of that id is.
        keys: of the gallery.
        entry: with its templates and picture.
        templates: of the entry.
        picture: of the entry; None for none.
        withdrawn: first day on which it is no longer used.
        salt: of an entry that is copied; None for a new one.

    Returns:
        What the event commits to: a salt, and the digest of all that is kept.
    """
    wrapped, key = keys.new(entry.reference_id)
    record, dumped = dump_entry(entry), [dump_template(template) for template in templates]
    digest, salt = digest_of(record, dumped, picture), salt or secrets.token_bytes(16)
    sealed = None if picture is None else key.seal(picture, "picture")
    day = None if withdrawn is None else withdrawn.isoformat()
    store.write(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry.reference_id, wrapped, key.seal(record, "record"), sealed, digest, salt, day),
    )
    store.write_many(
        "INSERT INTO template VALUES (?, ?, ?, ?)",
        (
            (entry.reference_id, number, key.seal(vector, f"vector {number}"), key.seal(rest, f"rest {number}"))
            for number, (vector, rest) in enumerate(dumped)
        ),
    )
    return salt + digest


def dimensions_of(store: Store) -> int | None:
    """Length of the templates; None when there are none."""
    row = store.row("SELECT vector FROM template LIMIT 1")
    return None if row is None else (len(row[0]) - _SEALED_BYTES) // 4
