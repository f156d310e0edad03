"""Checks the event chain, and the stored results against what their events committed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from verify.audit.checkpoint import Checkpoint, verify_checkpoint
from verify.ledger import LedgerReader, chain_digest

__all__ = ["ChainFault", "ChainReport", "verify_chain", "verify_results"]


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where the chain breaks, and how."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What checking the chain gave.

    Attributes:
        length: sound events from the start.
        head: digest after the last sound one, hexadecimal.
        first_fault: None when the chain is sound.
    """

    length: int
    head: str
    first_fault: ChainFault | None = None

    @property
    def valid(self) -> bool:
        """Whether no fault was found."""
        return self.first_fault is None


def verify_chain(ledger: LedgerReader, checkpoints: Sequence[Checkpoint] = ()) -> ChainReport:
    """Walks the whole chain and compares it with checkpoints kept elsewhere (in a report, a bundle).

    Finds any change, removal, swap or insertion of events; with a checkpoint also an end that was cut off
    before it, or a chain written anew. A fault tells the first place where the chain does not hold.
    """
    seq, previous = 0, ledger.genesis
    kept: defaultdict[int, set[str]] = defaultdict(set)
    for signed in checkpoints:
        if not verify_checkpoint(ledger, signed):
            return _broken(seq, previous, "a checkpoint was not signed by this job")
        kept[signed.seq].add(signed.digest)
    last = max(kept, default=0)
    events = ledger.events()
    while seq not in kept or kept[seq] == {previous.hex()}:
        event = next(events, None)
        if event is None and seq < last:
            return _broken(seq, previous, "the end was cut off")
        if event is None:
            return ChainReport(seq, previous.hex())
        if event.seq != seq + 1:
            return _broken(seq, previous, "an event is missing or was put in")
        if event.digest != chain_digest(previous, event.body):
            return _broken(seq, previous, "an event or its digest was altered")
        seq, previous = event.seq, event.digest
    return _broken(seq, previous, "the chain is not the one of the checkpoint")


def _broken(seq: int, previous: bytes, reason: str) -> ChainReport:
    return ChainReport(seq, previous.hex(), ChainFault(seq + 1, reason))


def verify_results(ledger: LedgerReader) -> tuple[str, ...]:
    """Returns the records ("item:A7", ...) that are not as their last event says: altered, removed or added.

    Worth what the chain is worth: check that first.
    """
    told: dict[str, object] = {}
    with ledger.snapshot():
        for event in ledger.events():
            detail = event.fields().get("detail")
            if isinstance(detail, dict) and "commitment" in detail:
                told[str(detail.get("record"))] = detail["commitment"]
        wrong = [record for record, stored in ledger.commitments() if told.pop(record, None) != stored]
    wrong += [record for record, committed in told.items() if committed is not None]
    return tuple(sorted(wrong))
