"""The very same picture was handed in with two items.

A scan or a capture is made anew each time. The same bytes, or the same pixels in another file, under two items mean
that somebody used a picture again: for a person who was not there, or by mistake. Pictures that only look alike are not
told: two people's pages of one kind look as much alike as two scans of one page.

Innocent reasons: files of two items mixed up; one crossing entered twice; one family's page with all its members.
"""

from __future__ import annotations

from verify.checks._batch import Batch
from verify.checks._case import Meta
from verify.linkage import PictureFile, Presence, differs, same_picture
from verify.model.finding import Confidence, Evidence, Finding, Severity

META = Meta(
    code="P01",
    name="One picture handed in with two items",
    severity=Severity.REVIEW,
    source="SHA-256 of the bytes and of the decoded pixels over the batch",
    innocent_reasons=(
        "files of two items were mixed up",
        "one crossing was entered twice",
        "a page that belongs to several people, such as one of a family",
    ),
)


def run_batch(batch: Batch) -> list[tuple[str, Finding]]:
    """Looks for pictures that stand in two items; under one identity it is an information only."""
    found = []
    for one, other, picture, bytes_too in same_picture(batch.presences):
        found += [
            (here.item_id, _finding(here, there, picture, bytes_too)) for here, there in ((one, other), (other, one))
        ]
    return found


def _finding(here: Presence, there: Presence, picture: PictureFile, bytes_too: bool) -> Finding:
    same_holder = bool(here.name and there.name and here.document == there.document and not differs(here, there))
    return META.finding(
        f"The {picture.role.replace('_', ' ')} of this item is the same picture as one of item {there.item_id}"
        + ("." if bytes_too else ", in another file."),
        severity=Severity.INFO if same_holder else None,
        confidence=Confidence.HIGH,
        evidence=(
            Evidence("other item", there.item_id),
            Evidence("the same", "bytes" if bytes_too else "pixels in another file"),
        ),
        related=(there.item_id,),
    )
