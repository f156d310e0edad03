"""Engines that read the files of a batch; one file an engine, all behind `BatchEngine`."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from verify.gallery import Searcher
from verify.settings import Settings

__all__ = ["ENGINES", "BatchEngine", "Died", "Request", "Served", "get_batch_engine"]

_K = TypeVar("_K")

ENGINES = {
    "local": ("verify.batch.engines.local", "Pool"),
    "ray": ("verify.batch.engines.ray", "RayPool"),
}


@dataclass(frozen=True, slots=True)
class Request(Generic[_K]):
    """One file to read: the caller's key, an open descriptor (the engine closes it) and the task as JSON."""

    key: _K
    descriptor: int
    task: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Served(Generic[_K]):
    """A worker's answer."""

    key: _K
    reading: str
    pictures: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Died(Generic[_K]):
    """A worker ended on this file; `timed_out` when it was the supervisor who ended it."""

    key: _K
    reason: str
    timed_out: bool


class BatchEngine(Protocol[_K]):
    """What reads files: worker processes of this machine, or of several. Used as a context manager.

    Attributes:
        layers: sandbox layers in force around each worker; known after `start`.
        engines: what the workers have loaded; known after `start`.
        search: who searches galleries; None for this process.
    """

    layers: tuple[str, ...]
    engines: dict[str, str]
    search: Searcher | None

    def __enter__(self) -> Self:
        """Nothing starts before `start` or `run`."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends all workers."""
        ...

    def start(self) -> None:
        """Starts the workers and waits for the first to be ready.

        Raises:
            MissingEngineError: a worker could not load its engines.
        """
        ...

    def run(self, requests: Iterable[Request[_K]]) -> Iterator[Served[_K] | Died[_K]]:
        """Answers each request once, in any order; requests are drawn only as there is room for them."""
        ...


def get_batch_engine(settings: Settings) -> BatchEngine[Any]:
    """The engine that the settings name.

    Raises:
        MissingEngineError: it is not installed.
    """
    module, cls = ENGINES[settings.batch_engine]
    engine: BatchEngine[Any] = getattr(importlib.import_module(module), cls)(settings)
    return engine
