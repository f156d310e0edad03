"""The main portrait and the small second one (ghost portrait) on its page are less alike than such pairs are.

Both are printed from one photograph. Who replaces the main portrait mostly leaves the pale one, which is printed into
the background, as it was. The score alone decides nothing: a trained person compares the two.

Innocent reasons: a ghost portrait of few pixels, covered by text, a stamp or a reflection; a face in the background
print, a hologram or a second person on the page that was taken for one.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._portraits import compare_portraits
from verify.model.face import FaceRole
from verify.model.finding import CheckResult, Severity

META = Meta(
    code="R62",
    name="Main portrait and ghost portrait are unlike",
    severity=Severity.REVIEW,
    source="comparison of face templates; the threshold's data set and date stand in the model card",
    innocent_reasons=(
        "the ghost portrait is small, pale, or covered by text, a stamp or a reflection",
        "the smaller face is no ghost portrait: a face in the background print, in a hologram, or of another person",
    ),
)
_LEAST = 14.0  # pixels between the eyes: below, the two say nothing of each other


def run(case: Case) -> CheckResult:
    """Compares each ghost portrait with the main portrait of its page (1:1)."""
    ghosts = case.faces(FaceRole.GHOST)
    pairs = [(main, ghost) for main in case.faces(FaceRole.PORTRAIT) for ghost in ghosts if ghost.source == main.source]
    if not pairs:
        return META.not_applicable("no second portrait was found on a page")
    large = [pair for pair in pairs if pair[1].quality.inter_eye_distance >= _LEAST]
    if not large:
        return META.not_computable("the second portrait has too few pixels to be compared")
    return compare_portraits(META, large, case.ghost_comparison, ("main portrait", "ghost portrait"))
