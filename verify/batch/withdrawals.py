"""What became of list entries after a job had found them: told to the job by events, so that open cases show it.

An event names the entry by a keyed digest only; the key is the job's, and is gone with it. The last event of an entry
counts, so one that is in force again is told as well.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from verify.batch.codec import ITEM_RESULT
from verify.batch.watchlist import read_watchlist
from verify.gallery import Gallery
from verify.ledger import Event, Ledger, LedgerReader

__all__ = ["EntryState", "EntryStates", "Holding", "note_withdrawals"]

_ACTION, _KEY = "entry_state_changed", "list entries"


class EntryState(StrEnum):
    """Of an entry that a job has found."""

    IN_FORCE = "in force"
    WITHDRAWN = "withdrawn"
    GONE = "no longer on the list"


@dataclass(frozen=True, slots=True)
class Holding:
    """What a list holds now.

    Attributes:
        name: by which jobs call the list.
        reference_ids: of all entries.
        withdrawn: the first day without it, of each withdrawn entry.
    """

    name: str
    reference_ids: Collection[str]
    withdrawn: Mapping[str, dt.date] = field(default_factory=dict)

    @classmethod
    def of(cls, directory: Path, kek: bytes) -> Holding:
        """Of a gallery; raises as `Gallery.open` does."""
        with Gallery.open(directory, kek) as gallery:
            ids = frozenset(entry.reference_id for entry in gallery.entries())
            return cls(gallery.name, ids, gallery.withdrawn())

    @classmethod
    def of_list(cls, path: Path) -> Holding:
        """Of a watchlist; raises as `read_watchlist` does."""
        return cls(path.name, frozenset(entry.reference_id for entry in read_watchlist(path).entries))

    def state(self, reference_id: str, on: dt.date) -> tuple[EntryState, str]:
        """State of an entry on a day, and since when, ISO 8601; empty where that is not known."""
        since = self.withdrawn.get(reference_id)
        if reference_id not in self.reference_ids:
            return EntryState.GONE, ""
        if since is None or since > on:
            return EntryState.IN_FORCE, ""
        return EntryState.WITHDRAWN, since.isoformat()


class EntryStates:
    """What a job was told of the entries that it has found. Read once; cheap to ask."""

    def __init__(self, ledger: LedgerReader) -> None:
        """Reads the events of the job."""
        self._key = ledger.derive_key(_KEY)
        self._found: dict[tuple[str, str], tuple[EntryState, str]] = {}
        for event in ledger.events():
            if _ACTION.encode() not in event.body:
                continue
            members = event.fields()
            detail = members.get("detail")
            if members.get("action") == _ACTION and isinstance(detail, dict):
                place = str(detail["item_id"]), str(detail["entry_commitment"])
                self._found[place] = EntryState(str(detail["state"])), str(detail["since"])

    def of(self, item_id: str, gallery: str, reference_id: str) -> tuple[EntryState, str]:
        """State of a candidate's entry as last told, and since when; in force where nothing was told."""
        place = item_id, self.commitment(gallery, reference_id)
        return self._found.get(place, (EntryState.IN_FORCE, ""))

    def sentence(self, item_id: str, gallery: str, reference_id: str) -> str:
        """What a case has to show beside a candidate; empty for an entry in force."""
        state, since = self.of(item_id, gallery, reference_id)
        if state is EntryState.IN_FORCE:
            return ""
        what = f"withdrawn by its owner since {since}" if state is EntryState.WITHDRAWN else str(state)
        return f"The entry is {what}: do not act on it; ask its source."

    def commitment(self, gallery: str, reference_id: str) -> str:
        """What events call an entry by, hexadecimal."""
        return hmac.new(self._key, f"{gallery}\0{reference_id}".encode(), hashlib.sha256).hexdigest()


def note_withdrawals(ledger: Ledger, holding: Holding, *, operator: str, on: dt.date) -> int:
    """Tells a job what became of the entries of one list that it has found.

    Args:
        ledger: of the job, open for writing.
        holding: of the list now; it is known to the job by its name.
        operator: who answers for it.
        on: the day.

    Returns:
        Candidates whose entry is told in another state than before, each with an event.
    """
    known, purpose, told = EntryStates(ledger), ledger.header.purpose, 0
    for item in list(ledger.items()):
        result = ITEM_RESULT.validate_json(item.payload)
        lists = [one for one in result.candidates if one.gallery == holding.name]
        for reference_id in sorted({candidate.reference_id for one in lists for candidate in one.candidates}):
            state, since = holding.state(reference_id, on)
            if (state, since) == known.of(item.item_id, holding.name, reference_id):
                continue
            entry = known.commitment(holding.name, reference_id)
            detail = {"item_id": item.item_id, "entry_commitment": entry, "state": state.value, "since": since}
            ledger.append(Event(_ACTION, operator, purpose, detail))
            told += 1
    return told
