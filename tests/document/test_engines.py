from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.contracts.mrz_engine import FONT, TD3, MrzEngineContract, page_with
from verify.document import engines
from verify.document.engines import MrzEngine, available, get_engine, ocr_b, tesseract
from verify.document.engines.strips import find_rows, ink_of, level, turned
from verify.errors import MissingEngineError, UsageError


@pytest.fixture(scope="module")
def passporteye() -> MrzEngine:
    pytest.importorskip("passporteye", reason="PassportEye is not installed")
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    return get_engine("passporteye")


@pytest.mark.reference
class TestPassportEye(MrzEngineContract):
    @pytest.fixture
    def engine(self, passporteye: MrzEngine) -> MrzEngine:
        return passporteye


def test_an_unknown_engine_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no MRZ engine is called 'eye'; there are: passporteye"):
        get_engine("eye")


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "passporteye.mrz.image", None)
    with pytest.raises(MissingEngineError, match=r"pip install verify-toolkit\[passporteye\]"):
        get_engine("passporteye")
    assert available() == ()


def test_a_missing_program_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(MissingEngineError, match="apt-get install tesseract-ocr"):
        tesseract.Tesseract()


def test_a_slow_program_is_a_reason(passporteye: MrzEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tesseract.Tesseract()

    def slow(*_arguments: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired("tesseract", 0.2)

    monkeypatch.setattr(subprocess, "run", slow)
    assert program.read(page_with(TD3), 0.2) == ((), "tesseract took longer than 0.2 s")


def test_the_registry_names_files_that_exist() -> None:
    folder = Path(engines.__file__).parent
    assert all((folder / f"{module.rsplit('.', 1)[1]}.py").exists() for module, _cls in engines.ENGINES.values())


def test_shapes_are_a_rendering_of_the_font_of_the_samples() -> None:
    over, pitch, height = 8, ocr_b.PITCH, ocr_b.ROW_HEIGHT
    size = 200 * pitch * over / ImageFont.truetype(str(FONT), 200).getlength("H")
    font = ImageFont.truetype(str(FONT), size)
    cap = pitch * over  # in OCR-B a capital is as high as the pitch is wide
    sheet = Image.new("L", (pitch * over * len(ocr_b.CHARACTERS), height * over), 255)
    draw = ImageDraw.Draw(sheet)
    for index, character in enumerate(ocr_b.CHARACTERS):
        draw.text((pitch * over * index, (height * over + cap) / 2), character, font=font, fill=0, anchor="ls")
    small = np.asarray(sheet.resize((pitch * len(ocr_b.CHARACTERS), height), Image.Resampling.BOX), np.int16)
    kept = cv2.imread(str(Path(ocr_b.__file__).with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    assert kept is not None
    assert np.abs(kept.astype(np.int16) - small).max() <= 8  # versions of FreeType differ a little


@pytest.mark.parametrize(
    "text", [TD3[0], TD3[1], "0O1I2Z5S8B6GQD0O1I2Z5S8B6GQDUVWMNXYK", "<<<ABCDEFGHIJKLMNOPQRSTUVWXYZ0"]
)
@pytest.mark.parametrize("pitch", [13, 26])
def test_lines_in_ocr_b_are_read_exactly(text: str, pitch: int) -> None:
    page = cv2.GaussianBlur(page_with((text,), pitch), (0, 0), pitch / 30)
    ink = ink_of(np.asarray(page[-4 * pitch :], np.uint8))
    (row,) = find_rows(ink)
    line = ocr_b.read_line(ink, row.top, row.bottom, row.left, row.right)
    assert line.text == text
    assert line.quality > 0.9
    assert line.margins.min() > 0


@pytest.mark.parametrize("angle", [-3.0, 0.0, 1.3])
def test_a_slant_is_found(angle: float) -> None:
    strip = page_with(TD3)[-260:]
    assert abs(level(turned(strip, angle)) + angle) <= 0.2
