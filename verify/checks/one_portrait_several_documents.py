"""The very same portrait picture stands on documents with different numbers, held under different identities.

One photograph used for several identities is a mark of documents made in series.

Innocent reasons: the same person renewed a document with an old photograph under a changed name; two scans of one
document of which one was misread; rendered or strongly retouched portraits.
"""

from __future__ import annotations

from verify.checks._batch import Batch, from_links
from verify.checks._case import Meta
from verify.linkage import Presence, differs, same_portrait
from verify.model.finding import Finding, Severity

META = Meta(
    code="R66",
    name="One portrait picture on different documents",
    severity=Severity.STRONG,
    source="correlation of aligned portraits (docs/decisions/005-faces.md)",
    innocent_reasons=(
        "a document was renewed with the old photograph under a changed name",
        "two scans of one document, of which one was misread",
        "retouched portraits look more alike than they are",
    ),
)


def run_batch(batch: Batch) -> list[tuple[str, Finding]]:
    """Looks for pairs of items whose portraits are one picture."""
    links = [link for link in same_portrait(batch.presences) if _on_documents_of_two(link.one, link.other)]
    return from_links(META, links, _say)


def _on_documents_of_two(one: Presence, other: Presence) -> bool:
    return bool(one.document and other.document and one.document != other.document and differs(one, other))


def _say(_here: Presence, others: list[Presence]) -> str:
    where = "a document" if len(others) == 1 else f"{len(others)} documents"
    return f"The portrait of this document is the same picture as on {where} with another number and identity."
