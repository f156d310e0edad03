"""One look at a tile of products while it is in the cache: which of them reach the limit of their probe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.gallery.search.layout import Int64s, Tiling
from verify.gallery.search.products import Products

__all__ = ["Group", "Look", "groups_of", "parts_of"]

_WIDTH = 1 << 12  # values of a line: 16 KB, so that the greatest of each column stay in the first-level cache


class Look:
    """Memory of tiles (rows x probes), used again and again, and the look at it.

    Several rows of a tile lie side by side in a line, so the column of a value tells its probe and in part its row.
    """

    def __init__(self, rows: int, probes: int, kind: type[np.float32 | np.int32]) -> None:
        """Memory for tiles of so many rows and probes."""
        self._abreast = max(1, min(rows, _WIDTH // probes))
        self._probes = probes
        self._lowest = -np.inf if kind is np.float32 else np.iinfo(np.int32).min
        lines = -(-rows // self._abreast)
        self._lines: NDArray[Any] = np.empty((lines, self._abreast * probes), dtype=kind)
        self._whole = self._lines.reshape(-1, probes)

    def tile(self, rows: int) -> NDArray[Any]:
        """Where the products of the first so many rows go: rows x probes."""
        over = -(-rows // self._abreast) * self._abreast
        if over > rows:
            self._whole[rows:over] = self._lowest
        return self._whole[:rows]

    def abreast(self, limits: NDArray[Any]) -> NDArray[Any]:
        """The limits of the probes, as `at` takes them."""
        return np.tile(limits, self._abreast)

    def at(self, rows: int, limits: NDArray[Any]) -> tuple[Int64s, Int64s, NDArray[Any]] | None:
        """Row, probe and value of all products of the tile that reach their limit; None when none does."""
        lines = self._lines[: -(-rows // self._abreast)]
        columns = np.flatnonzero(np.maximum.reduce(lines, axis=0) >= limits)
        if not columns.size:
            return None
        near = lines.take(columns, axis=1)
        line, place = np.nonzero(near >= limits[columns])
        beside, probe = np.divmod(columns[place], self._probes)
        return line * self._abreast + beside, probe, near[line, place]


@dataclass(frozen=True, slots=True)
class Group:
    """Probes whose products are computed together.

    Attributes:
        part: which of the batch.
        products: with these probes.
        look: at a tile of them; groups of one size share the memory.
    """

    part: slice
    products: Products
    look: Look


def groups_of(products: Sequence[tuple[slice, Products]], rows: int, kind: type[np.float32 | np.int32]) -> list[Group]:
    """Groups with memory for tiles of so many rows."""
    looks: dict[int, Look] = {}
    found = []
    for part, one in products:
        probes = part.stop - part.start
        look = looks.get(probes) or looks.setdefault(probes, Look(rows, probes, kind))
        found.append(Group(part, one, look))
    return found


def parts_of(probes: int, tiling: Tiling) -> list[slice]:
    """The batch in parts of one product each."""
    return [slice(first, min(probes, first + tiling.probes)) for first in range(0, probes, tiling.probes)]
