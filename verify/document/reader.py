"""The MRZ of one page: read as it lies, on a card straightened out of it, or turned; with the page made upright."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.engines import MrzEngine, StripReading
from verify.document.mrz import Fitted, fit, parse
from verify.document.page import find_cards, rectify, turn, turns_of
from verify.model.mrz import MrzResult

__all__ = ["MrzReading", "read_mrz"]

_Picture = NDArray[np.uint8]
_MAX_COST = 14.0  # a fit that costs more is other print, or a zone too damaged to use
_FREE_COST = 2.0  # up to which a fit is believed whatever the check digits say


@dataclass(frozen=True, slots=True)
class MrzReading:
    """What was read on a page.

    Attributes:
        result: None when there is no MRZ that could be read.
        reason: why not; empty otherwise.
        page: H x W x 3, RGB, upright when an MRZ was read, else as given.
        turns: quarter turns, clockwise, by which `page` differs from the page given.
        strip: the strip that was read, grey; None when none was found.
    """

    result: MrzResult | None
    reason: str
    page: _Picture
    turns: int
    strip: NDArray[np.uint8] | None


def read_mrz(page: _Picture, engine: MrzEngine, *, reference_date: dt.date, seconds: float) -> MrzReading:
    """Reads the MRZ of a page.

    Args:
        page: H x W x 3, RGB, in any of the four turns.
        engine: reads strips.
        reference_date: the day of inspection, to resolve centuries.
        seconds: how long it may take.
    """
    end = time.monotonic() + seconds
    strip: NDArray[np.uint8] | None = None
    reasons: list[str] = []
    for picture, turns in _views(page):
        left = end - time.monotonic()
        if left <= 0:
            reasons.append("the time for this page ran out")
            break
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        readings = engine.read(grey, seconds=left)
        reasons += [one.reason for one in readings if one.reason]
        strip = readings[0].strip if readings and strip is None else strip
        found = _best(readings)
        if found is not None:
            fitted, reading = found
            result = parse(
                fitted.lines,
                reference_date=reference_date,
                engine=engine.name,
                raw_lines=fitted.raw_lines,
                forced=fitted.forced,
            )
            more = turns_of(reading.quad)
            return MrzReading(result, "", turn(picture, more), (turns + more) % 4, reading.strip)
    what = "no machine readable zone was found" if strip is None else "a strip was found, but no format fits its text"
    return MrzReading(None, "; ".join([what, *dict.fromkeys(reasons)]), page, 0, strip)


def _views(page: _Picture) -> Iterator[tuple[_Picture, int]]:
    """The page, the largest card on it made straight, and the page on its side: an engine may want the rows level."""
    yield page, 0
    for quad in find_cards(page)[:1]:
        card = rectify(page, quad)
        yield card, turns_of(quad)
        yield turn(card, 1), (turns_of(quad) + 1) % 4
    yield turn(page, 1), 1


def _best(readings: list[StripReading]) -> tuple[Fitted, StripReading] | None:
    """The cheapest plausible fit of all strips."""
    fits = [(one, reading) for reading in readings for one in fit(reading.text_lines)[:1] if _plausible(one)]
    return min(fits, key=lambda pair: (pair[0].cost, -pair[0].verifying), default=None)


def _plausible(one: Fitted) -> bool:
    """Little repaired, or much but with at most one digit failing: a misread must not look like a wrong digit."""
    return one.cost <= _FREE_COST or (one.cost <= _MAX_COST and one.verifying >= len(one.form.checks) - 1)
