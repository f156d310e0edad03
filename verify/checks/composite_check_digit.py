"""The composite check digit does not fit the data elements it covers, while each has its own digit.

A line that was edited field by field, each with its own digit, betrays itself here. Visas have no composite digit.

Innocent reasons: a misread character (look-alikes such as O and 0 above all), wear or dirt on the zone, an issuer
that computes the digit in its own way.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._digits import REASONS, check_digit
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R05",
    name="Composite check digit does not verify",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-4, 4.2.2; 9303-5, 4.2.4; 9303-6, 4.2.2",
    innocent_reasons=REASONS,
)


def run(case: Case) -> CheckResult:
    """Recomputes the digit on every MRZ of the item."""
    return check_digit(META, case, "composite_check_digit")
