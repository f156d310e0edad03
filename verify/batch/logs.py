"""What a run says of itself while it goes on: ids, counts, seconds and words of our own; never a name, text or path.

Everything goes to the logger "verify.batch". The facts of a record are in its attribute `facts`, so that a handler
can write them as it likes; without a handler nothing is written.
"""

from __future__ import annotations

import logging
import time

from verify.batch.commission import Summary
from verify.ledger import ItemRecord, ItemState
from verify.model.outcome import Outcome
from verify.model.result import ItemResult

__all__ = ["RunLog", "tell"]

_LOGGER = logging.getLogger("verify.batch")
logging.getLogger("verify").addHandler(logging.NullHandler())


def tell(level: int, event: str, **facts: object) -> None:
    """Logs one event; `facts` are ids, counts, seconds and codes, nothing that names anybody."""
    _LOGGER.log(level, event, extra={"facts": facts})


class RunLog:
    """The log of one run."""

    def __init__(self, run_id: str, job_id: str) -> None:
        """Nothing is logged yet."""
        self._ids = {"run_id": run_id, "job_id": job_id}
        self._began = time.monotonic()
        self._items: dict[str, float] = {}

    def started(self, items: int) -> None:
        """The run begins, with so many items in its manifest."""
        tell(logging.INFO, "run started", **self._ids, items=items)

    def begun(self, item_id: str) -> None:
        """An item's files are given to workers; not logged, but its time begins."""
        self._items[item_id] = time.monotonic()

    def recorded(self, record: ItemRecord, result: ItemResult) -> None:
        """An item is in the ledger; a warning when a worker died or ran out of time or memory on it."""
        begun = self._items.pop(record.item_id, time.monotonic())
        outcomes = [reading.outcome.outcome for reading in result.readings]
        tell(
            logging.INFO if record.state is ItemState.DONE else logging.WARNING,
            "item recorded",
            **self._ids,
            item_id=record.item_id,
            state=record.state.value,
            files={outcome.value: outcomes.count(outcome) for outcome in Outcome if outcome in outcomes},
            findings=len(result.findings),
            attempts=record.attempts,
            seconds=round(time.monotonic() - begun, 3),
        )

    def ended(self, summary: Summary) -> None:
        """The run ended."""
        tell(
            logging.INFO,
            "run ended",
            **self._ids,
            exit_code=int(summary.exit_code),
            items=summary.items,
            resumed=summary.resumed,
            files={outcome.value: summary.outcomes[outcome] for outcome in Outcome if summary.outcomes[outcome]},
            findings={severity.name.lower(): count for severity, count in sorted(summary.severities.items()) if count},
            seconds=round(time.monotonic() - self._began, 3),
        )
