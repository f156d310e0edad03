"""A supervisor of long-lived worker processes: a crash, a hang or an endless appetite costs exactly its own file.

Standard pools lose neighbours when a worker dies (docs/decisions/003-batch.md), so this one gives each worker one file
at a time and knows whose fault a death is.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from verify.batch.engines import Died, Request, Served
from verify.batch.wire import Inbox, WireError, pack
from verify.errors import ExitCode, MissingEngineError, VerifyError
from verify.gallery import Searcher
from verify.settings import Settings

__all__ = ["Pool"]

_K = TypeVar("_K")
_GRACE = 1.5  # seconds over the file's own limit before a worker is ended
_START = 120.0  # seconds to load the models
_LEAVE = 0.5  # seconds for a worker that has hung up to be gone
_RECYCLE = 2000  # files after which a worker is replaced, whatever its libraries have kept
_CHUNK = 1 << 20


@dataclass(slots=True)
class _Worker(Generic[_K]):
    process: subprocess.Popen[bytes]
    connection: socket.socket
    inbox: Inbox = field(default_factory=Inbox)
    deadline: float = 0.0
    ready: bool = False
    busy: Request[_K] | None = None
    served: int = 0


class Pool(Generic[_K]):
    """`workers` processes that read files. Use as a context manager; one `run` after another."""

    def __init__(self, settings: Settings, *, module: str = "verify.batch.worker") -> None:
        """Remember the settings; processes start with `run`."""
        self._settings = settings
        self._module = module
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker[_K]] = []
        self.layers: tuple[str, ...] = ()
        self.engines: dict[str, str] = {}
        self.search: Searcher | None = None  # by this process

    def __enter__(self) -> Self:
        """Nothing starts before `run`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends all workers."""
        for worker in list(self._workers):
            self._end(worker)
        self._selector.close()

    def start(self) -> None:
        """Starts the workers and waits for the first to be ready, so that `layers` and `engines` are known.

        Raises:
            MissingEngineError: a worker could not load its engines.
        """
        for _ in range(self._settings.workers):
            self._start_one()
        while not any(worker.ready for worker in self._workers):
            for _ in self._collect():
                pass

    def run(self, requests: Iterable[Request[_K]]) -> Iterator[Served[_K] | Died[_K]]:
        """Reads files; answers come in the order they are finished, and requests are drawn only as workers are free."""
        if not self._workers:
            self.start()
        waiting = iter(requests)
        request: Request[_K] | None = None
        drawn_all = False
        try:
            while True:
                for worker in [w for w in self._workers if w.ready and w.busy is None]:
                    if request is None and not drawn_all:
                        request = next(waiting, None)
                        drawn_all = request is None
                    if request is not None and self._give(worker, request):
                        request = None
                if drawn_all and request is None and not any(worker.busy for worker in self._workers):
                    return
                yield from self._collect()
        finally:
            if request is not None:
                os.close(request.descriptor)

    def _start_one(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            environment = {
                # without the token of a cluster, which a decoder that has been taken over could use
                **{name: value for name, value in os.environ.items() if not name.startswith("RAY_")},
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_THREAD_LIMIT": "1",
            }
            process = subprocess.Popen(
                [sys.executable, "-m", self._module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # decoders print there, and may print what they read
                start_new_session=True,
                env=environment,
            )
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has ended already: the selector will tell
            ours.sendall(pack({"settings": self._settings.model_dump(mode="json")}))
        worker: _Worker[_K] = _Worker(process, ours, deadline=time.monotonic() + _START)
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)

    def _give(self, worker: _Worker[_K], request: Request[_K]) -> bool:
        """False when the worker ended while it had nothing to do: that is no fault of this file."""
        try:
            socket.send_fds(worker.connection, [pack({"task": request.task})], [request.descriptor])
        except (BrokenPipeError, ConnectionResetError):
            return False
        os.close(request.descriptor)
        worker.busy = request
        worker.deadline = time.monotonic() + self._settings.limits.seconds + _GRACE
        return True

    def _collect(self) -> Iterator[Served[_K] | Died[_K]]:
        """Waits until something happens, and yields what has been finished by it."""
        nearest = min((w.deadline for w in self._workers if w.busy or not w.ready), default=time.monotonic() + 1)
        events = self._selector.select(max(0.0, nearest - time.monotonic()))
        for key, _mask in events:
            yield from self._hear(key.data)
        now = time.monotonic()
        for worker in [w for w in self._workers if (w.busy or not w.ready) and w.deadline <= now]:
            yield from self._bury(worker, "took longer than limits.seconds allows", timed_out=True)

    def _hear(self, worker: _Worker[_K]) -> Iterator[Served[_K] | Died[_K]]:
        try:
            chunk = worker.connection.recv(_CHUNK)
        except ConnectionResetError:
            chunk = b""
        if not chunk:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(_LEAVE)  # to tell how it ended
            yield from self._bury(worker, "", timed_out=False)
            return
        worker.inbox.feed(chunk)
        try:
            message = worker.inbox.take()
            if message is None:
                return
            if not worker.ready:
                self._welcome(worker, message[0])
                return
            served = _served(worker.busy, *message)
        except WireError as error:
            yield from self._bury(worker, f"ended its worker: {error}", timed_out=False)
            return
        worker.busy = None
        worker.served += 1
        yield served
        if worker.served >= _RECYCLE:
            self._end(worker)
            self._start_one()

    def _welcome(self, worker: _Worker[_K], head: dict[str, Any]) -> None:
        """The first message, said before any file was touched."""
        if "failed" in head:
            raise MissingEngineError(str(head["failed"]))
        try:
            self.layers = tuple(head["ready"]["layers"])
            self.engines = {str(key): str(value) for key, value in head["ready"]["engines"].items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise WireError("a worker did not say what it has") from error
        worker.ready = True

    def _bury(self, worker: _Worker[_K], reason: str, *, timed_out: bool) -> Iterator[Died[_K]]:
        self._end(worker)
        if not worker.ready or (worker.busy is None and not worker.served):
            raise VerifyError(
                "a worker process did not start; run 'verify doctor'"
                if timed_out
                else f"a worker ended while starting (exit status {worker.process.returncode}); run 'verify doctor'"
            )
        self._start_one()
        if worker.busy is not None:
            status = worker.process.returncode
            over_time = timed_out or status in (-signal.SIGXCPU, -signal.SIGPROF)
            yield Died(worker.busy.key, reason or _how(status), over_time)

    def _end(self, worker: _Worker[_K]) -> None:
        self._selector.unregister(worker.connection)
        worker.connection.close()
        self._workers.remove(worker)
        if worker.process.poll() is None or worker.busy is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.process.pid, signal.SIGKILL)  # with whatever it started
        worker.process.wait()


def _served(request: Request[_K] | None, head: dict[str, Any], parts: list[bytes]) -> Served[_K]:
    """An answer in the form it has to have; what it says is validated by the caller."""
    reading, names = head.get("reading"), head.get("names")
    if request is None:
        raise WireError("an answer to no question")
    if not isinstance(reading, str) or not isinstance(names, list) or len(names) != len(parts):
        raise WireError("an answer without a reading, or with unnamed pictures")
    if not all(isinstance(name, str) for name in names):
        raise WireError("a picture without a name")
    return Served(request.key, reading, dict(zip(names, parts, strict=True)))


def _how(status: int) -> str:
    if status < 0:
        return f"ended its worker by signal {signal.Signals(-status).name}"
    return f"ended its worker with exit status {status}" if status != ExitCode.OK else "ended its worker"
