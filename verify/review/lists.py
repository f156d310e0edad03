"""What became of list entries since a job was run: an owner may withdraw one while its case is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from verify.batch.withdrawals import EntryStates, Holding, note_withdrawals
from verify.ledger import Ledger

__all__ = ["Lists"]

_LOOK_EVERY = dt.timedelta(minutes=5)


class Lists:
    """The galleries that a job was searched in, as they are now."""

    def __init__(self, ledger: Ledger, directories: Sequence[Path] = (), kek: bytes = b"") -> None:
        """Takes the job, open for writing, and the galleries to look at; without any, what the job was told counts."""
        self._ledger, self._directories, self._kek = ledger, tuple(directories), kek
        self._states = EntryStates(ledger)
        self._looked: dt.datetime | None = None

    def look(self, operator: str, now: dt.datetime) -> None:
        """Looks at the galleries again, unless that was done a moment ago; what is new is an event of the job.

        Raises:
            PolicyError: a gallery does not open with this key.
        """
        if not self._directories or (self._looked is not None and now - self._looked < _LOOK_EVERY):
            return
        self._looked = now
        holdings = [Holding.of(directory, self._kek) for directory in self._directories]
        if sum(note_withdrawals(self._ledger, one, operator=operator, on=now.date()) for one in holdings):
            self._states = EntryStates(self._ledger)

    def sentence(self, item_id: str, gallery: str, reference_id: str) -> str:
        """What a case has to show beside a candidate; empty for an entry in force."""
        return self._states.sentence(item_id, gallery, reference_id)
