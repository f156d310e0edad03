"""The number of a Dutch document breaks the rules of its issuer.

Two letters, then letters or digits, a digit at the end; never the letter O, and since the end of 2019 no zero either.

Innocent reasons: a misread character, above all O and 0; a specimen.
"""

from __future__ import annotations

import datetime as dt
import re

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, each_mrz, how_sure, missing
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="R36",
    name="Number breaks the rules of Dutch documents",
    severity=Severity.REVIEW,
    source="Rijksdienst voor Identiteitsgegevens: numbers of passports and identity cards",
    innocent_reasons=(
        "a character was misread, above all O and 0",
        "a specimen or an emergency document with a number of its own kind",
    ),
)
_STATE = "NLD"
_FORM = re.compile(r"[A-NP-Z]{2}[A-NP-Z0-9]{6}[0-9]")
_WITHOUT_ZERO = dt.date(
    2030, 1, 1
)  # a document that expires later was issued after 2019, as none is valid for more than ten


def run(case: Case) -> CheckResult:
    """Looks at the number of every Dutch passport and identity card."""

    def look(one: ReadMrz) -> Answer:
        if one.mrz.value("issuing_state") != _STATE or one.mrz.format not in ("TD1", "TD3"):
            return NotApplicable("no Dutch passport or identity card")
        if without := missing(one.mrz, "document_number"):
            return without
        number, expiry = one.mrz.value("document_number"), one.mrz.expiry_date.date
        newer = expiry is not None and expiry > _WITHOUT_ZERO
        if _FORM.fullmatch(number) and not (newer and "0" in number):
            return None
        severity, confidence = how_sure(META, one.mrz, "document_number")
        what = (
            "holds a zero, which is not used since the end of 2019"
            if _FORM.fullmatch(number)
            else "is not of their form"
        )
        return META.finding(
            f"The number of the Dutch document on the {one.source} reads {number} and {what}.",
            severity=severity if confidence is Confidence.HIGH else Severity.INFO,
            confidence=confidence,
            evidence=(Evidence("document number", number),),
            marks=(mark_field(one.source, one.mrz.field("document_number")),),
        )

    return each_mrz(META, case, look)
