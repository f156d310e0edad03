from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.contracts.mrz_engine import TD1, TD3, MrzEngineContract, page_with
from verify.document import engines
from verify.document.engines import MrzEngine, available, describe_engine, get_engine, tesseract
from verify.errors import MissingEngineError, UsageError


@pytest.fixture(scope="module")
def own() -> MrzEngine:
    return get_engine("own")


@pytest.fixture(scope="module")
def passporteye() -> MrzEngine:
    pytest.importorskip("passporteye", reason="PassportEye is not installed")
    return get_engine("passporteye")


@pytest.fixture(scope="module")
def program() -> MrzEngine:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    return get_engine("tesseract")


class TestOwn(MrzEngineContract):
    @pytest.fixture
    def engine(self, own: MrzEngine) -> MrzEngine:
        return own


@pytest.mark.reference
class TestPassportEye(MrzEngineContract):
    @pytest.fixture
    def engine(self, passporteye: MrzEngine) -> MrzEngine:
        return passporteye


@pytest.mark.reference
class TestTesseract(MrzEngineContract):
    exact = False

    @pytest.fixture
    def engine(self, program: MrzEngine) -> MrzEngine:
        return program


def test_two_documents_on_one_sheet_are_both_read(own: MrzEngine) -> None:
    first, second = page_with(TD3, pitch=16), page_with(TD1, pitch=16)
    sheet = np.full((1400, 1000), 235, np.uint8)
    sheet[60 : 60 + first.shape[0], 80 : 80 + first.shape[1]] = first
    sheet[800 : 800 + second.shape[0], 200 : 200 + second.shape[1]] = second
    assert {reading.text_lines for reading in own.read(sheet, seconds=20)} == {TD3, TD1}


@pytest.mark.parametrize("cut", [60, 90])
def test_a_torn_zone_is_not_vouched_for_and_no_error(own: MrzEngine, cut: int) -> None:
    page = page_with(TD3)
    page[-cut:] = 235
    for reading in own.read(page, seconds=20):
        assert reading.decoded is None or not reading.decoded.all_verify


def test_an_unknown_engine_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no MRZ engine is called 'eye'; there are: own, passporteye, tesseract"):
        get_engine("eye")


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "passporteye.mrz.image", None)
    with pytest.raises(MissingEngineError, match=r"pip install verify-toolkit\[passporteye\]"):
        get_engine("passporteye")
    assert "passporteye" not in available()
    assert "own" in available()


def test_describing_a_missing_package_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("verify.document.engines.passporteye.version", missing)
    with pytest.raises(MissingEngineError, match="PassportEye is not installed"):
        describe_engine("passporteye")


def test_a_missing_program_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(MissingEngineError, match="apt-get install tesseract-ocr"):
        tesseract.TesseractEngine()


def test_a_slow_program_is_no_reading(program: MrzEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired("tesseract", 0.2)

    monkeypatch.setattr(subprocess, "run", slow)
    assert program.read(page_with(TD3), seconds=5) == []


def test_the_registry_names_files_that_exist() -> None:
    folder = Path(engines.__file__).parent
    assert all((folder / f"{module.rsplit('.', 1)[1]}.py").exists() for module, _cls in engines.ENGINES.values())
