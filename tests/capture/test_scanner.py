"""Scanners through the real SANE stack: its test backend with injected faults, and a page of ours by `pnm`."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from verify.capture.scanner import ScanSource, devices, scan
from verify.errors import MissingEngineError, VerifyError

needs_sane = pytest.mark.skipif(
    shutil.which("scanimage") is None, reason="SANE is not installed: apt install sane-utils"
)


@pytest.fixture
def sane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration of SANE with nothing but its test backends."""
    folder = tmp_path / "sane"
    folder.mkdir()
    (folder / "dll.conf").write_text("test\npnm\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
    return folder


@needs_sane
def test_devices_are_listed_with_maker_and_model(sane: Path) -> None:
    assert ("test:0", "Noname frontend-tester") in [(one.name, one.label) for one in devices()]


@needs_sane
def test_a_page_is_kept_with_who_made_it_when_and_how(sane: Path, tmp_path: Path) -> None:
    (page,) = scan(tmp_path / "out", device="test", operator="operator-7", resolution=75)
    data = page.path.read_bytes()
    assert page.sha256 == hashlib.sha256(data).hexdigest()
    with Image.open(page.path) as image:
        assert image.mode == "RGB"
    told = json.loads(page.path.with_suffix(".json").read_text())
    assert (told["operator"], told["device"], told["sha256"], told["resolution"]) == (
        "operator-7",
        "test",
        page.sha256,
        75,
    )
    assert told["taken"].endswith("+00:00")
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".json", ".png"], "nothing else is left"


@needs_sane
def test_the_feeder_gives_its_pages_and_then_is_empty(sane: Path, tmp_path: Path) -> None:
    options = ("--test-picture=Color pattern", "-x", "20", "-y", "20")
    seen: list[Path] = []
    pages = scan(
        tmp_path,
        device="test",
        operator="o",
        source=ScanSource.FEEDER,
        resolution=50,
        pages=15,
        options=options,
        told=lambda page: seen.append(page.path),
    )
    assert len(pages) == 10
    assert seen == [page.path for page in pages]


@needs_sane
@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("SANE_STATUS_JAMMED", "jammed"),
        ("SANE_STATUS_COVER_OPEN", "cover is open"),
        ("SANE_STATUS_NO_DOCS", "feeder is empty"),
        ("SANE_STATUS_DEVICE_BUSY", "busy"),
        ("SANE_STATUS_IO_ERROR", "cable"),
        ("SANE_STATUS_ACCESS_DENIED", "group 'scanner'"),
    ],
)
def test_what_goes_wrong_is_said_in_plain_words_and_leaves_nothing(
    sane: Path, tmp_path: Path, status: str, says: str
) -> None:
    with pytest.raises(VerifyError, match=says):
        scan(tmp_path / "out", device="test", operator="o", options=(f"--read-return-value={status}",))
    assert list((tmp_path / "out").iterdir()) == []


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program in the place of scanimage."""
    folder.mkdir()
    asked = 'case "$*" in *--all-options*) exit 1 ;; esac\n'  # it offers nothing
    (folder / "scanimage").write_text("#!/bin/sh\n" + asked + script)
    (folder / "scanimage").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def test_a_driver_that_hangs_after_its_error_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Scanned page 1. (scanner status = 8)\\nBatch terminated, 1 page scanned\\n"
    stand_in(tmp_path / "bin", f"printf '{said}' >&2\nexec sleep 600\n", monkeypatch)
    monkeypatch.setattr("verify.capture.scanner._SECONDS_TO_CLOSE", 0.1)
    with pytest.raises(VerifyError, match="cover is open"):
        scan(tmp_path / "out", device="any", operator="o")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_silent_driver_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path / "bin", "exec sleep 600\n", monkeypatch)
    monkeypatch.setattr("verify.capture.scanner._SECONDS_A_PAGE", 0.2)
    with pytest.raises(VerifyError, match="did not finish in time"):
        scan(tmp_path / "out", device="any", operator="o")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_scanner_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path / "bin", "", monkeypatch)
    (tmp_path / "bin" / "scanimage").write_text("#!/bin/sh\nexec sleep 600\n")
    monkeypatch.setattr("verify.capture.scanner._SECONDS_TO_LIST", 0.2)
    with pytest.raises(VerifyError, match="did not answer in time"):
        scan(tmp_path / "out", device="any", operator="o")


@needs_sane
def test_a_scanner_without_a_feeder_is_told(sane: Path, tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="no feeder"):
        scan(tmp_path / "out", device="pnm:0", operator="o", source=ScanSource.FEEDER)


@needs_sane
def test_an_unknown_scanner_is_told(sane: Path, tmp_path: Path) -> None:
    with pytest.raises(VerifyError, match="nobody:9"):
        scan(tmp_path, device="nobody:9", operator="o")


@needs_sane
def test_our_own_page_comes_through_the_stack_as_it_is(sane: Path, tmp_path: Path) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (80, 120, 3), dtype=np.uint8)
    Image.fromarray(picture).save(tmp_path / "page.ppm")
    options = ("--filename", str(tmp_path / "page.ppm"))
    (page,) = scan(tmp_path / "out", device="pnm:0", operator="o", options=options)
    with Image.open(page.path) as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), picture)


def test_without_sane_a_clear_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingEngineError, match="sane-utils"):
        scan(tmp_path, device="test", operator="o")
