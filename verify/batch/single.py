"""The one-file commands: the same workers, limits and engines as a batch, for a handful of files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from verify.batch.engines.local import Pool
from verify.batch.engines.ray_search import cluster_search
from verify.batch.readings import read_items
from verify.batch.remarks import of_entry, of_gallery
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
    Normalised,
    identify_all,
    in_force,
    locally,
    normalise,
)
from verify.model.face import FaceRole, FaceTemplate
from verify.model.gallery import Entry
from verify.model.item import Item, ItemFile, Role
from verify.model.result import FileReading
from verify.model.score import ComparisonScore, Threshold
from verify.settings import Settings

__all__ = [
    "Comparison",
    "Identified",
    "IdentifiedEntry",
    "PortraitOf",
    "compare_files",
    "faces_below",
    "identify_file",
    "read_files",
    "settings_of",
    "started",
]

PortraitOf = tuple[FileReading, FaceTemplate | None, bytes | None]
"""A reading, its main face, and the picture of that face."""


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
    with started(settings) as (pool, _engine):
        yield from _each(paths, settings, role, reference_date, pool)


def compare_files(probe: Path, reference: Path, settings: Settings) -> Comparison:
    """Compares the main face of one picture with that of another (1:1)."""
    with started(settings) as (pool, engine):
        (one, a, _), (other, b, _) = _faces([probe, reference], settings, pool)
        threshold = comparison_threshold(engine, fnmr=settings.fnmr)
        score = compare(a, b) if a and b else None
        band = str(score_band(engine, score)) if score else ""
        llr = log_likelihood_ratio(engine, score) if score else None
    missing = [str(path) for path, face in ((probe, a), (reference, b)) if face is None]
    reason = f"no face was acquired from {' and '.join(missing)}" if missing else ""
    return Comparison(score, threshold, reason, (one, other), band, llr)


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
    with (
        started(settings_of(settings, directory, kek)) as (pool, engine),
        Gallery.open(directory, kek) as gallery,
        cluster_search(settings) as search,
    ):
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
            search=search or locally,
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


def settings_of(settings: Settings, directory: Path, kek: bytes) -> Settings:
    """Settings with the engine that a gallery was enrolled with, unless they name one themselves."""
    if settings.face_engine != AUTO:
        return settings
    of_gallery: list[tuple[str, str]] = []
    if (directory / "key.json").exists():
        with Gallery.open(directory, kek) as gallery:
            of_gallery.append((gallery.engine, gallery.model_sha256))
    return settings.model_copy(update={"face_engine": choose_engine(settings.models, of_gallery)})


@contextmanager
def started(settings: Settings) -> Iterator[tuple[Pool[tuple[int, int]], Description]]:
    """Workers that are ready, and the face engine that they have loaded."""
    with Pool[tuple[int, int]](settings) as pool:
        pool.start()
        yield pool, Description(pool.engines["face"], pool.engines["face_sha256"], pool.engines["face_card"])


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


def _faces(paths: Sequence[Path], settings: Settings, pool: Pool[tuple[int, int]]) -> list[PortraitOf]:
    today = dt.datetime.now(dt.UTC).date()
    return [_main(*one) for one in _each(paths, settings, Role.CAPTURE, today, pool)]


def faces_below(root: Path, names: Sequence[str], settings: Settings, pool: Pool[tuple[int, int]]) -> list[PortraitOf]:
    """The reading of each picture below a folder, with its main face and that face's picture."""
    today = dt.datetime.now(dt.UTC).date()
    return [_main(*one) for one in _below(root, names, settings, Role.CAPTURE, today, pool)]


def _main(reading: FileReading, pictures: dict[str, bytes]) -> PortraitOf:
    template = next((face for face in reading.faces if face.role is FaceRole.LIVE), None)
    return reading, template, pictures.get(template.picture) if template else None
