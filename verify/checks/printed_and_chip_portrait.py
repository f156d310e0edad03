"""The printed portrait and the portrait in the chip (DG2) are less alike than they are on documents of one person.

Both are made from one photograph, and the state signs that of the chip: where they show two people, the printed one was
probably replaced. The score alone decides nothing: a trained person compares the two.

Innocent reasons: an engraved or worn portrait, a stamp or a reflection over it; a chip and a page of two documents that
were filed together; an issuer that uses two photographs.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._portraits import compare_portraits
from verify.model.face import FaceRole
from verify.model.finding import CheckResult, Severity
from verify.model.item import Role

META = Meta(
    code="R61",
    name="Printed portrait and portrait in the chip are unlike",
    severity=Severity.REVIEW,
    source="comparison of face templates; the threshold's data set and date stand in the model card",
    innocent_reasons=(
        "the printed portrait is engraved, worn, stamped or under a reflection",
        "the page and the chip of two documents were filed together",
        "the issuer printed another photograph than it wrote into the chip",
    ),
)
_PRINTED = (Role.DOCUMENT, Role.DOCUMENT_FRONT)


def run(case: Case) -> CheckResult:
    """Compares the portrait of the page with that of DG2 (1:1)."""
    roles = {file.role for file in case.item.files}
    if Role.CHIP not in roles or not roles & {*_PRINTED}:
        return META.not_applicable("no page and chip of one document")
    portraits = case.faces(FaceRole.PORTRAIT)
    printed = [one for one in portraits if one.source in _PRINTED]
    stored = [one for one in portraits if one.source == Role.CHIP]
    if not printed or not stored:
        reasons = [f"{one.outcome.role}: {one.face_reason}" for one in case.readings if one.face_reason]
        return META.not_computable("; ".join(reasons) or "one of the two portraits could not be used")
    pair = (printed[0], stored[0])
    return compare_portraits(META, [pair], case.chip_comparison, ("printed portrait", "portrait in the chip"))
