"""Fake workers: processes of `tests/engines_bad/worker.py` in place of the real ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import pytest

from verify.batch.engines.local import Pool
from verify.runtime import load_card
from verify.settings import Limits, Settings

ENGINES_BAD = Path(__file__).parents[1] / "engines_bad"
_K = TypeVar("_K")


class FakePool(Pool[_K]):
    """The pool with workers that do what their file says."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, module="worker")


def told() -> dict[str, str]:
    """What the fake workers say of their engines."""
    return {
        "mrz": "fake reader 1",
        "face": "fake faces 1",
        "face_sha256": os.environ["FAKE_SHA256"],
        "face_card": os.environ["FAKE_CARD"],
    }


@pytest.fixture
def fake_workers(monkeypatch: pytest.MonkeyPatch) -> type[FakePool[tuple[int, int]]]:
    """Makes the module of the fake workers known to child processes, whatever folder they start in."""
    places = [str(ENGINES_BAD), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))
    card = load_card("dlib-resnet-v1")  # so that a run has thresholds, as with the real engine
    monkeypatch.setenv("FAKE_CARD", "dlib-resnet-v1")
    monkeypatch.setenv("FAKE_SHA256", card.sha256)
    monkeypatch.setattr("verify.batch.runner.describe_engines", lambda settings: told())
    return FakePool


@pytest.fixture
def quick() -> Settings:
    """Two workers, and half a second for a file."""
    return Settings(jobs=2, limits=Limits(seconds=0.5))
