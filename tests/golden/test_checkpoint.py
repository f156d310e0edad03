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
def test_everything_planted_is_found(compared) -> None:  # type: ignore[no-untyped-def]
    assert compared.missed == []
    plants = [planted for _item, planted in compared.plants() if planted["kind"] not in compared.unread]
    assert sum(len(seen) for seen in compared.found.values()) == len(plants) >= 80  # the comparison itself is not empty


@pytest.mark.slow
def test_clean_crossings_stay_quiet(compared) -> None:  # type: ignore[no-untyped-def]
    assert len(compared.clean) >= 30
    assert compared.looks >= 1000
    false = [(item, finding.code) for item, finding in compared.false_findings]
    assert len(false) <= 0.01 * compared.looks, false


@pytest.mark.slow
def test_what_is_planted_for_a_check_has_a_twin_on_which_it_passes(compared) -> None:  # type: ignore[no-untyped-def]
    script = sys.modules["golden"]
    without = {code for code in compared.found if code in script.codes() and not compared.quiet(code)[0]}
    assert without == script.WITHOUT_TWIN


@pytest.mark.slow
def test_the_table_tells_every_check_and_every_plant(compared) -> None:  # type: ignore[no-untyped-def]
    script = sys.modules["golden"]
    kinds = {planted["kind"] for _item, planted in compared.plants()}
    text = (ROOT / "docs" / "golden.md").read_text(encoding="utf-8")
    assert all(kind.replace("_", " ") in text for kind in kinds)
    assert all(f"| {code} |" in text for code in script.codes())
    shown = {planted["check"] for _item, planted in compared.plants() if "check" in planted}
    assert script.codes() == set(script.NOT_PLANTED) | shown
