"""Which items have to be computed, and why: the rest of a job stands as it is recorded."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field

from verify.batch.commission import Commission
from verify.batch.lists import ReferenceList
from verify.batch.pinned import pinned
from verify.batch.readings import open_file
from verify.batch.record import Basis, difference
from verify.batch.stages import describe_engines
from verify.capture import FileRefusedError, read_untrusted
from verify.errors import PolicyError
from verify.ledger import ItemState, Ledger
from verify.ledger.place import JobPlace
from verify.model.item import Item, ItemFile
from verify.model.outcome import Outcome
from verify.settings import Settings

__all__ = ["Plan", "Reason", "Standing", "plan"]

_AT_ONCE = 500  # records looked up by one query


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is computed, and how often it was tried before."""

    text: str
    attempts: int = 0


class Standing:
    """Compares each item with its record in the ledger."""

    def __init__(self, commission: Commission, settings: Settings, basis: Basis, ledger: Ledger | None) -> None:
        """Takes the ledger of the job; None for a job that has not begun."""
        self._settings, self._basis, self._ledger = settings, basis, ledger
        self._root, self._retry_failed = commission.manifest.root, commission.retry_failed
        self._recorded: dict[str, tuple[str, ItemState]] = {}  # of the places from `_from`
        self._from = -_AT_ONCE

    def reason(self, position: int, item: Item) -> Reason | None:
        """None when the record of the item at that place of the manifest stands. Ask in the manifest's order."""
        if self._ledger is None:
            return Reason("first time")
        if position >= self._from + _AT_ONCE:
            self._from, self._recorded = position, self._ledger.standing_from(position, _AT_ONCE)
        if item.item_id not in self._recorded:
            return Reason("first time")
        recorded, state = self._recorded[item.item_id]
        hashes = [self.sha256(file)[0] for file in item.files]
        changed = self._basis.fingerprint(item, hashes) != recorded
        again = state is ItemState.FAILED and self._retry_failed
        earlier = self._ledger.standing(item.item_id) if changed or again else None
        if earlier is None:
            return None
        if changed:
            return Reason(difference(json.loads(earlier.basis), self._basis.of(item, hashes)))
        return Reason(f"tried again after {earlier.failure}", earlier.attempts)

    def sha256(self, file: ItemFile) -> tuple[str, Outcome | None]:
        """SHA-256 as the reading would find it; empty, with the outcome, for a file that is refused at the door."""
        try:
            descriptor = open_file(self._root, file, self._settings.limits)
            try:
                return read_untrusted(descriptor, self._settings.limits, keep=False)[1], None
            finally:
                os.close(descriptor)
        except FileRefusedError as refused:
            return "", refused.outcome


@dataclass(slots=True)
class Plan:
    """What a run would do.

    Attributes:
        items, files: in the manifest.
        standing: items whose record would stand.
        reasons: items to compute, by reason.
        refused: files that would not even be opened, by outcome.
    """

    items: int = 0
    files: int = 0
    standing: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    refused: Counter[Outcome] = field(default_factory=Counter)

    @property
    def to_compute(self) -> int:
        """Items to compute."""
        return self.reasons.total()


def plan(commission: Commission, settings: Settings, lists: tuple[ReferenceList, ...]) -> Plan:
    """Says what a run would do; nothing is decoded and nothing is written.

    Raises:
        PolicyError: the job directory belongs to another manifest, or has a job and `resume` is not set.
    """
    found = Plan()
    exists = JobPlace(commission.job_dir).exists() if commission.job_dir.exists() else False
    if exists and not commission.resume:
        raise PolicyError(f"{commission.job_dir}: has a job already; to go on with it, give --resume")
    ledger = Ledger.open(commission.job_dir, commission.kek, "read") if exists else None
    try:
        if ledger is not None and ledger.header.manifest_sha256 != commission.manifest.sha256:
            raise PolicyError(f"{commission.job_dir}: belongs to another manifest; use another directory for this one")
        settings = pinned(settings, lists, ledger)
        standing = Standing(commission, settings, Basis(settings, describe_engines(settings), lists), ledger)
        for position, item in enumerate(commission.manifest.items):
            found.items += 1
            found.files += len(item.files)
            outcomes = (standing.sha256(file)[1] for file in item.files)
            found.refused.update(outcome for outcome in outcomes if outcome is not None)
            reason = standing.reason(position, item)
            if reason is None:
                found.standing += 1
            else:
                found.reasons[reason.text] += 1
    finally:
        if ledger is not None:
            ledger.close()
    return found
