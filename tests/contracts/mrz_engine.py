"""What every MRZ engine must do. A test class of an engine inherits from MrzEngineContract and gives `engine`."""

from __future__ import annotations

import tempfile
import time
from difflib import SequenceMatcher
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from verify.document.engines import MrzEngine, StripReading
from verify.document.page import turn, turns_of

FONT = Path(__file__).parents[2] / "samples/fonts/OCRB.otf"
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def page_with(lines: tuple[str, ...], pitch: int = 26) -> NDArray[np.uint8]:
    """A grey page (H x W) with an MRZ at its foot, at about 260 dots an inch."""
    width = pitch * (len(lines[0]) + 4)
    page = Image.new("L", (width, width * 7 // 10), 235)
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), pitch * 200 / 144.6)
    for row, line in enumerate(reversed(lines)):
        y = page.height - int(pitch * (1.8 + 1.67 * row))
        for column, character in enumerate(line):
            draw.text((pitch * (2 + column), y), character, font=font, fill=40, anchor="ls")
    return np.asarray(page, np.uint8).copy()


class MrzEngineContract:
    """The contract.

    Attributes:
        exact: whether the engine's text is that of the page; of one that takes fillers for letters, most of it is.
    """

    exact = True

    @pytest.fixture
    def engine(self) -> MrzEngine:
        raise NotImplementedError

    def test_names_itself_with_a_version(self, engine: MrzEngine) -> None:
        assert any(character.isdigit() for character in engine.name)

    @pytest.mark.parametrize("lines", [TD3, TD1], ids=["TD3", "TD1"])
    @pytest.mark.parametrize("turns", [0, 2])
    def test_reads_a_clean_page_and_says_where(self, engine: MrzEngine, lines: tuple[str, ...], turns: int) -> None:
        page = page_with(lines)
        turned = turn(page, turns)
        before = turned.copy()
        reading = engine.read(turned, seconds=20)[0]
        self.check(reading, lines)
        assert np.array_equal(turned, before)
        assert reading.strip.dtype == np.uint8
        assert reading.strip.ndim == 2
        assert reading.quad.shape == (4, 2)
        assert turns_of(reading.quad) == turns
        middle_y = reading.quad[:, 1].mean() / page.shape[0]
        assert bool(middle_y > 0.5) is (turns == 0)

    def check(self, reading: StripReading, lines: tuple[str, ...]) -> None:
        if self.exact:
            assert reading.decoded is not None
            assert reading.decoded.lines == reading.text_lines == lines
        else:
            alike = [SequenceMatcher(None, *pair).ratio() for pair in zip(reading.text_lines, lines, strict=True)]
            assert min(alike) > 0.5
            assert max(alike) > 0.9

    def test_says_what_a_worker_and_a_reader_must_know(self, engine: MrzEngine) -> None:
        assert isinstance(engine.any_angle, bool)
        assert isinstance(engine.starts_programs, bool)
        assert type(engine).describe() == engine.name

    @pytest.mark.parametrize("angle", [7.0, 33.0, -61.0, 120.0])
    def test_reads_at_any_angle_if_it_says_so(self, engine: MrzEngine, angle: float) -> None:
        if not engine.any_angle:
            pytest.skip("is given level views")
        page = page_with(TD3)
        side = int(np.hypot(*page.shape)) + 10
        matrix = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), angle, 1)
        matrix[:, 2] += (side - page.shape[1]) / 2, (side - page.shape[0]) / 2
        turned = np.asarray(cv2.warpAffine(page, matrix, (side, side), borderValue=(235,)), np.uint8)
        self.check(engine.read(turned, seconds=20)[0], TD3)

    @pytest.mark.parametrize("shade", [0, 128, 255])
    def test_an_empty_page_has_no_strip(self, engine: MrzEngine, shade: int) -> None:
        assert engine.read(np.full((700, 1000), shade, np.uint8), seconds=20) == []

    @pytest.mark.parametrize("size", [(1, 1), (3, 2000), (40, 30), (50, 9000), (9000, 50)])
    def test_odd_sizes_are_no_error(self, engine: MrzEngine, size: tuple[int, int]) -> None:
        assert engine.read(np.zeros(size, np.uint8), seconds=20) == []

    def test_a_page_of_noise_is_no_error(self, engine: MrzEngine) -> None:
        noise = np.random.default_rng(1).integers(0, 256, (500, 700), dtype=np.uint8)
        for reading in engine.read(noise, seconds=20):
            assert all(isinstance(line, str) for line in reading.text_lines)

    def test_no_time_is_a_value(self, engine: MrzEngine) -> None:
        started = time.monotonic()
        assert isinstance(engine.read(page_with(TD3), seconds=0), list)
        assert time.monotonic() - started < 5

    def test_leaves_nothing_on_the_disk(
        self, engine: MrzEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        made: list[str] = []
        original = tempfile.mkstemp
        monkeypatch.setattr(tempfile, "mkstemp", lambda *args, **more: made.append("file") or original(*args, **more))
        assert engine.read(page_with(TD3), seconds=20)
        assert made == []
        assert list(tmp_path.iterdir()) == []
