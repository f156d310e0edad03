"""The number of a card (TD2) is said to go on in the optional data, and does not.

A number of more than nine characters has a filler for its check digit; its rest and the check digit begin the optional
data. A filler without that rest is a number without a check digit, which the standard does not know.

Innocent reasons: a misread check digit; an issuer with its own way to write long numbers.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._long_number import announced_number
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R44",
    name="Long number of a card (TD2) has no rest",
    severity=Severity.REVIEW,
    source="ICAO Doc 9303-6, 4.2.2 (document number of more than nine characters)",
    innocent_reasons=(
        "the check digit was misread as a filler",
        "the issuer writes long numbers in its own way",
    ),
)


def run(case: Case) -> CheckResult:
    """Looks at every zone of this layout."""
    return announced_number(META, case, "TD2")
