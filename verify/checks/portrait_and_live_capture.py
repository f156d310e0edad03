"""The portrait of the document and the live capture are less alike than two pictures of one person mostly are.

It calls for a second look by a person trained to compare faces. The score alone decides nothing: pictures of one
person years apart can be this unlike, and pictures of two people can be more alike.

Innocent reasons: years between the pictures, pose, light, glasses, hair, injury or illness, a small or worn portrait,
a capture of poor quality, the wrong person of a group in front of the camera.
"""

from __future__ import annotations

import datetime as dt

from verify.checks._case import Case, Meta
from verify.errors import PolicyError
from verify.face import compare, of_person
from verify.model.face import FaceRole
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.item import Role

META = Meta(
    code="R63",
    name="Portrait and live capture are unlike",
    severity=Severity.REVIEW,
    source="comparison of face templates; the threshold's data set and date stand in the run record",
    innocent_reasons=(
        "years between the two pictures",
        "pose, light, glasses, hair, injury or illness",
        "a small, worn or engraved portrait, or a capture of poor quality",
        "another person of the group stood in front of the camera",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the main portrait with the live face (1:1)."""
    if not any(file.role is Role.CAPTURE for file in case.item.files):
        return META.not_applicable("no live capture")
    portraits, live = case.faces(FaceRole.PORTRAIT), case.faces(FaceRole.LIVE)
    if not portraits or not live:
        reasons = [
            f"{one.outcome.role}: {one.face_reason}" for one in case.readings if one.face_reason and not one.faces
        ]
        return META.not_computable("; ".join(reasons) or "no portrait to compare with")
    if case.comparison is None:
        return META.not_computable("no threshold was measured for this engine")
    portrait, capture = portraits[0], live[0]
    try:
        score = compare(portrait, capture)
    except PolicyError as error:
        return META.not_computable(str(error))
    if score.value >= case.comparison.value:
        return META.passed()
    advice = (*portrait.quality.advice, *capture.quality.advice)
    mind = of_person(_birth_dates(case), case.item.inspection_date)
    return META.result(
        [
            META.finding(
                f"The {portrait.source}'s portrait and the live capture are less alike than most pairs of pictures of "
                f"one person: below the threshold for {case.comparison.rate}. A trained person should compare the two.",
                confidence=Confidence.LOW if advice or mind else Confidence.MEDIUM,
                evidence=(
                    Evidence("portrait", portrait.source, portrait.picture),
                    Evidence("live capture", capture.source, capture.picture),
                    *(Evidence("quality", sentence) for sentence in advice),
                    *(Evidence("mind", remark) for remark in mind),
                ),
            )
        ]
    )


def _birth_dates(case: Case) -> set[dt.date]:
    """All that the holder's date of birth may be, as read and as declared."""
    read = {day for one in case.readings if one.mrz for day in one.mrz.birth_date.candidates}
    declared = case.item.declared.birth_date
    return read | {declared} if declared else read
