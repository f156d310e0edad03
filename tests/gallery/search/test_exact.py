from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from verify.gallery.search import Templates, integer_bits, quantise, scores_of_pairs, search, unit_rows
from verify.gallery.search.layout import Tiling, margin_of, spans
from verify.gallery.search.look import Look
from verify.gallery.search.products import float_products, integer_products

Floats = NDArray[np.float32]
Listed = list[list[tuple[int, float]]]


def people(seed: int, rows: int, dimensions: int) -> Floats:
    return unit_rows(np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32))


def lists(probes: Floats, templates: Templates, **options: object) -> Listed:
    found = search(probes, templates, **options)  # type: ignore[arg-type]
    told: Listed = [[] for _ in probes]
    for owner, subject, score in zip(found.probes, found.subjects, found.scores, strict=True):
        told[int(owner)].append((int(subject), float(score)))
    return told


def plainly(
    probes: Floats, templates: Templates, least: float, limit: int | None, kept: NDArray[np.bool_], biases: Floats
) -> Listed:
    """Every pair, one at a time."""
    told: Listed = []
    for probe, bias in zip(probes, biases, strict=True):
        best: dict[int, float] = {}
        for row in np.flatnonzero(kept):
            one = templates.matrix[row : row + 1, : templates.dimensions]
            score = float(scores_of_pairs(probe[None], one)[0]) + float(bias)
            score += 0.0 if templates.biases is None else float(templates.biases[row])
            subject = int(templates.subjects[row])
            best[subject] = max(score, best.get(subject, -9.0))
        kept_ones = [(subject, score) for subject, score in best.items() if score >= least]
        told.append(sorted(kept_ones, key=lambda pair: (-pair[1], pair[0]))[:limit])
    return told


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 90),
    dimensions=st.sampled_from([3, 16, 128, 130]),
    subjects=st.integers(1, 60),
    least=st.sampled_from([-np.inf, 0.0, 0.15]),
    limit=st.sampled_from([None, 1, 3, 200]),
    biased=st.booleans(),
    filtered=st.booleans(),
)
def test_both_passes_give_what_a_plain_loop_gives(
    seed: int,
    rows: int,
    dimensions: int,
    subjects: int,
    least: float,
    limit: int | None,
    biased: bool,
    filtered: bool,
) -> None:
    chance = np.random.default_rng(seed)
    matrix = people(seed, rows, dimensions)
    matrix[rows // 2] = matrix[0]  # a tie
    if biased:
        matrix = np.hstack([matrix, chance.normal(scale=0.2, size=(rows, 1)).astype(np.float32)])
    owners = chance.integers(subjects, size=rows)
    most = int(np.bincount(owners).max())
    probes = people(seed + 1, 5, dimensions)
    probes[0] = matrix[0, :dimensions]
    kept = chance.random(rows) < 0.5 if filtered else np.ones(rows, dtype=np.bool_)
    biases = chance.normal(scale=0.2, size=5).astype(np.float32) if biased else np.zeros(5, dtype=np.float32)
    plain = Templates(matrix, owners, dimensions, None, most)
    coarse = Templates(matrix, owners, dimensions, quantise([matrix], rows, dimensions), most)
    expected = plainly(probes, plain, least, limit, kept, biases)
    options = {"least": least, "limit": limit, "kept": kept if filtered else None, "biases": biases if biased else None}
    assert lists(probes, plain, **options) == expected
    assert lists(probes, coarse, **options) == expected


def test_many_tiles_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix, probes = people(1, 3000, 128), people(2, 70, 128)
    owners = np.arange(3000) // 2
    one = Templates(matrix, owners, 128, None, 2)
    whole = lists(probes, one, limit=7)
    monkeypatch.setattr("verify.gallery.search.layout._SCORES", 1 << 9)
    monkeypatch.setattr("verify.gallery.search.layout._PROBES", 32)
    monkeypatch.setattr("verify.gallery.search.exact._BATCH", 41)
    assert lists(probes, one, limit=7) == whole
    coarse = Templates(matrix, owners, 128, quantise([matrix[:2048], matrix[2048:]], 3000, 128), 2)
    assert lists(probes, coarse, limit=7) == whole
    alone = [lists(probes[place : place + 1], one, limit=7)[0] for place in range(70)]
    assert alone == whole  # one probe takes another product


def test_the_bound_of_the_integer_product_holds_for_every_pair() -> None:
    matrix, probes = people(3, 1500, 128), people(4, 20, 128)
    matrix[5] = 0
    matrix[5, 3] = 1  # one value holds all: the others of its tile are coarse
    codes = quantise([matrix], 1500, 128)
    for place in range(1500):
        tile = place // 1024
        held = (codes.codes[place].astype(np.float64) - 128) * codes.scales[tile]
        assert np.linalg.norm(matrix[place] - held) <= codes.residuals[place]
    assert np.abs(codes.codes.astype(int) - 128).max() == 127
    plain, coarse = Templates(matrix, np.arange(1500), 128), Templates(matrix, np.arange(1500), 128, codes)
    assert lists(probes, coarse, limit=20) == lists(probes, plain, limit=20)


def test_the_integer_product_in_force_is_exact() -> None:
    bits = integer_bits()
    assert bits in (7, 8)
    chance = np.random.default_rng(5)
    most = (1 << (bits - 1)) - 1
    probes, templates = chance.integers(-most, most + 1, (33, 129)), chance.integers(-127, 128, (70, 129))
    tile = np.empty((70, 33), dtype=np.int32)
    integer_products(probes.astype(np.int8)).into(tile, (templates + 128).astype(np.uint8))
    assert np.array_equal(tile, templates @ probes.T)


def test_without_an_exact_integer_product_floats_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix, probes = people(11, 600, 64), people(12, 3, 64)
    plain, coarse = (Templates(matrix, np.arange(600), 64, codes) for codes in (None, quantise([matrix], 600, 64)))
    monkeypatch.setattr("verify.gallery.search.exact.integer_bits", lambda: 0)
    monkeypatch.setattr("verify.gallery.search.exact.quantised_pass", None)
    assert lists(probes, coarse, limit=5) == lists(probes, plain, limit=5)


def test_products_by_the_runtime_and_by_blas_differ_by_less_than_the_margin() -> None:
    matrix, probes = people(9, 500, 129), people(10, 40, 129)
    by_blas, by_runtime = float_products(probes, 1), float_products(probes, 1 << 30)
    assert type(by_blas) is not type(by_runtime)
    one, other = (np.empty((500, 40), dtype=np.float32) for _ in range(2))
    by_blas.into(one, matrix)
    by_runtime.into(other, matrix)
    assert np.abs(one - other).max() < 2 * margin_of(129)
    with pytest.raises(ValueError, match="memory"):
        by_runtime.into(other, matrix[:, ::-1])


@pytest.mark.parametrize("dimensions", [1, 2, 3, 128, 192, 512])
def test_scores_do_not_depend_on_who_stands_beside(dimensions: int) -> None:
    one, other = people(5, 50, dimensions), people(6, 50, dimensions)
    scores = scores_of_pairs(one, other)
    np.testing.assert_allclose(scores, np.einsum("nd,nd->n", one.astype(float), other.astype(float)), atol=1e-14)
    for place in (0, 7, 49):
        assert scores_of_pairs(one[place : place + 1], other[place : place + 1])[0] == scores[place]
    assert (scores_of_pairs(other, one) == scores).all()
    assert (np.abs(scores_of_pairs(one, one) - 1) < 1e-6).all() and scores_of_pairs(one, one).max() <= 1


def test_rows_without_a_direction_are_told() -> None:
    found = unit_rows(np.array([[3, 4], [0, 0], [np.nan, 1], [np.inf, 1], [1e-30, 0]], dtype=np.float32))
    assert np.isfinite(found).all(axis=1).tolist() == [True, False, False, False, True]
    np.testing.assert_allclose(found[0], [0.6, 0.8], rtol=1e-6)


def test_the_margin_covers_what_float32_products_are_off() -> None:
    for dimensions in (128, 512):
        one, other = people(7, 300, dimensions), people(8, 3000, dimensions)
        one[:100] = np.abs(one[:100])
        other[:1000] = np.abs(other[:1000])  # sums that only grow, where rounding adds up
        off = np.abs((one @ other.T).astype(np.float64) - one.astype(np.float64) @ other.T.astype(np.float64)).max()
        assert 0 < off < margin_of(dimensions)


def test_a_look_finds_all_that_reach_their_limit_once() -> None:
    chance = np.random.default_rng(13)
    for rows, probes in ((1, 1), (700, 1), (9000, 1), (37, 5), (512, 100), (3, 5000)):
        look = Look(rows, probes, np.float32)
        for used in (rows, max(1, rows - 3)):
            tile = look.tile(used)
            tile[:] = chance.normal(size=tile.shape)
            limits = np.quantile(tile, 0.9, axis=0).astype(np.float32)
            found = look.at(used, look.abreast(limits))
            assert found is not None
            expected = np.argwhere(tile >= limits).tolist()
            assert sorted(zip(found[0].tolist(), found[1].tolist(), strict=True)) == list(map(tuple, expected))
            assert (tile[found[0], found[1]] == found[2]).all()
            assert look.at(used, look.abreast(np.full(probes, 9, dtype=np.float32))) is None


def test_spans_cover_all_rows_once_and_grow() -> None:
    for rows, first in ((1, 8), (8, 8), (10_000, 8), (10_001, 512)):
        found = list(spans(rows, first, limited=True))
        assert [start for start, _ in found] == [0, *(end for _, end in found[:-1])] and found[-1][1] == rows
        assert all(start % first == 0 for start, _ in found)
        assert list(spans(rows, first, limited=False)) == [(0, rows)]
    assert len(list(spans(1_000_000, 512, limited=True))) < 25
    assert list(spans(0, 8, limited=True)) == []
    assert Tiling.of(1).rows > Tiling.of(1024).rows and Tiling.of(1024).probes < 1024
