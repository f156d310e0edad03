"""The camera's page in Chromium, whose camera shows a sample: by keyboard alone, and what is kept can be read."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from verify.batch.single import read_files
from verify.ledger import Ledger
from verify.model.face import FaceRole
from verify.model.item import Role
from verify.review.captures import Captures
from verify.settings import Limits, Settings

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: see scripts/test-browser")

from .test_browser import CHROMIUM, Person, Server, pytestmark, server, sync_api

__all__ = ["pytestmark", "server"]  # taken over from there

SAMPLES = Path(__file__).parents[2] / "samples" / "checkpoint"
MRZ = tuple(json.loads((SAMPLES / "truth.json").read_text())["mrz"]["C001"]["document"])


def frame(name: str) -> bytes:
    """A sample in the middle of a picture of a size that cameras have."""
    with Image.open(SAMPLES / "files" / name) as sample:
        size = next(one for one in ((640, 480), (1920, 1080)) if sample.width <= one[0] and sample.height <= one[1])
        picture = Image.new("RGB", size, (120, 116, 110))
        picture.paste(sample, ((size[0] - sample.width) // 2, (size[1] - sample.height) // 2))
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=92)
    return data.getvalue()


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """Starts a Chromium whose camera shows one sample."""
    with sync_api.sync_playwright() as playwright:
        started: list[Any] = []

        def start(name: str) -> Any:
            film = tmp_path / "camera.mjpeg"
            film.write_bytes(frame(name) * 2)
            arguments = [
                "--disable-quic",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={film}",
            ]
            arguments += ["--no-sandbox", "--disable-gpu"] if os.geteuid() == 0 else []
            started.append(playwright.chromium.launch(executable_path=CHROMIUM, args=arguments))
            return started[-1]

        yield start
        for browser in started:
            browser.close()


@pytest.fixture
def chromium_without() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        arguments = ["--disable-quic", *(["--no-sandbox", "--disable-gpu"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def kept_by(person: Person, role: str, shows: str) -> str:
    """Takes one picture with keys only, and keeps it; returns what was said while the camera looked."""
    page = person.page
    page.set_default_timeout(150_000)  # the worker starts first
    page.goto(f"{person.server.place}/capture")
    page.select_option("#role", role)
    page.wait_for_selector(f"#advice {shows}")
    said = str(page.inner_text("#advice"))
    person.keys("t")
    page.wait_for_selector("#keep:enabled")
    assert page.inner_text("#kept") == ""
    person.keys("k")
    page.wait_for_selector("#kept li")
    assert page.inner_text("#problem") == ""
    return said


def seen(server: Server, kek: bytes, role: Role) -> Any:
    """What a batch reads from the picture that was kept, after the server has gone."""
    server.stop()
    with Ledger.open(server.job, kek) as ledger:
        captures = Captures(ledger, server.job)
        (original,) = captures.listed()
        (place,) = captures.release(server.folder / "out", "sue")
    server.start()
    assert (original.operator, original.details["role"]) == ("ann", role.value)
    assert original.device.endswith("camera.mjpeg"), "what the browser calls its camera"
    patient = Settings(face_engine="dlib", jobs=1, limits=Limits(seconds=60))
    ((reading, _pictures),) = read_files([place], patient, role=role, reference_date=dt.date(2026, 6, 15))
    return reading


def test_a_page_is_captured_and_read_to_its_mrz(server: Server, kek: bytes, camera: Callable[[str], Any]) -> None:
    ann = Person(camera("C001_document.jpg"), server, "ann", policy=True)
    said = kept_by(ann, "document", "code")
    assert all(line in said for line in MRZ)
    assert ann.said == [], "the policy of the page is kept"
    assert all(url.removeprefix("blob:").startswith(f"{server.place}/") for url in ann.asked)
    reading = seen(server, kek, Role.DOCUMENT)
    assert reading.mrz.lines == MRZ


def test_a_person_is_captured_and_the_face_found(server: Server, kek: bytes, camera: Callable[[str], Any]) -> None:
    ann = Person(camera("C001_capture.jpg"), server, "ann", policy=True)
    assert "inter-eye distance" in kept_by(ann, "capture", "li:has-text('inter-eye')")
    reading = seen(server, kek, Role.CAPTURE)
    assert [face.role for face in reading.faces] == [FaceRole.LIVE]


def test_nothing_is_kept_that_nobody_keeps(server: Server, kek: bytes, camera: Callable[[str], Any]) -> None:
    ann = Person(camera("C001_capture.jpg"), server, "ann")
    ann.page.set_default_timeout(150_000)
    ann.page.goto(f"{server.place}/capture")
    ann.page.wait_for_selector("#advice li:has-text('inter-eye')")  # several were looked at
    ann.keys("t")
    ann.page.wait_for_selector("#again:enabled")
    assert ann.violations() == []
    ann.keys("x")
    ann.page.wait_for_selector("#take:enabled")
    assert not (server.job / "captures").exists()


def test_without_a_camera_the_page_says_so(server: Server, chromium_without: Any) -> None:
    ann = Person(chromium_without, server, "ann")
    ann.page.goto(f"{server.place}/capture")
    ann.page.wait_for_selector("#problem:visible")
    assert "No camera can be used" in ann.page.inner_text("#problem")
    assert ann.violations() == []
