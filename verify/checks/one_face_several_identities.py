"""One face appears in this batch under different names or birth dates.

People who travel under several identities, and people whose documents another keeps for them, show up this way. So do
people who merely look alike: with every pair of the batch compared, the threshold is stricter than for one search.

Innocent reasons: twins and look-alikes, a changed name, two lawful nationalities with different spellings, a misread
name or date.
"""

from __future__ import annotations

from verify.checks._batch import Batch, from_links
from verify.checks._case import Meta
from verify.linkage import Presence, differs, same_face
from verify.model.finding import Finding, Severity

META = Meta(
    code="R65",
    name="One face under different identities",
    severity=Severity.STRONG,
    source="all pairs of the batch; the threshold's data set and date stand in the run record",
    innocent_reasons=(
        "twins, relatives and other people who look alike",
        "a name changed by marriage or law, or two lawful nationalities",
        "a misread name or date",
    ),
)


def run_batch(batch: Batch) -> list[tuple[str, Finding]]:
    """Looks for pairs of items that share a face but not an identity."""
    if batch.linkage is None:
        return []
    links = [link for link in same_face(batch.presences, batch.linkage, batch.cohort) if differs(link.one, link.other)]
    return from_links(META, links, _say)


def _say(here: Presence, others: list[Presence]) -> str:
    difference = sorted({word for there in others for word in differs(here, there)}, reverse=True)
    where = "another item" if len(others) == 1 else f"{len(others)} other items"
    return f"A face of this item resembles one of {where} of the batch, under a different {' and '.join(difference)}."
