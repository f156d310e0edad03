"""Faces: found, measured, turned into templates and compared. Accuracy is what the model's card says, no more."""

from __future__ import annotations

from verify.face.acquire import APPEARANCE_SIDE, AcquiredFace, acquire
from verify.face.calibration import (
    ScoreBand,
    comparison_threshold,
    has_table,
    identification_threshold,
    linkage_threshold,
    log_likelihood_ratio,
    score_band,
)
from verify.face.cohort import LEAST_COHORT, Cohort, cohort_of
from verify.face.cohort_file import load_cohort, save_cohort
from verify.face.engines import (
    AUTO,
    ENGINES,
    Described,
    Description,
    FaceEngine,
    choose_engine,
    describe_engine,
    get_engine,
)
from verify.face.remarks import CHILD_AGE, UNMEASURED, is_child, of_person
from verify.face.score import KIND, NORMALISED, compare, unit
from verify.face.template import fuse, fuse_rows

__all__ = [
    "APPEARANCE_SIDE",
    "AUTO",
    "CHILD_AGE",
    "ENGINES",
    "KIND",
    "LEAST_COHORT",
    "NORMALISED",
    "UNMEASURED",
    "AcquiredFace",
    "Cohort",
    "Described",
    "Description",
    "FaceEngine",
    "ScoreBand",
    "acquire",
    "choose_engine",
    "cohort_of",
    "compare",
    "comparison_threshold",
    "describe_engine",
    "fuse",
    "fuse_rows",
    "get_engine",
    "has_table",
    "identification_threshold",
    "is_child",
    "linkage_threshold",
    "load_cohort",
    "log_likelihood_ratio",
    "of_person",
    "save_cohort",
    "score_band",
    "unit",
]
