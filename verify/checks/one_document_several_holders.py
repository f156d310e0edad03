"""One document number of one issuing state was presented by people of different names or birth dates.

It points to a counterfeit made more than once, or to a document that passes from hand to hand.

Innocent reasons: a misread number or name, two pages of one document filed as two items, a clerk's mix-up of files.
"""

from __future__ import annotations

from itertools import combinations

from verify.checks._batch import Batch
from verify.checks._case import Meta
from verify.linkage import Presence, differs, same_document
from verify.model.finding import Confidence, Evidence, Finding, Severity

META = Meta(
    code="R64",
    name="One document number with different holders",
    severity=Severity.CRITICAL,
    source="issuing state and document number, exact, over the batch (ICAO Doc 9303-3, 4.6)",
    innocent_reasons=(
        "the number or the name was misread on one of them",
        "two pages of one document were filed as two items",
        "files of two travellers were mixed up",
    ),
)


def run_batch(batch: Batch) -> list[tuple[str, Finding]]:
    """Looks for items that share a document but not an identity."""
    found = []
    for group in same_document(batch.presences):
        for one, other in combinations(group, 2):
            if differs(one, other):
                found += [(one.item_id, _finding(one, other)), (other.item_id, _finding(other, one))]
    return found


def _finding(here: Presence, there: Presence) -> Finding:
    supported = here.supported and there.supported
    difference = differs(here, there)
    return META.finding(
        f"Another item of the batch carries the same document number, with a different {' and '.join(difference)}.",
        severity=None if supported else Severity.REVIEW,
        confidence=Confidence.HIGH if supported else Confidence.LOW,
        evidence=(
            Evidence("document", " ".join(here.document or ())),
            Evidence("other item", there.item_id),
            Evidence("holder here", here.name),
            Evidence("holder there", there.name),
        ),
        related=(there.item_id,),
    )
