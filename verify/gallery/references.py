"""The templates of a gallery, ready for a search."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify.errors import UsageError
from verify.face import unit

__all__ = ["References", "references_of"]


@dataclass(frozen=True, slots=True)
class References:
    """Templates of one engine and model. Made by `references_of`.

    Attributes:
        ids: reference ids, each once, in the order of `numbers`.
        numbers: int64 (N); which of the ids a row belongs to. One entry may have several templates.
        matrix: float32 (N x D); rows of length one.
        engine: name and version.
        model_sha256: of the embedding network.
    """

    ids: tuple[str, ...]
    numbers: NDArray[np.int64]
    matrix: NDArray[np.float32]
    engine: str
    model_sha256: str

    def __len__(self) -> int:
        """Entries that take part in a face search."""
        return len(self.ids)

    def only(self, reference_ids: Collection[str]) -> References:
        """Those of some entries, e.g. of the ones in force."""
        wanted = set(reference_ids)
        kept = np.array([one in wanted for one in self.ids], dtype=bool)
        if kept.all():
            return self
        rows = kept[self.numbers]
        renumbered = np.cumsum(kept) - 1
        return References(
            tuple(one for one, keep in zip(self.ids, kept, strict=True) if keep),
            renumbered[self.numbers[rows]],
            self.matrix[rows],
            self.engine,
            self.model_sha256,
        )


def references_of(
    row_ids: Sequence[str], vectors: NDArray[np.float32], *, engine: str, model_sha256: str
) -> References:
    """References from a reference id and a vector a row.

    Args:
        row_ids: N ids; the same id may come several times.
        vectors: float32 (N x D), as the engine gives them; scaled to length one here.
        engine: name and version.
        model_sha256: of the embedding network.

    Raises:
        UsageError: a vector is zero or not finite: it has no direction and can be compared with nothing.
    """
    matrix = unit(vectors)
    lengths = np.einsum("nd,nd->n", matrix, matrix)
    bad = np.flatnonzero(~np.isclose(lengths, 1.0, atol=1e-3))
    if bad.size:
        raise UsageError(f"reference {row_ids[int(bad[0])]}: its template has no direction; enrol it again")
    ids = tuple(dict.fromkeys(row_ids))
    places = {one: number for number, one in enumerate(ids)}
    numbers = np.array([places[one] for one in row_ids], dtype=np.int64)
    return References(ids, numbers, matrix, engine, model_sha256)
