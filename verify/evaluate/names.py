"""How alike the two names of labelled pairs are: one number a pair, for a scorer that knows the labels."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from verify.errors import UsageError
from verify.gallery import name_similarity

__all__ = ["NamesReport", "evaluate_names"]

_COLUMNS = ("name1", "name2")


@dataclass(frozen=True, slots=True)
class NamesReport:
    """What was compared.

    Attributes:
        pairs: lines written.
        not_comparable: of these, pairs of which a name has no letter that can be written in Latin; their number is 0.
    """

    pairs: int
    not_comparable: int


def evaluate_names(pairs: Path, out: TextIO) -> NamesReport:
    """Compares the pairs of a file in their order; labels and notes in it are not looked at.

    Args:
        pairs: UTF-8, tabulated, with a header; columns name1 and name2.
        out: is given one similarity a line, 0 to 1, with ten decimals, so that what differs stays different.

    Raises:
        UsageError: not a readable file of this format; it names the file and the line.
    """
    count = not_comparable = 0
    for one, other in _pairs(pairs):
        similarity = name_similarity(one, other)
        not_comparable += similarity == 0.0 and not (name_similarity(one, one) and name_similarity(other, other))
        count += 1
        out.write(f"{similarity:.10f}\n")
    return NamesReport(count, not_comparable)


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    rows = None
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t")
            if missing := [name for name in _COLUMNS if name not in (rows.fieldnames or ())]:
                raise UsageError(f"{path}: without column {missing[0]}; the first line names the columns")
            for row in rows:
                yield row["name1"] or "", row["name2"] or ""
    except (OSError, ValueError, csv.Error) as error:
        line = rows.line_num if rows else 0
        raise UsageError(f"{path}: cannot be read as tabulated UTF-8 after line {line} ({error})") from error
