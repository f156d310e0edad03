"""The name and birth date resemble those of an entry of a list.

A name alone never makes a candidate: on a list of 100,000 names almost half of all travellers resemble someone. The
dates must agree, or differ as clerks and readers err. An entry without a date needs a nearly identical name and gives
an information only.

Innocent reasons: namesakes; common names; another person born the same day; an entry that is out of date.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._listed import listed
from verify.gallery import DateRelation
from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="G02",
    name="Name and birth date resemble a list entry",
    severity=Severity.STRONG,
    source="name alignment on ICAO Doc 9303-3 transliterations with tolerant dates (docs/decisions/006-names.md)",
    innocent_reasons=(
        "a namesake, above all with a common name",
        "another person born on the same day",
        "the entry is out of date: check it again at its source",
    ),
)


def run(case: Case) -> CheckResult:
    """Turns the biographic candidates of each list into a finding."""
    return listed(
        META, case, lambda probe: probe == "name and birth date", lambda one: one.biographic is not None, _say
    )


def _say(best: Candidate, one: CandidateList) -> tuple[str, Confidence, Severity | None, tuple[Evidence, ...]]:
    facts = best.biographic
    assert facts is not None  # noqa: S101 - it is what suggested the entry
    names = f"'{facts.probe_name}' resembles '{facts.reference_name}' on '{one.gallery}'"
    confidence = Confidence.HIGH if facts.date_relation == DateRelation.SAME else Confidence.MEDIUM
    severity = Severity.INFO if facts.date_relation == DateRelation.UNKNOWN else None
    return f"{names}; birth dates: {facts.date_relation}.", confidence, severity, ()
