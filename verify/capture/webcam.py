"""Cameras through OpenCV: a device of this machine, or a stream over the network. Nothing is taken by itself.

The newest picture is read in a thread of its own, so that a driver that hangs costs a message and not the program, and
what is taken is what was seen just now, not what lay in a buffer.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.errors import UsageError, VerifyError

__all__ = ["Camera", "Frame", "Remarks", "camera_label", "encoded", "page_advice", "shoot"]

Frame = NDArray[np.uint8]
"""One picture of a camera: H x W x 3, RGB, 8 bits."""


_SECONDS_TO_OPEN, _SECONDS_A_FRAME, _SECONDS_TO_CLOSE = 10.0, 5.0, 2.0
_SECONDS_BETWEEN, _SECONDS_TO_ANSWER = 0.5, 60.0
_DEVICE = re.compile(r"(?:/dev/video)?(\d{1,3})")
_STREAMS = ("http", "https", "rtsp")
_WIDE, _HIGH = 3840, 2160  # asked of a device, which then gives the most it can
_LEAST_SIDE = 64
_TILES = (15, 20)  # of a picture, down and across
_BRIGHT, _DARK = 250, 50  # grey levels
_SMALL = 1000  # pixels of the longer side while blur is looked for
_BLURRED = 100.0  # variance of the Laplacian there: a sharp page has 280 or more, one blurred by a pixel 30 to 160


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is said about a picture, in sentences.

    Attributes:
        facts: what was seen.
        advice: what could be better; empty when nothing stands out.
    """

    facts: tuple[str, ...]
    advice: tuple[str, ...]

    def __str__(self) -> str:
        """One line for the operator."""
        return "; ".join((*self.facts, *(self.advice or ("nothing stands out",))))


class Camera:
    """An open camera, used as a context manager."""

    def __init__(self, device: str) -> None:
        """Takes the device; it is opened by entering.

        Args:
            device: its number, "/dev/videoN", or the address of a stream (http, https, rtsp).

        Raises:
            UsageError: it is none of these.
        """
        self.label = camera_label(device)
        self._device = device
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._read = 0
        self._why = ""
        self._leave = False
        self._thread = threading.Thread(target=self._grab, name="camera", daemon=True)

    def __enter__(self) -> Self:
        """Opens the camera and waits for its first picture.

        Raises:
            VerifyError: it cannot be opened or gives none; the message says what to do.
        """
        self._thread.start()
        try:
            self._wait(0, _SECONDS_TO_OPEN)
        except VerifyError:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets go of the camera."""
        self._close()

    def frame(self) -> Frame:
        """The next picture, taken after this call.

        Raises:
            VerifyError: the camera gives no more pictures.
        """
        with self._changed:
            after = self._read + 1  # the one that is being read just now may have begun before the call
        return self._wait(after, _SECONDS_A_FRAME)

    def _wait(self, after: int, seconds: float) -> Frame:
        with self._changed:
            self._changed.wait_for(lambda: self._why or self._read > after, seconds)
            if self._why:
                raise VerifyError(f"{self.label}: {self._why}")
            if self._read <= after or self._newest is None:
                raise VerifyError(f"{self.label}: gave no picture for {seconds:g} seconds; unplug it and plug it in")
            return self._newest

    def _close(self) -> None:
        self._leave = True
        self._thread.join(_SECONDS_TO_CLOSE)  # a driver that hangs is left behind

    def _grab(self) -> None:
        """Reads until told to leave, or until the camera is gone."""
        source = _opened(self._device)
        try:
            if not source.isOpened():
                self._gone("cannot be opened; is it plugged in, free, and may this user use it (group 'video')?")
                return
            while not self._leave:
                done, picture = source.read()
                if not done or picture is None or min(picture.shape[:2]) < _LEAST_SIDE:
                    self._gone("gives no more pictures; was it unplugged?")
                    return
                rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
                with self._changed:
                    self._newest, self._read = rgb, self._read + 1
                    self._changed.notify_all()
        except cv2.error:
            self._gone("sent what is no picture; choose another device or address")
        finally:
            source.release()

    def _gone(self, why: str) -> None:
        with self._changed:
            self._why = why
            self._changed.notify_all()


def shoot(
    camera: Camera,
    look: Callable[[Frame], Remarks],
    *,
    said: Callable[[float], str | None],
    tell: Callable[[str], None],
) -> Frame | None:
    """Advises until the operator takes a picture and keeps it.

    Args:
        camera: open.
        look: what is said about a picture.
        said: waits so many seconds for a line of the operator; None when none came, "q" when there will be no more.
        tell: shows the operator a line.

    Returns:
        The picture that the operator kept; None when there is none.

    Raises:
        VerifyError: the camera gives no more pictures.
    """
    while True:
        frame = _taken(camera, look, said, tell)
        if frame is None:
            return None
        tell("k keeps it, r takes another one, q ends without (each with Enter)")
        answer = None
        while answer not in ("k", "r", "q"):  # a second Enter, pressed by mistake, keeps nothing
            answer = said(_SECONDS_TO_ANSWER)
        if answer != "r":
            return frame if answer == "k" else None


def _taken(
    camera: Camera,
    look: Callable[[Frame], Remarks],
    said: Callable[[float], str | None],
    tell: Callable[[str], None],
) -> Frame | None:
    """Shows what could be better until the operator takes a picture; None when the operator ends."""
    tell("Enter takes a picture, q and Enter ends")
    shown = ""
    while True:
        remarks = look(camera.frame())
        now = "; ".join(remarks.advice)
        if now != shown:
            tell(now or "nothing stands out")
            shown = now
        line = said(_SECONDS_BETWEEN)
        if line == "q":
            return None
        if line == "":
            frame = camera.frame()
            height, width = frame.shape[:2]
            tell(f"taken, {width} x {height} pixels: {look(frame)}")
            return frame


def page_advice(frame: Frame) -> Iterator[str]:
    """What the light and the focus of a page ask for.

    Args:
        frame: H x W x 3, RGB.

    Yields:
        Sentences: over-exposure, as by a lamp's reflection (a 300th of the picture is only white); darkness; blur.
    """
    darkest = np.asarray(frame.min(axis=2))
    height, width = (side // count * count for side, count in zip(darkest.shape, _TILES, strict=True))
    tiles = darkest[:height, :width].reshape(_TILES[0], height // _TILES[0], _TILES[1], width // _TILES[1])
    if (tiles.min(axis=(1, 3)) >= _BRIGHT).any():
        yield "part of the picture is over-exposed: tilt the page, or move or dim the lamp"
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    if grey.mean() < _DARK:
        yield "the picture is dark: add light"
    scale = min(1.0, _SMALL / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if cv2.Laplacian(small, cv2.CV_64F).var() < _BLURRED:
        yield "the picture is blurred: hold the page still and let the camera focus"


def encoded(frame: Frame, suffix: str) -> bytes:
    """A picture as a file: ".png" without loss, ".jpg" smaller."""
    _done, data = cv2.imencode(suffix, cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    return data.tobytes()


def camera_label(device: str) -> str:
    """A device as records and messages name it: without the name and password that an address may hold.

    Raises:
        UsageError: it is neither a device of this machine nor the address of a stream.
    """
    found = _DEVICE.fullmatch(device)
    if found:
        return f"/dev/video{int(found[1])}"
    with contextlib.suppress(ValueError):
        parts = urlsplit(device)
        if parts.scheme in _STREAMS and parts.hostname:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            port = f":{parts.port}" if parts.port else ""
            return f"{parts.scheme}://{host}{port}{parts.path}"
    raise UsageError("a camera is named by its number, /dev/videoN, or the address of a stream (http, https, rtsp)")


def _opened(device: str) -> cv2.VideoCapture:
    log = cv2.utils.logging
    log.setLogLevel(log.LOG_LEVEL_SILENT)  # what goes wrong is told by our messages
    found = _DEVICE.fullmatch(device)
    if found:
        source = cv2.VideoCapture(int(found[1]), cv2.CAP_V4L2)
        source.set(cv2.CAP_PROP_FRAME_WIDTH, _WIDE)
        source.set(cv2.CAP_PROP_FRAME_HEIGHT, _HIGH)
        return source
    bounds = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(_SECONDS_TO_OPEN * 1000)]
    bounds += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(_SECONDS_A_FRAME * 1000)]
    return cv2.VideoCapture(device, cv2.CAP_FFMPEG, bounds)
