"""A face of this crossing resembles an enrolled face of a gallery: a candidate for a person to examine.

The candidate list is an investigative lead only. On a gallery of strangers some searches end with a candidate too; how
many is the false positive identification rate that the threshold was chosen for, on the data set it names.

Innocent reasons: people who look alike, relatives and twins above all; poor pictures; children, whose faces engines
confuse far more often than those of adults.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._listed import listed
from verify.model.candidate import Candidate, CandidateList
from verify.model.finding import CheckResult, Confidence, Evidence, Severity

META = Meta(
    code="G01",
    name="Face candidate in a gallery",
    severity=Severity.STRONG,
    source="open-set identification, ISO/IEC 19795-1; the threshold's data set and date stand in the run record",
    innocent_reasons=(
        "people look alike, relatives and twins above all",
        "one of the pictures is small, old or poor",
        "engines confuse children, and people of some groups, far more often",
    ),
)
_OTHER_PROBES = {"name and birth date", "document number"}


def run(case: Case) -> CheckResult:
    """Turns the face candidates of each gallery into a finding."""
    return listed(META, case, lambda probe: probe not in _OTHER_PROBES, lambda one: one.face is not None, _say)


def _say(best: Candidate, one: CandidateList) -> tuple[str, Confidence, Severity | None, tuple[Evidence, ...]]:
    probe, kind = best.faces[0].probe, best.entry.kind.value.replace("_", " ")
    size = next(part.gallery_size for part in one.parts if part.probe == probe)
    text = f"The {probe} resembles an entry of '{one.gallery}' ({kind}) among {size} enrolled references."
    others = ", ".join(dict.fromkeys(face.probe for face in best.faces[1:]))
    also = (Evidence("also found by", others),) if others else ()
    band = (Evidence("how rare among strangers", best.band),) if best.band else ()
    cohort = (Evidence("scores normalised with", one.cohort),) if one.cohort else ()
    mind = tuple(Evidence("mind", remark) for remark in dict.fromkeys((*best.remarks, *one.remarks)))
    return text, Confidence.LOW if mind else Confidence.MEDIUM, None, (*also, *band, *cohort, *mind)
