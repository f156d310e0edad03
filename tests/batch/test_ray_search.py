"""Galleries searched by holders, with a Ray that is pretended: what is asked of whom, and what when one is lost.

`tests/ray/test_gallery_search.py` does it with two real raylets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from verify.batch.engines import ray_search
from verify.batch.engines.ray_search import RaySearch
from verify.errors import VerifyError
from verify.gallery import locally
from verify.gallery.search import Found, Templates, unit_rows


class RayError(Exception):
    pass


class RayTaskError(RayError):
    def __init__(self, cause: Exception) -> None:
        self.cause = cause


@dataclass(eq=False)
class Reference:
    number: int
    what: Callable[[], object]


@dataclass
class FakeRay:
    """Actors are objects of this process; what they are asked is done when the answer is asked for."""

    processors: tuple[int, ...] = (1, 2)
    dead: set[int] = field(default_factory=set)
    actors: list[Any] = field(default_factory=list)
    calls: list[tuple[int, str]] = field(default_factory=list)
    exceptions: Any = field(default_factory=lambda: SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError))
    silent: bool = False

    def nodes(self) -> list[dict[str, Any]]:
        found = [{"NodeID": f"node {n}", "Alive": True, "Resources": {"CPU": c}} for n, c in enumerate(self.processors)]
        return [*found, {"NodeID": "gone", "Alive": False, "Resources": {"CPU": 9.0}}]

    def remote(self, cls: type) -> Any:
        def make() -> Any:
            number, held = len(self.actors), cls()

            def method(name: str) -> Any:
                return SimpleNamespace(remote=lambda *words: self.called(number, name, getattr(held, name), words))

            actor = SimpleNamespace(
                number=number, **{name: method(name) for name in ("describe", "take", "drop", "search")}
            )
            self.actors.append(actor)
            return actor

        return SimpleNamespace(options=lambda **_options: SimpleNamespace(remote=make))

    def called(self, number: int, name: str, what: Callable[..., object], words: tuple[object, ...]) -> Any:
        self.calls.append((number, name))
        if name == "take" and number not in self.dead:
            what(*words)
        return Reference(number, lambda: what(*words))

    def wait(self, references: list[Any], timeout: float) -> tuple[list[Any], list[Any]]:
        return ([], references) if self.silent else (references[:1], references[1:])

    def get(self, reference: Any, timeout: float) -> Any:
        if reference.number in self.dead:
            raise RayError("the actor died")
        try:
            return reference.what()
        except KeyError as error:
            raise RayTaskError(error) from error

    def kill(self, actor: Any) -> None:
        self.dead.add(actor.number)

    def get_runtime_context(self) -> Any:
        return SimpleNamespace(get_node_id=lambda: "a node")


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    found = FakeRay()
    monkeypatch.setattr("verify.gallery.scatter.BLOCK_ROWS", 50)
    monkeypatch.setitem(sys.modules, "ray", found)  # type: ignore[arg-type]
    strategies = SimpleNamespace(NodeAffinitySchedulingStrategy=lambda **_words: None)
    monkeypatch.setitem(sys.modules, "ray.util.scheduling_strategies", strategies)  # type: ignore[arg-type]
    return found


def templates(seed: int = 1) -> Templates:
    draw = np.random.default_rng(seed)
    rows = unit_rows(draw.normal(size=(430, 8)).astype(np.float32))
    return Templates(rows, draw.integers(0, 200, 430), 8, None, 9)


PROBES = unit_rows(np.random.default_rng(2).normal(size=(4, 8)).astype(np.float32))


def agrees(search: RaySearch, one: Templates, kept: NDArray[np.bool_] | None = None) -> bool:
    found = search(PROBES, one, least=0.1, limit=9, kept=kept, biases=None)
    expected = locally(PROBES, one, least=0.1, limit=9, kept=kept, biases=None)
    assert len(expected.probes) > 20, "or nothing is compared"
    return same(found, expected)


def same(one: Found, other: Found) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("probes", "subjects", "scores"))


def test_a_holder_for_each_processor_and_blocks_sent_once(ray: FakeRay) -> None:
    search, one = RaySearch(ray), templates()
    assert agrees(search, one) and agrees(search, one, np.random.default_rng(3).random(430) < 0.5)
    assert len(ray.actors) == 3, "none on the node that is gone"
    assert [name for _, name in ray.calls].count("take") == 9
    assert set(search.answered.values()) == {"node 0", "node 1"}
    search.close()
    assert ray.dead == {0, 1, 2}


@pytest.mark.parametrize("lost", [{0}, {0, 2}, {1, 2}])
def test_blocks_of_a_lost_holder_go_to_others(ray: FakeRay, lost: set[int]) -> None:
    search, one, other = RaySearch(ray), templates(), templates(5)
    assert agrees(search, one) and agrees(search, other)
    ray.dead |= lost
    assert agrees(search, one) and agrees(search, other) and agrees(search, templates(6))
    assert "here" not in search.answered.values()
    later = len(ray.calls)
    assert agrees(search, one)
    assert {number for number, _ in ray.calls[later:]} == {0, 1, 2} - lost


def test_holders_that_do_not_come(ray: FakeRay) -> None:
    ray.dead = {0}
    search = RaySearch(ray)
    assert agrees(search, templates()) and set(search.answered.values()) == {"node 1"}
    ray.dead |= set(range(9))
    with pytest.raises(VerifyError, match="is verify installed"):
        agrees(RaySearch(ray), templates())


@pytest.mark.parametrize("silent", [True, False])
def test_all_lost_in_the_middle(ray: FakeRay, silent: bool) -> None:
    search, one = RaySearch(ray), templates()
    assert agrees(search, one)
    ray.silent = silent
    ray.dead |= set() if silent else {0, 1, 2}
    assert agrees(search, one)
    assert set(search.answered.values()) == {"here"}


def test_galleries_that_were_not_asked_for_long_are_dropped(ray: FakeRay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_search, "_GALLERIES", 2)
    search, many = RaySearch(ray), [templates(seed) for seed in range(3)]
    assert all(agrees(search, one) for one in (many[0], many[1], many[0], many[2], many[0]))
    assert [name for _, name in ray.calls].count("drop") == 3
    assert [name for _, name in ray.calls].count("take") == 27
    assert agrees(search, many[1]), "it is sent again"


def test_a_fault_of_a_holder_is_told(ray: FakeRay) -> None:
    search, one = RaySearch(ray), templates()
    assert agrees(search, one)
    cut = next(iter(search._spreads.values())).cut
    cut.name = "another"
    with pytest.raises(VerifyError, match="a search failed on a node"):
        agrees(search, one)


def test_another_version_is_refused(ray: FakeRay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_search.Holder, "describe", lambda self: ("node", "0.0.1"))
    with pytest.raises(VerifyError, match=r"0\.0\.1"):
        agrees(RaySearch(ray), templates())
