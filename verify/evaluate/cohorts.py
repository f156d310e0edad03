"""What a measurement is normalised with: a site's cohort, a folder of pictures, or the measured files themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.evaluate.templates import Acquired, acquire_files, files_below
from verify.face import (
    KIND,
    LEAST_COHORT,
    NORMALISED,
    Cohort,
    cohort_of,
    fuse_rows,
    identification_threshold,
    load_cohort,
)
from verify.settings import Settings

__all__ = ["Normaliser", "build_cohort", "normaliser_for", "people_below", "threshold_for"]

_ITSELF = "self"


@dataclass(frozen=True, slots=True)
class Normaliser:
    """What scores are normalised with.

    Attributes:
        cohort: None for plain cosines.
        own: int64 (N), the row of the cohort that is the person of each measured file, -1 for none; None where nobody
            of the cohort is measured.
        told: for people.
    """

    cohort: Cohort | None
    own: NDArray[np.int64] | None
    told: str


def build_cohort(
    acquired: Acquired, name: str, *, people: Sequence[str] | None = None, without: Iterable[str] = ()
) -> Cohort:
    """A cohort of acquired faces.

    Args:
        acquired: of many people.
        name: for people.
        people: whose picture each file is; several of one are fused. None takes each file for another person.
        without: SHA-256 of files that must not be in it: those it is going to be measured on.

    Raises:
        UsageError: too few people.
    """
    banned = set(without)
    rows = [n for n in np.flatnonzero(acquired.found).tolist() if acquired.sha256[n] not in banned]
    names, owners = np.unique([people[n] if people else str(n) for n in rows], return_inverse=True)
    return _cohort(acquired, name, rows, owners.astype(np.int64), len(names))


def normaliser_for(
    acquired: Acquired, source: str | None, settings: Settings, kek: Callable[[], bytes], *, border: int
) -> Normaliser:
    """Opens, builds or makes what `source` names.

    Args:
        acquired: the files that are measured; none of the same bytes stays in a cohort that is built here.
        source: None, a file of `verify cohort build`, a folder of pictures, or "self".
        settings: engine and limits.
        kek: gives the key, asked only for a file.
        border: as for `acquire_files`.

    Raises:
        PolicyError: the cohort is of another model.
        UsageError: too few people.
    """
    if source is None:
        return Normaliser(None, None, "none")
    if source == _ITSELF:
        return _itself(acquired)
    path = Path(source)
    if path.is_dir():
        pictures = acquire_files(files_below(path), settings, border=border)
        measured = {one for one in acquired.sha256 if one}
        cohort = build_cohort(pictures, path.name, people=people_below(path, pictures.files), without=measured)
        left_out = sum(one in measured for one in pictures.sha256)
        told = (
            f"{cohort.name}, {len(cohort)} people of {len(pictures.files)} pictures "
            f"({len(pictures.reasons)} without a template, {left_out} left out because they are measured)"
        )
    else:
        cohort = load_cohort(path, kek())
        told = f"{cohort.name}, {len(cohort)} people"
    cohort.refuse_others(acquired.engine.name, acquired.engine.model_sha256)
    return Normaliser(cohort, None, told)


def people_below(directory: Path, files: Sequence[Path]) -> list[str]:
    """Whose picture each file of a folder is: a folder inside it is a person, a picture of its own is one, too.

    Folders that give fewer people than a cohort takes are no people: then each file is one.
    """
    people = [(path if path.parent == directory else path.parent).as_posix() for path in files]
    return people if len(set(people)) >= LEAST_COHORT else [path.as_posix() for path in files]


def threshold_for(acquired: Acquired, fmr: float, normaliser: Normaliser) -> float:
    """The model card's threshold for a false match rate, of plain or normalised scores."""
    kind = KIND if normaliser.cohort is None else NORMALISED
    return identification_threshold(acquired.engine, fpir=fmr, gallery_size=1, kind=kind).value


def _itself(acquired: Acquired) -> Normaliser:
    """The files as their own cohort, one row a person: by folder where there are enough, else by file."""
    rows = np.flatnonzero(acquired.found).tolist()
    folders = [acquired.files[n].parent.as_posix() for n in rows]
    by_folder = len(set(folders)) >= LEAST_COHORT
    names, owners = np.unique(folders if by_folder else [str(n) for n in rows], return_inverse=True)
    own = np.full(len(acquired.files), -1, dtype=np.int64)
    own[rows] = owners
    cohort = _cohort(acquired, "the measured files themselves", rows, owners.astype(np.int64), len(names))
    return Normaliser(cohort, own, f"{cohort.name}, {len(cohort)} people, none counting for their own bias")


def _cohort(acquired: Acquired, name: str, rows: list[int], owners: NDArray[np.int64], people: int) -> Cohort:
    matrix = fuse_rows(acquired.vectors[rows], owners, people)
    return cohort_of(name, matrix, engine=acquired.engine.name, model_sha256=acquired.engine.model_sha256)
