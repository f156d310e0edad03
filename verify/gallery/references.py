"""The templates of a gallery, ready for a search."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from verify.errors import UsageError
from verify.gallery.search import Templates, quantise, unit_rows

__all__ = ["References", "references_of"]


@dataclass(frozen=True, slots=True)
class References:
    """Templates of one engine and model. Made by `references_of`.

    Attributes:
        all_ids: reference ids, each once, in their order, also of those that do not take part.
        templates: unit rows, and to which of `all_ids` each belongs. One entry may have several.
        engine: name and version.
        model_sha256: of the embedding network.
        kept: of each of `all_ids`, whether it takes part; None for all. The rows themselves are never copied.
    """

    all_ids: tuple[str, ...]
    templates: Templates
    engine: str
    model_sha256: str
    kept: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        """Entries that take part in a face search."""
        return len(self.all_ids) if self.kept is None else int(np.count_nonzero(self.kept))

    @property
    def ids(self) -> tuple[str, ...]:
        """Reference ids that take part."""
        if self.kept is None:
            return self.all_ids
        return tuple(one for one, keep in zip(self.all_ids, self.kept, strict=True) if keep)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """int64 (N); which of `all_ids` a row belongs to."""
        return self.templates.subjects

    @property
    def matrix(self) -> NDArray[np.float32]:
        """float32 (N x D); rows of length one."""
        return self.templates.matrix[:, : self.templates.dimensions]

    @property
    def rows_kept(self) -> NDArray[np.bool_] | None:
        """Of each row, whether it takes part; None for all."""
        return None if self.kept is None else self.kept[self.templates.subjects]

    def only(self, reference_ids: Collection[str]) -> References:
        """Those of some entries, e.g. of the ones in force."""
        wanted = set(reference_ids)
        return self.narrowed(np.array([one in wanted for one in self.all_ids], dtype=bool))

    def narrowed(self, kept: NDArray[np.bool_]) -> References:
        """Those of `all_ids` for which `kept` is true, of the ones that take part already."""
        both = kept if self.kept is None else kept & self.kept
        return replace(self, kept=None if both.all() else both)

    def with_integers(self) -> References:
        """The same with an int8 copy of the rows: searches give the same lists.

        Large batches are faster where the processor multiplies bytes faster than floats. It takes another quarter of
        the memory.
        """
        found = self.templates
        codes = quantise([found.matrix], len(found.matrix), found.dimensions)
        return replace(self, templates=replace(found, quantised=codes))


def references_of(
    row_ids: Sequence[str],
    vectors: NDArray[np.float32],
    *,
    engine: str,
    model_sha256: str,
    biases: NDArray[np.float32] | None = None,
) -> References:
    """References from a reference id and a vector a row.

    Args:
        row_ids: N ids; the same id may come several times.
        vectors: float32 (N x D), as the engine gives them; scaled to length one here.
        engine: name and version.
        model_sha256: of the embedding network.
        biases: float32 (N), added to every score of the row (cohort normalisation); None for none.

    Raises:
        UsageError: a vector is zero or not finite: it has no direction and can be compared with nothing.
    """
    matrix = unit_rows(np.asarray(vectors, dtype=np.float32))
    bad = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
    if bad.size:
        raise UsageError(f"reference {row_ids[int(bad[0])]}: its template has no direction; enrol it again")
    dimensions = matrix.shape[1]
    if biases is not None:
        if not np.isfinite(biases).all():
            raise UsageError("the bias of a reference is not a finite number; compute the normalisation again")
        matrix = np.hstack([matrix, np.asarray(biases, dtype=np.float32)[:, None]])
    ids = tuple(sorted(set(row_ids)))  # so that ties are ordered by reference id
    places = {one: number for number, one in enumerate(ids)}
    numbers = np.array([places[one] for one in row_ids], dtype=np.int64)
    most = int(np.bincount(numbers).max()) if len(numbers) else 1
    return References(ids, Templates(matrix, numbers, dimensions, None, most), engine, model_sha256)
