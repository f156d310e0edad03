"""A worker process: loads the engines once, confines itself, then reads one file after another.

Started by `verify.batch.engines.local` as `python -m verify.batch.worker FD`. It gets open descriptors, never paths,
and gives back small records and re-encoded pictures.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys

import cv2

from verify.batch.codec import READING, TASK
from verify.batch.stages import Engines, read_file
from verify.batch.wire import WireError, pack, receive
from verify.capture.sandbox import allow_seconds, confine
from verify.errors import VerifyError
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading
from verify.settings import Settings


def main() -> int:
    """Serves requests until the supervisor closes the connection."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    first = receive(connection)
    if first is None:
        return 0
    settings = Settings.model_validate(first[0]["settings"])
    cv2.setNumThreads(1)
    try:
        engines = Engines.load(settings)
    except VerifyError as error:
        connection.sendall(pack({"failed": str(error)}))
        return int(error.exit_code)
    layers = confine(settings.limits, readable=(), execute=engines.mrz.starts_programs)
    connection.sendall(pack({"ready": {"layers": layers, "engines": engines.described()}}))
    with contextlib.suppress(WireError, BrokenPipeError, ConnectionResetError):
        _serve(connection, engines, settings)
    return 0


def _serve(connection: socket.socket, engines: Engines, settings: Settings) -> None:
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc keeps what a large page took
    while (message := receive(connection)) is not None:
        head, (descriptor,) = message
        allow_seconds(settings.limits.seconds)
        try:
            reading, pictures = _guarded(descriptor, head, engines, settings)
        finally:
            os.close(descriptor)
        names = list(pictures)
        text = READING.dump_json(reading).decode()
        connection.sendall(pack({"reading": text, "names": names}, [pictures[name] for name in names]))
        del reading, pictures, text
        if trim is not None:
            trim(0)


def _guarded(
    descriptor: int, head: dict[str, object], engines: Engines, settings: Settings
) -> tuple[FileReading, dict[str, bytes]]:
    task = TASK.validate_python(head["task"])
    file = task.file
    try:
        return read_file(descriptor, file, engines, settings, task.reference_date)
    except MemoryError:
        detail = f"needed more memory than limits.memory = {settings.limits.memory}; raise the setting if it is genuine"
        return FileReading(FileOutcome(file.role, file.path, Outcome.RESOURCE, detail)), {}
    except Exception as error:
        detail = f"made the reader fail ({type(error).__name__}); please report it with the file's kind, not the file"
        return FileReading(FileOutcome(file.role, file.path, Outcome.CRASH, detail)), {}


if __name__ == "__main__":
    sys.exit(main())
