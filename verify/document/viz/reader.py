"""The printed lines of a page: located cheaply, recognised once, and again where something depends on them.

The way of a page: level (lines) -> boxes (lines) -> one look at each (network) -> the fields held against the MRZ
(fields) -> further looks, with other crops and another contrast, at each line that does not simply agree.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.document.formats import FORMATS
from verify.document.viz.fields import doubtful_lines
from verify.document.viz.labels import labels_in
from verify.document.viz.layout import gap_between
from verify.document.viz.lines import SMALL, Level, cut, level_by_card, level_by_zone, line_boxes
from verify.document.viz.network import TextRecogniser, is_installed
from verify.model.face import Box
from verify.model.mrz import MrzResult
from verify.model.viz import VizLine, VizLook, VizReading

__all__ = ["VizReader", "describe_viz", "get_viz"]

_MARGIN, _WIDE, _TIGHT = 0.22, 0.34, 0.12  # of a line's height around it
_WIDER = 1.12
_NARROWER = 0.75  # of a label's width as it is read: it needs no more, and costs by width
_MOST_PIXELS = 11_000  # of all lines together, 48 high: a data page has 6,000 to 10,000, a page of text many more
_TEXT = 1.0  # nats by which the characters of a line lead in the mean, below which it is no text
_MOST_LINES, _MOST_DOUBTS, _MOST_SINGLES = 60, 20, 3
_LOST = "the time for this page ran out before every printed line was read; raise limits.seconds"

_MUCH = "the page holds more print than is read; values were read before labels, short labels before long ones"

_Picture = NDArray[np.uint8]


class VizReader:
    """Reads printed lines with one network."""

    def __init__(self) -> None:
        """Loads the network.

        Raises:
            MissingEngineError: it is not installed.
        """
        self._recogniser = TextRecogniser()

    @classmethod
    def describe(cls) -> str:
        """Engine and network, without loading it. Raises `MissingEngineError` as the network does."""
        return TextRecogniser.describe()

    def read(
        self,
        page: _Picture,
        mrz: MrzResult | None,
        quad: NDArray[np.float32] | None,
        *,
        seconds: float,
        without: Iterable[Box] = (),
        number: int = 1,
    ) -> VizReading:
        """Reads the lines of one page.

        Args:
            page: H x W x 3, RGB, upright.
            mrz: of this page, if it has one.
            quad: corners of its zone on the page; None reads the page as the front of a card.
            seconds: how long it may take.
            without: rectangles that hold no lines: portraits.
            number: of the page in its file.

        Returns:
            The lines; those that something depends on with further looks.
        """
        end = time.monotonic() + seconds
        if mrz is not None and quad is not None:
            level = level_by_zone(page, quad, FORMATS[mrz.format].length)
        else:
            level = level_by_card(page)
        boxes, singles = line_boxes(level, without)
        lines, reason, pixels = [], "", 0.0
        for box in boxes[:_MOST_LINES]:
            if time.monotonic() > end:
                reason = _LOST
                break
            line = cut(level, box, _MARGIN)
            line = _narrower(line) if box.height < SMALL else line
            pixels += 48 * line.shape[1] / line.shape[0]
            if pixels > _MOST_PIXELS:
                reason = _MUCH
                break
            look = self._recogniser.read(line)
            if _is_text(look):
                lines.append(VizLine((look,), box, number))
        lines += self._singles(level, lines, singles, number)
        lines.sort(key=lambda line: (line.box.top, line.box.left))
        self._again(level, lines, mrz, end)
        return VizReading(self.describe(), tuple(lines), reason)

    def _singles(self, level: Level, lines: Sequence[VizLine], boxes: Sequence[Box], number: int) -> list[VizLine]:
        """Single letters, of which every pattern yields hundreds: only those at the label of the sex."""
        labels = [line.box for line in lines if any(label.field == "sex" for label in labels_in(line.text))]
        near = [
            (min(away), box)
            for box in boxes
            if (away := [d for at in labels if (d := gap_between(at, box)) is not None])
        ]
        found = []
        for _away, box in sorted(near, key=lambda one: one[0])[:_MOST_SINGLES]:
            look = self._recogniser.read(cut(level, box, _WIDE))
            if _is_text(look):
                found.append(VizLine((look,), box, number))
        return found

    def _again(self, level: Level, lines: list[VizLine], mrz: MrzResult | None, end: float) -> None:
        """Further looks at the lines that something depends on."""
        for index in sorted(doubtful_lines(lines, mrz))[:_MOST_DOUBTS]:
            if time.monotonic() > end:
                break
            box = lines[index].box
            wide = _stretched(cut(level, box, _WIDE, anew=True, wider=_WIDER))
            looks = (self._recogniser.read(wide), self._recogniser.read(_sharper(cut(level, box, _TIGHT))))
            lines[index] = dataclasses.replace(lines[index], looks=lines[index].looks + looks)


def _is_text(look: VizLook) -> bool:
    return bool(look.text.strip()) and sum(look.margins) >= _TEXT * len(look.margins)


def _narrower(line: _Picture) -> _Picture:
    return np.asarray(cv2.resize(line, None, fx=_NARROWER, fy=1, interpolation=cv2.INTER_AREA), np.uint8)


def _stretched(line: _Picture) -> _Picture:
    """Grey, from the darkest to the lightest of its levels: another ground, and no colours."""
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY).astype(np.float32)
    low, high = np.percentile(grey, (1, 90))
    levels = np.clip((grey - low) / max(1.0, float(high - low)) * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(levels, cv2.COLOR_GRAY2RGB), np.uint8)


def _sharper(line: _Picture) -> _Picture:
    """Half as high again, its edges stressed."""
    larger = cv2.resize(line, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(larger, (0, 0), 1.5)
    return np.asarray(cv2.addWeighted(larger, 1.6, soft, -0.6, 0), np.uint8)


def get_viz(engine: str) -> VizReader | None:
    """The reader that a setting names; None for "none", and for "auto" where it is not installed.

    Raises:
        MissingEngineError: it is named, and not installed.
    """
    return VizReader() if engine == "ppocr" or (engine == "auto" and is_installed()) else None


def describe_viz(engine: str) -> str:
    """Name of that reader without loading it, empty where there is none. Raises as `get_viz` does."""
    return VizReader.describe() if engine == "ppocr" or (engine == "auto" and is_installed()) else ""
