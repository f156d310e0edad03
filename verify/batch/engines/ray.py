"""The batch by Ray: one reader for each processor of the cluster, each with a confined worker as the local engine has.

Only actors of Ray's core are used (docs/decisions/008-ray.md). A file that kills its worker is dealt with where it
lies, as locally; when a reader or its whole node is lost, the file in its hand is read once more by another.
"""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from verify import __version__
from verify.batch.engines import Died, Request, Served
from verify.batch.engines.local import Pool
from verify.batch.engines.ray_cluster import Cluster, ray_module
from verify.batch.engines.ray_search import RaySearch
from verify.errors import VerifyError
from verify.settings import Settings

__all__ = ["RayPool", "Reader"]

_K = TypeVar("_K")
_TRIES = 2  # readers that a file may take with it
_START = 180.0  # seconds for a reader to be placed and to load its models
_LOST = 130.0  # seconds over the file's own limit, its worker's replacement included, before a reader is given up


class Reader:
    """An actor: runs in a process of Ray on any node, and has one confined worker of its own."""

    def __init__(self, settings: dict[str, Any], module: str) -> None:
        """Prepare the worker; `describe` starts it."""
        alone = Settings.model_validate(settings).model_copy(update={"jobs": 1})
        self._pool = Pool[int](alone, module=module)

    def describe(self) -> tuple[str, str, tuple[str, ...], dict[str, str]]:
        """This node, and what is on it: version of the toolkit, sandbox layers and engines."""
        if not self._pool.engines:
            self._pool.start()
        node = str(ray_module().get_runtime_context().get_node_id())
        return node, __version__, self._pool.layers, self._pool.engines

    def read(self, data: bytes, task: dict[str, Any]) -> tuple[str, dict[str, bytes]] | tuple[str, bool]:
        """Reads one file: the reading and its pictures, or why the worker ended and whether it was for time."""
        descriptor = os.memfd_create("file")  # never on a disk of this node
        with os.fdopen(os.dup(descriptor), "wb") as memory:
            memory.write(data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        (answer,) = self._pool.run([Request(0, descriptor, task)])
        if isinstance(answer, Died):
            return answer.reason, answer.timed_out
        return answer.reading, answer.pictures


@dataclass(slots=True)
class _Job(Generic[_K]):
    """A file on its way, as bytes: descriptors do not leave the machine."""

    key: _K
    data: bytes
    task: dict[str, Any]
    lost: int = 0  # readers it was with when they were lost


@dataclass(slots=True)
class _Seat(Generic[_K]):
    """A reader as the driver sees it."""

    reader: Any
    awaited: Any = None  # what it was asked last; None when it is free
    deadline: float = 0.0
    node: str = ""  # known once it is ready
    job: _Job[_K] | None = None


class RayPool(Generic[_K]):
    """Readers on all nodes of a Ray cluster. Use as a context manager; one `run` after another.

    Attributes:
        layers: sandbox layers, the same on all nodes.
        engines: loaded, the same on all nodes.
        answered: files by the node that read them.
        search: galleries are searched by the nodes too; known after `start`.
    """

    def __init__(self, settings: Settings, *, module: str = "verify.batch.worker") -> None:
        """Remember the settings; `start` finds or starts Ray."""
        self._settings = settings
        self._module = module
        self._ray: Any = None
        self._actor: Any = None
        self._cluster: Cluster | None = None
        self._seats: list[_Seat[_K]] = []
        self._again: deque[_Job[_K]] = deque()
        self._failed_starts = 0
        self.layers: tuple[str, ...] = ()
        self.engines: dict[str, str] = {}
        self.answered: Counter[str] = Counter()
        self.search: RaySearch | None = None

    def __enter__(self) -> Self:
        """Nothing starts before `start` or `run`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends all readers, and Ray itself where `start` has started it."""
        if self._ray is not None:
            for seat in self._seats:
                self._ray.kill(seat.reader)
            self._seats.clear()
            if self.search is not None:
                self.search.close()
        if self._cluster is not None:
            self._cluster.close()

    def start(self) -> None:
        """Joins the cluster and starts a reader for each of its processors; waits for the first to be ready.

        Raises:
            MissingEngineError: Ray is not installed here, or an engine on a node.
            VerifyError: no cluster answers, it has no processor, or its nodes are not alike.
        """
        self._cluster = Cluster(self._settings)
        self._ray = self._cluster.ray
        self.search = RaySearch(self._ray)
        processors = int(self._ray.cluster_resources().get("CPU", 0))
        if not processors:
            raise VerifyError("the Ray cluster offers no processor; start its nodes with --num-cpus")
        options = {"num_cpus": 1, "max_restarts": 0, "max_task_retries": 0, "scheduling_strategy": "SPREAD"}
        self._actor = self._ray.remote(Reader).options(**options)
        for _ in range(min(processors, self._settings.jobs or processors)):
            self._place_one()
        while not any(seat.node for seat in self._seats):
            for _ in self._collect():
                pass

    def run(self, requests: Iterable[Request[_K]]) -> Iterator[Served[_K] | Died[_K]]:
        """Reads files; answers come in the order they are finished, and requests are drawn only as readers are free."""
        if not self._seats:
            self.start()
        waiting = iter(requests)
        drawn_all = False
        while True:
            for seat in [one for one in self._seats if one.node and one.job is None]:
                job = self._again.popleft() if self._again else None
                if job is None and not drawn_all:
                    request = next(waiting, None)
                    drawn_all = request is None
                    job = None if request is None else _job(request, self._settings)
                if job is not None:
                    self._give(seat, job)
            if drawn_all and not self._again and not any(seat.job for seat in self._seats):
                return
            yield from self._collect()

    # --- readers come, answer and are lost ---

    def _place_one(self) -> None:
        reader = self._actor.remote(self._settings.model_dump(mode="json"), self._module)
        self._seats.append(_Seat(reader))
        self._ask(self._seats[-1])

    def _ask(self, seat: _Seat[_K]) -> None:
        """It gets no file until it has said what it is."""
        seat.node, seat.awaited, seat.deadline = "", seat.reader.describe.remote(), time.monotonic() + _START

    def _give(self, seat: _Seat[_K], job: _Job[_K]) -> None:
        seat.job = job
        seat.awaited = seat.reader.read.remote(job.data, job.task)
        seat.deadline = time.monotonic() + self._settings.limits.seconds + _LOST

    def _collect(self) -> Iterator[Served[_K] | Died[_K]]:
        """Waits until something happens, and yields what has been finished by it."""
        awaited = {seat.awaited: seat for seat in self._seats if seat.awaited is not None}
        # while others read, a reader may wait for its place as long as it takes
        anyone = any(seat.node for seat in self._seats)
        limited = [seat for seat in awaited.values() if seat.job is not None or not anyone]
        nearest = min((seat.deadline for seat in limited), default=time.monotonic() + 1)
        ready, _rest = self._ray.wait(list(awaited), timeout=max(0.0, nearest - time.monotonic()))
        for reference in ready:
            yield from self._hear(awaited[reference])
        now = time.monotonic()
        for seat in [one for one in limited if one in self._seats and one.awaited is not None and one.deadline <= now]:
            if seat.job is None:
                raise VerifyError(f"no reader was ready on the Ray cluster within {_START:g} seconds")
            yield from self._lose(seat)

    def _hear(self, seat: _Seat[_K]) -> Iterator[Served[_K] | Died[_K]]:
        try:
            answer = self._ray.get(seat.awaited)
        except self._ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, VerifyError):
                raise error.cause from None
            raise VerifyError(f"a reader failed on a node of the cluster ({error.cause!r})") from error
        except self._ray.exceptions.RayError:  # it has ended, or its node has, or the answer was lost with it
            yield from self._lose(seat)
            return
        seat.awaited = None
        if seat.job is None:
            self._welcome(seat, *answer)
            return
        job, seat.job = seat.job, None
        self.answered[seat.node] += 1
        first, second = answer
        yield Died(job.key, first, second) if isinstance(second, bool) else Served(job.key, first, second)

    def _welcome(
        self, seat: _Seat[_K], node: str, version: str, layers: tuple[str, ...], engines: dict[str, str]
    ) -> None:
        """A reader that is like the first may take files: else results would depend on the node."""
        if version != __version__:
            raise VerifyError(f"a node of the cluster has verify {version}, this one {__version__}; install the same")
        if self.engines and (layers, engines) != (self.layers, self.engines):
            raise VerifyError("the nodes of the cluster differ in engines or sandbox; run 'verify doctor' on each")
        self.layers, self.engines = layers, engines
        self._failed_starts = 0
        seat.node = node

    def _lose(self, seat: _Seat[_K]) -> Iterator[Died[_K]]:
        """Another reader takes its seat, and its file; nothing the lost one may still answer is heard."""
        self._seats.remove(seat)
        self._ray.kill(seat.reader)
        if not seat.node:
            self._failed_starts += 1
            if self._failed_starts > _TRIES + len(self._seats):
                raise VerifyError("no reader starts on the Ray cluster; is verify installed on its nodes?")
        for other in [one for one in self._seats if seat.node and one.node == seat.node and one.job is None]:
            self._ask(other)  # idle on the same node, which may be gone: no file is to be lost with it
        self._place_one()
        if seat.job is None:
            return
        seat.job.lost += 1
        if seat.job.lost < _TRIES:
            self._again.append(seat.job)
        else:
            yield Died(seat.job.key, f"was with {_TRIES} readers of the cluster when they ended", timed_out=False)


def _job(request: Request[_K], settings: Settings) -> _Job[_K]:
    """With one byte more than allowed of a file that grew: its worker refuses it in the same words as locally."""
    with os.fdopen(request.descriptor, "rb") as file:
        return _Job(request.key, file.read(settings.limits.max_bytes + 1), request.task)
