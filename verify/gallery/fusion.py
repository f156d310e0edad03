"""One candidate list for each gallery, of what its faces, names and document numbers suggest, with every term shown.

Nothing is added up: scores of different kinds have no common scale, and a sum would hide which of them speaks. An entry
that several kinds of evidence suggest comes before one that a single kind does; then an equal document number, then the
more alike face, then the more alike name, then the reference id. So the order depends on the entries alone and never on
the order of the gallery. A name without a date of birth is an information, not a kind of evidence that counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from verify.gallery.birth_date import DateRelation
from verify.model.candidate import Candidate, CandidateList

__all__ = ["ALL_EVIDENCE", "evidence_of", "fuse"]

ALL_EVIDENCE = "all evidence"
"""The `probe` of a fused list."""


def fuse(lists: Iterable[CandidateList], *, limit: int) -> tuple[CandidateList, ...]:
    """Brings the lists of one item together.

    Args:
        lists: of one item; galleries are told apart by their name and version and never mixed.
        limit: longest list.

    Returns:
        One list for each gallery, in the order in which they first come. What could not be searched is told in
        `not_computable`, also where other evidence could.
    """
    by_gallery: dict[tuple[str, str], list[CandidateList]] = {}
    for one in lists:
        by_gallery.setdefault((one.gallery, one.gallery_version), []).append(one)
    return tuple(_fused(found, limit) for found in by_gallery.values())


def _fused(lists: list[CandidateList], limit: int) -> CandidateList:
    found: dict[str, Candidate] = {}
    for one in lists:
        for candidate in one.candidates:
            held = found.get(candidate.reference_id)
            found[candidate.reference_id] = candidate if held is None else _joined(held, candidate)
    ranked = sorted(found.values(), key=_order)[:limit]
    reasons = dict.fromkeys(f"{one.probe}: {one.not_computable}" for one in lists if one.not_computable)
    return replace(
        lists[0],
        probe=ALL_EVIDENCE,
        gallery_size=max(one.gallery_size for one in lists),
        suppressed=max(one.suppressed for one in lists),
        candidates=tuple(replace(candidate, rank=rank) for rank, candidate in enumerate(ranked, 1)),
        threshold=next((one.threshold for one in lists if one.threshold is not None), None),
        not_computable="; ".join(reasons),
    )


def _joined(one: Candidate, other: Candidate) -> Candidate:
    """Each kind of evidence from where it is; of two the stronger, whichever comes first."""
    faces = [face for face in (one.face, other.face) if face is not None]
    names = [name for name in (one.biographic, other.biographic) if name is not None]
    return replace(
        one,
        face=max(faces, key=lambda face: face.value, default=None),
        biographic=max(names, key=lambda name: (name.name_similarity, name.reference_name), default=None),
        document_number=max(one.document_number, other.document_number),
        picture=max(one.picture, other.picture),
    )


def _order(candidate: Candidate) -> tuple[int, bool, float, float, str]:
    named = candidate.biographic
    dated = named is not None and named.date_relation != DateRelation.UNKNOWN
    kinds = bool(candidate.document_number) + (candidate.face is not None) + dated
    return (
        -kinds,
        not candidate.document_number,
        -candidate.face.value if candidate.face else 2.0,
        -named.name_similarity if named else 2.0,
        candidate.reference_id,
    )


def evidence_of(candidate: Candidate, *, on: dt.date) -> tuple[tuple[str, str], ...]:
    """Every term of a candidate as a label and a text, the age of the entry among them.

    Args:
        candidate: of any list.
        on: the day of inspection.
    """
    terms: list[tuple[str, str]] = []
    if candidate.face is not None:
        terms.append(("face", f"{candidate.face.kind} {candidate.face.value:.4f}, {candidate.face.engine}"))
    named = candidate.biographic
    if named is not None:
        terms += [
            ("name compared", named.probe_name),
            ("with", named.reference_name),
            ("how alike", f"{named.name_similarity:.4f}, written by {named.representation}"),
            ("birth dates", named.date_relation),
            *(("against it", remark) for remark in named.remarks),
        ]
    if candidate.document_number:
        terms.append(("document number", candidate.document_number))
    origin = candidate.entry.provenance
    days = (on - origin.collected).days
    terms.append(
        ("entry collected", f"{origin.collected.isoformat()}, {days} days before; review by {origin.review_by}")
    )
    return tuple(terms)
