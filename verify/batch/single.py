"""The one-file commands: the same workers, limits and engines as a batch, for a handful of files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from verify.batch.engines.local import Pool
from verify.batch.readings import read_items
from verify.batch.remarks import of_entry, of_gallery
from verify.batch.scratch import scratch_folder
from verify.face import (
    AUTO,
    NORMALISED,
    Cohort,
    Description,
    choose_engine,
    compare,
    comparison_threshold,
    has_table,
    identification_threshold,
    log_likelihood_ratio,
    score_band,
)
from verify.gallery import (
    Gallery,
    Given,
    Normalised,
    Quarantined,
    identify_all,
    in_force,
    normalise,
    read_list,
)
from verify.model.face import FaceRole, FaceTemplate
from verify.model.gallery import Entry, EntryKind
from verify.model.item import Item, ItemFile, Role
from verify.model.result import FileReading
from verify.model.score import ComparisonScore, Threshold
from verify.settings import Settings

__all__ = [
    "Comparison",
    "Enrolled",
    "Identified",
    "IdentifiedEntry",
    "compare_files",
    "enrol_table",
    "identify_file",
    "read_files",
]

_PortraitOf = tuple[FileReading, FaceTemplate | None, bytes | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A 1:1 comparison; `score` is None, with a reason, when a face could not be acquired.

    `band` says between which measured rates the score lies; `llr` is its natural log-likelihood ratio.
    """

    score: ComparisonScore | None
    threshold: Threshold
    reason: str
    readings: tuple[FileReading, FileReading]
    band: str = ""
    llr: float | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of one entry of a list: `reason` says why it takes part without a face; empty otherwise."""

    reference_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class IdentifiedEntry:
    """An entry that a search suggests: its score, the measured rates it lies between, and what it leaves open."""

    entry: Entry
    score: ComparisonScore
    band: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """A 1:N search from the command line."""

    threshold: Threshold
    gallery_size: int
    suppressed: int
    candidates: tuple[IdentifiedEntry, ...]
    reason: str
    cohort: str = ""
    remarks: tuple[str, ...] = ()


def read_files(
    paths: Sequence[Path], settings: Settings, *, role: Role, reference_date: dt.date
) -> Iterator[tuple[FileReading, dict[str, bytes]]]:
    """Reads files of one role, in their order.

    Args:
        paths: each is opened below its own folder, without following links.
        settings: engines and limits.
        role: what the files are.
        reference_date: to resolve centuries.

    Yields:
        Each reading, with the JPEGs of the pictures that it names.
    """
    with _started(settings) as (pool, _engine):
        yield from _each(paths, settings, role, reference_date, pool)


def compare_files(probe: Path, reference: Path, settings: Settings) -> Comparison:
    """Compares the main face of one picture with that of another (1:1)."""
    with _started(settings) as (pool, engine):
        (one, a, _), (other, b, _) = _faces([probe, reference], settings, pool)
        threshold = comparison_threshold(engine, fnmr=settings.fnmr)
        score = compare(a, b) if a and b else None
        band = str(score_band(engine, score)) if score else ""
        llr = log_likelihood_ratio(engine, score) if score else None
    missing = [str(path) for path, face in ((probe, a), (reference, b)) if face is None]
    reason = f"no face was acquired from {' and '.join(missing)}" if missing else ""
    return Comparison(score, threshold, reason, (one, other), band, llr)


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
) -> tuple[list[Enrolled], tuple[Quarantined, ...], list[str]]:
    """Enrols the entries of a list with their pictures, into a new gallery or one of the same kind and model.

    A record that is in the gallery already, by its source and its number there, takes the place of what it was; one
    that its source has withdrawn is removed. Both are events of the gallery.

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

    Returns:
        What became of each entry, the lines that could not be taken in, and the entries that were withdrawn.
    """
    done: list[Enrolled] = []
    with scratch_folder() as inside:  # for pictures inside a list: a worker decodes them, as any file
        found = read_list(table, dataclasses.replace(given or Given(), pictures=inside, images=images), name=form)
        root = inside if any(inside.iterdir()) else images
        with (
            _started(_of_gallery(settings, directory, kek)) as (pool, engine),
            _gallery(directory, kek, engine, kind=kind, name=name, operator=operator) as gallery,
        ):
            held = {key: one.reference_id for one in gallery.entries() if (key := _record_of(one))[1]}
            entries = [
                dataclasses.replace(one, reference_id=held.get(_record_of(one), one.reference_id))
                for one in found.entries
            ]
            paths = [entry.image for entry in entries if entry.image]
            faces = dict(zip(paths, _faces_below(root, paths, settings, pool), strict=True))
            for entry in entries:
                reading, template, picture = faces.get(entry.image, (None, None, None))
                gallery.enrol(dataclasses.replace(entry, image=""), [template] if template else [], picture)
                done.append(Enrolled(entry.reference_id, "" if template else _why(entry, reading)))
            gone = [held[key] for one in found.withdrawn if (key := (one.source, one.source_record)) in held]
            withdrawn = [reference_id for reference_id in gone if gallery.remove(reference_id)]
    return done, found.quarantined, withdrawn


def _record_of(entry: Entry) -> tuple[str, str]:
    """Source and record number, by which an entry is known when it comes again; empty without a number."""
    origin = entry.provenance
    return (origin.source, origin.source_record) if origin.source_record else ("", "")


def identify_file(
    probe: Path,
    directory: Path,
    kek: bytes,
    settings: Settings,
    *,
    on: dt.date,
    cohort: Cohort | None = None,
) -> Identified:
    """Searches one picture's main face in a gallery (1:N), among the entries in force on a day."""
    with _started(_of_gallery(settings, directory, kek)) as (pool, engine), Gallery.open(directory, kek) as gallery:
        entries, suppressed = in_force(gallery.entries(), on, gallery.withdrawn())
        kept = {entry.reference_id: entry for entry in entries}
        references = gallery.references().only(kept)
        measured = has_table(engine, NORMALISED)
        normalised = normalise(references, cohort) if measured else Normalised(references, None)
        threshold = identification_threshold(
            engine, fpir=settings.fpir, gallery_size=len(references), kind=normalised.kind
        )
        ((reading, template, _),) = _faces([probe], settings, pool)
        if template is None:
            reason = reading.outcome.detail or reading.face_reason
            return Identified(threshold, len(references), suppressed, (), reason)
        (found,) = identify_all(
            [template],
            normalised.references,
            threshold=threshold,
            limit=settings.candidates,
            biases=[normalised.bias_of(template)],
        )
        scored = tuple(
            IdentifiedEntry(kept[reference_id], score, str(score_band(engine, score)), of_entry(kept[reference_id], on))
            for reference_id, score in (
                (one, ComparisonScore(value, normalised.kind, template.engine, template.model_sha256))
                for one, value in found
            )
        )
        people = f"{normalised.cohort.name}, {len(normalised.cohort)} people" if normalised.cohort else ""
        remarks = of_gallery((kept[one] for one in references.ids), on)
        return Identified(threshold, len(references), suppressed, scored, "", people, remarks)


def _of_gallery(settings: Settings, directory: Path, kek: bytes) -> Settings:
    """Settings with the engine that a gallery was enrolled with, unless they name one themselves."""
    if settings.face_engine != AUTO:
        return settings
    of_gallery: list[tuple[str, str]] = []
    if (directory / "key.json").exists():
        with Gallery.open(directory, kek) as gallery:
            of_gallery.append((gallery.engine, gallery.model_sha256))
    return settings.model_copy(update={"face_engine": choose_engine(settings.models, of_gallery)})


@contextmanager
def _started(settings: Settings) -> Iterator[tuple[Pool[tuple[int, int]], Description]]:
    with Pool[tuple[int, int]](settings) as pool:
        pool.start()
        yield pool, Description(pool.engines["face"], pool.engines["face_sha256"], pool.engines["face_card"])


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


def _each(
    paths: Sequence[Path],
    settings: Settings,
    role: Role,
    reference_date: dt.date,
    pool: Pool[tuple[int, int]],
) -> Iterator[tuple[FileReading, dict[str, bytes]]]:
    """In the order given; each file is confined to its own folder."""
    for folder, group in groupby(paths, key=lambda path: path.absolute().parent):
        yield from _below(folder, [path.name for path in group], settings, role, reference_date, pool)


def _below(
    root: Path,
    names: Sequence[str],
    settings: Settings,
    role: Role,
    reference_date: dt.date,
    pool: Pool[tuple[int, int]],
) -> list[tuple[FileReading, dict[str, bytes]]]:
    items: Iterable[tuple[int, Item]] = (
        (number, Item(str(number), reference_date, (ItemFile(role, name),))) for number, name in enumerate(names)
    )
    found = {one.position: (one.readings[0], one.pictures) for one in read_items(root, items, pool, settings)}
    return [found[number] for number in range(len(names))]


def _faces(paths: Sequence[Path], settings: Settings, pool: Pool[tuple[int, int]]) -> list[_PortraitOf]:
    today = dt.datetime.now(dt.UTC).date()
    return [_main(*one) for one in _each(paths, settings, Role.CAPTURE, today, pool)]


def _faces_below(
    root: Path, names: Sequence[str], settings: Settings, pool: Pool[tuple[int, int]]
) -> list[_PortraitOf]:
    today = dt.datetime.now(dt.UTC).date()
    return [_main(*one) for one in _below(root, names, settings, Role.CAPTURE, today, pool)]


def _main(reading: FileReading, pictures: dict[str, bytes]) -> _PortraitOf:
    template = next((face for face in reading.faces if face.role is FaceRole.LIVE), None)
    return reading, template, pictures.get(template.picture) if template else None


def _why(entry: Entry, reading: FileReading | None) -> str:
    if reading is None:
        return "the list names no image"
    return reading.outcome.detail or reading.face_reason or f"{entry.image}: no face"
