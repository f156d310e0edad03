"""False match rates by group, with intervals and the noise floor: who would be stopped for somebody else, how often.

Only pairs within a group are compared, as demographic reports do (NIST IR 8280). Groups come from the list, or from
file names such as UTKFace's (age_sex_race_date). One file is taken for one person; where a set shows somebody twice,
that is counted as an error and is part of the noise floor.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from verify.errors import NoInputsError, UsageError
from verify.evaluate.rates import wilson
from verify.evaluate.templates import located

__all__ = ["GroupRate", "Labelled", "group_rates", "labelled_files", "report_lines"]

_AGES = ((5, "00-04"), (13, "05-12"), (20, "13-19"), (60, "adult"), (200, "60+"))
_RACES = ("White", "Black", "Asian", "Indian")
_LEAST_FILES = 30  # of a group; below it nothing is said
_DRAWS = 300


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file and its groups: `block` is compared within, `shown` is where its errors are counted."""

    path: Path
    shown: str
    block: str


@dataclass(frozen=True, slots=True)
class GroupRate:
    """Non-mated comparisons within a group at one threshold.

    Attributes:
        group: its name.
        files: with a template.
        missing: files without one.
        pairs: compared.
        errors: of these, above the threshold.
        low, high: 95 % interval of the rate.
    """

    group: str
    files: int
    missing: int
    pairs: int
    errors: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Errors over pairs; 0 without pairs."""
        return self.errors / self.pairs if self.pairs else 0.0

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything."""
        return self.files >= _LEAST_FILES


def labelled_files(listing: Path) -> tuple[Labelled, ...]:
    """Files with groups.

    A list that ends in .csv has the columns file and group, and may have block; any other is one path a line, with the
    group in the file's name as UTKFace has it: age_sex_race_date. Files whose name says no group are left out.

    Raises:
        UsageError: the list cannot be read.
        NoInputsError: no file has a group.
    """
    try:
        text = listing.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{listing}: cannot be read as a list of files ({error})") from error
    if listing.suffix.lower() == ".csv":
        rows = list(csv.DictReader(text.splitlines()))
        if rows and not {"file", "group"} <= set(rows[0]):
            raise UsageError(f"{listing}: needs the columns file and group")
        found = [
            Labelled(located(listing, row["file"]), row["group"], row.get("block") or row["group"]) for row in rows
        ]
    else:
        found = [
            one for line in text.splitlines() if line.strip() and (one := _by_name(located(listing, line.strip())))
        ]
    if not found:
        raise NoInputsError(f"{listing}: no file has a group")
    return tuple(found)


def _by_name(path: Path) -> Labelled | None:
    part = path.name.split("_")
    if len(part) < 4 or not all(one.isdigit() for one in part[:3]) or int(part[1]) > 1 or int(part[2]) >= len(_RACES):
        return None
    band = next(name for limit, name in _AGES if int(part[0]) < limit)
    block = f"{band} {'MF'[int(part[1])]} {_RACES[int(part[2])]}"
    return Labelled(path, block if band == "adult" else f"age {band}", block)


def group_rates(
    files: Sequence[Labelled], scores: NDArray[np.float32], threshold: float, *, seed: int = 0
) -> list[GroupRate]:
    """Non-mated rates of every group, adults by sex and origin first.

    Args:
        files: N.
        scores: float32 (N x N); NaN without a template.
        threshold: a score above it is an error.
        seed: of the bootstrap over files.
    """
    rng = np.random.default_rng(seed)
    found = []
    for group in sorted({one.shown for one in files}, key=lambda name: (not name.startswith("adult"), name)):
        members = [n for n, one in enumerate(files) if one.shown == group]
        blocks: dict[str, list[int]] = {}
        for n in members:
            blocks.setdefault(files[n].block, []).append(n)
        errors = pairs = present = 0
        drawn = np.zeros((_DRAWS, 2))
        for rows in blocks.values():
            block = np.asarray(scores[np.ix_(rows, rows)], dtype=np.float32)
            there = np.isfinite(np.diag(block))
            block = block[np.ix_(there, there)]
            high = (block > threshold) & ~np.eye(len(block), dtype=bool)
            present += len(block)
            errors += int(high.sum()) // 2
            pairs += len(block) * (len(block) - 1) // 2
            if len(block) > 1:
                drawn += _drawn(high, rng)
        low, high_end = _interval(errors, pairs, drawn)
        found.append(GroupRate(group, present, len(members) - present, pairs, errors, low, high_end))
    return found


def _drawn(high: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float64]:
    """(errors, pairs) of draws of people with replacement; a person drawn twice is not compared with themselves."""
    size = len(high)
    rows, columns = np.nonzero(np.triu(high))
    found = np.empty((_DRAWS, 2))
    for draw in range(_DRAWS):
        times = np.bincount(rng.integers(0, size, size), minlength=size)
        found[draw] = times[rows] @ times[columns], (size * size - int(times @ times)) / 2
    return found


def _interval(errors: int, pairs: int, drawn: NDArray[np.float64]) -> tuple[float, float]:
    if errors == 0 or pairs == 0:
        return wilson(errors, pairs)
    low, high = np.quantile(drawn[:, 0] / np.maximum(1, drawn[:, 1]), (0.025, 0.975))
    return float(low), float(high)


def report_lines(groups: Sequence[GroupRate], threshold: float, nominal: float | None) -> list[str]:
    """The table for people, with the noise floor and what adults' rates range over."""
    aim = f", meant for FMR {nominal:g}" if nominal is not None else ""
    lines = [f"non-mated pairs within a group above {threshold:.4f}{aim}; 95 % intervals by drawing people"]
    for one in groups:
        if not one.enough:
            lines.append(f"{one.group:18} {one.files} files: too few data to say")
            continue
        seen = f"{one.rate:.1e}" if one.errors else "none seen"
        lines.append(
            f"{one.group:18} {seen:>9}  {one.low:.1e} to {one.high:.1e}  {one.errors} of {one.pairs} pairs, "
            f"{one.files} files, {one.missing} without a template"
        )
    adults = [max(one.rate, 1 / one.pairs) for one in groups if one.group.startswith("adult") and one.enough]
    if len(adults) > 1:
        mean = float(np.exp(np.mean(np.log(adults))))
        floor = max(1 / one.pairs for one in groups if one.enough and one.pairs)
        lines.append(
            f"adult groups: highest over geometric mean {max(adults) / mean:.2f}, highest over lowest "
            f"{max(adults) / min(adults):.1f}"
        )
        lines.append(
            f"noise floor: one error in the smallest group is {floor:.1e}; people who are in the set twice count as "
            "errors and cannot be told apart from them here"
        )
    return lines
