"""The piece that the checks on lists share: candidates become findings, searches that failed are said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from verify.checks._case import Case, Meta
from verify.gallery import evidence_of, fuse
from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity

__all__ = ["describe_entry", "listed"]

_Say = Callable[[Candidate, CandidateList], tuple[str, Confidence, Severity | None, tuple[Evidence, ...]]]


def listed(
    meta: Meta,
    case: Case,
    searched: Callable[[str], bool],
    suggested: Callable[[Candidate], bool],
    say: _Say,
) -> CheckResult:
    """One finding for each list that suggests anybody.

    Args:
        meta: of the check.
        case: the item.
        searched: whether what was searched with is this check's business.
        suggested: whether a candidate is, by its evidence.
        say: explanation, confidence, severity (None for the check's own) and what is to be said beside the terms of
            the first candidate.
    """
    parts = [(one, part) for one in fuse(case.candidates) for part in one.parts if searched(part.probe)]
    if not parts:
        return meta.not_applicable("no such list was searched")
    by_gallery = {(one.gallery, one.gallery_version): one for one, _ in parts if any(map(suggested, one.candidates))}
    gaps = dict.fromkeys(f"{one.gallery}: {part.not_computable}" for one, part in parts if part.not_computable)
    failed = "; ".join(gaps)
    if failed and not by_gallery:  # what was searched says nothing of what was not
        return meta.not_computable(failed)
    day = case.item.inspection_date
    return meta.result([_finding(meta, one, suggested, say, day) for one in by_gallery.values()], reason=failed)


def _finding(
    meta: Meta, found: CandidateList, suggested: Callable[[Candidate], bool], say: _Say, day: dt.date
) -> Finding:
    """Several entries of one list make one finding; the first of the gravest speaks, with every term of its own."""
    entries = [candidate for candidate in found.candidates if suggested(candidate)]
    said = [say(one, found) for one in entries]
    first = max(range(len(said)), key=lambda place: said[place][2] or meta.severity)
    explanation, confidence, severity, evidence = said[first]
    more = f" {len(entries) - 1} more of this list." if len(entries) > 1 else ""
    described = describe_entry(entries[first], day)
    return meta.finding(explanation + more, confidence=confidence, severity=severity, evidence=(*described, *evidence))


def describe_entry(candidate: Candidate, on: dt.date) -> tuple[Evidence, ...]:
    """What suggests an entry, where it comes from, how old it is on a day, and that it has to be checked again."""
    origin = candidate.entry.provenance
    return (
        *(Evidence(label, text) for label, text in evidence_of(candidate, on=on)),
        Evidence("list entry", candidate.reference_id, candidate.picture),
        Evidence("source", f"{origin.source}, record {origin.source_record}, owner {origin.owner}"),
        Evidence("review by", origin.review_by.isoformat()),
        Evidence("before acting", "check the entry again at its source"),
    )
