"""Characters that may not stand where they were read were replaced to fit the format's grammar.

A letter among digits, or a digit in a name, is mostly the reader's error, and the field could only be used after the
change. A letter that truly is printed among digits is evidence of an invented zone, so each change is shown.

Innocent reasons: the reader confused look-alikes; worn or dirty print.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.model.finding import CheckResult, Confidence, Evidence, Mark, Severity

META = Meta(
    code="R10",
    name="Characters were replaced to fit the format",
    severity=Severity.INFO,
    source="ICAO Doc 9303-3, 4.3; 9303-4 to -7 (character sets by position)",
    innocent_reasons=(
        "the reader confused look-alikes such as O and 0, or a filler and K",
        "worn or dirty print",
    ),
)
_FILLER = "<"


def run(case: Case) -> CheckResult:
    """Lists the replaced characters of every MRZ; restored fillers at the end of a field are not listed."""
    if not case.mrzs:
        return case.without_mrz(META)
    findings = []
    for one in case.mrzs:
        forced = [change for change in one.mrz.forced if change[3] != _FILLER]
        if forced:
            findings.append(
                META.finding(
                    f"On the {one.source} {len(forced)} character(s) were replaced before the fields were used.",
                    confidence=Confidence.LOW,
                    evidence=tuple(
                        Evidence(f"line {line + 1}, column {column + 1}", f"read {read or 'nothing'}, used {used}")
                        for line, column, read, used in forced
                    ),
                    marks=tuple(Mark(one.source, line, column, column + 1) for line, column, _read, _used in forced),
                )
            )
    return META.result(findings)
