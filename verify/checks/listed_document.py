"""The document's number is on a list of lost, stolen or otherwise invalid documents.

Issuer and number have to agree exactly. Only the issuing state may list a document, and only it can say whether the
entry still holds.

Innocent reasons: the holder found the document again after reporting it; an entry with a wrong digit; a misread
number; an issuer that uses a number twice.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._listed import listed
from verify.gallery import normalised_number
from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="L09",
    name="Document number is on a list of lost or stolen documents",
    severity=Severity.CRITICAL,
    source="SLTD-style list, exact on issuing state and document number",
    innocent_reasons=(
        "the holder found the document again after reporting it",
        "the entry or the reading has a wrong character",
        "the issuer has used the number twice",
    ),
)


def run(case: Case) -> CheckResult:
    """Turns the document candidates of each list into a finding; its severity follows the reading's check digit."""

    def say(best: Candidate, of: CandidateList) -> tuple[str, Confidence, Severity | None, tuple[Evidence, ...]]:
        supported = _supported(case, best.document_number)
        statuses = sorted({str(d.status) for d in best.entry.documents if d.status is not None})
        return (
            f"The document number is listed on '{of.gallery}' as {', '.join(statuses) or 'invalid'}.",
            Confidence.HIGH if supported else Confidence.LOW,
            None if supported else Severity.REVIEW,
            (),
        )

    return listed(META, case, lambda probe: probe == "document number", lambda one: bool(one.document_number), say)


def _supported(case: Case, number: str) -> bool:
    """True when the digit verifies wherever this number was read: the passport's says nothing about the visa's."""
    digits = [
        one.mrz.check_digit("document_number_check_digit")
        for one in case.mrzs
        if normalised_number(one.mrz.value("document_number")) == normalised_number(number)
    ]
    return bool(digits) and all(digit and digit.verifies for digit in digits)
