"""The page on the checks is the checks' own words, and up to date."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from verify.checks import discover

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_check_docs.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_check_docs", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main(["--check"]) == 0, "run scripts/make_check_docs.py\n" + capsys.readouterr().out


def test_a_page_that_is_not_up_to_date_or_missing_is_told(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "PAGE", tmp_path / "checks.md")
    assert script.main(["--check"]) == 1
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0
    (tmp_path / "checks.md").write_text(script.page(discover()).replace("never a pass", "a pass"), encoding="utf-8")
    capsys.readouterr()
    assert script.main(["--check"]) == 1
    assert "never a pass" in capsys.readouterr().out


@pytest.mark.parametrize("check", discover(), ids=lambda check: check.meta.code)
def test_a_check_says_what_it_sees_and_why_it_may_be_innocent(script: ModuleType, check) -> None:  # type: ignore[no-untyped-def]
    assert "Innocent reasons:" in check.doc
    text = script.page([check])
    assert check.meta.name in text
    assert check.meta.source in text
    assert all(f"\n- {reason}\n" in text for reason in check.meta.innocent_reasons)
    assert "Innocent reasons:" not in text
