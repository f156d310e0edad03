"""Enrolling a list into a gallery, piece by piece: what was read is in the gallery before more of the list is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from verify.batch.scratch import scratch_folder
from verify.batch.single import PortraitOf, faces_below, settings_of, started
from verify.errors import UsageError
from verify.face import Description, fuse
from verify.gallery import Gallery, Given, Quarantined, Withdrawn, stream_list
from verify.model.gallery import Entry, EntryKind
from verify.settings import Settings

__all__ = ["Enrolled", "Import", "enrol_table"]

_AT_ONCE = 256  # records whose pictures are in memory together
_BY_SOURCE = "withdrawn by its source"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of one entry of a list.

    Attributes:
        reference_id: of the entry.
        faces: pictures that its template was made of; 0 when it takes part without a face.
        reason: why there is no face, or why pictures were left out; empty otherwise.
    """

    reference_id: str
    faces: int
    reason: str


@dataclass(slots=True)
class Import:
    """What became of a list.

    Attributes:
        enrolled: each entry that was taken in.
        again: of these, how many had been withdrawn before and are in force again.
        withdrawn: reference ids of the entries that their source withdrew.
        quarantined: records that were not taken in.
    """

    enrolled: list[Enrolled] = field(default_factory=list)
    again: int = 0
    withdrawn: list[str] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)


def enrol_table(
    table: Path,
    images: Path,
    directory: Path,
    kek: bytes,
    settings: Settings,
    *,
    kind: EntryKind,
    name: str,
    operator: str,
    given: Given | None = None,
    form: str = "",
) -> Import:
    """Enrols the entries of a list with their pictures, into a new gallery or one of the same kind and model.

    A record that is in the gallery already, by its source and its number there, takes the place of what it was, and is
    in force again; one that its source has withdrawn yields no candidate from today on, and is forgotten by the next
    purge. Both are events of the gallery.

    Args:
        table: list of any format of `verify.gallery.imports`.
        images: folder below which the list's images lie.
        directory: of the gallery.
        kek: the key that opens it.
        settings: engines and limits.
        kind: of all entries.
        name: shown in reports; used for a new gallery.
        operator: who answers for it.
        given: what completes records that do not say it themselves.
        form: name of the list's format; empty to tell it from the file.

    Raises:
        UsageError: not a readable list; it says how many entries had been taken in before.
    """
    with scratch_folder() as inside:  # for pictures inside a list: a worker decodes them, as any file
        found = stream_list(table, dataclasses.replace(given or Given(), pictures=inside, images=images), name=form)
        part = list(islice(found, _AT_ONCE))  # a list that is none is refused before a gallery is made for it
        with (
            started(settings_of(settings, directory, kek)) as (pool, engine),
            _gallery(directory, kek, engine, kind=kind, name=name, operator=operator) as gallery,
        ):
            desk = _Desk(gallery)
            while part:
                root = inside if any(inside.iterdir()) else images
                paths = [path for one in part if isinstance(one, Entry) for path in one.images]
                desk.take(part, dict(zip(paths, faces_below(root, paths, settings, pool), strict=True)))
                for picture in inside.iterdir():
                    picture.unlink()
                try:
                    part = list(islice(found, _AT_ONCE))
                except UsageError as error:
                    raise UsageError(f"{error}; {len(desk.done.enrolled)} entries before it are enrolled") from error
    return desk.done


class _Desk:
    """Writes records into a gallery, and keeps account."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        entries = gallery.entries()
        self._ids = {one.reference_id for one in entries}
        self._held = {key: one.reference_id for one in entries if (key := _record_of(one))[1]}
        self._seen: set[str] = set()
        self._withdrawn = gallery.withdrawn()
        self.done = Import()

    def take(self, part: list[Entry | Quarantined | Withdrawn], faces: dict[str, PortraitOf]) -> None:
        for one in part:
            if isinstance(one, Entry):
                self._enrol(one, {path: faces[path] for path in one.images})
            elif isinstance(one, Withdrawn):
                self._withdraw(one)
            else:
                self.done.quarantined.append(one)

    def _enrol(self, entry: Entry, found: dict[str, PortraitOf]) -> None:
        """Takes in an entry; several pictures become one template, which finds more than the best of them."""
        reference_id = self._id_of(entry)
        kept = dataclasses.replace(entry, reference_id=reference_id, image="")
        usable = [(template, picture) for _reading, template, picture in found.values() if template]
        templates = [fuse([template for template, _picture in usable])] if usable else []
        self._gallery.enrol(kept, templates, usable[0][1] if usable else None)
        self.done.enrolled.append(Enrolled(reference_id, len(usable), _why(found)))
        self.done.again += self._withdrawn.pop(reference_id, None) is not None

    def _id_of(self, entry: Entry) -> str:
        """That of the entry it updates; two entries of one list never become one, whatever record they name."""
        key, reference_id = _record_of(entry), entry.reference_id
        if reference_id not in self._ids and (held := self._held.get(key, "")) and held not in self._seen:
            reference_id = held
        self._seen.add(reference_id)
        if key[1]:
            self._held.setdefault(key, reference_id)
        return reference_id

    def _withdraw(self, record: Withdrawn) -> None:
        reference_id, today = self._held.get((record.source, record.source_record)), dt.datetime.now(dt.UTC).date()
        if reference_id is None or self._withdrawn.get(reference_id, dt.date.max) <= today:
            return
        if self._gallery.withdraw(reference_id, today, _BY_SOURCE):
            self._withdrawn[reference_id] = today
            self.done.withdrawn.append(reference_id)


def _record_of(entry: Entry) -> tuple[str, str]:
    """Source and record number, by which an entry is known when it comes again; empty without a number."""
    origin = entry.provenance
    return (origin.source, origin.source_record) if origin.source_record else ("", "")


@contextmanager
def _gallery(
    directory: Path, kek: bytes, engine: Description, *, kind: EntryKind, name: str, operator: str
) -> Iterator[Gallery]:
    if (directory / "key.json").exists():
        gallery = Gallery.open(directory, kek, write=True, operator=operator)
    else:
        gallery = Gallery.create(
            directory,
            kek,
            name=name,
            kind=kind,
            engine=engine.name,
            model_sha256=engine.model_sha256,
            operator=operator,
        )
    with gallery:
        yield gallery


def _why(found: dict[str, PortraitOf]) -> str:
    """Why pictures of an entry gave no face, each for itself; empty when all did."""
    if not found:
        return "the list names no image"
    unread = {path: reading for path, (reading, template, _picture) in found.items() if template is None}
    return "; ".join(one.outcome.detail or one.face_reason or f"{path}: no face" for path, one in unread.items())
