"""People of one travel group, with different surnames, carry documents of one issuer with numbers in a row.

Counterfeits are made in series, and so are papers that somebody applies for on behalf of people who do not know each
other. The finding connects them; it says nothing about any one.

Innocent reasons: families with several surnames, teams and school classes, who apply together.
"""

from __future__ import annotations

from verify.checks._batch import Batch
from verify.checks._case import Meta
from verify.linkage import Presence, numbers_in_a_row
from verify.model.finding import Confidence, Evidence, Finding, Severity

META = Meta(
    code="R67",
    name="Document numbers in a row within a group",
    severity=Severity.INFO,
    source="issuing state and document number over the groups of the manifest",
    innocent_reasons=(
        "a family with several surnames applied together",
        "a team, a school class or a crew applied together",
    ),
)
_STEP = 3


def run_batch(batch: Batch) -> list[tuple[str, Finding]]:
    """Looks for runs of numbers within each travel group."""
    return [
        (one.item_id, _finding(one, [other for other in run if other is not one]))
        for run in numbers_in_a_row(batch.presences, _STEP)
        if len({member.primary_identifier for member in run if member.primary_identifier}) > 1
        for one in run
    ]


def _finding(here: Presence, others: list[Presence]) -> Finding:
    supported = here.supported and all(other.supported for other in others)
    return META.finding(
        f"In the group '{here.group}' the document of this item and of {len(others)} more have numbers in a row, and "
        "their holders different surnames.",
        confidence=Confidence.MEDIUM if supported else Confidence.LOW,
        evidence=(
            Evidence("document here", f"{' '.join(here.document or ())}, {here.primary_identifier}"),
            *(
                Evidence(f"item {other.item_id}", f"{' '.join(other.document or ())}, {other.primary_identifier}")
                for other in others
            ),
        ),
        related=tuple(other.item_id for other in others),
    )
