"""The main job on samples/, held against what was planted (docs/golden.md)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden", ROOT / "scripts" / "golden.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["golden"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    pytest.importorskip("face_recognition_models", reason="the dlib engine is not installed")
    return _script().golden(tmp_path_factory.mktemp("golden"))


@pytest.mark.slow
def test_everything_planted_that_a_check_covers_is_found(compared) -> None:  # type: ignore[no-untyped-def]
    assert compared.missed == []
    assert sum(len(seen) for seen in compared.found.values()) >= 35  # the comparison itself is not empty


@pytest.mark.slow
def test_clean_crossings_stay_quiet(compared) -> None:  # type: ignore[no-untyped-def]
    assert sum(facts["clean"] for facts in compared.truth.values()) >= 30
    assert len(compared.false_findings) <= 2, [(item, finding.code) for item, finding in compared.false_findings]


@pytest.mark.slow
def test_what_is_not_covered_is_listed_with_a_reason(compared) -> None:  # type: ignore[no-untyped-def]
    kinds = {planted["kind"] for facts in compared.truth.values() for planted in facts["planted"]}
    script = sys.modules["golden"]
    assert kinds == set(compared.found) | set(script.NOT_COVERED)
    text = (ROOT / "docs" / "golden.md").read_text(encoding="utf-8")
    assert all(kind.replace("_", " ") in text for kind in kinds)
