"""The MRZ of one page: read where it lies, or in other views for engines that want rows level; then parsed."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.decide import doubtful, margins, objections, suggest
from verify.document.decode import Decoded
from verify.document.engines import MrzEngine, StripReading
from verify.document.mrz import Fitted, fit, parse
from verify.document.page import find_cards, rectify, turn, turn_quad, turns_of
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
        others: further MRZs on the page, the likelier first.
        quad: corners of the strip on `page`, 4 x 2: upper left first, clockwise; None when none was read.
    """

    result: MrzResult | None
    reason: str
    page: _Picture
    turns: int
    strip: NDArray[np.uint8] | None
    others: tuple[MrzResult, ...] = ()
    quad: NDArray[np.float32] | None = None


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
    for picture, turns in [(page, 0)] if engine.any_angle else _views(page):
        left = end - time.monotonic()
        if left <= 0:
            reasons.append("the time for this page ran out")
            break
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        readings = engine.read(grey, seconds=left)
        reasons += [one.reason for one in readings if one.reason]
        strip = readings[0].strip if readings and strip is None else strip
        found = list(_understood(readings, engine.name, reference_date))
        if found:
            (result, reading), *more = found
            turned = turns_of(reading.quad)
            others = tuple(other for other, _reading in more)
            quad = turn_quad(reading.quad, picture, turned)
            return MrzReading(result, "", turn(picture, turned), (turns + turned) % 4, reading.strip, others, quad)
    what = "no machine readable zone was found" if strip is None else "a strip was found, but no format fits its text"
    return MrzReading(None, "; ".join([what, *dict.fromkeys(reasons)]), page, 0, strip)


def _understood(
    readings: list[StripReading], engine: str, reference_date: dt.date
) -> Iterator[tuple[MrzResult, StripReading]]:
    """The MRZs in these strips: each that was decoded, or else the best fit of all texts."""
    for reading in readings:
        if reading.decoded is not None:
            yield decided(reading, reading.decoded, engine, reference_date), reading
    best = _best([reading for reading in readings if reading.decoded is None])
    if best is not None:
        fitted, reading = best
        lines, raw, forced = fitted.lines, fitted.raw_lines, fitted.forced
        yield parse(lines, reference_date=reference_date, engine=engine, raw_lines=raw, forced=forced), reading


def decided(reading: StripReading, read: Decoded, engine: str, reference_date: dt.date) -> MrzResult:
    """Decoded lines parsed, with the margin of each character, and whether the reading is vouched for."""
    result = parse(
        read.lines, reference_date=reference_date, engine=engine, raw_lines=reading.text_lines, forced=read.forced
    )
    leads = margins(read)
    return replace(
        result,
        unconstrained=read.unconstrained,
        doubtful=doubtful(leads),
        margins=leads,
        objections=objections(read, result, leads, reading.pitch),
        suggestions=suggest(read),
    )


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
