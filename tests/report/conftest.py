"""A synthetic run of six items: ICAO's invented specimen, a listed document, hostile names, a bad file."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace

import pytest
from PIL import Image

from verify.model.candidate import BiographicEvidence, Candidate, CandidateList
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.finding import CheckResult, CheckState, Confidence, Evidence, Finding, Mark, Severity
from verify.model.gallery import (
    DocumentStatus,
    Entry,
    EntryKind,
    ListedDocument,
    Name,
    PartialDate,
    Provenance,
)
from verify.model.item import Declared, Item, ItemFile, Role, Travel
from verify.model.mrz import CheckDigit, FieldState, MrzDate, MrzField, MrzResult
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult, Picture
from verify.model.run import EngineUse, GalleryUse, RunRecord
from verify.model.score import ComparisonScore, Threshold
from verify.report import Report

DAY = dt.date(2026, 11, 20)
HOSTILE = '<script>alert("x")</script>\u202egnp.exe\x07'
FORMULA = '=HYPERLINK("x://y","z")'
LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F2804159ZE184226B<<<<<10")
ENGINE, SHA = "dlib-resnet 20.0.1", "ab" * 32
THRESHOLD = Threshold(
    0.482,
    ENGINE,
    SHA,
    "FPIR 0.01 at 12 references",
    "LFW half, 4,074 photographs",
    "2026-11-18",
    "Children; masks; infrared.",
)


def run(**changes: object) -> RunRecord:
    facts: dict[str, object] = {
        "job_id": "2026-11-20-harbour-a1f3",
        "started": dt.datetime(2026, 11, 20, 8, 15, 2, tzinfo=dt.UTC),
        "ended": dt.datetime(2026, 11, 20, 8, 31, 44, tzinfo=dt.UTC),
        "operator": "M. Osei, harbour unit 4",
        "purpose": "Search for two missing persons among arrivals of 20 November (file 26/1180)",
        "profile": "border, thorough",
        "tool_version": "0.1.0",
        "manifest_sha256": "5e" * 32,
        "engines": (
            EngineUse("Face template", ENGINE, SHA),
            EngineUse("Face detection", "retail-0004", "cd" * 32),
            EngineUse("MRZ reading", "verify-ocrb 1", ""),
        ),
        "thresholds": (THRESHOLD,),
        "galleries": (
            GalleryUse("Missing persons", "face gallery", "11" * 32, 40, 2),
            GalleryUse("Lost and stolen documents", "documents", "22" * 32, 1208, 17),
        ),
        "sandbox_layers": ("own process", "seccomp", "memory limit 1 GB"),
        "audit_head": "9c" * 32,
        "audit_length": 214,
        "audit_public_key": "3d" * 32,
        "audit_signature": "4f" * 64,
        "retention_until": dt.date(2026, 12, 20),
        "policy": ("Only the named operator may export.", "Pictures are deleted with the job."),
    }
    return RunRecord(**{**facts, **changes})  # type: ignore[arg-type]


def mrz(
    primary: str = "ERIKSSON",
    secondary: str = "ANNA MARIA",
    number: str = "L898902C3",
    printed: str = "6",
    forced: bool = False,
) -> MrzResult:
    second = number + printed + LINES[1][10:]
    state = FieldState.FORCED if forced else FieldState.READ
    fields = (
        MrzField("document_code", "P<", "P", FieldState.READ, 0, 0, 2),
        MrzField("issuing_state", "UTO", "UTO", FieldState.READ, 0, 2, 5),
        MrzField("primary_identifier", primary, primary, FieldState.READ, 0, 5, 13),
        MrzField("secondary_identifier", secondary, secondary, FieldState.READ, 0, 15, 25),
        MrzField("document_number", "L8989O2C3" if forced else number, number, state, 1, 0, 9),
        MrzField("nationality", "UTO", "UTO", FieldState.READ, 1, 10, 13),
        MrzField("birth_date", "740812", "740812", FieldState.READ, 1, 13, 19),
        MrzField("sex", "F", "F", FieldState.READ, 1, 20, 21),
        MrzField("expiry_date", "280415", "280415", FieldState.READ, 1, 21, 27),
        MrzField("optional_data", "ZE1842?6B<<<<<", "", FieldState.UNREADABLE, 1, 28, 42),
    )
    digits = (
        CheckDigit("document_number_check_digit", printed, "6", printed == "6", 1, 9),
        CheckDigit("birth_date_check_digit", "2", "2", True, 1, 19),
        CheckDigit("expiry_date_check_digit", "9", "9", True, 1, 27),
        CheckDigit("optional_data_check_digit", "1", "", None, 1, 42),
        CheckDigit("composite_check_digit", "0", "0", True, 1, 43),
    )
    birth = MrzDate("740812", (dt.date(1974, 8, 12),))
    expiry = MrzDate("280415", (dt.date(2028, 4, 15),))
    changed = ((1, 5, "O", "0"),) if forced else ()
    return MrzResult("TD3", (LINES[0], second), LINES, fields, digits, birth, expiry, "verify-ocrb 1", changed)


def face(role: FaceRole, name: str, advice: tuple[str, ...] = ()) -> FaceTemplate:
    quality = FaceQuality(71.6, 188.0, 131.0, advice)
    return FaceTemplate((0.1234567, -0.7654321), ENGINE, SHA, role, Box(10, 10, 90, 110), quality, "document", name)


def passport(zone: MrzResult, path: str = "scans/0001.jpg") -> FileReading:
    outcome = FileOutcome("document", path, Outcome.OK, "", "77" * 32, 81234, "JPEG", 1)
    pictures = (
        Picture("document.page", 900, 630, "data page"),
        Picture("document.mrz", 900, 160, "MRZ strip"),
    )
    return FileReading(outcome, zone, "", (face(FaceRole.PORTRAIT, "document.face"),), "", pictures)


def capture(found: bool = True) -> FileReading:
    outcome = FileOutcome("capture", "live/0001.jpg", Outcome.OK, "", "88" * 32, 60100, "JPEG", 1)
    if not found:
        return FileReading(outcome, face_reason="no face was found on the page")
    live = face(FaceRole.LIVE, "capture.face", ("The light comes from one side.",))
    return FileReading(outcome, faces=(live,))


def finding(code: str, title: str, severity: Severity, **more: object) -> Finding:
    facts: dict[str, object] = {
        "confidence": Confidence.HIGH,
        "explanation": "Seen on this item.",
        "innocent_reasons": ("A misprint by the issuer.", "A reading error."),
        "source": "ICAO Doc 9303-3, 4.9",
    }
    return Finding(code, title, severity, **{**facts, **more})  # type: ignore[arg-type]


def check(code: str, name: str, *found: Finding, state: CheckState = CheckState.PASS, reason: str = "") -> CheckResult:
    return CheckResult(code, name, CheckState.FINDING if found else state, reason, found)


PASSED = (check("D01", "check digits"), check("D05", "expiry"), check("F01", "portrait and live capture"))
NOT_DEMANDED = check("V01", "visa and passport", state=CheckState.NOT_APPLICABLE, reason="no visa")
NO_CHIP = check("C01", "chip signature", state=CheckState.NOT_COMPUTABLE, reason="no chip data")


def provenance(record: str, collected: dt.date) -> Provenance:
    later = collected + dt.timedelta(days=365)
    return Provenance(
        "National missing-persons register",
        record,
        "Bureau 7, duty desk",
        "Police Act s. 12",
        "tracing",
        collected,
        later,
        later,
    )


def face_search() -> CandidateList:
    def one(rank: int, key: str, name: Name, kind: EntryKind, value: float, age: int) -> Candidate:
        entry = Entry(
            key,
            kind,
            provenance(f"MP/{key}", DAY - dt.timedelta(days=age)),
            (name, Name("BERG", "A")),
            PartialDate(1974, 8),
            "F",
            ("UTO",),
        )
        proof = BiographicEvidence(
            "ERIKSSON ANNA MARIA",
            f"{name.primary} {name.secondary}",
            0.87,
            "ICAO 9303-3",
            "same year and month",
        )
        return Candidate(
            rank,
            key,
            entry,
            ComparisonScore(value, "cosine similarity", ENGINE, SHA),
            proof,
            "",
            f"candidate.{key}",
        )

    found = (
        one(1, "M-0311", Name("ERIKSSEN", "ANNA"), EntryKind.MISSING_PERSON, 0.61234, 212),
        one(2, "M-0107", Name("O'NEIL", "MARY-ANN"), EntryKind.VICTIM, 0.50987, 402),
    )
    return CandidateList("Missing persons", "11" * 32, "capture live", 40, 2, found, THRESHOLD)


def document_search(listed: bool) -> CandidateList:
    entry = Entry(
        "S-9",
        EntryKind.DOCUMENT,
        provenance("SLTD/9", DAY - dt.timedelta(days=31)),
        documents=(ListedDocument("L898902C3", "P", "UTO", DocumentStatus.STOLEN),),
    )
    found = (Candidate(1, "S-9", entry, document_number="L898902C3"),) if listed else ()
    return CandidateList("Lost and stolen documents", "22" * 32, "document number", 1208, 17, found)


def item(key: str, *roles: Role, declared: Declared | None = None) -> Item:
    files = tuple(ItemFile(role, f"{role.value}.jpg") for role in roles)
    return Item(key, DAY, files, declared or Declared(), Travel("G7", "Port Alba", "Utopia City"))


def results() -> tuple[ItemResult, ...]:
    both = (Role.DOCUMENT, Role.CAPTURE)
    digit = finding(
        "D01",
        "A check digit does not agree",
        Severity.STRONG,
        confidence=Confidence.MEDIUM,
        explanation="The document number L898902C3 gives check digit 6, but 4 is printed.",
        evidence=(
            Evidence("printed check digit", "4", "document.mrz"),
            Evidence("computed check digit", "6"),
        ),
        marks=(Mark("document", 1, 0, 9),),
    )
    listed = finding(
        "L01",
        "The document number is listed as stolen",
        Severity.CRITICAL,
        explanation="L898902C3 of UTO is in “Lost and stolen documents”, entered 31 days before inspection.",
        innocent_reasons=(
            "The holder found it again and did not say so.",
            "The number was listed with a slip.",
        ),
        evidence=(Evidence("face similarity", "0.61234"), Evidence("listed number", "L898902C3")),
        source="INTERPOL SLTD field list",
    )
    name = finding(
        "N02",
        "The declared name differs from the MRZ",
        Severity.REVIEW,
        confidence=Confidence.LOW,
        explanation=f"Declared {FORMULA}, read {HOSTILE}.",
        evidence=(Evidence("declared", FORMULA), Evidence("read", HOSTILE)),
    )
    damaged = FileReading(
        FileOutcome("document", "scans/0005.jpg", Outcome.DAMAGED, "The stream ends after 4 kB.", "99" * 32, 4096),
        mrz_reason="the file could not be read",
        face_reason="the file could not be read",
    )
    return (
        ItemResult(
            item("X-001", *both),
            (passport(mrz()), capture()),
            (document_search(False),),
            (*PASSED, NOT_DEMANDED, NO_CHIP),
        ),
        ItemResult(
            item("X-002", *both),
            (passport(mrz(printed="4", forced=True)), capture()),
            (document_search(False),),
            (check("D01", "check digits", digit), *PASSED[1:], NOT_DEMANDED, NO_CHIP),
        ),
        ItemResult(
            item("X-003", *both),
            (passport(mrz()), capture()),
            (document_search(True), face_search()),
            (check("L01", "lost and stolen documents", listed), *PASSED, NOT_DEMANDED, NO_CHIP),
        ),
        ItemResult(
            item("X-004<b>", Role.DOCUMENT, declared=Declared(FORMULA, "ليلى", dt.date(1990, 2, 1), "UTO")),
            (passport(mrz(HOSTILE, "+ANNA")),),
            (),
            (check("N02", "declared and read name", name), *PASSED[:2], NOT_DEMANDED, NO_CHIP),
        ),
        ItemResult(
            item("X-005", Role.DOCUMENT),
            (damaged,),
            (),
            tuple(check(one.code, one.name, state=CheckState.NOT_COMPUTABLE, reason="no MRZ") for one in PASSED),
        ),
        ItemResult(
            item("X-006", *both),
            (passport(mrz("ÅKERBLOM", "LI")), capture(False)),
            (),
            (*PASSED[:2], NOT_DEMANDED),
        ),
    )


def linkage() -> tuple[tuple[str, Finding], ...]:
    shared = finding(
        "K01",
        "One face with two identities",
        Severity.STRONG,
        confidence=Confidence.MEDIUM,
        explanation="The portraits of X-006 and X-003 are above the threshold; names and numbers differ.",
        innocent_reasons=("Twins or look-alikes.", "A name changed by marriage."),
        source="Comparison across this batch, threshold above",
        related=("X-003",),
    )
    return (("X-006", shared),)


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(buffer, "JPEG")
    return buffer.getvalue()


def synthetic(**changes: object) -> Report:
    tiny = jpeg()
    facts: dict[str, object] = {
        "run": run(),
        "items": results(),
        "picture": lambda item_id, name: tiny,
        "linkage": linkage(),
    }
    return Report(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.fixture
def make() -> SimpleNamespace:
    """The builders above, for tests that need a variant."""
    return SimpleNamespace(
        synthetic=synthetic,
        run=run,
        results=results,
        finding=finding,
        hostile=HOSTILE,
        formula=FORMULA,
        threshold=THRESHOLD,
    )


@pytest.fixture
def report() -> Report:
    return synthetic()
