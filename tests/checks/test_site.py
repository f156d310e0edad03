"""A site's own checks run only when the very file was allowed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from verify.checks import of_site, run_all, run_batch
from verify.errors import PolicyError, UsageError
from verify.settings import Settings, load_settings

from .builder import batch_of, case_of

OWN = '''"""The document has no page.

Innocent reasons: it is a test.
"""
from __future__ import annotations
from dataclasses import dataclass
from verify.checks import Meta
from verify.model.finding import Severity

@dataclass(frozen=True)
class Seen:
    pages: int

META = Meta("X01", "invented", Severity.INFO, "nowhere", ("it is a test",))

def run(case):
    return META.passed() if Seen(len(case.readings)).pages else META.not_applicable("no file")
'''
ITEM = {"files": [{"role": "document", "mrz_reason": "no MRZ was found"}]}


def settings(folder: Path | None, source: str = OWN, name: str = "own.py", sha256: str = "") -> Settings:
    if folder is not None:
        (folder / name).write_text(source, encoding="utf-8")
    digest = sha256 or hashlib.sha256(source.encode()).hexdigest()
    return Settings(checks_folder=folder, allowed_checks={name: digest})


def test_a_file_that_was_allowed_runs_beside_the_others(tmp_path: Path) -> None:
    own = of_site(settings(tmp_path))
    assert [check.meta.code for check in own] == ["X01"]
    ends = {one.code: one.state for one in run_all(case_of(ITEM), more=own)}
    assert ends["X01"] == "pass"
    assert "R01" in ends
    assert "X01" not in {one.code for one in run_all(case_of(ITEM), skip={"X01"}, more=own)}
    assert run_batch(batch_of({"items": []}), skip={"X01"}, more=own) == ()


def test_without_a_list_nothing_of_the_folder_is_run(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("raise SystemExit", encoding="utf-8")
    assert of_site(Settings(checks_folder=tmp_path)) == ()


def test_another_file_than_the_one_allowed_is_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    source = f"open({str(ran)!r}, 'w').close()\n"
    with pytest.raises(PolicyError, match="not the file that was allowed"):
        of_site(settings(tmp_path, source, sha256="00" * 32))
    assert not ran.exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text(OWN, encoding="utf-8")
    (tmp_path / "linked.py").symlink_to(real)
    digest = hashlib.sha256(OWN.encode()).hexdigest()
    with pytest.raises(UsageError, match="cannot be read"):
        of_site(Settings(checks_folder=tmp_path, allowed_checks={"linked.py": digest}))


@pytest.mark.parametrize("name", ["../own.py", "/etc/passwd", "own.txt", "own.pyc", ""])
def test_a_name_that_is_none_of_a_file_in_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="name of a file"):
        of_site(Settings(checks_folder=tmp_path, allowed_checks={name: "00" * 32}))


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("META = 1", "no whole check"),
        ("def run(:", "no valid Python"),
        (OWN.replace("X01", "R01"), "has the code R01 already"),
    ],
)
def test_what_is_no_check_is_said(tmp_path: Path, source: str, fault: str) -> None:
    with pytest.raises(UsageError, match=fault):
        of_site(settings(tmp_path, source))


def test_a_list_without_a_folder_is_said() -> None:
    with pytest.raises(UsageError, match="checks_folder"):
        of_site(settings(None))


def test_only_a_settings_file_that_is_named_may_let_code_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "verify.toml").write_text('checks_folder = "."\n', encoding="utf-8")
    with pytest.raises(UsageError, match="let code run"):
        load_settings(environ={})
    assert load_settings(file=tmp_path / "verify.toml", environ={}).checks_folder == Path()


def test_what_is_allowed_is_part_of_the_fingerprint_and_its_place_is_not(tmp_path: Path) -> None:
    plain, own = Settings(), settings(tmp_path)
    assert plain.result_fingerprint() != own.result_fingerprint()
    elsewhere = own.model_copy(update={"checks_folder": Path("elsewhere")})
    assert own.result_fingerprint() == elsewhere.result_fingerprint()
