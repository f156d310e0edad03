"""Records for the tests of this room; all people are invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.gallery import Entry, EntryKind, ListedDocument, Name, PartialDate, Provenance
from verify.model.score import Threshold

ENGINE, MODEL = "engine 1", "a" * 64
KEK = bytes(range(32))


def provenance(expires: dt.date = dt.date(2030, 1, 31)) -> Provenance:
    return Provenance(
        "Office",
        "R-1",
        "Border Police",
        "Act 12",
        "missing persons",
        dt.date(2026, 1, 1),
        dt.date(2028, 1, 1),
        expires,
    )


def entry(
    reference_id: str,
    *names: Name,
    birth_date: PartialDate | None = None,
    documents: Sequence[ListedDocument] = (),
    kind: EntryKind = EntryKind.MISSING_PERSON,
    expires: dt.date = dt.date(2030, 1, 31),
    sex: str = "",
    nationalities: tuple[str, ...] = (),
) -> Entry:
    return Entry(reference_id, kind, provenance(expires), names, birth_date, sex, nationalities, tuple(documents))


def template(vector: Sequence[float], *, engine: str = ENGINE, model: str = MODEL) -> FaceTemplate:
    values = tuple(np.asarray(vector, dtype=np.float32).tolist())
    quality = FaceQuality(60.0, 120.0, 128.0, ("hold still",))
    return FaceTemplate(values, engine, model, FaceRole.PORTRAIT, Box(1, 2, 30, 40), quality, "document")


def threshold(value: float, *, engine: str = ENGINE, model: str = MODEL) -> Threshold:
    return Threshold(value, engine, model, "FPIR 0.01", "none: a test", "2026-11-22")
