"""One document in several hands: presences that carry the same issuing state and number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from verify.linkage.presence import Presence

__all__ = ["same_document"]


def same_document(presences: Iterable[Presence]) -> list[tuple[Presence, ...]]:
    """Groups of two or more presences with the same document, in the order of the batch."""
    groups: defaultdict[tuple[str, str], list[Presence]] = defaultdict(list)
    for one in presences:
        if one.document is not None:
            groups[one.document].append(one)
    return [tuple(group) for group in groups.values() if len(group) > 1]
