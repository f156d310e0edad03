"""The log of a run: JSON lines on request, quiet otherwise, and never a name, a path or what a file holds."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from verify.batch import runner
from verify.cli import main
from verify.vault.keys import create_key_file

from .conftest import FakePool

PLANTED = "ZZPLANTED"
HEADER = "schema_version,item_id,role,path,inspection_date,declared_primary_identifier\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run_(
    tmp_path: Path,
    fake_workers: type[FakePool[tuple[int, int]]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """`verify run` over a good file, one that kills its worker and a missing one, all of them named after a person."""
    logger = logging.getLogger("verify")
    kept = logger.handlers, logger.propagate, logger.level
    monkeypatch.setattr(runner, "get_batch_engine", fake_workers)
    monkeypatch.chdir(tmp_path)
    create_key_file(tmp_path / "key")
    for name, word in {"good": "good", "dead": "SEGV"}.items():
        (tmp_path / f"{PLANTED}_{name}.jpg").write_text(f"{word} {PLANTED}")
    rows = "".join(
        f"1,I-{name},document,{PLANTED}_{name}.jpg,2026-06-15,{PLANTED}\n" for name in ("good", "dead", "no")
    )
    (tmp_path / f"{PLANTED}.csv").write_text(HEADER + rows)

    def call(*options: str) -> tuple[int, str, str]:
        words = ["run", f"{PLANTED}.csv", "--job", "job", "--purpose", "p", "--key-file", "key", *options]
        monkeypatch.setattr(sys, "argv", ["verify", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    yield call
    logger.handlers, logger.propagate = kept[:2]
    logger.setLevel(kept[2])


def test_json_lines_tell_ids_counts_seconds_and_outcomes(run_: Run) -> None:
    code, out, err = run_("--log-format", "json", "--operator", PLANTED, "--jobs", "1")
    assert PLANTED not in out + err
    lines = [json.loads(line) for line in err.splitlines()]
    first, *items, last = lines
    assert (first["event"], first["level"], first["items"]) == ("run started", "info", 3)
    assert {line["item_id"]: (line["level"], line["state"], line["files"]) for line in items} == {
        "I-good": ("info", "done", {"ok": 1}),
        "I-dead": ("warning", "failed", {"crash": 1}),
        "I-no": ("info", "done", {"refused": 1}),
    }
    assert (last["event"], last["exit_code"], last["items"]) == ("run ended", code, 3)
    assert last["files"] == {"ok": 1, "refused": 1, "crash": 1}
    for line in lines:
        assert line["run_id"] == first["run_id"]
        assert line["time"].endswith("+00:00")
    assert all(0 <= line["seconds"] < 60 for line in (*items, last))


def test_text_is_quiet_but_for_warnings(run_: Run) -> None:
    _code, _out, err = run_("--quiet", "--jobs", "1")
    (line,) = err.splitlines()
    assert line.startswith("verify: item recorded, run_id ")
    assert "item_id I-dead, state failed, files 1 crash" in line
    assert PLANTED not in err


def test_the_level_decides(run_: Run) -> None:
    assert run_("--quiet", "--log-level", "error", "--jobs", "1")[2] == ""
    _code, _out, err = run_("--quiet", "--resume", "--log-level", "info")
    assert [line.split(",")[0] for line in err.splitlines()] == ["verify: run started", "verify: run ended"]


def test_what_other_packages_log_stays_in(run_: Run, capfd: pytest.CaptureFixture[str]) -> None:
    run_("--quiet", "--log-format", "json", "--log-level", "debug")
    logging.getLogger("PIL.Image").info(PLANTED)
    assert PLANTED not in capfd.readouterr().err
