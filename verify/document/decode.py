"""Characters under the grammar of a format, beside what was read without it.

A place takes its likeliest character; in numbers an O counts as rarer than a 0. Where the format does not allow that
one, the likeliest allowed character may take the place, but only if the reader hardly preferred the other, or if they
are known look-alikes. Each such change is listed. A character that is surely read and surely illegal stays: it is
evidence, and its field has no value. Check digits never change a character (`decide.suggest` tells what they would).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from verify.document.digits import verifying
from verify.document.fit import Change
from verify.document.formats import FORMATS, Format, Kind
from verify.document.lattice import ALPHABET, Places, placed_text, places

__all__ = ["Crop", "Decoded", "decode", "decode_line", "masks"]

_LIKE = ("0ODQ", "1IL", "2Z", "5S", "8B", "6G", "4A", "7T")  # shapes that OCR-B keeps apart least
_FORCE_LIKE, _FORCE = 6.0, 1.0  # nats by which the illegal character may lead a look-alike, or another
_RARE = {"O": 1.0, "Q": 0.7, "D": 0.7}  # nats by which numbers hold these more rarely than 0; many issuers leave O out
_BETWEEN = 3.0  # times as much between two digits
_OFF = 4  # characters by which the likeliest text of a line may miss the length of a format
_AGREE = 3.0  # nats by which a crop may be less sure of the length than the best one
_ILLEGAL = -6.0  # nats that one place can cost at most: one wrong character must not decide which format it is
_DIGIT = 2.0  # nats that a verifying check digit counts when formats are compared; the odds are 10 to 1 at best
_INDEX = {character: index for index, character in enumerate(ALPHABET)}
_PRIOR = np.array([-_RARE.get(character, 0.0) for character in ALPHABET], np.float32)

_Floats = NDArray[np.float32]
_Mask = NDArray[np.bool_]


class Crop:
    """What the recogniser saw in one picture of a line; what is worked out for a length is kept."""

    def __init__(self, frames: _Floats) -> None:
        """Takes T x 38, natural logarithms of the posteriors."""
        self.frames = frames
        self._placed: dict[int, Places] = {}
        best = frames.argmax(axis=1)
        self.about = int(((best != 0) & (best != np.concatenate([[0], best[:-1]]))).sum())  # characters

    def placed(self, length: int) -> Places:
        """The places of a line of this length."""
        self.place([self], length)
        return self._placed[length]

    @staticmethod
    def place(crops: Iterable[Crop], length: int) -> None:
        """Works out the places of several crops at once, which takes little more time than one."""
        fresh = [crop for crop in crops if length not in crop._placed]
        for crop, found in zip(fresh, places([crop.frames for crop in fresh], length), strict=True):
            crop._placed[length] = found


@dataclass(frozen=True, slots=True)
class Decoded:
    """Lines understood as one format.

    Attributes:
        form: the format.
        lines: exactly as long as it says.
        unconstrained: the lines of the same length by the likeliest character of each place alone.
        forced: line, column, read, written of each place where the two differ.
        log: of each line N x 37, the logarithms of the probabilities of each character of ALPHABET in each place.
        likelihood: nats for a character that these are lines of this format; 0 is certain.
        verifying: number of check digits that verify or are not demanded.
        rows: index of the first of the rows that it was made of.
    """

    form: Format
    lines: tuple[str, ...]
    unconstrained: tuple[str, ...]
    forced: tuple[Change, ...]
    log: tuple[_Floats, ...]
    likelihood: float
    verifying: int
    rows: int

    @property
    def all_verify(self) -> bool:
        """Whether no check digit fails."""
        return self.verifying == len(self.form.checks)


def decode(rows: Sequence[Sequence[Crop]]) -> list[Decoded]:
    """All ways to understand neighbouring rows as an MRZ, the likeliest first.

    Args:
        rows: from above; of each row one or more crops.
    """
    about = [crops[0].about for crops in rows]
    found = []
    for count, length in sorted({(form.count, form.length) for form in FORMATS.values()}):
        fits = [abs(many - length) <= _OFF for many in about]
        starts = [start for start in range(len(rows) - count + 1) if all(fits[start : start + count])]
        Crop.place(
            {id(crop): crop for start in starts for row in rows[start : start + count] for crop in row}.values(), length
        )
        for start in starts:
            placed = [_averaged(crops, length) for crops in rows[start : start + count]]
            found += [
                _understood(form, placed, start)
                for form in FORMATS.values()
                if (form.count, form.length) == (count, length)
            ]
    return sorted(found, key=_rank, reverse=True)


def decode_line(crops: Sequence[Crop]) -> tuple[str, _Floats]:
    """A line of unknown length and meaning: its likeliest text, and the logarithms of its places (N x 37).

    Both are empty where no crop shows a character.
    """
    about = {crop.about for crop in crops}
    if not any(about):
        return "", np.zeros((0, len(ALPHABET)), np.float32)
    lengths = {length for many in about for length in range(max(1, many - 1), many + 2)}
    best = max((_averaged(crops, length) for length in sorted(lengths)), key=lambda one: one.length)
    return placed_text(best.log), best.log


def _averaged(crops: Sequence[Crop], length: int) -> Places:
    """One line from all its crops: the mean of the logarithms, where the crops agree that it has this length."""
    found = [crop.placed(length) for crop in crops]
    best = max(one.length for one in found)
    kept = [one for one in found if one.length > best - _AGREE]
    log = np.mean([one.log for one in kept], axis=0)
    log = log - np.log(np.exp(log).sum(axis=1, keepdims=True))
    return Places(np.asarray(log, np.float32), best)


def _rank(one: Decoded) -> float:
    size = one.form.count * one.form.length
    return one.likelihood + (_DIGIT * (one.verifying - len(one.form.checks))) / size


def _understood(form: Format, placed: Sequence[Places], start: int) -> Decoded:
    legal = masks(form)
    free = [placed_text(one.log) for one in placed]
    lines, forced = list(free), list[Change]()
    for line, column, width, kind in _spans(form):
        log, mask = placed[line].log[column : column + width], legal[line][column : column + width]
        written = _written(free[line][column : column + width], log, mask, kind is Kind.ALNUM)
        lines[line] = lines[line][:column] + written + lines[line][column + width :]
    for line, (read, text) in enumerate(zip(free, lines, strict=True)):
        forced += [(line, at, a, b) for at, (a, b) in enumerate(zip(read, text, strict=True)) if a != b]
    likelihood = sum(one.length for one in placed)
    for one, mask in zip(placed, legal, strict=True):
        allowed = np.log(np.maximum(np.where(mask, np.exp(one.log), 0).sum(axis=1), 1e-12))
        likelihood += float(np.maximum(allowed, _ILLEGAL).sum() + np.maximum(one.log.max(axis=1), _ILLEGAL).sum())
    likelihood += max(_ILLEGAL, float(np.log(sum(np.exp(placed[0].log[0, _INDEX[c]]) for c in form.codes))))
    likelihood += sum(
        max(_ILLEGAL, float(placed[0].log[at, _INDEX[character]])) for at, character in enumerate(form.begins)
    )
    return Decoded(
        form,
        tuple(lines),
        tuple(free),
        tuple(forced),
        tuple(one.log for one in placed),
        likelihood / (form.count * form.length),
        verifying(form, lines),
        start,
    )


def _written(text: str, log: _Floats, mask: _Mask, number: bool) -> str:
    """The characters of a field; as read when one of them is surely illegal, since none is then replaced."""
    weights = np.array([_prior_weight(text, at) if number else 0.0 for at in range(len(text))], np.float32)
    best = np.where(mask, log + weights[:, None] * _PRIOR, -np.inf).argmax(axis=1)
    for at, read in enumerate(text):
        index, other = _INDEX[read], best[at]
        if not mask[at, index]:
            like = any(read in group and ALPHABET[other] in group for group in _LIKE)
            if log[at, index] - log[at, other] > (_FORCE_LIKE if like else _FORCE):
                return text
    return "".join(ALPHABET[index] for index in best)


def _prior_weight(text: str, at: int) -> float:
    """How much what is rare in numbers counts at a place: more between digits."""
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return _BETWEEN if beside.isdecimal() else 1.0


@cache
def masks(form: Format) -> tuple[_Mask, ...]:
    """Which characters each place allows."""
    return tuple(
        np.array([[character in kind.characters for character in ALPHABET] for kind in form.kinds(line)])
        for line in range(form.count)
    )


def _spans(form: Format) -> Iterator[tuple[int, int, int, Kind]]:
    """Line, column, width and kind of each field and of each check digit that stands outside them."""
    for field in form.fields:
        yield field.span.line, field.span.start, field.span.end - field.span.start, field.kind
    for check in form.checks:
        kind = form.kinds(check.line)[check.column]
        if kind in (Kind.CHECK, Kind.CHECK_OR_FILLER):
            yield check.line, check.column, 1, kind
