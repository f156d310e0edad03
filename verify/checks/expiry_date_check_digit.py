"""The check digit of the expiry date does not fit the six characters before it.

An extended validity altered in the zone leaves its old digit behind unless that is altered too.

Innocent reasons: a misread character (look-alikes such as O and 0 above all), wear or dirt on the zone, an issuer
that computes the digit in its own way.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._digits import REASONS, check_digit
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R03",
    name="Expiry date check digit does not verify",
    severity=Severity.STRONG,
    source="ICAO Doc 9303-3, 4.9",
    innocent_reasons=REASONS,
)


def run(case: Case) -> CheckResult:
    """Recomputes the digit on every MRZ of the item."""
    return check_digit(META, case, "expiry_date_check_digit")
