"""A child's passport is still valid for longer than most states grant to a child.

Children change, so most issuers give them five years or less. A child's data in a passport with an adult's validity
is worth a second look at both.

Innocent reasons: several states give children ten years.
"""

from __future__ import annotations

import datetime as dt

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._dates import age, expiry_of, years_after
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz, how_sure
from verify.model.finding import CheckResult, Evidence, Severity

META = Meta(
    code="R24",
    name="Child with an adult's validity",
    severity=Severity.INFO,
    source="practice of issuers: five years or less below sixteen, most of them",
    innocent_reasons=(
        "several states give children ten years",
        "a digit of a date was misread",
    ),
)
_CHILD = 16
_YEARS = 5
_CARRIED_OVER = dt.timedelta(days=280)


def run(case: Case) -> CheckResult:
    """Compares what is left of the validity of a child's passport with that of children."""
    today = case.item.inspection_date

    def look(one: ReadMrz) -> Answer:
        if one.mrz.format != "TD3":
            return NotApplicable("no passport")
        expiry = expiry_of(one.mrz)
        if isinstance(expiry, NotApplicable | NotComputable):
            return expiry
        born = one.mrz.birth_date.date
        if born is None:
            return NotComputable("the birth date is not wholly known or could not be read")
        if age(born, today) >= _CHILD:
            return NotApplicable("the holder is no child")
        if expiry <= years_after(today, _YEARS) + _CARRIED_OVER:
            return None
        _severity, confidence = how_sure(META, one.mrz, "birth_date", "expiry_date")
        return META.finding(
            f"The {one.source} of a child of {age(born, today)} years is valid until {expiry.isoformat()}.",
            confidence=confidence,
            evidence=(Evidence("birth date", born.isoformat()), Evidence("expiry date", expiry.isoformat())),
            marks=tuple(mark_field(one.source, one.mrz.field(name)) for name in ("birth_date", "expiry_date")),
        )

    return each_mrz(META, case, look)
