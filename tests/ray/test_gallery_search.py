"""Galleries searched by two raylets: equal to the search of this process, also when one is killed in the middle."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.batch.engines.ray_search import RaySearch, cluster_search
from verify.gallery import locally
from verify.gallery.search import Found, Templates, quantise, unit_rows
from verify.settings import Settings

from .conftest import Cluster

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed; run scripts/test-ray")

DIMENSIONS = 32


@pytest.fixture
def search(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[RaySearch]:
    monkeypatch.setattr("verify.gallery.scatter.BLOCK_ROWS", 500)
    with cluster_search(Settings(batch_engine="ray", ray_address=cluster.address)) as found:
        assert found is not None
        yield found


def templates(seed: int = 5, *, biased: bool = False) -> Templates:
    """Rows of which many are equal, so that there are ties; subjects with rows in several blocks."""
    draw = np.random.default_rng(seed)
    rows = unit_rows(draw.choice(draw.normal(size=(900, DIMENSIONS)).astype(np.float32), 4200))
    subjects = draw.integers(0, 1500, len(rows))
    if biased:
        rows = np.hstack([rows, draw.normal(scale=0.1, size=(len(rows), 1)).astype(np.float32)])
    return Templates(rows, subjects, DIMENSIONS, None, int(np.bincount(subjects).max()))


def probes(count: int = 6) -> NDArray[np.float32]:
    return unit_rows(np.random.default_rng(6).normal(size=(count, DIMENSIONS)).astype(np.float32))


def equal(one: Found, other: Found) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("probes", "subjects", "scores"))


def test_equal_to_the_local_search_from_two_nodes(search: RaySearch) -> None:
    draw = np.random.default_rng(7)
    biases = draw.normal(scale=0.1, size=6).astype(np.float32)
    plain, biased = templates(), templates(8, biased=True)
    whole = dataclasses.replace(plain, quantised=quantise([plain.matrix], len(plain.matrix), DIMENSIONS))
    compared = 0
    for one in (plain, biased, whole):
        kept = draw.random(len(one.matrix)) < 0.7
        for least, limit in ((0.2, None), (-2.0, 10), (0.3, 3)):
            for mask, added in ((None, None), (kept, biases)):
                found = search(probes(), one, least=least, limit=limit, kept=mask, biases=added)
                expected = locally(probes(), one, least=least, limit=limit, kept=mask, biases=added)
                assert equal(found, expected)
                compared += len(expected.probes)
    assert compared > 1000, "or nothing was compared"
    assert sorted(search.answered) == list(range(9))
    assert len(set(search.answered.values())) == 2, "both nodes searched"


def test_a_node_killed_in_the_middle_changes_no_answer(
    search: RaySearch, cluster: Cluster, request: pytest.FixtureRequest
) -> None:
    one = templates()
    expected = locally(probes(), one, least=-2.0, limit=10, kept=None, biases=None)
    request.addfinalizer(cluster.start_second)
    before: set[str] = set()
    for number in range(30):
        if number == 10:
            before = set(search.answered.values())
            cluster.kill_second()
        assert equal(search(probes(), one, least=-2.0, limit=10, kept=None, biases=None), expected)
    assert len(before) == 2
    assert sorted(search.answered) == list(range(9))
    assert len(set(search.answered.values()) & before) == 1, "the other node took the blocks"


def test_without_any_holder_the_blocks_are_searched_here(search: RaySearch) -> None:
    one = templates()
    expected = locally(probes(), one, least=-2.0, limit=10, kept=None, biases=None)
    assert equal(search(probes(), one, least=-2.0, limit=10, kept=None, biases=None), expected)
    for seat in list(search._seats or ()):
        search._ray.kill(seat.actor)
    assert equal(search(probes(), one, least=-2.0, limit=10, kept=None, biases=None), expected)
    assert set(search.answered.values()) == {"here"}
