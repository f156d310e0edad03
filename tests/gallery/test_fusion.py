from __future__ import annotations

import datetime as dt
import random

from verify.gallery import evidence_of, fuse
from verify.model.candidate import BiographicEvidence, Candidate, CandidateList, Search
from verify.model.gallery import Name
from verify.model.score import ComparisonScore

from .builders import ENGINE, MODEL, entry, threshold


def face(reference_id: str, value: float) -> Candidate:
    score = ComparisonScore(value, "cosine similarity", ENGINE, MODEL)
    return Candidate(
        1, reference_id, entry(reference_id), face=score, picture=f"{reference_id}.jpg", band=f"band {value}"
    )


def name(reference_id: str, similarity: float, relation: str = "same date") -> Candidate:
    evidence = BiographicEvidence("SILVA", "SYLVA", similarity, "ICAO 9303-3", relation, ("another sex",))
    return Candidate(1, reference_id, entry(reference_id, Name("Sylva")), biographic=evidence)


def document(reference_id: str, number: str) -> Candidate:
    return Candidate(1, reference_id, entry(reference_id), document_number=number)


def searched(probe: str, *candidates: Candidate, gallery: str = "g", reason: str = "") -> CandidateList:
    limit = threshold(0.5) if probe == "face" else None
    return CandidateList(gallery, "v", probe, 9, 2, candidates, limit, reason)


LISTS = [
    searched("face", face("both", 0.6), face("face", 0.9), face("twice", 0.7)),
    searched("live", face("twice", 0.8)),
    searched("name", name("both", 0.9), name("name", 0.99), name("undated", 1.0, "unknown")),
    searched("document number", document("document", "X1")),
]


def test_several_kinds_of_evidence_come_first_and_each_is_kept() -> None:
    (fused,) = fuse(LISTS)
    assert [one.reference_id for one in fused.candidates] == ["both", "document", "face", "twice", "name", "undated"]
    assert [one.rank for one in fused.candidates] == [1, 2, 3, 4, 5, 6]
    both = fused.candidates[0]
    assert both.face and both.face.value == 0.6
    assert both.biographic and both.biographic.name_similarity == 0.9
    assert both.picture == "both.jpg"
    (twice,) = (one for one in fused.candidates if one.reference_id == "twice")
    assert twice.face and (twice.face.value, twice.band) == (0.8, "band 0.8")
    assert [(one.probe, one.score.value, one.band) for one in twice.faces] == [
        ("live", 0.8, "band 0.8"),
        ("face", 0.7, "band 0.7"),
    ]


def test_what_was_searched_is_told_and_what_could_not_be() -> None:
    lists = [*LISTS, searched("visa's number", reason="it was not read")]
    (fused,) = fuse(lists)
    assert fused.probe == "face, live, name, document number, visa's number"
    assert (fused.gallery_size, fused.suppressed, len(fused.candidates)) == (9, 2, 6)
    assert fused.threshold == threshold(0.5)
    assert [(part.probe, part.candidates) for part in fused.parts] == [
        ("face", 3),
        ("live", 1),
        ("name", 3),
        ("document number", 1),
        ("visa's number", 0),
    ]
    assert fused.gaps == (Search("visa's number", 9, 0, "it was not read"),)
    assert fused.not_computable == "", "other evidence was searched"


def test_a_gallery_that_nothing_could_be_searched_in_says_why() -> None:
    (fused,) = fuse([searched("face", reason="no face"), searched("name", reason="no name")])
    assert fused.not_computable == "face: no face; name: no name"
    assert not fused.candidates


def test_fusing_again_changes_nothing() -> None:
    once = fuse(LISTS)
    assert fuse(once) == once


def test_a_name_without_a_date_does_not_count_as_evidence_of_its_own() -> None:
    (fused,) = fuse([searched("face", face("a", 0.9), face("b", 0.6)), searched("n", name("b", 1.0, "unknown"))])
    assert [one.reference_id for one in fused.candidates] == ["a", "b"]


def test_galleries_are_not_mixed() -> None:
    found = fuse([searched("face", face("a", 0.9)), searched("face", face("a", 0.7), gallery="h")])
    assert [(one.gallery, len(one.candidates)) for one in found] == [("g", 1), ("h", 1)]
    assert fuse([]) == ()


def test_the_order_of_galleries_and_lists_does_not_matter() -> None:
    whole = fuse(LISTS)[0].candidates
    for seed in range(5):
        draw = random.Random(seed)
        lists = [
            CandidateList(
                one.gallery,
                one.gallery_version,
                one.probe,
                9,
                2,
                tuple(draw.sample(one.candidates, len(one.candidates))),
            )
            for one in draw.sample(LISTS, len(LISTS))
        ]
        assert [(one.reference_id, one.face, one.biographic) for one in fuse(lists)[0].candidates] == [
            (one.reference_id, one.face, one.biographic) for one in whole
        ]


def test_every_term_is_shown_and_the_age_of_the_entry() -> None:
    (fused,) = fuse(LISTS)
    terms = evidence_of(fused.candidates[0], on=dt.date(2026, 3, 2))
    assert terms == (
        ("score of the face", f"cosine similarity 0.6000, {ENGINE}"),
        ("name compared", "SILVA"),
        ("with", "SYLVA"),
        ("written as", "ICAO 9303-3"),
        ("similarity of the names", "0.9000"),
        ("birth dates", "same date"),
        ("against it", "another sex"),
        ("entry collected", "2026-01-01, 60 days before the inspection"),
    )
    assert ("document number", "X1") in evidence_of(fused.candidates[1], on=dt.date(2026, 3, 2))
