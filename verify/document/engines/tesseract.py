"""The program tesseract on one picture, through pipes: nothing of the picture touches the disk."""

from __future__ import annotations

import os
import shutil
import subprocess

import cv2
import numpy as np
from numpy.typing import NDArray

from verify.errors import MissingEngineError

__all__ = ["Tesseract"]

_OPTIONS = (
    "--psm",
    "6",
    "-c",
    "tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<",
    "-c",
    "load_system_dawg=0",
)
_HOW = "install the program tesseract with its English data (Debian: apt-get install tesseract-ocr)"


class Tesseract:
    """A found tesseract."""

    def __init__(self) -> None:
        """Looks for the program.

        Raises:
            MissingEngineError: it is not installed or does not start.
        """
        path = shutil.which("tesseract")
        if path is None:
            raise MissingEngineError(f"tesseract was not found; {_HOW}")
        self._path = path
        # one thread: the batch runs one worker a processor already
        self._environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        try:
            told = self._run(["--version"], b"", 20.0).split()
        except (OSError, subprocess.SubprocessError) as error:
            raise MissingEngineError(f"tesseract does not start ({error}); {_HOW}") from error
        self.version = told[1] if len(told) > 1 else "of unknown version"

    def read(self, picture: NDArray[np.uint8], seconds: float) -> tuple[tuple[str, ...], str]:
        """Reads a grey strip of rows of characters.

        Returns:
            the lines, and a reason when there are none because it failed or took longer than allowed.
        """
        _done, data = cv2.imencode(".bmp", picture)
        try:
            text = self._run(["stdin", "stdout", "--dpi", "300", *_OPTIONS], data.tobytes(), seconds)
        except subprocess.TimeoutExpired:
            return (), f"tesseract took longer than {seconds:.1f} s"
        except (OSError, subprocess.SubprocessError) as error:
            return (), f"tesseract failed: {error}"
        return tuple(line.strip() for line in text.splitlines() if line.strip()), ""

    def _run(self, arguments: list[str], data: bytes, seconds: float) -> str:
        done = subprocess.run(
            [self._path, *arguments],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=True,
            env=self._environment,
        )
        return done.stdout.decode("utf-8", "replace")
