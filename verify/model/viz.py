"""The visual inspection zone (VIZ): the printed lines of a page as read, and its fields held against an MRZ."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from verify.model.face import Box

__all__ = ["VizField", "VizLine", "VizLook", "VizReading", "VizState"]


class VizState(StrEnum):
    """What became of a printed field."""

    AGREES = "agrees"  # as the MRZ says, in one of the ways it may be printed
    DIFFERS = "differs"  # read alike and with a margin in every look, and not as the MRZ says
    READ = "read"  # likewise, and the MRZ has nothing to compare it with
    UNCERTAIN = "not certain"  # something else was read, but not well enough to rest anything on
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class VizLook:
    """One line, recognised once.

    Attributes:
        text: in the order of reading.
        margins: of each character, the natural logarithm of the odds by which it leads its strongest rival.
    """

    text: str
    margins: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class VizLine:
    """One printed line.

    Attributes:
        looks: the first, and further ones with other crops where something depends on the line; never empty.
        box: in pixels of the levelled page, nine to a millimetre as far as the scale is known.
        page: 1 is the first.
    """

    looks: tuple[VizLook, ...]
    box: Box
    page: int = 1

    @property
    def text(self) -> str:
        """As first read."""
        return self.looks[0].text


@dataclass(frozen=True, slots=True)
class VizReading:
    """The printed lines of one file.

    Attributes:
        engine: name, version and digest of the network that read them.
        lines: from above, page by page.
        reason: why there may be fewer than are printed; empty otherwise.
    """

    engine: str
    lines: tuple[VizLine, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VizField:
    """One printed field.

    Attributes:
        name: as in the MRZ, or "issue_date", "place_of_birth", "valid_from", "duration_of_stay", "entries".
        state: what became of it.
        printed: as read; empty when not found.
        expected: by the MRZ, as it would be printed; empty where the MRZ has nothing to say.
        days: of a date, every day that the print may stand for.
        lines: indices of the lines it was read from.
        clear: every character in question leads its rivals by far in every look.
        repeats: indices of lines where the same field is surely printed once more, otherwise.
        unsure: indices of lines where it may be so.
    """

    name: str
    state: VizState
    printed: str = ""
    expected: str = ""
    days: tuple[dt.date, ...] = ()
    lines: tuple[int, ...] = ()
    clear: bool = False
    repeats: tuple[int, ...] = ()
    unsure: tuple[int, ...] = ()
