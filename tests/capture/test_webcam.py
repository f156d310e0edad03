"""The camera by a stream over loopback: nothing is taken by itself, and what is taken can be read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from verify.batch.glance import Glance
from verify.capture.webcam import Camera, Frame, Remarks, camera_label, encoded, page_advice, shoot
from verify.cli._lines import Lines
from verify.errors import UsageError, VerifyError
from verify.model.face import FaceRole
from verify.model.item import Role
from verify.settings import Limits, Settings

from .cameras import FILES, SAMPLES, stream

PERSON = (FILES / "C001_capture.jpg").read_bytes()
PAGE = (FILES / "C001_document.jpg").read_bytes()
MRZ = tuple(json.loads((SAMPLES / "truth.json").read_text())["mrz"]["C001"]["document"])


@pytest.fixture(scope="module")
def glance() -> Iterator[Glance]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("verify.batch.glance._SECONDS", 60.0)  # a slow machine is no fault of the picture
        with Glance(Settings(face_engine="dlib", limits=Limits(seconds=60))) as looking:
            yield looking


def answers(*lines: str | None) -> Callable[[float], str | None]:
    """An operator who says these lines, one each time, and then is gone."""
    waiting = iter(lines)
    return lambda _seconds: next(waiting, "q")


def nothing(_frame: Frame) -> Remarks:
    return Remarks((), ())


def page(picture: bytes) -> Frame:
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.ascontiguousarray(decoded[..., ::-1], np.uint8)


def test_a_captured_page_is_read_to_its_mrz(glance: Glance) -> None:
    with stream(PAGE) as address, Camera(address) as camera:
        frame = shoot(camera, nothing, said=answers("", "k"), tell=lambda _line: None)
    assert frame is not None
    seen = glance.look(encoded(frame, ".png"), Role.DOCUMENT)
    assert seen.reading.mrz is not None
    assert seen.reading.mrz.lines == MRZ
    assert seen.reading.faces[0].role is FaceRole.PORTRAIT
    assert seen.advice == ()


def test_the_face_of_a_captured_person_is_found(glance: Glance) -> None:
    with stream(PERSON) as address, Camera(address) as camera:
        frame = camera.frame()
    assert frame.shape == (480, 640, 3)
    seen = glance.look(encoded(frame, ".jpg"), Role.CAPTURE)
    assert [face.role for face in seen.reading.faces] == [FaceRole.LIVE]
    assert any("inter-eye distance" in fact for fact in seen.facts)
    assert seen.advice == ()


def test_what_could_be_better_is_said(glance: Glance) -> None:
    person = page(PERSON)
    two = np.concatenate([person, person], axis=1)
    assert any("2 faces" in one for one in glance.look(encoded(two, ".jpg"), Role.CAPTURE).advice)
    dark = (person * 0.15).astype(np.uint8)
    assert any("dark" in one for one in glance.look(encoded(dark, ".png"), Role.CAPTURE).advice)
    blurred = np.asarray(cv2.GaussianBlur(person, (0, 0), 4), np.uint8)
    assert any("blurred" in one for one in glance.look(encoded(blurred, ".png"), Role.CAPTURE).advice)
    assert any("no face" in one for one in glance.look(encoded(np.full_like(person, 90), ".png"), Role.CAPTURE).advice)
    hidden = page(PAGE)
    hidden[-400:] = 255
    assert any("no machine readable zone" in one for one in glance.look(encoded(hidden, ".png"), Role.DOCUMENT).advice)
    assert glance.look(b"no picture", Role.DOCUMENT).advice


def test_the_light_and_focus_of_a_page_are_measured() -> None:
    sharp = page(PAGE)
    assert list(page_advice(sharp)) == []
    shining = sharp.copy()
    cv2.circle(shining, (1000, 300), 120, (255, 255, 255), -1)
    assert ["over-exposed" in one for one in page_advice(shining)] == [True]
    assert ["blurred" in one for one in page_advice(np.asarray(cv2.GaussianBlur(sharp, (0, 0), 4), np.uint8))] == [True]
    assert any("dark" in one for one in page_advice((sharp * 0.1).astype(np.uint8)))


def test_nothing_is_taken_by_itself_and_a_second_enter_keeps_nothing() -> None:
    told: list[str] = []
    with stream(PERSON) as address, Camera(address) as camera:
        assert shoot(camera, nothing, said=answers(None, None, None, "q"), tell=told.append) is None
        assert not any("taken" in line for line in told)
        assert shoot(camera, nothing, said=answers("", "", "x", "q"), tell=told.append) is None
        kept = shoot(camera, nothing, said=answers("k", "", "r", "", "k"), tell=told.append)
    assert kept is not None
    assert sum("taken, 640 x 480" in line for line in told) == 3


def test_advice_is_told_when_it_changes() -> None:
    said = iter([("come closer",), ("come closer",), (), ("hold still",)])
    told: list[str] = []
    with stream(PERSON) as address, Camera(address) as camera:
        shoot(camera, lambda _f: Remarks((), next(said)), said=answers(None, None, None, "q"), tell=told.append)
    assert told[1:] == ["come closer", "nothing stands out", "hold still"]


def test_a_camera_that_is_unplugged_is_told() -> None:
    with stream(PERSON, count=3) as address, Camera(address) as camera, pytest.raises(VerifyError, match="unplugged"):
        while True:
            camera.frame()


class Hanging:
    """A driver that gives one picture and then answers nothing, or no answer at all."""

    def __init__(self, pictures: int) -> None:
        self.left, self.go_on = pictures, threading.Event()

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return True

    def read(self) -> tuple[bool, Frame | None]:
        if self.left == 0:
            self.go_on.wait(60)
            return False, None
        self.left -= 1
        return True, page(PERSON)

    def release(self) -> None:
        pass


@pytest.mark.parametrize("pictures", [0, 1])
def test_a_driver_that_hangs_is_not_waited_for(pictures: int, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Hanging(pictures)
    monkeypatch.setattr("verify.capture.webcam._opened", lambda _device: driver)
    for name in ("TO_OPEN", "A_FRAME", "TO_CLOSE"):
        monkeypatch.setattr(f"verify.capture.webcam._SECONDS_{name}", 0.1)
    with pytest.raises(VerifyError, match="no picture for"), Camera("0") as camera:
        camera.frame()
    driver.go_on.set()


@pytest.mark.parametrize("device", ["/dev/video987", "http://127.0.0.1:9/none"])
def test_a_camera_that_is_not_there_is_told(device: str) -> None:
    with pytest.raises(VerifyError, match="cannot be opened"), Camera(device):
        pass


@pytest.mark.parametrize(
    "device", ["", "x", "-1", "/etc/passwd", "file:///etc/passwd", "concat:a|b", "http://", "ftp://h/x"]
)
def test_only_cameras_are_opened(device: str) -> None:
    with pytest.raises(UsageError, match="a camera is named by"):
        Camera(device)


def test_a_password_in_an_address_reaches_no_record() -> None:
    assert camera_label("rtsp://ann:secret@10.0.0.7:554/live?token=secret") == "rtsp://10.0.0.7:554/live"
    assert camera_label("3") == camera_label("/dev/video3") == "/dev/video3"


def test_lines_are_waited_for_no_longer_than_asked() -> None:
    read, write = os.pipe()
    lines = Lines(read)
    assert lines.wait(0) is None
    os.write(write, b"\n K \nhalf")
    assert [lines.wait(1), lines.wait(1), lines.wait(0)] == ["", "k", None]
    os.close(write)
    assert lines.wait(1) == "q"
    os.close(read)


@pytest.mark.slow
def test_the_command_keeps_what_was_asked_for(tmp_path: Path) -> None:
    with stream(PAGE) as address:
        options = ["--device", address, "--role", "document", "--item", "A1", "--operator", "operator-7"]
        command = [
            sys.executable,
            "-c",
            "from verify.cli import main; main()",
            "capture",
            "webcam",
            str(tmp_path / "out"),
        ]
        done = subprocess.run(
            [*command, *options], input="\nk\n", capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "nothing stands out" in done.stderr
        again = subprocess.run([*command, *options], input="", capture_output=True, text=True, timeout=120, check=False)
        assert again.returncode == 130
    place = tmp_path / "out" / "A1_document.png"
    assert done.stdout.strip() == str(place)
    told = json.loads(place.with_suffix(".json").read_text())
    assert (told["device"], told["operator"], told["width"]) == (address, "operator-7", page(PAGE).shape[1])
    assert np.array_equal(page(place.read_bytes()).shape, page(PAGE).shape)
    assert sorted(path.name for path in place.parent.iterdir()) == ["A1_document.json", "A1_document.png"]
