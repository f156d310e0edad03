"""Reconciliation: the missing are searched among the unidentified, and the unidentified among the missing.

AM and PM records (INTERPOL Disaster Victim Identification Guide, phase 4) are compared by face where both have one, and
always by what else is known: names, dates of birth and documents found with a person. Both directions are searched, so
that a pair is found from either side; a pair found twice is one pair.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from verify.errors import PolicyError
from verify.gallery.biographic import NameIndex, Probe
from verify.gallery.documents import DocumentIndex
from verify.gallery.identify import identify_all
from verify.gallery.references import References
from verify.gallery.retention import in_force
from verify.gallery.store.reader import GalleryReader
from verify.model.candidate import BiographicEvidence
from verify.model.gallery import Entry, EntryKind
from verify.model.score import Threshold

__all__ = ["Pair", "Reconciliation", "reconcile"]

_SIDES = frozenset({EntryKind.MISSING_PERSON, EntryKind.UNIDENTIFIED_PERSON, EntryKind.VICTIM})


@dataclass(frozen=True, slots=True)
class Pair:
    """One AM and one PM record for a person to compare.

    Attributes:
        first: reference id in the first gallery.
        second: reference id in the second gallery.
        face: the cosine; None when the pair was found otherwise.
        biographic: evidence from names and dates; None when found otherwise.
        document_number: the listed number that is equal; empty when found otherwise.
    """

    first: str
    second: str
    face: float | None = None
    biographic: BiographicEvidence | None = None
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What became of two galleries.

    Attributes:
        pairs: those with a face score first, the greatest first; ties by reference ids.
        compared: entries in force of the first and of the second gallery.
        faceless: how many of them were compared by their other data only.
        suppressed: entries left out because they are expired or withdrawn.
    """

    pairs: tuple[Pair, ...]
    compared: tuple[int, int]
    faceless: tuple[int, int]
    suppressed: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Side:
    gallery: GalleryReader
    entries: list[Entry]
    references: References
    suppressed: int

    @classmethod
    def of(cls, gallery: GalleryReader, on: dt.date) -> _Side:
        entries, suppressed = in_force(gallery.entries(), on, gallery.withdrawn())
        kept = {entry.reference_id for entry in entries}
        return cls(gallery, entries, gallery.references().only(kept), suppressed)


def reconcile(
    first: GalleryReader,
    second: GalleryReader,
    *,
    on: dt.date,
    threshold_for: Callable[[int, int], Threshold],
    limit: int,
) -> Reconciliation:
    """Searches two galleries in each other.

    Args:
        first: of missing people, unidentified people or victims.
        second: likewise.
        on: day on which entries have to be in force.
        threshold_for: of a search, given its references and the probes of one person.
        limit: longest list of an entry.

    Raises:
        PolicyError: a gallery of wanted people, or galleries of different models.
    """
    for gallery in (first, second):
        if gallery.kind not in _SIDES:
            raise PolicyError(f"gallery {gallery.name} holds {gallery.kind}; only AM and PM records are reconciled")
    one, other = _Side.of(first, on), _Side.of(second, on)
    pairs: dict[tuple[str, str], Pair] = {}
    for side, against, turned in ((one, other, False), (other, one, True)):
        for found in (*_by_face(side, against, threshold_for, limit), *_by_other_data(side, against, limit)):
            pair = replace(found, first=found.second, second=found.first) if turned else found
            key = pair.first, pair.second
            pairs[key] = _together(pairs[key], pair) if key in pairs else pair
    order = sorted(pairs.values(), key=_rank)
    return Reconciliation(
        tuple(order),
        (len(one.entries), len(other.entries)),
        (len(one.entries) - len(one.references), len(other.entries) - len(other.references)),
        (one.suppressed, other.suppressed),
    )


def _by_face(side: _Side, against: _Side, threshold_for: Callable[[int, int], Threshold], limit: int) -> list[Pair]:
    probes = [
        (entry.reference_id, template, len(templates))
        for entry in side.entries
        if (templates := side.gallery.templates(entry.reference_id))
        for template in templates
    ]
    if not probes or not len(against.references):
        return []
    threshold = threshold_for(len(against.references), max(count for *_, count in probes))
    found = identify_all([probe for _, probe, _ in probes], against.references, threshold=threshold, limit=limit)
    return [
        Pair(reference_id, candidate, score)
        for (reference_id, *_), candidates in zip(probes, found, strict=True)
        for candidate, score in candidates
    ]


def _by_other_data(side: _Side, against: _Side, limit: int) -> list[Pair]:
    names, documents = NameIndex(against.entries), DocumentIndex(against.entries)
    found = []
    for entry in side.entries:
        born = () if entry.birth_date is None else (entry.birth_date,)
        for nationality in entry.nationalities[:1] or ("",):
            probe = Probe(entry.names, born, nationality, entry.sex)
            for candidate in names.search(probe, limit=limit) if entry.names else ():
                found.append(Pair(entry.reference_id, candidate.reference_id, None, candidate.biographic))
        for document in entry.documents:
            for candidate in documents.search(document.issuing_state, document.document_number):
                number = candidate.document_number
                found.append(Pair(entry.reference_id, candidate.reference_id, document_number=number))
    return found


def _together(one: Pair, other: Pair) -> Pair:
    scores = [pair.face for pair in (one, other) if pair.face is not None]
    return Pair(
        one.first,
        one.second,
        max(scores, default=None),
        one.biographic or other.biographic,
        one.document_number or other.document_number,
    )


def _rank(pair: Pair) -> tuple[bool, float, str, str]:
    return pair.face is None, 0.0 if pair.face is None else -pair.face, pair.first, pair.second
