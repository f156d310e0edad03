"""A quick look at one picture that is being taken, with the worker and the engines of a batch; and what it advises.

Measured in the terms of ISO/IEC 29794-5 where they apply: one face, inter-eye distance, luminance, exposure, sharpness,
roll, crop (see `verify.face.quality`). Of a page, what counts is whether every character of its MRZ is vouched for.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from verify.batch.codec import READING, TASK, Task
from verify.batch.engines import Died, Request, Served
from verify.batch.engines.local import Pool
from verify.model.item import ItemFile, Role
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading
from verify.settings import Settings

__all__ = ["Glance", "Seen"]

_SECONDS = 6.0  # for a picture: the next one comes soon
_WITHOUT_MRZ = {Role.DOCUMENT_FRONT, Role.CAPTURE}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look gave.

    Attributes:
        reading: as a batch would make it of this picture.
        facts: what was seen, in sentences.
        advice: what could be better, in sentences; empty when nothing stands out.
    """

    reading: FileReading
    facts: tuple[str, ...]
    advice: tuple[str, ...]


class Glance:
    """One worker that looks at pictures. A context manager, for the one thread that entered it."""

    def __init__(self, settings: Settings) -> None:
        """Takes the settings; the worker starts by entering."""
        limits = settings.limits.model_copy(update={"seconds": min(_SECONDS, settings.limits.seconds)})
        self._pool = Pool[int](settings.model_copy(update={"jobs": 1, "limits": limits}))

    def __enter__(self) -> Self:
        """Starts the worker.

        Raises:
            MissingEngineError: an engine is not installed.
        """
        self._pool.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the worker."""
        self._pool.__exit__(kind, error, trace)

    def look(self, data: bytes, role: Role) -> Seen:
        """Reads one picture, which touches no disk.

        Args:
            data: of any format that a batch reads.
            role: what it shows: a live capture, or a page.
        """
        task = TASK.dump_python(Task(ItemFile(role, "picture"), dt.datetime.now(dt.UTC).date()), mode="json")
        (answer,) = self._pool.run([Request(0, _in_memory(data), task)])
        reading = _reading(answer, role)
        if reading.outcome.outcome is not Outcome.OK:
            return Seen(reading, (), (f"this picture {reading.outcome.detail}",))
        return Seen(reading, tuple(_facts(reading)), tuple(_advice(reading, role)))


def _in_memory(data: bytes) -> int:
    descriptor = os.memfd_create("picture", os.MFD_CLOEXEC)
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as stream:
            stream.write(data)
        os.lseek(descriptor, 0, os.SEEK_SET)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _reading(answer: Served[int] | Died[int], role: Role) -> FileReading:
    if isinstance(answer, Served):
        try:
            return READING.validate_json(answer.reading)
        except ValidationError:
            return FileReading(FileOutcome(role, "", Outcome.CRASH, "could not be read: take another one"))
    if answer.timed_out:
        return FileReading(FileOutcome(role, "", Outcome.RESOURCE, "could not be read in time: hold still"))
    return FileReading(FileOutcome(role, "", Outcome.CRASH, "made its reader fail: take another one"))


def _facts(reading: FileReading) -> Iterator[str]:
    if reading.mrz is not None:
        yield f"machine readable zone of {reading.mrz.format}"
    if reading.faces:
        quality = reading.faces[0].quality
        yield (
            f"inter-eye distance {quality.inter_eye_distance:.0f} pixels, sharpness {quality.sharpness:.0f}, "
            f"luminance {quality.mean_luminance:.0f} of 255"
        )


def _advice(reading: FileReading, role: Role) -> Iterator[str]:
    if role not in _WITHOUT_MRZ:
        if reading.mrz is None:
            yield "no machine readable zone is read: show the whole page, flat and close"
        elif not reading.mrz.accepted:
            yield "not every character of the machine readable zone is sure: hold still, come closer, avoid reflections"
    if role is Role.DOCUMENT_BACK:
        return
    if not reading.faces:
        yield "no face is seen: look straight into the camera" if role is Role.CAPTURE else "no portrait is seen"
        return
    if role is Role.CAPTURE and len(reading.faces) > 1:
        yield f"{len(reading.faces)} faces are seen: only one person may be in the picture"
    yield from reading.faces[0].quality.advice
