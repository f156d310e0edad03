"""Lines located on drawn pages; the network read only where it is installed."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from verify.document.mrz import parse
from verify.document.viz import VizReader, compare, describe_viz, get_viz
from verify.document.viz import network as network_module
from verify.document.viz.lines import cut, level_by_card, level_by_zone, line_boxes
from verify.errors import MissingEngineError
from verify.model.face import Box
from verify.model.viz import VizLook, VizState

FONT = Path(__file__).parents[3] / "samples" / "fonts" / "DejaVuSansCondensed-Bold.ttf"
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
MRZ = parse(ZONE, reference_date=dt.date(2011, 11, 20), engine="a test")
PRINT = [
    ("Surname", "ERIKSSON", 0), ("Given names", "ANNA MARIA", 0), ("Date of birth", "12 AUG 1974", 0),
    ("Date of expiry", "15 APR 2012", 0), ("Passport No.", "L898902C3", 550), ("Sex", "F", 550),
    ("Date of issue", "16 APR 2007", 550),
]  # fmt: skip
installed = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="the reader of the printed page is not installed"
)


def drawn(fields: list[tuple[str, str, int]] = PRINT) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A page of ten pixels to a millimetre, and the corners of its zone."""
    page = Image.new("RGB", (1300, 900), (236, 240, 236))
    pen = ImageDraw.Draw(page)
    label, value = ImageFont.load_default(size=19), ImageFont.truetype(str(FONT), 30)
    rows = {0: 0, 550: 0}
    for name, text, left in fields:
        top = 120 + 80 * rows[left]
        rows[left] += 1
        pen.text((100 + left, top), name, font=label, fill=(20, 92, 98))
        pen.text((100 + left, top + 25), text, font=value, fill=(28, 30, 44))
    quad = np.array([(100, 700), (100 + 44 * 25.4, 700), (100 + 44 * 25.4, 760), (100, 760)], np.float32)
    return np.asarray(page, np.uint8), quad


def test_every_line_is_located_and_nothing_else() -> None:
    page, quad = drawn()
    lines, singles = line_boxes(level_by_zone(page, quad, 44))
    assert len(lines) == 2 * len(PRINT) - 1
    assert len(singles) == 1, "the sex"


def test_a_portrait_is_left_out() -> None:
    page, quad = drawn()
    level = level_by_zone(page, quad, 44)
    lines, _singles = line_boxes(level, [Box(0, 0, 640, 900)])
    assert all(box.left > 400 for box in lines)
    assert len(lines) == 5


@pytest.mark.parametrize("degrees", [-6.0, 4.0])
def test_a_page_that_lies_askew_is_made_level(degrees: float) -> None:
    page, quad = drawn()
    frame = cv2.getRotationMatrix2D((650, 450), degrees, 0.8)
    askew = cv2.warpAffine(page, frame, (1300, 900), borderMode=cv2.BORDER_REPLICATE)
    level = level_by_zone(np.asarray(askew, np.uint8), (quad @ frame[:, :2].T + frame[:, 2]).astype(np.float32), 44)
    lines, _singles = line_boxes(level)
    assert len(lines) == 2 * len(PRINT) - 1
    assert all(box.height < 30 for box in lines)


def test_the_front_of_a_card_is_found_on_its_background() -> None:
    card, _quad = drawn(PRINT[:4])
    desk = np.full((1400, 1900, 3), 90, np.uint8)
    desk[200:1100, 300:1600] = card
    level = level_by_card(desk)
    assert level.picture.shape[1] == round(85.6 * 9)
    assert abs(level.picture.shape[0] / level.picture.shape[1] - 900 / 1300) < 0.02
    lines, _singles = line_boxes(level)
    assert sum(box.height > 12 for box in lines) >= 4, "four values, whatever becomes of the small labels"


def test_a_line_is_cut_out_of_the_page_and_of_its_level_picture() -> None:
    page, quad = drawn()
    level = level_by_zone(page, quad, 44)
    box = line_boxes(level)[0][0]
    assert cut(level, box, 0.2).shape[0] > box.height
    assert cut(level, box, 0.3, anew=True, wider=1.1).shape[0] == 48


def test_a_pattern_is_no_print() -> None:
    page, quad = drawn([])
    rng = np.random.default_rng(7)
    waves = page.copy()
    for top in range(60, 680, 9):
        points = np.stack([np.arange(1300), top + 6 * np.sin(np.arange(1300) / 23 + rng.random() * 6)], axis=1)
        cv2.polylines(waves, [points.astype(np.int32)], False, (120, 140, 130), 1)
    lines, _singles = line_boxes(level_by_zone(waves, quad, 44))
    assert len(lines) < 10


class Canned:
    """A recogniser that reads nothing but blanks, slowly where it is told to."""

    def read(self, line: NDArray[np.uint8]) -> VizLook:
        return VizLook("", ())


def test_what_holds_no_text_is_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.document.viz.reader.TextRecogniser", Canned)
    Canned.describe = classmethod(lambda cls: "canned")  # type: ignore[attr-defined]
    page, quad = drawn()
    read = VizReader().read(page, MRZ, quad, seconds=10)
    assert (read.lines, read.reason, read.engine) == ((), "", "canned")
    late = VizReader().read(page, MRZ, quad, seconds=-1)
    assert "ran out" in late.reason


def test_without_the_package_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_module, "_PACKAGE", "no_such_package")
    assert get_viz("auto") is None
    assert describe_viz("auto") == ""
    for name in (get_viz, describe_viz):
        with pytest.raises(MissingEngineError, match="not installed"):
            name("ppocr")


def test_another_network_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(b"another network")
    monkeypatch.setattr(network_module, "_path", lambda: other)
    with pytest.raises(MissingEngineError, match="another network"):
        get_viz("ppocr")


def test_the_reader_can_be_switched_off() -> None:
    assert get_viz("none") is None
    assert describe_viz("none") == ""


@installed
def test_a_drawn_page_agrees_with_its_zone() -> None:
    page, quad = drawn()
    read = VizReader().read(page, MRZ, quad, seconds=60)
    states = {field.name: field.state for field in compare(read.lines, MRZ)}
    names = ("primary_identifier", "secondary_identifier", "document_number", "birth_date", "expiry_date", "sex")
    assert {states[name] for name in names} == {VizState.AGREES}
    assert states["issue_date"] is VizState.READ


@installed
def test_a_figure_that_was_drawn_anew_is_told() -> None:
    altered = [
        (label, text.replace("1974", "1984").replace("L898902C3", "L898802C3"), left) for label, text, left in PRINT
    ]
    page, quad = drawn(altered)
    read = VizReader().read(page, MRZ, quad, seconds=60)
    states = {field.name: field.state for field in compare(read.lines, MRZ)}
    assert states["birth_date"] is VizState.DIFFERS
    assert states["document_number"] is VizState.DIFFERS
    assert states["primary_identifier"] is VizState.AGREES
