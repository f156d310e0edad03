"""A small job under review: a finding, and a candidate with hostile text."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from verify.audit import kinds
from verify.batch.codec import ITEM_RESULT, LINKAGE, RUN_RECORD
from verify.ledger import Event, ItemRecord, ItemState, JobHeader, Ledger
from verify.model.candidate import Candidate, CandidateList
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.finding import CheckResult, CheckState, Confidence, Evidence, Finding, Severity
from verify.model.gallery import Entry, EntryKind, Name, Provenance
from verify.model.item import Declared, Item
from verify.model.mrz import FieldState, MrzDate, MrzField, MrzResult
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult, Picture
from verify.model.run import EngineUse, RunRecord
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


def mrz(number: str = "X1", *, vouched: bool = True) -> MrzResult:
    """A reading of a document of this number."""
    values = {"issuing_state": "UTO", "document_number": number, "primary_identifier": HOSTILE, "birth_date": "800101"}
    fields = tuple(MrzField(name, value, value, FieldState.READ, 0, 0, 1) for name, value in values.items())
    return MrzResult(
        "TD3",
        ("<", "<"),
        ("<", "<"),
        fields,
        (),
        MrzDate("800101", (dt.date(1980, 1, 1),)),
        MrzDate("300101", (dt.date(2030, 1, 1),)),
        "engine 1",
        margins=((9.0,), (9.0,)),
        objections=() if vouched else ("a character has little margin",),
    )


def person(number: str = "X1", *, vouched: bool = True, probe: str = "document portrait", **changes: Any) -> ItemResult:
    """A traveller with a document of this number, and one candidate."""
    found = candidate()
    one = replace(found.candidates[0], **changes)
    reading = replace(result().readings[0], mrz=mrz(number, vouched=vouched))
    return replace(
        result(), readings=(reading,), checks=(), candidates=(replace(found, probe=probe, candidates=(one,)),)
    )


def make_job(place: Path, kek: bytes, header: JobHeader, event: Event, items: dict[str, ItemResult]) -> Path:
    """A job of these items."""
    with Ledger.create(place, kek, header) as ledger:
        for at, (item_id, one) in enumerate(items.items()):
            named = replace(one, item=replace(one.item, item_id=item_id))
            payload = ITEM_RESULT.dump_json(named).decode()
            record = ItemRecord(item_id, at, "f", ItemState.DONE, payload)
            ledger.record_item(record, {"document.x.face0": PIXEL}, event)
    return place


def run(header: JobHeader) -> RunRecord:
    moment = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
    engines = (EngineUse("face template", "engine 1", "ab" * 32),)
    return RunRecord(header.job_id, moment, moment, "o", HOSTILE, "specimen", "0.1.0", "", engines, ())


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
        landmarks=((0.25, 0.5), (0.75, 0.5)),
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
        ended = kinds.run_ended("o", "p", run_id="run-1", exit_code=0, done=1, failed=0, poison=1, skipped=0)
        ledger.record_run("run-1", RUN_RECORD.dump_json(run(header)).decode(), ended)
    return tmp_path / "job"
