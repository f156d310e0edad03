"""The check digit of the document number does not fit the characters before it.

A number that was altered or invented rarely keeps its digit; a forger who knows the rule computes a fitting one, so a
digit that verifies says the number was read correctly, never that the document is genuine.

Innocent reasons: a misread character (look-alikes such as O and 0 above all), wear or dirt on the zone, an issuer
that computes the digit in its own way.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._digits import REASONS, check_digit
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R01",
    name="Document number check digit does not verify",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-3, 4.9; 9303-4, 4.2.2",
    innocent_reasons=REASONS,
)


def run(case: Case) -> CheckResult:
    """Recomputes the digit on every MRZ of the item."""
    return check_digit(META, case, "document_number_check_digit")
