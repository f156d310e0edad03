"""The line recogniser: what it reads, and that it is the network of its card."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from verify.document.engines import recogniser
from verify.document.engines.recogniser import ALPHABET, HEIGHT, STRIDE, LineRecogniser, greedy, normalised
from verify.errors import MissingEngineError
from verify.runtime import models_folder

ROOT = Path(__file__).resolve().parents[2]
FONT = ROOT / "samples" / "fonts" / "OCRB.otf"
LINES = Path(os.environ.get("VERIFY_SHARED", ROOT.parent / "shared")) / "data" / "mrz" / "labels.jsonl"
NAME = "mrz-lines-v1"
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "QJXKHW<<5S8B2Z1I0OD<GCVUYMNPRT")


def row(text: str, height: int = HEIGHT, ink: int = 25, paper: int = 225) -> NDArray[np.uint8]:
    """A printed row; the capitals take 0.6 of its height."""
    probe = ImageFont.truetype(str(FONT), 1000)
    top, bottom = probe.getbbox("H", anchor="ls")[1::2]
    font = ImageFont.truetype(str(FONT), 1000 * 0.6 * 128 / (bottom - top))
    image = Image.new("L", (round(font.getlength(text)) + 120, 128), paper)
    ImageDraw.Draw(image).text((60, 0.8 * 128), text, fill=ink, font=font, anchor="ls")
    size = (round(image.width * height / 128), height)
    return np.asarray(cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA), np.uint8)


@pytest.fixture(scope="module")
def reader() -> LineRecogniser:
    return LineRecogniser()


@pytest.mark.parametrize("height", [14, 20, 32, 58, 120])
@pytest.mark.parametrize("text", [*TD3, *TD1])
def test_printed_rows_are_read(reader: LineRecogniser, text: str, height: int) -> None:
    assert greedy(reader.recognise([row(text, height)])[0]) == text


@pytest.mark.parametrize(("ink", "paper"), [(0, 60), (60, 90), (150, 250)])
def test_dark_and_pale_print_is_read(reader: LineRecogniser, ink: int, paper: int) -> None:
    assert greedy(reader.recognise([row(TD3[1], ink=ink, paper=paper)])[0]) == TD3[1]


def test_what_is_given_are_posteriors_of_each_step(reader: LineRecogniser) -> None:
    one = row(TD1[0], 58)
    found = reader.recognise([one])[0]
    assert found.dtype == np.float32
    assert found.shape == (-(-normalised(one).shape[1] // STRIDE), len(ALPHABET) + 1)
    np.testing.assert_allclose(np.exp(found).sum(axis=1), 1, atol=1e-4)


def test_a_step_looks_at_its_place_in_the_row(reader: LineRecogniser) -> None:
    text = "A" * 12
    one = row(text)
    ink = (one < 125).any(axis=0)
    starts = np.flatnonzero(ink & ~np.concatenate(([False], ink[:-1])))
    ends = np.flatnonzero(ink & ~np.concatenate((ink[1:], [False])))
    steps = reader.recognise([one])[0].argmax(axis=1)
    at = np.flatnonzero(steps == ALPHABET.index("A") + 1)
    assert len(starts) == len(text)
    for middle in (starts + ends) / 2:
        assert np.abs(STRIDE * (at + 0.5) - middle).min() < STRIDE


def test_rows_read_together_are_read_as_alone(reader: LineRecogniser) -> None:
    rows = [row(text, height) for text, height in zip((*TD1, *TD3), (32, 58, 20, 32, 40), strict=True)]
    together = reader.recognise(rows)
    for one, found in zip(rows, together, strict=True):
        alone = reader.recognise([one])[0]
        assert found.shape == alone.shape
        assert greedy(found) == greedy(alone)
        np.testing.assert_allclose(found[:-12], alone[:-12], atol=1e-3)


def test_nothing_printed_gives_nothing(reader: LineRecogniser) -> None:
    assert reader.recognise([]) == []
    for empty in (np.full((32, 300), 220, np.uint8), np.zeros((58, 90), np.uint8), np.full((7, 3), 9, np.uint8)):
        assert greedy(reader.recognise([empty])[0]) == ""


def test_the_network_of_another_card_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recogniser, "models_folder", lambda: tmp_path)
    with pytest.raises(MissingEngineError, match=f"no model card '{NAME}'"):
        LineRecogniser()
    shutil.copy(models_folder() / f"{NAME}.toml", tmp_path)
    with pytest.raises(MissingEngineError, match=f"the network '{NAME}' is not in"):
        LineRecogniser()
    network = bytearray((models_folder() / f"{NAME}.onnx").read_bytes())
    (tmp_path / f"{NAME}.onnx").write_bytes(network)
    LineRecogniser()
    network[-1] ^= 1
    (tmp_path / f"{NAME}.onnx").write_bytes(network)
    with pytest.raises(MissingEngineError, match="is not the network of its card"):
        LineRecogniser()


def test_the_network_is_small() -> None:
    assert (models_folder() / f"{NAME}.onnx").stat().st_size < 3_000_000


def test_real_rows_are_read(reader: LineRecogniser) -> None:
    """Thresholded rows of specimens that no training saw; without any knowledge of a format, labels as they came."""
    if not LINES.is_file():
        pytest.skip(f"the shared rows are not here: {LINES}")
    entries = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    rows, texts = [], []
    for entry in entries:
        if entry["kind"] == "line":
            picture = cv2.imread(str(LINES.parent / entry["path"]), cv2.IMREAD_GRAYSCALE)
            rows.append(np.asarray(picture, np.uint8))
            texts.append(entry["lines"][0])
    read = [greedy(one) for one in reader.recognise(rows)]
    exact = sum(one == text for one, text in zip(read, texts, strict=True)) / len(texts)
    assert exact > 0.8
