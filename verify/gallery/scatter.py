"""A search on several machines: the blocks of a gallery lie at many holders, and their lists are brought together.

What comes out is equal to the search of the whole, in ids, scores and order: the score of a pair does not depend on the
block it lies in, a subject that belongs on a list is on the list of the block with its best template, and ties are
ordered by the numbers of the whole. A block travels as it lies in a frozen version, under AES-256-GCM.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from verify.gallery.freeze import BLOCK_ROWS, open_sealed, pack_rows, seal, unpack_rows
from verify.gallery.search import Found, Templates, quantise, search

__all__ = ["Scattered", "SealedBlock", "Searcher", "locally", "merged", "opened"]


class Searcher(Protocol):
    """Whatever searches templates exactly: this process, or several machines."""

    def __call__(
        self,
        probes: NDArray[np.float32],
        templates: Templates,
        *,
        least: float,
        limit: int | None,
        kept: NDArray[np.bool_] | None,
        biases: NDArray[np.float32] | None,
    ) -> Found:
        """As `verify.gallery.search.search`."""
        ...


locally: Searcher = search
"""The `Searcher` of this process."""


@dataclass(frozen=True, slots=True)
class SealedBlock:
    """Some rows of templates on their way. Made by `Scattered.sealed`, for `opened`."""

    name: str
    number: int
    blocks: int
    content: bytes
    key: bytes
    width: int
    dimensions: int
    most_rows: int
    integers: bool


class Scattered:
    """Templates cut into blocks, under a key of their own that is in memory only."""

    def __init__(self, templates: Templates) -> None:
        """Takes what is to be cut; the rows are not copied."""
        self.name, self.templates = secrets.token_hex(8), templates
        self._key = secrets.token_bytes(32)

    @property
    def blocks(self) -> int:
        """How many there are."""
        return -(-len(self.templates.matrix) // BLOCK_ROWS)

    def part(self, number: int) -> slice:
        """The rows of a block."""
        return slice(number * BLOCK_ROWS, (number + 1) * BLOCK_ROWS)

    def sealed(self, number: int) -> SealedBlock:
        """A block for another machine."""
        whole = self.templates
        content = seal(AESGCM(self._key), self.name, str(number), self.blocks, pack_rows(whole, self.part(number)))
        width, integers = whole.matrix.shape[1], whole.quantised is not None
        return SealedBlock(
            self.name, number, self.blocks, content, self._key, width, whole.dimensions, whole.most_rows, integers
        )

    def rows(self, number: int) -> Templates:
        """A block for this process."""
        part, whole = self.part(number), self.templates
        return Templates(whole.matrix[part], whole.subjects[part], whole.dimensions, None, whole.most_rows)


def opened(block: SealedBlock) -> Templates:
    """The rows of a block, in memory.

    Raises:
        DamagedStoreError: altered, or of another gallery.
    """
    content = open_sealed(
        AESGCM(block.key), block.name, str(block.number), block.blocks, block.content, f"block {block.number}"
    )
    subjects, matrix = unpack_rows(content, block.width)
    codes = quantise([matrix], len(matrix), block.dimensions) if block.integers else None
    return Templates(matrix, subjects, block.dimensions, codes, block.most_rows)


def merged(parts: Sequence[Found], limit: int | None) -> Found:
    """The list of the whole from those of its blocks, each with the same probes and limit; of two the better counts."""
    nobody = np.empty(0, dtype=np.int64)
    probes = np.concatenate([nobody, *(one.probes for one in parts)])
    subjects = np.concatenate([nobody, *(one.subjects for one in parts)])
    scores = np.concatenate([np.empty(0), *(one.scores for one in parts)])
    order = np.lexsort((subjects, -scores, probes))
    probes, subjects, scores = probes[order], subjects[order], scores[order]
    _, first = np.unique(np.stack([probes, subjects]), axis=1, return_index=True)
    best = np.sort(first)
    probes, subjects, scores = probes[best], subjects[best], scores[best]
    rank = np.arange(len(probes)) - np.searchsorted(probes, probes)
    short = rank < (len(rank) if limit is None else limit)
    return Found(probes[short], subjects[short], scores[short])
