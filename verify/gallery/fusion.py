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
from verify.model.candidate import Candidate, CandidateList, FaceEvidence

__all__ = ["evidence_of", "fuse"]


def fuse(lists: Iterable[CandidateList]) -> tuple[CandidateList, ...]:
    """Brings the lists of one item together. Nobody is left out: each search had its own limit.

    Args:
        lists: of one item; galleries are told apart by their name and version and never mixed. Fused ones stay as
            they are.

    Returns:
        One list for each gallery, in the order in which they first come. Each search that it was made of, also one
        that could not be made, is told in `searches`.
    """
    by_gallery: dict[tuple[str, str], list[CandidateList]] = {}
    for one in lists:
        by_gallery.setdefault((one.gallery, one.gallery_version), []).append(one)
    return tuple(_fused(found) for found in by_gallery.values())


def _fused(lists: list[CandidateList]) -> CandidateList:
    found: dict[str, Candidate] = {}
    for one in lists:
        for candidate in one.candidates:
            named = _named(candidate, one.probe)
            held = found.get(candidate.reference_id)
            found[candidate.reference_id] = named if held is None else _joined(held, named)
    parts = tuple(part for one in lists for part in one.parts)
    failed = all(part.not_computable for part in parts)
    reasons = dict.fromkeys(f"{part.probe}: {part.not_computable}" for part in parts) if failed else ()
    return replace(
        lists[0],
        probe=", ".join(dict.fromkeys(part.probe for part in parts)),
        gallery_size=max(one.gallery_size for one in lists),
        suppressed=max(one.suppressed for one in lists),
        candidates=tuple(
            replace(candidate, rank=rank) for rank, candidate in enumerate(sorted(found.values(), key=_order), 1)
        ),
        threshold=next((one.threshold for one in lists if one.threshold is not None), None),
        not_computable="; ".join(reasons),
        cohort=next((one.cohort for one in lists if one.cohort), ""),
        remarks=tuple(dict.fromkeys(remark for one in lists for remark in one.remarks)),
        searches=parts,
    )


def _named(candidate: Candidate, probe: str) -> Candidate:
    """With the sample that its face score is of."""
    if candidate.face is None or candidate.faces:
        return candidate
    return replace(candidate, faces=(FaceEvidence(probe, candidate.face, candidate.band),))


def _joined(one: Candidate, other: Candidate) -> Candidate:
    """Each kind of evidence from where it is; of two the stronger, whichever comes first."""
    faces = tuple(sorted((*one.faces, *other.faces), key=lambda face: (-face.score.value, face.probe)))
    names = [name for name in (one.biographic, other.biographic) if name is not None]
    return replace(
        one,
        face=faces[0].score if faces else None,
        band=faces[0].band if faces else "",
        faces=faces,
        biographic=max(names, key=lambda name: (name.name_similarity, name.reference_name), default=None),
        document_number=max(one.document_number, other.document_number),
        picture=max(one.picture, other.picture),
        remarks=tuple(dict.fromkeys((*one.remarks, *other.remarks))),
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

    The label of a score or similarity says so, so that a report can keep it back until a first judgement is given.

    Args:
        candidate: of a fused list.
        on: the day of inspection.
    """
    terms = [
        (f"score of the {face.probe}", f"{face.score.kind} {face.score.value:.4f}, {face.score.engine}")
        for face in candidate.faces
    ]
    named = candidate.biographic
    if named is not None:
        terms += [
            ("name compared", named.probe_name),
            ("with", named.reference_name),
            ("written as", named.representation),
            ("similarity of the names", f"{named.name_similarity:.4f}"),
            ("birth dates", named.date_relation),
            *(("against it", remark) for remark in named.remarks),
        ]
    if candidate.document_number:
        terms.append(("document number", candidate.document_number))
    terms.append(("entry collected", _age(candidate.entry.provenance.collected, on)))
    return tuple(terms)


def _age(collected: dt.date, on: dt.date) -> str:
    days = (on - collected).days
    age = f"{days} days before the inspection" if days >= 0 else "after the inspection"
    return f"{collected.isoformat()}, {age}"
