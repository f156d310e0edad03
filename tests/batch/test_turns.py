"""Which turn of a page its faces are taken from, and when a picture gets a border first."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from verify.batch.stages import Engines, read_file
from verify.face.engines import DescribedEngine, Description, Detection
from verify.model.face import Box
from verify.model.item import ItemFile, Role
from verify.model.result import FileReading
from verify.settings import Settings

BOX = Box(40, 40, 100, 120)


class TurningEngine(DescribedEngine):
    """Finds one face on every turn, as sure as it is told for the corner in which the white mark lies."""

    sure = 0.9

    def __init__(self, surety: dict[int, float], box: Box = BOX) -> None:
        self._description = Description("invented 1", "ab" * 32, "none")
        self._surety = surety
        self._box = box
        self.looks: list[int] = []

    def detect(self, image: NDArray[np.uint8], *, all_faces: bool = False) -> list[Detection]:
        corners = [image[5, 5], image[-5, 5], image[-5, -5], image[5, -5]]  # upper left, then against the clock
        turns = int(np.argmax([int(one.sum()) for one in corners]))
        self.looks.append(turns)
        eyes = np.array([(55.0, 60.0), (85.0, 60.0)])
        return [Detection(self._box, self._surety[turns], eyes, eyes)] if turns in self._surety else []

    def align(self, image: NDArray[np.uint8], detection: Detection) -> NDArray[np.uint8]:
        return np.ascontiguousarray(image[40:120, 40:100])

    def embed(self, aligned: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.array([self.looks[-1], 1.0], dtype=np.float32)


def read(tmp_path: Path, engine: TurningEngine, border: int = 0) -> FileReading:
    picture = np.zeros((160, 140, 3), dtype=np.uint8)
    picture[:20, :20] = 255
    path = tmp_path / "capture.png"
    cv2.imwrite(str(path), picture)
    mrz: Any = None  # no machine readable zone is looked for on a capture
    descriptor = os.open(path, os.O_RDONLY)
    try:
        file = ItemFile(Role.CAPTURE, path.name)
        return read_file(descriptor, file, Engines(mrz, engine), Settings(border=border), dt.date(2026, 6, 1))[0]
    finally:
        os.close(descriptor)


def test_a_face_that_is_upright_beyond_doubt_ends_the_search(tmp_path: Path) -> None:
    engine = TurningEngine({0: 0.95, 1: 0.99})
    (face,) = read(tmp_path, engine).faces
    assert engine.looks == [0]
    assert face.vector == (0.0, 1.0)


@pytest.mark.parametrize("surest", [1, 2, 3])
def test_of_several_turns_the_surest_counts(tmp_path: Path, surest: int) -> None:
    engine = TurningEngine({0: 0.5, 1: 0.6, 2: 0.6, 3: 0.6} | {surest: 0.8})
    (face,) = read(tmp_path, engine).faces
    assert sorted(engine.looks) == [0, 1, 2, 3]
    assert face.vector == (surest, 1.0)


def test_of_two_equal_turns_the_page_as_it_lies_counts(tmp_path: Path) -> None:
    engine = TurningEngine({0: 0.8, 1: 0.8, 2: 0.8, 3: 0.8})
    (face,) = read(tmp_path, engine).faces
    assert face.vector == (0.0, 1.0)


def test_a_face_in_one_turn_only_is_found(tmp_path: Path) -> None:
    (face,) = read(tmp_path, TurningEngine({2: 0.3})).faces
    assert face.vector == (2.0, 1.0)


def test_without_a_face_in_any_turn_the_reason_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, TurningEngine({}))
    assert found.faces == ()
    assert "failure to acquire" in found.face_reason


@pytest.mark.parametrize(
    ("surety", "box", "side"),
    [
        ({0: 0.95}, BOX, 140),
        ({0: 0.95}, Box(10, 10, 130, 150), 200),
        ({}, BOX, 200),
    ],
    ids=["room around the face", "the face fills the picture", "no face"],
)
def test_only_a_face_that_was_cut_out_gets_a_border(
    tmp_path: Path, surety: dict[int, float], box: Box, side: int
) -> None:
    found = read(tmp_path, TurningEngine(surety, box), border=30)
    (page,) = (one for one in found.pictures if one.name.endswith(".page"))
    assert (page.width, page.height) == (side, side + 20)
