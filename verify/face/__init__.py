"""Faces: found, measured, turned into templates and compared. Accuracy is what the model's card says, no more."""

from __future__ import annotations

from verify.face.acquire import APPEARANCE_SIDE, AcquiredFace, acquire
from verify.face.calibration import comparison_threshold, identification_threshold, linkage_threshold
from verify.face.engines import ENGINES, Described, Description, FaceEngine, describe_engine, get_engine
from verify.face.score import KIND, compare, unit

__all__ = [
    "APPEARANCE_SIDE",
    "ENGINES",
    "KIND",
    "AcquiredFace",
    "Described",
    "Description",
    "FaceEngine",
    "acquire",
    "compare",
    "comparison_threshold",
    "describe_engine",
    "get_engine",
    "identification_threshold",
    "linkage_threshold",
    "unit",
]
