"""Scores that carry their origin, and thresholds with a birth certificate (ISO/IEC 2382-37, 19795-1)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ComparisonScore", "Threshold"]


@dataclass(frozen=True, slots=True)
class ComparisonScore:
    """The result of comparing two templates; never a bare float.

    Attributes:
        value: in the unit that `kind` names.
        kind: e.g. "cosine similarity"; greater is more alike.
        engine: name and version.
        model_sha256: of the embedding network's file.
    """

    value: float
    kind: str
    engine: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that says where it was measured.

    Attributes:
        value: in the unit of the scores it is for.
        engine: the engine it was measured with.
        model_sha256: of that engine's network.
        rate: what it aims at, e.g. "FPIR 0.01 at 12 references".
        data_set: where it was measured, with its size.
        measured: ISO date of the measurement.
        note: what the figure does not cover.
        kind: of the scores it is for; one of another kind says nothing.
    """

    value: float
    engine: str
    model_sha256: str
    rate: str
    data_set: str
    measured: str
    note: str = ""
    kind: str = "cosine similarity"
