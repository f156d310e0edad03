"""What a batch-wide check is given, and how the links of one item become one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from verify.checks._case import Meta
from verify.face import Cohort
from verify.linkage import FaceLink, Presence
from verify.model.face import FaceTemplate
from verify.model.finding import Confidence, Evidence, Finding
from verify.model.score import Threshold

__all__ = ["Batch", "from_links"]


@dataclass(frozen=True, slots=True)
class Batch:
    """A finished batch.

    Attributes:
        presences: one an item, in the order of the manifest.
        linkage: the threshold from which two faces are shown together; None when no engine gave one.
        cohort: the site's own, for a threshold of normalised scores; None takes the faces of the batch.
    """

    presences: tuple[Presence, ...]
    linkage: Threshold | None
    cohort: Cohort | None = None


def from_links(
    meta: Meta, links: Iterable[FaceLink], say: Callable[[Presence, list[Presence]], str]
) -> list[tuple[str, Finding]]:
    """One finding for each item that has links, with its own face and all the others beside it.

    Args:
        meta: of the check.
        links: pairs that belong together.
        say: the explanation, from the item and those it is linked with.
    """
    by_item: dict[str, list[tuple[Presence, FaceTemplate, Presence, FaceTemplate]]] = {}
    for link in links:
        by_item.setdefault(link.one.item_id, []).append((link.one, link.face, link.other, link.other_face))
        by_item.setdefault(link.other.item_id, []).append((link.other, link.other_face, link.one, link.face))
    return [(item_id, _finding(meta, sides, say)) for item_id, sides in by_item.items()]


def _finding(
    meta: Meta,
    sides: list[tuple[Presence, FaceTemplate, Presence, FaceTemplate]],
    say: Callable[[Presence, list[Presence]], str],
) -> Finding:
    here, face, _there, _other = sides[0]
    others = [there for _here, _face, there, _other in sides]
    mind = dict.fromkeys(remark for one in (here, *others) for remark in one.remarks)
    return meta.finding(
        say(here, others),
        confidence=Confidence.LOW if mind else Confidence.MEDIUM,
        evidence=(
            Evidence("here", _identity(here), face.picture),
            *(
                Evidence(there.item_id, _identity(there), other.picture, there.item_id)
                for _h, _f, there, other in sides
            ),
            *(Evidence("mind", remark) for remark in mind),
        ),
        related=tuple(there.item_id for there in others),
    )


def _identity(one: Presence) -> str:
    """Name, birth date and document of a presence, as far as they were read."""
    date = " or ".join(date.isoformat() for date in one.birth_dates)
    parts = [one.name or "name not read", f"born {date}" if date else "", " ".join(one.document or ())]
    return ", ".join(part for part in parts if part)
