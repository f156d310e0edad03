"""What connects presences beside faces: the same document number, numbers in a row, the same picture."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from verify.linkage.presence import PictureFile, Presence

__all__ = ["numbers_in_a_row", "same_document", "same_picture"]


def same_document(presences: Iterable[Presence]) -> list[tuple[Presence, ...]]:
    """Groups of two or more presences with the same document, in the order of the batch."""
    groups: defaultdict[tuple[str, str], list[Presence]] = defaultdict(list)
    for one in presences:
        if one.document is not None:
            groups[one.document].append(one)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def numbers_in_a_row(presences: Iterable[Presence], step: int) -> list[tuple[Presence, ...]]:
    """Runs of presences of one travel group whose documents, of one issuer, differ by at most `step` in their numbers.

    Numbers are compared by their last digits, after the same letters and digits before them.
    """
    rows: defaultdict[tuple[str, str, str], list[tuple[int, Presence]]] = defaultdict(list)
    for one in presences:
        split = re.fullmatch(r"(.*?)(\d{3,})", one.document[1]) if one.document is not None else None
        if split is not None and one.group and one.document is not None:
            rows[one.group, one.document[0], split[1]].append((int(split[2]), one))
    found: list[tuple[Presence, ...]] = []
    for row in rows.values():
        run: list[tuple[int, Presence]] = []
        for number, one in sorted(row, key=lambda entry: entry[0]):
            if run and number - run[-1][0] > step:
                found.append(tuple(member for _number, member in run))
                run = []
            run.append((number, one))
        found.append(tuple(member for _number, member in run))
    return [run for run in found if len({one.document for one in run}) > 1]


def same_picture(presences: Iterable[Presence]) -> list[tuple[Presence, Presence, PictureFile, bool]]:
    """Pairs of presences with the same picture: they, the picture of the first, and whether the bytes are the same.

    A picture whose bytes differ but whose pixels do not was only wrapped anew. Of a picture in many presences each is
    paired with the next one.
    """
    by_bytes: defaultdict[str, list[tuple[Presence, PictureFile]]] = defaultdict(list)
    for one in presences:
        for picture in one.pictures:
            by_bytes[picture.pixels_sha256 or picture.sha256].append((one, picture))
    return [
        (one, other, picture, picture.sha256 == again.sha256)
        for group in by_bytes.values()
        for (one, picture), (other, again) in pairwise(group)
        if one.item_id != other.item_id
    ]
