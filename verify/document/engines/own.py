"""Our own engine: rows of characters are located at any angle, cut out, recognised and decoded. No other program.

Much is tried only where little was sure. Each zone is read as it lies and, unless that makes sense, upside down; the
rows of a zone that makes sense but is not sure are cut anew in other heights, and all readings are averaged. The search
stops on the level of the pyramid on which a zone made sense, where other documents on the same sheet are found too.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.document.decide import LEAST_MARGIN, margins
from verify.document.decode import Crop, Decoded, decode
from verify.document.engines import StripReading
from verify.document.engines.locate import Search
from verify.document.engines.recogniser import LineRecogniser, greedy
from verify.document.engines.strip import strip_of
from verify.document.engines.zone import Zone, crop

__all__ = ["OwnEngine"]

_MAKES_SENSE = -0.6  # nats for a character: below this likelihood lines are other print, or not upright
_WORTH_MORE = -0.9  # and below this one no further rows or crops help: ordinary print is at -1.2 and lower
_FIRST_CROP = (0.6, 0.0)  # share of the capitals in the height of a crop, and its shift in capitals
_MORE_CROPS = (  # further ones, and the least margin in nats with which they are not needed
    (((0.52, 0.04),), 3 * LEAST_MARGIN),
    (((0.68, -0.04), (0.56, -0.08), (0.64, 0.08)), LEAST_MARGIN),
)
_MOST_ZONES = 12

_Grey = NDArray[np.uint8]
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Way:
    """A zone read one way round."""

    zone: Zone
    rows: list[list[Crop]]
    read: Decoded

    @property
    def whole(self) -> bool:
        """Whether it makes sense, and each row, left to itself, has as many characters as its format."""
        form, start = self.read.form, self.read.rows
        return self.read.likelihood > _MAKES_SENSE and all(
            row[0].about == form.length for row in self.rows[start : start + form.count]
        )


class OwnEngine:
    """Reads MRZs with the project's own recogniser."""

    any_angle = True
    starts_programs = False

    def __init__(self) -> None:
        """Loads the recogniser.

        Raises:
            MissingEngineError: its weights are not there.
        """
        self._recogniser = LineRecogniser()

    @classmethod
    def describe(cls) -> str:
        """Engine and version, without loading it."""
        return "own 1 (mrz-lines-v1)"

    @property
    def name(self) -> str:
        """Engine and version."""
        return self.describe()

    def read(self, page: _Grey, *, seconds: float) -> list[StripReading]:
        """Reads a page (see `MrzEngine.read`)."""
        end = time.monotonic() + seconds
        sure: list[StripReading] = []
        some: list[StripReading] = []
        zones = 0
        search = Search(page)
        for level in search:
            for zone in level:
                zones += 1
                reading = self.read_zone(page, zone)
                if reading is not None:
                    (sure if _sure(reading.decoded, LEAST_MARGIN) else some).append(reading)
                    search.keep(zone)
                if search.complete or time.monotonic() > end or zones == _MOST_ZONES:
                    break
            if search.complete or time.monotonic() > end or zones == _MOST_ZONES:
                break
        return sorted(sure, key=_likelihood, reverse=True) + sorted(some, key=_likelihood, reverse=True)

    def read_zone(self, page: _Grey, zone: Zone) -> StripReading | None:
        """What the rows of a zone say; None when they say nothing that makes sense."""
        best = self._either_way(page, zone)
        if best is None or (best.read.likelihood > _WORTH_MORE and not best.whole):
            # of three rows one may have been missed, or the end of a row
            more = self._either_way(page, zone.extended())
            best = more if best is None or (more is not None and more.read.likelihood > best.read.likelihood) else best
        if best is None or best.read.likelihood < _WORTH_MORE:
            return None
        way, rows, read = best.zone, best.rows, best.read
        for cuts, least in _MORE_CROPS:
            if _sure(read, least):
                break
            rows = [row + more for row, more in zip(rows, self._crops(page, way, cuts), strict=True)]
            read = next(iter(decode(rows)), read)
        if read.likelihood < _MAKES_SENSE:
            return None
        text = tuple(greedy(row[0].frames) for row in rows[read.rows : read.rows + read.form.count])
        pitch = way.length / read.form.length
        return StripReading(text, strip_of(page, way.quad()), way.quad(), decoded=read, pitch=pitch)

    def _either_way(self, page: _Grey, zone: Zone) -> _Way | None:
        """The likelier of the zone as it lies and upside down; the second is tried when the first makes no sense."""
        best: _Way | None = None
        for way in (zone, zone.upside_down()):
            rows = self._crops(page, way, (_FIRST_CROP,))
            found = decode(rows)
            if found and (best is None or found[0].likelihood > best.read.likelihood):
                best = _Way(way, rows, found[0])
            if best is not None and best.read.likelihood > _MAKES_SENSE:
                break
        return best

    def _crops(self, page: _Grey, zone: Zone, cuts: Sequence[tuple[float, float]]) -> list[list[Crop]]:
        """What the recogniser sees in each row, cut in several ways."""
        pictures = [crop(page, zone, row, share=share, shift=shift) for row in zone.rows for share, shift in cuts]
        frames = iter(self._recogniser.recognise(pictures))
        return [[Crop(next(frames)) for _cut in cuts] for _row in zone.rows]


def _sure(read: Decoded | None, least: float) -> bool:
    """Every check digit verifies and every character is read with a margin."""
    if read is None or not read.all_verify or read.forced:
        return False
    return min(min(row) for row in margins(read)) >= least


def _likelihood(reading: StripReading) -> float:
    return reading.decoded.likelihood if reading.decoded is not None else -np.inf
