"""Galleries searched by a Ray cluster: the blocks lie at holders on all nodes, and every search asks all of them.

Exact, and equal to the search of this process bit for bit (`verify.gallery.scatter`). When a holder or its node is
lost, its blocks go to others and are searched again there; with no holder left they are searched here. A block is
sealed on its way; its key goes to the holders with it, so that the object store of no node holds a face in the clear.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify import __version__
from verify.batch.engines.ray_cluster import Cluster, ray_module
from verify.errors import VerifyError
from verify.gallery import Scattered, SealedBlock, locally, merged, opened
from verify.gallery.search import Found, Templates
from verify.settings import Settings

__all__ = ["Holder", "RaySearch", "cluster_search"]

_PLACED = 180.0  # seconds for a holder to be placed and to answer
_ANSWER = 600.0  # seconds for the blocks of one holder to be searched before it is given up
_ON_THE_WAY = 4  # blocks in the object stores at a time: each takes 4 bytes a value of 65,536 templates
_GALLERIES = 8  # kept at the holders; of more, the one that was asked longest ago is dropped

_Mask = bytes | None


class Holder:
    """An actor: holds blocks in memory and searches them."""

    def __init__(self) -> None:
        """Nothing is held."""
        self._blocks: dict[tuple[str, int], Templates] = {}

    def describe(self) -> tuple[str, str]:
        """This node, and the version of the toolkit on it."""
        return str(ray_module().get_runtime_context().get_node_id()), __version__

    def take(self, block: SealedBlock) -> None:
        """Keeps a block."""
        self._blocks[block.name, block.number] = opened(block)

    def drop(self, name: str) -> None:
        """Lets go of all blocks of a gallery."""
        self._blocks = {place: block for place, block in self._blocks.items() if place[0] != name}

    def search(
        self,
        name: str,
        masks: dict[int, _Mask],
        probes: NDArray[np.float32],
        least: float,
        limit: int | None,
        biases: NDArray[np.float32] | None,
    ) -> Found:
        """Searches some of its blocks, each with the mask of the rows that take part."""
        parts = []
        for number, mask in masks.items():
            block = self._blocks[name, number]
            kept = None if mask is None else _unpacked(mask, len(block.matrix))
            parts.append(locally(probes, block, least=least, limit=limit, kept=kept, biases=biases))
        return merged(parts, limit)


@dataclasses.dataclass(slots=True)
class _Seat:
    """A holder as the driver sees it."""

    actor: Any
    node: str


@dataclasses.dataclass(slots=True)
class _Spread:
    """Where the blocks of a gallery lie."""

    cut: Scattered
    at: dict[int, _Seat]


class RaySearch:
    """Searches galleries by the nodes of a cluster that was joined. Holders are placed at the first search.

    Attributes:
        answered: blocks by the node that searched them last; "here" for this process.
    """

    def __init__(self, ray: Any) -> None:
        """Takes the module of Ray, joined."""
        self._ray = ray
        self._seats: list[_Seat] | None = None
        self._spreads: dict[int, _Spread] = {}
        self._sent: list[Any] = []
        self.answered: dict[int, str] = {}

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
        """As `verify.gallery.search.search`, with equal results."""
        spread = self._spread(templates)
        masks = {
            number: None if kept is None else np.packbits(kept[spread.cut.part(number)]).tobytes()
            for number in range(spread.cut.blocks)
        }
        left, parts = set(masks), []
        while left and self._seats:
            asked = {}
            for seat in self._seats:
                mine = {number: masks[number] for number in left if spread.at[number] is seat}
                if mine:
                    asked[seat.actor.search.remote(spread.cut.name, mine, probes, least, limit, biases)] = seat, mine
            for seat, numbers, found in self._answers(asked):
                if found is None:
                    self._lose(seat)
                else:
                    parts.append(found)
                    left.difference_update(numbers)
                    self.answered.update(dict.fromkeys(numbers, seat.node))
        for number in sorted(left):  # no holder is left
            mask = None if kept is None else kept[spread.cut.part(number)]
            parts.append(locally(probes, spread.cut.rows(number), least=least, limit=limit, kept=mask, biases=biases))
            self.answered[number] = "here"
        return merged(parts, limit)

    def close(self) -> None:
        """Ends all holders, and their blocks with them."""
        for seat in self._seats or ():
            self._ray.kill(seat.actor)
        self._seats, self._spreads = None, {}

    def _answers(
        self, asked: dict[Any, tuple[_Seat, dict[int, _Mask]]]
    ) -> Iterator[tuple[_Seat, list[int], Found | None]]:
        """As they come; None of a holder that is lost."""
        while asked:
            ready, _ = self._ray.wait(list(asked), timeout=_ANSWER)
            for reference in ready or list(asked):  # nothing in time: all that are waited for are given up
                seat, masks = asked.pop(reference)
                try:
                    found = self._ray.get(reference, timeout=_ANSWER) if ready else None
                except self._ray.exceptions.RayTaskError as error:
                    raise VerifyError(f"a search failed on a node of the cluster ({error.cause!r})") from error
                except self._ray.exceptions.RayError:
                    found = None
                yield seat, list(masks), found

    def _spread(self, templates: Templates) -> _Spread:
        """Sends the blocks of a gallery to the holders, once. The gallery is known by its array, which is kept."""
        known = self._spreads.pop(id(templates.matrix), None)
        if known is None:
            if len(self._spreads) >= _GALLERIES:
                gone = self._spreads.pop(next(iter(self._spreads)))
                for seat in self._seats or ():
                    seat.actor.drop.remote(gone.cut.name)
            seats = self._holders()
            known = _Spread(Scattered(templates), {})
            for number in range(known.cut.blocks):
                if seats:
                    self._send(known, number, seats[number % len(seats)])
        self._spreads[id(templates.matrix)] = known
        return known

    def _send(self, spread: _Spread, number: int, seat: _Seat) -> None:
        spread.at[number] = seat
        self._sent.append(seat.actor.take.remote(spread.cut.sealed(number)))
        if len(self._sent) >= _ON_THE_WAY:  # a holder that does not take it in time is found out by the search
            ready, rest = self._ray.wait(self._sent, timeout=_ANSWER)
            self._sent = rest if ready else rest[1:]

    def _holders(self) -> Sequence[_Seat]:
        """One for each processor of the nodes that are alive; those that do not come in time are done without."""
        if self._seats is not None:
            return self._seats
        actor, seats = self._ray.remote(Holder), []
        affinity = importlib.import_module("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy
        for node in self._ray.nodes():
            for _ in range(int(node["Resources"].get("CPU", 0)) if node["Alive"] else 0):
                placed = {"scheduling_strategy": affinity(node_id=node["NodeID"], soft=False), "num_cpus": 0}
                options = {"max_restarts": 0, "max_task_retries": 0, **placed}
                seats.append(_Seat(actor.options(**options).remote(), node["NodeID"]))
        self._seats = []
        for seat in seats:
            try:
                _, version = self._ray.get(seat.actor.describe.remote(), timeout=_PLACED)
            except self._ray.exceptions.RayError:  # a time-out is one of them
                self._ray.kill(seat.actor)
                continue
            if version != __version__:
                raise VerifyError(f"a node has verify {version}, this one {__version__}; install the same")
            self._seats.append(seat)
        if not self._seats:
            raise VerifyError("no node of the Ray cluster can search; is verify installed on its nodes?")
        return self._seats

    def _lose(self, seat: _Seat) -> None:
        """Its blocks go to the holders that are left."""
        seats = self._seats = [one for one in self._seats or () if one is not seat]
        self._ray.kill(seat.actor)
        for spread in self._spreads.values() if seats else ():
            for place, number in enumerate([number for number, at in spread.at.items() if at is seat]):
                self._send(spread, number, seats[place % len(seats)])


def _unpacked(mask: bytes, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(mask, dtype=np.uint8), count=count).astype(bool)


@contextmanager
def cluster_search(settings: Settings) -> Iterator[RaySearch | None]:
    """Whoever searches galleries by these settings: a cluster, or None for this process.

    Raises:
        MissingEngineError: Ray is not installed.
        VerifyError: no cluster can be joined.
    """
    if settings.batch_engine != "ray":
        yield None
        return
    cluster = Cluster(settings)
    search = RaySearch(cluster.ray)
    try:
        yield search
    finally:
        search.close()
        cluster.close()
