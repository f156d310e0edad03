from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.errors import PolicyError, UsageError
from verify.gallery import References, identify, references_of

from .builders import ENGINE, MODEL, template, threshold


def references(ids: list[str], vectors: np.ndarray) -> References:  # type: ignore[type-arg]
    return references_of(ids, np.asarray(vectors, dtype=np.float32), engine=ENGINE, model_sha256=MODEL)


def naive(probe: np.ndarray, ids: list[str], vectors: np.ndarray, value: float, limit: int):  # type: ignore
    best: dict[str, float] = {}
    for one, vector in zip(ids, vectors.astype(float), strict=True):
        cosine = float(probe @ vector / np.linalg.norm(probe) / np.linalg.norm(vector))
        best[one] = max(cosine, best.get(one, -1.0))
    kept = [(one, score) for one, score in best.items() if score >= value]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:limit]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 80),
    entries=st.integers(1, 40),
    value=st.sampled_from([-1.0, 0.0, 0.2]),
    limit=st.integers(1, 50),
)
def test_as_a_plain_loop_and_in_any_order(seed: int, count: int, entries: int, value: float, limit: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, 16)).astype(np.float32)
    ids = [f"r{random.integers(entries)}" for _ in range(count)]
    probe = random.normal(size=16).astype(np.float32)
    found = identify(template(probe), references(ids, vectors), threshold=threshold(value), limit=limit)
    expected = naive(probe.astype(float), ids, vectors, value, limit)
    assert [one for one, _ in found] == [one for one, _ in expected]
    np.testing.assert_allclose([s for _, s in found], [s for _, s in expected], atol=1e-6)

    order = random.permutation(count)
    shuffled = references([ids[place] for place in order], vectors[order])
    assert identify(template(probe), shuffled, threshold=threshold(value), limit=limit) == found


def test_ties_are_ordered_by_reference_id_also_at_the_end_of_the_list() -> None:
    vector = np.random.default_rng(1).normal(size=128)
    found = identify(
        template(vector),
        references(["c", "a", "d", "b"], np.tile(vector, (4, 1))),
        threshold=threshold(0.9),
        limit=3,
    )
    assert [one for one, _ in found] == ["a", "b", "c"]
    assert len({score for _, score in found}) == 1


def test_blocks_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(2).normal(size=(1000, 32))
    ids = [f"r{number // 3}" for number in range(1000)]
    probe = template(vectors[500])
    whole = identify(probe, references(ids, vectors), threshold=threshold(0.1), limit=20)
    monkeypatch.setattr("verify.gallery.search.layout._MOST_ROWS", 7)
    assert identify(probe, references(ids, vectors), threshold=threshold(0.1), limit=20) == whole
    assert whole[0] == ("r166", pytest.approx(1.0))


def test_only_entries_in_force_are_searched() -> None:
    eye = np.eye(4)
    some = references(["a", "b", "a", "c"], eye).only({"a", "c"})
    assert some.ids == ("a", "c") and len(some) == 2
    found = identify(template([1, 2, 3, 4]), some, threshold=threshold(0.0), limit=9)
    assert found == (("c", pytest.approx(4 / 30**0.5)), ("a", pytest.approx(3 / 30**0.5)))
    assert identify(template([1, 2, 3, 4]), some.only(()), threshold=threshold(0.0), limit=9) == ()


def test_an_empty_gallery_has_no_candidates() -> None:
    empty = references([], np.empty((0, 0)))
    assert identify(template([1, 0]), empty, threshold=threshold(0.0), limit=9) == ()


@pytest.mark.parametrize("other", [{"engine": "engine 2"}, {"model": "b" * 64}])
def test_engines_and_models_do_not_mix(other: dict[str, str]) -> None:
    some = references(["a"], np.eye(1))
    with pytest.raises(PolicyError, match="enrol"):
        identify(template([1], **other), some, threshold=threshold(0.0), limit=1)
    with pytest.raises(PolicyError, match="threshold"):
        identify(template([1]), some, threshold=threshold(0.0, **other), limit=1)


@pytest.mark.parametrize("bad", [[0.0, 0.0], [float("nan"), 1.0]])
def test_vectors_without_direction_are_refused(bad: list[float]) -> None:
    with pytest.raises(UsageError, match="reference b"):
        references(["a", "b"], np.array([[1.0, 0.0], bad]))
    with pytest.raises(PolicyError, match="direction"):
        identify(template(bad), references(["a"], np.eye(2)[:1]), threshold=threshold(0.0), limit=1)
