"""A small job under review: a finding, and a candidate with hostile text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from verify.audit import kinds
from verify.batch.codec import ITEM_RESULT, LINKAGE
from verify.ledger import Event, ItemRecord, ItemState, JobHeader, Ledger
from verify.model.candidate import Candidate, CandidateList
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.finding import CheckResult, CheckState, Confidence, Evidence, Finding, Severity
from verify.model.gallery import Entry, EntryKind, Name, Provenance
from verify.model.item import Declared, Item
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult, Picture
from verify.model.score import ComparisonScore

DAY = dt.date(2026, 6, 15)
HOSTILE = '<script>alert(1)</script>"\u202e=cmd'
PIXEL = bytes.fromhex("ffd8ffd9")


def finding(
    code: str, severity: Severity = Severity.REVIEW, related: tuple[str, ...] = (), evidence: tuple[Evidence, ...] = ()
) -> Finding:
    return Finding(
        code, "a title", severity, Confidence.HIGH, "seen", ("innocent",), "a source", evidence, related=related
    )


def candidate() -> CandidateList:
    origin = Provenance("LIST", "r-1", "owner", "basis", "purpose", DAY, DAY, DAY)
    entry = Entry(reference_id="M-1", kind=EntryKind.MISSING_PERSON, names=(Name(HOSTILE),), provenance=origin)
    score = ComparisonScore(0.987, "cosine similarity", "engine 1", "ab" * 32)
    return CandidateList("missing", "cd" * 32, "document portrait", 9, 0, (Candidate(7, "M-1", entry, score),))


def result() -> ItemResult:
    found = (
        finding("R02"),
        finding("R11", Severity.INFO),
        finding("G01", Severity.STRONG, evidence=(Evidence("list entry", "M-1"),)),
    )
    face = FaceTemplate(
        (0.5,),
        "engine 1",
        "ab" * 32,
        FaceRole.PORTRAIT,
        Box(0, 0, 9, 9),
        FaceQuality(60, 1, 1),
        "document",
        "document.x.face0",
    )
    reading = FileReading(
        FileOutcome("document", f"{HOSTILE}.jpg", Outcome.OK, "", "ef" * 32, 9, "jpeg", 1),
        faces=(face,),
        pictures=(Picture("document.x.face0", 9, 9, "portrait"),),
    )
    check = CheckResult("R02", "r", CheckState.FINDING, findings=found)
    return ItemResult(Item("A", DAY, (), Declared(HOSTILE)), (reading,), (candidate(),), (check,))


@pytest.fixture
def job(tmp_path: Path, kek: bytes, header: JobHeader, event: Event) -> Path:
    links = LINKAGE.dump_json((("A", finding("R64", related=("B",))),)).decode()
    payload = ITEM_RESULT.dump_json(result()).decode()
    with Ledger.create(tmp_path / "job", kek, header) as ledger:
        ledger.record_item(ItemRecord("A", 0, "f", ItemState.DONE, payload), {"document.x.face0": PIXEL}, event)
        ledger.record_item(ItemRecord("B", 1, "f", ItemState.POISON, "null"), {}, event)
        ledger.record_linkage(links, kinds.linkage_recorded("o", "p", items=2, findings=1))
    return tmp_path / "job"
