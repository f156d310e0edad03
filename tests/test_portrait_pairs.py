"""The simulation behind the thresholds of two portraits of one document (scripts/portrait_pairs.py)."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("portrait_pairs")


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    path = tmp_path / "one.png"
    Image.effect_mandelbrot((250, 250), (-2, -1.5, 1, 1.5), 60).convert("RGB").save(path)
    return path


def test_the_same_photograph_gives_the_same_pictures(script: ModuleType, photograph: Path) -> None:
    for number in (0, 1):
        one, other = script.pictures(photograph, number), script.pictures(photograph, number)
        assert len(one) == 3
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_every_other_main_portrait_is_engraved_and_so_without_colour(script: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (250, 250), (200, 60, 60)).save(path)
    colour = [float(np.ptp(script.pictures(path, number)[0].astype(int), axis=2).mean()) for number in (0, 1)]
    assert colour[0] > 50 and colour[1] < 5


def test_a_ghost_portrait_is_pale_and_a_chip_portrait_as_large_as_the_standard_says(
    script: ModuleType, photograph: Path
) -> None:
    main, chip, ghost = script.pictures(photograph, 0)
    assert chip.shape[1] == 413
    assert max(ghost.shape) < 300 and ghost.mean() > main.mean() + 50
    assert main.shape == (150, 150, 3)
