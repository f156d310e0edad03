"""Blocks searched apart and brought together are the search of the whole, bit for bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from verify.errors import DamagedStoreError
from verify.gallery.scatter import Scattered, locally, merged, opened
from verify.gallery.search import Found, Templates, quantise, unit_rows


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("verify.gallery.scatter.BLOCK_ROWS", 64)
    yield


def templates(*, biased: bool = False, integers: bool = False, dimensions: int = 8) -> Templates:
    """Rows of which many are equal, so that there are ties, of subjects with several rows in several blocks."""
    draw = np.random.default_rng(5)
    rows = unit_rows(draw.choice(unit_rows(draw.normal(size=(40, dimensions)).astype(np.float32)), 300))
    subjects = draw.integers(0, 120, len(rows))
    codes = quantise([rows], len(rows), dimensions) if integers else None
    if biased:
        rows = np.hstack([rows, draw.normal(scale=0.1, size=(len(rows), 1)).astype(np.float32)])
    return Templates(rows, subjects, dimensions, codes, int(np.bincount(subjects).max()))


def equal(one: Found, other: Found) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        and getattr(one, name).dtype == getattr(other, name).dtype
        for name in ("probes", "subjects", "scores")
    )


@pytest.mark.parametrize("limit", [None, 0, 1, 7, 500])
@pytest.mark.parametrize(("biased", "integers"), [(False, False), (True, False), (False, True)])
@pytest.mark.parametrize("least", [-2.0, 0.3])
def test_equal_to_the_search_of_the_whole(limit: int | None, biased: bool, integers: bool, least: float) -> None:
    whole = templates(biased=biased, integers=integers)
    draw = np.random.default_rng(6)
    probes = unit_rows(draw.normal(size=(9, 8)).astype(np.float32))
    kept = draw.random(len(whole.matrix)) < 0.7
    biases = draw.normal(scale=0.1, size=9).astype(np.float32)
    cut = Scattered(whole)
    assert cut.blocks == 5
    numbers = draw.permutation(cut.blocks).tolist()
    for mask, added in ((None, None), (kept, biases)):
        parts = []
        for number in numbers:
            mine = None if mask is None else mask[cut.part(number)]
            block = opened(cut.sealed(number)) if number % 2 else cut.rows(number)
            parts.append(locally(probes, block, least=least, limit=limit, kept=mine, biases=added))
        expected = locally(probes, whole, least=least, limit=limit, kept=mask, biases=added)
        assert equal(merged(parts, limit), expected)
        if limit is None:
            assert len(expected.probes) > 9, "or nothing was compared"


def test_no_blocks_no_candidates() -> None:
    assert len(merged([], 5).probes) == 0


def test_a_block_is_bound_to_its_place_and_holds_nothing_in_the_clear() -> None:
    cut = Scattered(templates())
    first = cut.sealed(0)
    assert cut.templates.matrix[0].tobytes() not in first.content
    flipped = bytes([first.content[0] ^ 1]) + first.content[1:]
    for other in (
        dataclasses.replace(first, number=1),
        dataclasses.replace(first, blocks=4),
        dataclasses.replace(first, name="another"),
        dataclasses.replace(first, content=flipped),
        dataclasses.replace(first, key=Scattered(templates()).sealed(0).key),
    ):
        with pytest.raises(DamagedStoreError, match="integrity"):
            opened(other)
