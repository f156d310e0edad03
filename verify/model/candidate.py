"""Candidates: what a search suggests to a person, with the evidence that put each there."""

from __future__ import annotations

from dataclasses import dataclass

from verify.model.gallery import Entry
from verify.model.score import ComparisonScore, Threshold

__all__ = ["BiographicEvidence", "Candidate", "CandidateList", "FaceEvidence", "Search"]


@dataclass(frozen=True, slots=True)
class FaceEvidence:
    """The face comparison of one sample.

    Attributes:
        probe: which sample, e.g. "live capture".
        score: of the comparison.
        band: between which measured rates it lies, in words.
    """

    probe: str
    score: ComparisonScore
    band: str = ""


@dataclass(frozen=True, slots=True)
class BiographicEvidence:
    """The two names compared, how alike they are, and how the dates relate.

    Attributes:
        probe_name: the traveller's, as folded for comparison.
        reference_name: the entry's name that was most alike, as folded.
        name_similarity: 0 to 1, of the two strings above.
        representation: how both were folded, e.g. "ICAO 9303-3".
        date_relation: e.g. "same date", "day and month exchanged", "unknown".
        remarks: what else speaks against the candidate, e.g. "another sex"; empty when nothing does.
    """

    probe_name: str
    reference_name: str
    name_similarity: float
    representation: str
    date_relation: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry suggested for a person to look at.

    Attributes:
        rank: 1 is the most alike.
        reference_id: of the entry.
        entry: the entry itself, without its image.
        face: score of the face comparison; None when the entry was found otherwise.
        biographic: evidence from names and dates; None when found otherwise.
        document_number: the listed number that is equal; empty when found otherwise.
        picture: name of the stored reference picture in the ledger; empty when none.
        band: between which measured rates the face score lies, in words; empty when found otherwise.
        remarks: what a face candidate leaves open, e.g. that the entry is of a child.
        faces: of a fused list, each sample that suggests the entry, the most alike first; `face` and `band` are those
            of the first.
    """

    rank: int
    reference_id: str
    entry: Entry
    face: ComparisonScore | None = None
    biographic: BiographicEvidence | None = None
    document_number: str = ""
    picture: str = ""
    band: str = ""
    remarks: tuple[str, ...] = ()
    faces: tuple[FaceEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """One search of a fused list.

    Attributes:
        probe: what was searched with, e.g. "live capture" or "document number".
        gallery_size: references that took part.
        candidates: how many it suggests.
        not_computable: why it could not be made; empty when it was.
    """

    probe: str
    gallery_size: int
    candidates: int
    not_computable: str = ""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """The result of one search, or of several fused: also an empty list is a result.

    Attributes:
        gallery: name of the gallery or list.
        gallery_version: SHA-256 over its entries, so that a report names exactly what was searched.
        probe: what was searched with, e.g. "live capture" or "document number"; of a fused list all of them.
        gallery_size: references that took part.
        suppressed: entries left out because they had expired or were withdrawn.
        threshold: for face searches.
        not_computable: why no search could be made; empty when any was.
        cohort: what face scores were normalised with; empty for plain cosines.
        remarks: whose miss rate is unmeasured, of those who took part.
        searches: of a fused list, each search that it was made of.
    """

    gallery: str
    gallery_version: str
    probe: str
    gallery_size: int
    suppressed: int
    candidates: tuple[Candidate, ...] = ()
    threshold: Threshold | None = None
    not_computable: str = ""
    cohort: str = ""
    remarks: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()

    @property
    def parts(self) -> tuple[Search, ...]:
        """The searches that it comes from; a list that is not fused comes from one."""
        own = Search(self.probe, self.gallery_size, len(self.candidates), self.not_computable)
        return self.searches or (own,)

    @property
    def gaps(self) -> tuple[Search, ...]:
        """The searches that could not be made, also where others could."""
        return tuple(one for one in self.parts if one.not_computable)
