"""When a question of one job is that of another: the same traveller, the same entry, found in the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from verify.model.candidate import Candidate, CandidateList, FaceEvidence
from verify.model.item import Role
from verify.report.data import Case
from verify.review.questions import Question

__all__ = ["pair_of"]

_WHO = ("issuing_state", "document_number", "primary_identifier", "secondary_identifier", "birth_date", "expiry_date")
_DOCUMENT = {Role.DOCUMENT, Role.DOCUMENT_FRONT, Role.DOCUMENT_BACK}
_LIVE, _NUMBER = "live capture", "document number"  # as searches are named


def pair_of(case: Case, question: Question, picture: Callable[[str], bytes | None]) -> tuple[str, ...]:
    """What a pair is told by; empty when a judgement on this question may not be carried over.

    Never carried over: findings without a candidate; what the live capture found, because another person may carry the
    same document; a listed document number, because it is no likeness; and a document whose MRZ the reader does not
    vouch for. A score in another band, another engine or another picture of the entry makes another pair, so that a
    document with an exchanged portrait is asked about anew unless its new portrait scores in the very same band.

    Args:
        case: with the candidate.
        question: of the case.
        picture: gives a stored picture of the case by name.
    """
    if question.candidate is None or question.found_in is None:
        return ()
    gallery, reference_id = question.found_in.gallery, question.candidate.reference_id
    found = [
        way
        for searched in case.result.candidates
        for one in searched.candidates
        if (searched.gallery, one.reference_id) == (gallery, reference_id)
        for way in _ways(searched, one)
    ]
    traveller = _traveller(case)
    if not traveller or not found or any(way.startswith((_NUMBER, _LIVE)) for way in found):
        return ()
    return (gallery, reference_id, *traveller, *_described(question.candidate, picture), *sorted(found))


def _traveller(case: Case) -> tuple[str, ...]:
    """As the document names the holder; empty when its reading is not vouched for."""
    mrz = next((one.mrz for one in case.result.readings if one.mrz and one.outcome.role in _DOCUMENT), None)
    if mrz is None or not mrz.accepted or not mrz.value("document_number"):
        return ()
    return tuple(mrz.value(field) for field in _WHO)


def _described(candidate: Candidate, picture: Callable[[str], bytes | None]) -> tuple[str, ...]:
    """Who the entry is about. Not when it was collected or expires: a list that is renewed says the same again."""
    entry = candidate.entry
    seen = picture(candidate.picture) if candidate.picture else None
    about = (entry.kind, entry.names, entry.birth_date, entry.sex, entry.nationalities, entry.documents)
    origin = (entry.provenance.source, entry.provenance.source_record)
    return (repr(about), repr(origin), hashlib.sha256(seen).hexdigest() if seen else "")


def _ways(searched: CandidateList, one: Candidate) -> Iterator[str]:
    """How a list came to suggest a candidate: by which samples, with which engine, how strongly."""
    for face in one.faces or ((FaceEvidence(searched.probe, one.face, one.band),) if one.face else ()):
        yield f"{face.probe} {face.score.model_sha256} {searched.cohort} {face.band}"
    if one.biographic is not None:
        yield f"name {one.biographic.representation} {one.biographic.date_relation}"
    if one.document_number:
        yield _NUMBER
