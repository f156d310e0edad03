"""The piece that the checks on lists share: candidates become findings, searches that failed are said."""

from __future__ import annotations

from collections.abc import Callable

from verify.checks._case import Case, Meta
from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity

__all__ = ["describe_entry", "listed"]


def listed(
    meta: Meta,
    case: Case,
    belongs: Callable[[CandidateList], bool],
    say: Callable[[Candidate, CandidateList], tuple[str, Confidence, Severity | None, tuple[Evidence, ...]]],
) -> CheckResult:
    """One finding for each list that suggests anybody.

    Args:
        meta: of the check.
        case: the item.
        belongs: whether a candidate list is this check's business.
        say: explanation, confidence, severity (None for the check's own) and evidence for the first candidate.
    """
    lists = [one for one in case.candidates if belongs(one)]
    if not lists:
        return meta.not_applicable("no such list was searched")
    by_gallery: dict[str, list[CandidateList]] = {}
    for one in lists:
        if one.candidates and not one.not_computable:
            by_gallery.setdefault(one.gallery, []).append(one)
    failed = "; ".join(dict.fromkeys(f"{one.gallery}: {one.not_computable}" for one in lists if one.not_computable))
    if failed and not by_gallery:  # what was searched says nothing of what was not
        return meta.not_computable(failed)
    return meta.result([_finding(meta, found, say) for found in by_gallery.values()], reason=failed)


def _finding(
    meta: Meta,
    found: list[CandidateList],
    say: Callable[[Candidate, CandidateList], tuple[str, Confidence, Severity | None, tuple[Evidence, ...]]],
) -> Finding:
    """Several probes of one person in one gallery make one finding; the list with the best candidate speaks."""
    first = max(found, key=lambda one: one.candidates[0].face.value if one.candidates[0].face else 0.0)
    explanation, confidence, severity, evidence = say(first.candidates[0], first)
    entries = {candidate.reference_id for one in found for candidate in one.candidates}
    more = f" {len(entries) - 1} more of this list." if len(entries) > 1 else ""
    also = [one.probe for one in found if one is not first]
    seen = (Evidence("also found by", ", ".join(also)),) if also else ()
    return meta.finding(explanation + more, confidence=confidence, severity=severity, evidence=(*evidence, *seen))


def describe_entry(candidate: Candidate) -> tuple[Evidence, ...]:
    """Where the entry comes from, and that it has to be checked there again."""
    origin = candidate.entry.provenance
    return (
        Evidence("list entry", candidate.reference_id, candidate.picture),
        Evidence("source", f"{origin.source}, record {origin.source_record}, owner {origin.owner}"),
        Evidence("review by", origin.review_by.isoformat()),
        Evidence("before acting", "check the entry again at its source"),
    )
