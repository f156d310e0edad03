"""Chips and seals on their way through the stages: what a worker gives back, and what a run records."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp

from verify.batch.codec import READING
from verify.batch.stages import Engines, describe_engines, read_file
from verify.document.trust import TrustStore, import_trust
from verify.model.chip import ChipOutcome
from verify.model.item import ItemFile, Role
from verify.model.outcome import Outcome
from verify.model.result import FileReading
from verify.model.seal import SealState
from verify.settings import Settings

from ..document.maker import BEGIN, DAY, END, LINES, groups, maker


class NoFaces:
    """An engine that finds nothing, so that no weights are needed."""

    name, model_sha256, card = "no faces 1", "00" * 32, ""

    def detect(self, image: Any, **_more: Any) -> list[Any]:
        return []


class NoStrips:
    """An MRZ engine that finds nothing."""

    name = "no strips 1"

    def read(self, *_given: Any, **_named: Any) -> list[Any]:
        return []

    strips = read_lines = locate = read


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    """A store with the CSCA of Utopia and a signer of seals."""
    make = maker()
    above = make.authority()
    signer = make.signer(above, name="TS")
    for name, data in (("csca.cer", above.certificate), ("seals.cer", signer.certificate)):
        (tmp_path / name).write_bytes(data)
        import_trust(tmp_path / "trust", tmp_path / name, tmp_path / name, today=dt.date(2011, 11, 1))
    return tmp_path / "trust"


def read(path: Path, role: Role, trust: Path, engines: Engines | None = None) -> tuple[FileReading, dict[str, bytes]]:
    settings = Settings(trust=trust)
    given = engines or Engines(NoStrips(), NoFaces(), TrustStore.load(trust))  # type: ignore[arg-type]
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return read_file(descriptor, ItemFile(role, path.name), given, settings, DAY)
    finally:
        os.close(descriptor)


def test_a_dump_is_authenticated_and_its_portrait_kept(tmp_path: Path, trusted: Path) -> None:
    make = maker()
    signer = make.signer(make.authority(), start=BEGIN, end=END)
    path = tmp_path / "chip.zip"
    path.write_bytes(make.dumped(make.dump(groups(), signer)))
    reading, pictures = read(path, Role.CHIP, trusted)
    assert (reading.outcome.outcome, reading.outcome.kind, reading.outcome.pages) == (Outcome.OK, "chip dump", 1)
    assert reading.chip is not None
    assert reading.chip.ended(ChipOutcome.CHAIN_OK) and reading.chip.ended(ChipOutcome.DIGEST_OK)
    assert reading.chip.mrz is not None and list(reading.chip.mrz.lines) == LINES
    assert reading.mrz is None and not reading.mrz_reason, "the zone of the chip is not a printed one"
    assert [one.name for one in reading.pictures] == list(pictures)
    assert pictures[reading.pictures[0].name].startswith(b"\xff\xd8")
    assert reading.face_reason == "no face was found (failure to acquire)"
    assert READING.validate_json(READING.dump_json(reading)) == reading, "it survives the way from worker and ledger"


def test_a_dump_without_a_portrait(tmp_path: Path, trusted: Path) -> None:
    make = maker()
    bare = {1: groups()[1]}
    path = tmp_path / "chip.zip"
    path.write_bytes(make.dumped(make.dump(bare, make.signer(make.authority(), start=BEGIN, end=END))))
    reading, pictures = read(path, Role.CHIP, trusted)
    assert reading.outcome.outcome is Outcome.OK and pictures == {}
    assert "DG2" in reading.face_reason


def sheet(content: bytes) -> np.ndarray[Any, Any]:
    symbol = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.DataMatrix)
    code = np.array(symbol.to_image(scale=4, add_quiet_zones=True))
    page = np.full((600, 900), 240, np.uint8)
    page[40 : 40 + code.shape[0], 40 : 40 + code.shape[1]] = code if code.ndim == 2 else code[..., 0]
    return page


def test_a_seal_on_a_page(tmp_path: Path, trusted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = maker()
    signer = make.signer(make.authority(), name="TS")
    seal = make.seal(signer, 0xFB06, [(3, make.c40("L898902C3"))], signed=dt.date(2011, 2, 28))
    for name, content in (("seal.png", seal), ("other.png", b"https://example.org/private")):
        cv2.imwrite(str(tmp_path / name), sheet(content))
    reading, _pictures = read(tmp_path / "seal.png", Role.DOCUMENT_FRONT, trusted)
    (code,) = reading.codes
    assert (code.symbology, code.page, code.size) == ("DataMatrix", 1, len(seal))
    assert code.seal is not None and code.seal.state is SealState.SIGNATURE_OK
    assert READING.validate_json(READING.dump_json(reading)) == reading
    reading, _pictures = read(tmp_path / "other.png", Role.DOCUMENT_FRONT, trusted)
    (code,) = reading.codes
    assert code.seal is None and code.licence is None
    assert b"example.org" not in READING.dump_json(reading), "what is no seal is not kept"
    reading, _pictures = read(tmp_path / "seal.png", Role.CAPTURE, trusted)
    assert reading.codes == ()


def test_the_store_stands_beside_the_engines(trusted: Path) -> None:
    settings = Settings(trust=trusted)
    told = describe_engines(settings)
    store = TrustStore.load(trusted)
    assert store.version is not None
    assert (told["trust"], told["trust_sha256"]) == (store.version.text, store.version.sha256)
    assert "trust" not in describe_engines(Settings())
    assert settings.result_fingerprint() == Settings().result_fingerprint(), "its version counts, not its place"
