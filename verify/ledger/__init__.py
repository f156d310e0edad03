"""The encrypted record of a job: what was done, found and decided, and a chained event for every change.

DIR/ledger.db        items, pictures, job-wide notes, events; encrypted, one transaction a change
DIR/key.json         its data key, wrapped under the key file; destroying it destroys the record
DIR/lock             one writer at a time
DIR/tombstone.json   instead of all of these once the job is purged
"""

from verify.ledger.events import Event, StoredEvent, chain_digest
from verify.ledger.ledger import Ledger
from verify.ledger.purge import purge
from verify.ledger.reader import LedgerReader
from verify.ledger.record import ItemRecord, ItemState, JobHeader

__all__ = [
    "Event",
    "ItemRecord",
    "ItemState",
    "JobHeader",
    "Ledger",
    "LedgerReader",
    "StoredEvent",
    "chain_digest",
    "purge",
]
