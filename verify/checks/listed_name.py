"""The name and birth date resemble those of an entry of a list.

A name alone never makes a candidate: on a list of 100,000 names almost half of all travellers resemble someone. The
dates must agree, or differ as clerks and readers err. An entry without a date needs a nearly identical name and gives
an information only.

Innocent reasons: namesakes; common names; another person born the same day; an entry that is out of date.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._listed import describe_entry, listed
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
    return listed(META, case, lambda one: one.probe == "name and birth date", _say)


def _say(best: Candidate, one: CandidateList) -> tuple[str, Confidence, Severity | None, tuple[Evidence, ...]]:
    facts = best.biographic
    if facts is None:
        return (
            f"An entry of '{one.gallery}' was suggested.",
            Confidence.LOW,
            Severity.INFO,
            describe_entry(best),
        )
    unknown = facts.date_relation == "unknown"
    names = f"'{facts.probe_name}' resembles '{facts.reference_name}' on '{one.gallery}'"
    text = f"{names}; birth dates: {facts.date_relation}."
    exact = facts.date_relation == "same date"
    return (
        text,
        Confidence.HIGH if exact else Confidence.MEDIUM,
        Severity.INFO if unknown else None,
        (
            Evidence("name compared", facts.probe_name),
            Evidence("with", facts.reference_name),
            Evidence("written as", facts.representation),
            Evidence("birth dates", facts.date_relation),
            *describe_entry(best),
        ),
    )
