"""Hostile files: each has one outcome; 100 of them were labelled by hand from their bytes."""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import shutil
from collections import Counter
from pathlib import Path

import pytest

from verify.errors import NoInputsError, UsageError
from verify.evaluate import HostileFile, HostileReport, evaluate_hostile, write_line
from verify.model.outcome import Outcome
from verify.settings import Limits, Settings

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("VERIFY_SHARED", ROOT.parent / "shared")) / "data" / "bad"
LABELS: dict[str, tuple[str, str]] = json.loads((ROOT / "tests" / "cases" / "hostile_labels.json").read_text())
QUICK = Settings(jobs=2, limits=Limits(seconds=0.5))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> str:
    """A worker that does what the file in front of it says."""
    places = [str(ROOT / "tests" / "engines_bad"), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))
    return "worker"


def outcomes(folder: Path, settings: Settings, module: str) -> tuple[dict[str, HostileFile], HostileReport]:
    told: list[HostileFile] = []
    report = evaluate_hostile(folder, settings, told.append, module=module)
    assert len({one.file for one in told}) == len(told), "each file once"
    assert report.outcomes == Counter(one.outcome for one in told)
    return {one.file: one for one in told}, report


def test_every_file_has_one_outcome(tmp_path: Path, fake: str) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name, word in {"a": "good", "deep/b": "SEGV", "deep/er/c": "LOOP", "README": "good r", "twin": "good"}.items():
        (tmp_path / name).write_text(word)
    (tmp_path / "empty").touch()
    (tmp_path / "manifest.jsonl").write_text("not one of them")
    (tmp_path / "deep" / "manifest.jsonl").write_text("good, and one of them")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "linked").symlink_to("deep")
    os.mkfifo(tmp_path / "pipe")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff")).write_text("good")
    found, report = outcomes(tmp_path, QUICK, fake)
    assert {name: one.outcome for name, one in found.items()} == {
        "a": Outcome.OK, "twin": Outcome.OK, "README": Outcome.OK, "deep/manifest.jsonl": Outcome.OK,
        "deep/b": Outcome.CRASH, "deep/er/c": Outcome.RESOURCE, "empty": Outcome.DAMAGED,
        "link": Outcome.REFUSED, "linked": Outcome.REFUSED, "pipe": Outcome.REFUSED, "n\udcff": Outcome.REFUSED,
    }  # fmt: skip
    assert report.slowest is not None
    assert report.slowest.file == "deep/er/c"
    assert 0.5 <= report.slowest.seconds < 5
    assert report.layers == ("pretended",)
    assert report.peak_memory > 1_000_000
    assert all(bool(one.detail) == (one.outcome is not Outcome.OK) for one in found.values())


def test_a_line_is_json_in_ascii(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="ascii") as stream:
        write_line(stream, HostileFile("n\udcff\n", Outcome.REFUSED, "", "is a link", 0.0))
    (line,) = (tmp_path / "out").read_text().splitlines()
    assert json.loads(line) == {
        "schema_version": 1, "file": "n\udcff\n", "outcome": "refused", "kind": "", "detail": "is a link",
        "seconds": 0.0,
    }  # fmt: skip


def test_a_folder_without_files_or_that_is_none_is_refused(tmp_path: Path, fake: str) -> None:
    (tmp_path / "manifest.jsonl").touch()
    with pytest.raises(NoInputsError, match="holds no file"):
        outcomes(tmp_path, QUICK, fake)
    with pytest.raises(UsageError, match="cannot be listed"):
        outcomes(tmp_path / "missing", QUICK, fake)


def test_the_labels_are_a_hundred_and_each_says_why() -> None:
    assert len(LABELS) == 100
    assert {outcome for outcome, _why in LABELS.values()} <= set(Outcome)
    assert len({name.partition("/")[0] for name in LABELS}) >= 20, "across the sources"
    assert all(why for _outcome, why in LABELS.values())


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no hostile files at {FOLDER} (set VERIFY_SHARED)")
def test_the_labelled_files_end_as_they_were_labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("face_recognition_models") is None:
        pytest.skip("face_recognition_models is not installed")
    corpus, temporary = tmp_path / "corpus", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    for name in LABELS:
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(FOLDER / name, corpus / name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # of this process, whatever ran in it before
    # the labels say what the files are, not how fast this machine is
    found, report = outcomes(corpus, Settings(limits=Limits(seconds=60)), "verify.batch.worker")
    wrong = {name: (found[name].outcome, *label) for name, label in LABELS.items() if found[name].outcome != label[0]}
    assert wrong == {}
    assert report.peak_memory - before < 200_000_000
    assert list(temporary.iterdir()) == []
