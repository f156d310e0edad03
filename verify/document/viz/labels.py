"""The labels of printed fields, in the languages of many issuers (`labels.csv`), found in lines read with errors."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

__all__ = ["Label", "bare", "labels_in"]

_LIKE = {5: 100.0, 7: 90.0}  # per cent of a label's characters that have to be there, by its length; shorter: words
_LIKE_LONG = 84.0


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a line.

    Attributes:
        field: as in `VizField`, or "other".
        start, end: characters of the line.
    """

    field: str
    start: int
    end: int


def bare(text: str) -> str:
    """Capitals without their accents, everything else a space; as long as the text, so that places stay."""
    letters = (unicodedata.normalize("NFKD", one)[:1].upper()[:1] or " " for one in text)
    return "".join(one if one.isalnum() else " " for one in letters)


@lru_cache(maxsize=1024)
def labels_in(text: str) -> tuple[Label, ...]:
    """The labels of a line, from its beginning; of those that overlap the one that fits best."""
    line = bare(text)
    if not any(one.isalpha() for one in line):
        return ()
    found: list[tuple[float, int, Label]] = []
    for words, field in _labels():
        place = _found(words, line)
        if place is not None:
            score, start, end = place
            found.append((score, len(words), Label(field, start, end)))
    chosen: list[Label] = []
    for _score, _length, label in sorted(found, key=lambda one: one[:2], reverse=True):
        if all(label.end <= other.start or other.end <= label.start for other in chosen):
            chosen.append(label)
    return tuple(sorted(chosen, key=lambda label: label.start))


def _found(label: str, line: str) -> tuple[float, int, int] | None:
    if len(label) < 5 or len(line) < len(label) - 1:
        at = f" {line} ".find(f" {label} ")
        return None if at < 0 else (100.0, at, at + len(label))
    least = next((score for length, score in _LIKE.items() if len(label) <= length), _LIKE_LONG)
    place = fuzz.partial_ratio_alignment(label, line, score_cutoff=least)
    return None if place is None else (place.score, place.dest_start, place.dest_end)


@cache
def _labels() -> tuple[tuple[str, str], ...]:
    text = files("verify.document.viz").joinpath("labels.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(dict.fromkeys((bare(label), row["field"]) for row in rows for label in row["labels"].split("|")))
