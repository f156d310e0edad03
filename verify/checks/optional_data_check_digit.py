"""The check digit of the optional data of a passport (TD3) does not fit the characters before it.

Many issuers keep a personal number there; empty optional data may carry 0 or a filler as its digit, both are accepted.

Innocent reasons: a misread character (look-alikes such as O and 0 above all), wear or dirt on the zone, an issuer
that computes the digit in its own way.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._digits import REASONS, check_digit
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R04",
    name="Optional data check digit does not verify",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-4, 4.2.2",
    innocent_reasons=REASONS,
)


def run(case: Case) -> CheckResult:
    """Recomputes the digit on every MRZ of the item."""
    return check_digit(META, case, "optional_data_check_digit")
