"""An item in a gallery: one list of what face, name and document number suggest, the findings and the log with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from pathlib import Path

import numpy as np
import pytest

from verify.batch import Commission
from verify.batch.lists import open_lists
from verify.batch.manifest import Manifest
from verify.batch.record import searches
from verify.batch.screen import Screening
from verify.document.mrz import parse
from verify.face import Description
from verify.gallery import Gallery
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.finding import Finding
from verify.model.gallery import Entry, EntryKind, ListedDocument, Name, PartialDate, Provenance
from verify.model.item import Item, Role
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult
from verify.runtime import load_card
from verify.settings import Settings

KEK = bytes(range(32))
DAY = dt.date(2011, 11, 20)
CARD = load_card("dlib-resnet-v1")
ENGINE = Description("fake faces 1", CARD.sha256, "dlib-resnet-v1")
MRZ = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
FACE = np.random.default_rng(1).normal(size=128)
NOISE = np.random.default_rng(2).normal(size=(2, 128))


def face(role: FaceRole, near: float) -> FaceTemplate:
    vector = FACE + near * NOISE[0] + 0.01 * NOISE[1]
    quality = FaceQuality(60.0, 120.0, 128.0, ())
    return FaceTemplate(
        tuple(vector.tolist()), ENGINE.name, ENGINE.model_sha256, role, Box(1, 2, 3, 4), quality, "document"
    )


def entry(reference_id: str, *names: Name, born: PartialDate | None = None, number: str = "") -> Entry:
    day = dt.date(2010, 11, 20)
    origin = Provenance("Register", "r", "Office", "Act 12", "search", day, dt.date(2012, 1, 1), dt.date(2030, 1, 1))
    documents = (ListedDocument(number, "P", "UTO"),) if number else ()
    return Entry(reference_id, EntryKind.MISSING_PERSON, origin, names, born, documents=documents)


ANNA = Name("ERIKSSON", "ANNA MARIA")
ENTRIES = [
    entry("all", Name("ERIKSEN", "ANNA MARIA"), born=PartialDate(1974, 12, 8), number="L898902C3"),
    entry("name", ANNA, born=PartialDate(1974, 8, 12)),
    entry("document", number="L898902C3"),
    *(entry(f"z{number}", Name("SMITH"), born=PartialDate(1950)) for number in range(3)),
]


def screened(folder: Path, order: list[int], readings: tuple[FileReading, ...]) -> ItemResult:
    kind = EntryKind.MISSING_PERSON
    with Gallery.create(
        folder, KEK, name="missing", kind=kind, engine=ENGINE.name, model_sha256=ENGINE.model_sha256
    ) as gallery:
        for place in order:
            one = ENTRIES[place]
            templates = [face(FaceRole.PORTRAIT, 0.0)] if one.reference_id == "all" else []
            gallery.enrol(one, templates, b"picture" if templates else None)
    screening = Screening(Settings(), ENGINE, open_lists([], [folder], KEK))
    result, pictures = screening.screen(Item("A-1", DAY, ()), readings)
    assert set(pictures.values()) <= {b"picture"}
    return result


def document(*faces: FaceTemplate, lines: list[str] | None = MRZ) -> FileReading:
    mrz = parse(lines, reference_date=DAY, engine="e") if lines else None
    outcome = FileOutcome(Role.DOCUMENT, "d.jpg", Outcome.OK, sha256="12" * 32)
    return FileReading(outcome, mrz, "" if mrz else "no MRZ", faces)


def capture(*faces: FaceTemplate) -> FileReading:
    return FileReading(FileOutcome(Role.CAPTURE, "c.jpg", Outcome.OK, sha256="34" * 32), faces=faces)


READINGS = (document(face(FaceRole.PORTRAIT, 0.3)), capture(face(FaceRole.LIVE, 0.1)))


def finding(result: ItemResult, code: str) -> Finding:
    (found,) = (one for one in result.findings if one.code == code)
    return found


def test_one_list_with_every_term(tmp_path: Path) -> None:
    result = screened(tmp_path / "g", list(range(6)), READINGS)
    (found,) = result.candidates
    assert found.probe == "document portrait, live capture, name and birth date, document number"
    assert [one.reference_id for one in found.candidates] == ["all", "document", "name"]
    best = found.candidates[0]
    assert [one.probe for one in best.faces] == ["live capture", "document portrait"]
    assert best.face == best.faces[0].score and best.faces[0].score.value > best.faces[1].score.value
    assert best.biographic and best.biographic.date_relation == "day and month exchanged"
    assert (best.document_number, bool(best.picture)) == ("L898902C3", True)
    assert not found.gaps and found.threshold is not None


def test_findings_show_the_terms_and_the_age_of_the_entry(tmp_path: Path) -> None:
    result = screened(tmp_path / "g", list(range(6)), READINGS)
    for code in ("G01", "L09"):
        evidence = {one.label: one.value for one in finding(result, code).evidence}
        assert evidence["list entry"] == "all"
        assert {"score of the live capture", "score of the document portrait"} <= set(evidence)
        assert evidence["with"] == "ERIKSEN ANNA MARIA"
        assert evidence["written as"] and evidence["birth dates"] == "day and month exchanged"
        assert evidence["document number"] == "L898902C3"
        assert evidence["entry collected"] == "2010-11-20, 365 days before the inspection"
    assert "The live capture resembles" in finding(result, "G01").explanation
    assert "1 more of this list" in finding(result, "G02").explanation


def test_each_face_search_is_an_event_of_its_own(tmp_path: Path) -> None:
    result = screened(tmp_path / "g", list(range(6)), READINGS)
    commission = Commission(Manifest(tmp_path / "m.csv", "ab" * 32, (), tmp_path), tmp_path, KEK, "ann", "search")
    events = list(searches(commission, result, bytes(32)))
    assert [one.detail["candidates"] for one in events] == [1, 1]
    assert {one.detail["gallery_size"] for one in events} == {1}
    assert len({one.detail["probe_commitment"] for one in events}) == 2


def test_what_could_not_be_searched_hides_nothing_that_could(tmp_path: Path) -> None:
    result = screened(tmp_path / "g", list(range(6)), (document(lines=MRZ),))
    (found,) = result.candidates
    assert [one.reference_id for one in found.candidates] == ["all", "document", "name"]
    assert [(one.probe, "no face" in one.not_computable) for one in found.gaps] == [("face", True)]
    assert found.not_computable == ""
    (unread,) = screened(tmp_path / "h", list(range(6)), (document(lines=None),)).candidates
    assert {one.probe for one in unread.gaps} == {"face", "name and birth date", "document number"}
    assert "no name was read" in unread.not_computable and not unread.candidates


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_gallery_changes_nothing(tmp_path: Path, seed: int) -> None:
    order = random.Random(seed).sample(range(6), 6)
    one = screened(tmp_path / "g", list(range(6)), READINGS).candidates[0]
    other = screened(tmp_path / "h", order, READINGS).candidates[0]
    assert dataclasses.replace(one, gallery_version="") == dataclasses.replace(other, gallery_version="")
