"""Not one check digit of the zone verifies.

One wrong digit is a misread character or an edited field; all of them wrong is a zone that was read badly, or that was
never computed by the standard at all. So this takes the weight off the findings on single digits.

Innocent reasons: a poor scan; the zone of a national document that is not of the layout it was taken for.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz
from verify.checks._each import Answer, NotComputable, each_mrz
from verify.model.finding import CheckResult, Confidence, Evidence, Mark, Severity

META = Meta(
    code="R07",
    name="No check digit of the zone verifies",
    severity=Severity.INFO,
    source="ICAO Doc 9303-3, 4.9",
    innocent_reasons=(
        "the scan is poor and the zone was misread in many places",
        "a national document whose zone is not of the layout it was taken for",
    ),
)
_LEAST = 3  # digits that must be computable: that fewer fail together says little


def run(case: Case) -> CheckResult:
    """Looks at all check digits of every MRZ together."""

    def look(one: ReadMrz) -> Answer:
        told = [digit for digit in one.mrz.check_digits if digit.verifies is not None]
        if len(told) < _LEAST:
            return NotComputable("too few check digits could be computed")
        if any(digit.verifies for digit in told):
            return None
        return META.finding(
            f"None of the {len(told)} check digits on the {one.source} verifies: "
            "read the zone again before anything else.",
            confidence=Confidence.LOW,
            evidence=tuple(
                Evidence(digit.name.replace("_", " "), f"read {digit.printed}, computed {digit.computed}")
                for digit in told
            ),
            marks=tuple(Mark(one.source, digit.line, digit.column, digit.column + 1) for digit in told),
        )

    return each_mrz(META, case, look)
