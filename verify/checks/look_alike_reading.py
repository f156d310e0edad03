"""A single look-alike character, read the other way, would make every check digit verify.

Then a misread is the likeliest reason of the digits that fail. The other reading is shown beside the picture and is
never applied: it may as well be the one that a forger overlooked.

Innocent reasons: the reader confused two look-alikes; worn or dirty print.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify.checks._case import Case, Meta, ReadMrz
from verify.checks._each import Answer, NotComputable, each_mrz
from verify.document import parse
from verify.model.finding import CheckResult, Confidence, Evidence, Mark, Severity
from verify.model.mrz import MrzResult

META = Meta(
    code="R08",
    name="One look-alike would make the check digits verify",
    severity=Severity.INFO,
    source="ICAO Doc 9303-3, 4.9; look-alikes of OCR-B",
    innocent_reasons=("the reader confused two look-alikes", "worn or dirty print"),
)
_GROUPS = ("0ODQ", "1IL", "2Z", "3B8", "4A", "5S", "6G", "<KC", "7T", "UV", "MN", "<0")
_Change = tuple[int, int, str, str]


def run(case: Case) -> CheckResult:
    """Looks for one other reading of every MRZ whose digits do not verify."""
    day = case.item.inspection_date

    def look(one: ReadMrz) -> Answer:
        if one.mrz.supported:
            return None
        if all(digit.verifies is None for digit in one.mrz.check_digits):
            return NotComputable("no check digit could be computed")
        suggested = {each.changes[0] for each in one.mrz.suggestions if len(each.changes) == 1}
        changes = suggested or {
            change
            for change in _changes(one.mrz)
            if parse(_changed(one.mrz, change), reference_date=day, engine="").supported
        }
        if len(changes) != 1:
            return None
        ((line, column, read, instead),) = changes
        return META.finding(
            f"On the {one.source} every check digit would verify with {instead} for {read} in line {line + 1}, column "
            f"{column + 1}. Compare the place with the picture; nothing was changed.",
            confidence=Confidence.LOW,
            evidence=(Evidence("read", read), Evidence("would verify", instead)),
            marks=(Mark(one.source, line, column, column + 1),),
        )

    return each_mrz(META, case, look)


def _changes(mrz: MrzResult) -> Iterator[_Change]:
    for line, text in enumerate(mrz.lines):
        for column, read in enumerate(text):
            yield from (
                (line, column, read, other) for group in _GROUPS if read in group for other in group if other != read
            )


def _changed(mrz: MrzResult, change: _Change) -> list[str]:
    line, column, _read, instead = change
    lines = list(mrz.lines)
    lines[line] = lines[line][:column] + instead + lines[line][column + 1 :]
    return lines
