"""Settings: where a value comes from, what is refused, and what makes a result another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from verify.errors import ExitCode, UsageError
from verify.settings import Limits, Settings, load_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No verify.toml and no VERIFY_* of the machine takes part."""
    monkeypatch.chdir(tmp_path)
    for name in [*Settings.model_fields, *(f"limits_{one}" for one in Limits.model_fields)]:
        monkeypatch.delenv(f"VERIFY_{name.upper()}", raising=False)
    yield


def toml(folder: Path, text: str | bytes, name: str = "verify.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_anything_there_are_defaults() -> None:
    assert load_settings(environ={}) == Settings()
    assert Settings().profile == "operational"


def test_the_later_source_overrides_the_earlier(tmp_path: Path) -> None:
    toml(tmp_path, 'fpir = 0.02\nfnmr = 0.02\ncandidates = 2\nprofile = "specimen"\n')
    environ = {"VERIFY_FNMR": "0.03", "VERIFY_CANDIDATES": "3"}
    found = load_settings(environ=environ, flags={"candidates": 4, "profile": None, "key_file": None})
    assert (found.fpir, found.fnmr, found.candidates, found.profile) == (0.02, 0.03, 4, "specimen")
    assert found.retention_days == Settings().retention_days


def test_limits_are_merged_one_by_one(tmp_path: Path) -> None:
    toml(tmp_path, "[limits]\nseconds = 2.5\nmax_pages = 3\n")
    found = load_settings(environ={"VERIFY_LIMITS_MAX_PAGES": "4"}, flags={"limits": {"max_side": 5}})
    assert found.limits == Limits(seconds=2.5, max_pages=4, max_side=5)


def test_the_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_KEY_FILE", "/somewhere/key")
    assert load_settings().key_file == Path("/somewhere/key")


def test_a_named_file_stands_in_for_the_one_in_this_folder(tmp_path: Path) -> None:
    toml(tmp_path, "jobs = 7\n")
    other = toml(tmp_path, "candidates = 6\n", "other.toml")
    found = load_settings(file=other, environ={})
    assert (found.jobs, found.candidates) == (0, 6)


@pytest.mark.parametrize(("text", "codes"), [("A01,B02", ("A01", "B02")), ("A01", ("A01",)), ("", ())])
def test_codes_to_skip_are_a_list_in_the_environment(text: str, codes: tuple[str, ...]) -> None:
    assert load_settings(environ={"VERIFY_SKIP_CHECKS": text}).skip_checks == codes


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("shoe_size = 44\n", "shoe_size"),
        ("[limits]\nmax_hats = 1\n", "limits.max_hats"),
        ("[limits]\nseconds = 0\n", "limits.seconds"),
        ("limits = 3\n", "limits"),
        ('jobs = "many"\n', "jobs"),
        ("jobs = -1\n", "jobs"),
        ("fpir = 0\n", "fpir"),
        ("fnmr = 1.0\n", "fnmr"),
        ("candidates = 101\n", "candidates"),
        ("retention_days = 0\n", "retention_days"),
        ('profile = "relaxed"\n', "profile"),
        ('skip_checks = "A01"\n', "skip_checks"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, where: str) -> None:
    toml(tmp_path, text)
    with pytest.raises(UsageError, match=f"setting '{where}'") as refused:
        load_settings(environ={})
    assert refused.value.exit_code == ExitCode.USAGE


def test_a_wrong_value_in_the_environment_or_a_flag_is_named() -> None:
    with pytest.raises(UsageError, match=r"setting 'limits\.memory'"):
        load_settings(environ={"VERIFY_LIMITS_MEMORY": "much"})
    with pytest.raises(UsageError, match="setting 'jobs'"):
        load_settings(environ={}, flags={"jobs": "x"})


@pytest.mark.parametrize("text", ["jobs = \n", "jobs = 1\njobs = 2\n", b"\xff\xfe", "[" * 10])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, text: str | bytes) -> None:
    path = toml(tmp_path, text)
    with pytest.raises(UsageError, match=r"verify\.toml: not a valid settings file"):
        load_settings(file=path, environ={})


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_named_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot read the settings file"):
        load_settings(file=tmp_path / name, environ={})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().jobs = 3  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        Settings().limits.seconds = 3  # type: ignore[misc]


def test_workers_are_at_least_one() -> None:
    assert Settings(jobs=3).workers == 3
    assert Settings().workers >= 1


NO_RESULT = {
    "jobs": 3, "key_file": Path("k"), "retention_days": 7, "require_sandbox": True,
    "batch_engine": "ray", "ray_address": "127.0.0.1:6379", "checks_folder": Path("c"),
    "models": Path("m"), "trust": Path("t"), "cohort": Path("c"),
}  # fmt: skip
RESULT = {
    "profile": "specimen", "mrz_engine": "x", "face_engine": "x", "fpir": 0.5, "fnmr": 0.5, "candidates": 3,
    "skip_checks": ("A01",), "allowed_checks": {"own.py": "00"}, "border": 60, "viz_engine": "none",
}  # fmt: skip


def test_every_setting_is_sorted_here() -> None:
    assert {*NO_RESULT, *RESULT, "limits"} == set(Settings.model_fields), "a new setting: does it change a result?"


@pytest.mark.parametrize("name", sorted(NO_RESULT))
def test_the_fingerprint_ignores_what_changes_no_result(name: str) -> None:
    assert Settings(**{name: NO_RESULT[name]}).result_fingerprint() == Settings().result_fingerprint()


@pytest.mark.parametrize("name", sorted(RESULT))
def test_the_fingerprint_follows_what_changes_a_result(name: str) -> None:
    assert Settings(**{name: RESULT[name]}).result_fingerprint() != Settings().result_fingerprint()


@pytest.mark.parametrize("name", sorted(Limits.model_fields))
def test_the_fingerprint_follows_each_limit(name: str) -> None:
    assert Settings(limits=Limits(**{name: 17})).result_fingerprint() != Settings().result_fingerprint()


def test_the_fingerprint_is_a_digest_and_stays_the_same() -> None:
    first = Settings().result_fingerprint()
    assert len(first) == 64
    assert first == Settings.model_validate_json(Settings().model_dump_json()).result_fingerprint()
