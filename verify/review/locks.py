"""Who works on which case. A lock keeps two people from working on one case at once; it never loses a judgement."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Lock", "Locks"]


@dataclass(frozen=True, slots=True)
class Lock:
    """Held by one person.

    Attributes:
        holder: account name.
        touched: on the clock of `time.monotonic`.
    """

    holder: str
    touched: float


class Locks:
    """The locks of a job, in this process only: after a restart nobody holds any."""

    def __init__(self, minutes: int, clock: Callable[[], float] = time.monotonic) -> None:
        """An untouched lock is stale after so many minutes; anybody may then take it."""
        self._seconds, self._clock = minutes * 60.0, clock
        self._locks: dict[str, Lock] = {}

    def take(self, item_id: str, person: str) -> str:
        """Takes or renews the lock on a case; returns the holder, who is somebody else when it could not be taken."""
        holder = self.holder(item_id)
        if holder and holder != person:
            return holder
        self._locks[item_id] = Lock(person, self._clock())
        return person

    def holder(self, item_id: str) -> str:
        """Who works on a case; empty when nobody does, or the lock is stale."""
        lock = self._locks.get(item_id)
        return lock.holder if lock is not None and self._clock() - lock.touched <= self._seconds else ""

    def release(self, item_id: str, person: str) -> None:
        """Lets go of the own lock."""
        if self.holder(item_id) == person:
            del self._locks[item_id]
