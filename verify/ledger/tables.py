"""The tables of the ledger and their rows."""

from __future__ import annotations

from verify.errors import DamagedStoreError, UsageError
from verify.ledger.events import EVENT_TABLE
from verify.ledger.record import ItemRecord, ItemState, JobHeader
from verify.vault.store import EncryptedStore, Row

__all__ = ["ITEM_ROWS", "LINKAGE", "REVIEW", "RUN", "STANDING_ROWS", "create_tables", "read_header", "read_item"]

SCHEMA_VERSION = 1
LINKAGE, RUN, REVIEW = "linkage", "run:", "review:"  # names of notes

# The columns of an item are the fields of ItemRecord in their order, then the salt of its commitment.
ITEM_ROWS = "SELECT item_id, ordinal, fingerprint, state, payload, failure, attempts, basis, why, salt FROM item"
STANDING_ROWS = ITEM_ROWS.replace("payload", "'null'")
_TABLES = (
    EVENT_TABLE,
    "CREATE TABLE job (id INTEGER PRIMARY KEY CHECK (id = 1), header BLOB NOT NULL) STRICT",
    """CREATE TABLE item (
        item_id TEXT PRIMARY KEY,
        ordinal INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        state TEXT NOT NULL,
        payload TEXT NOT NULL CHECK (json_valid(payload)),
        failure TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        basis TEXT NOT NULL CHECK (json_valid(basis)),
        why TEXT NOT NULL,
        salt BLOB NOT NULL) STRICT""",
    "CREATE INDEX item_in_order ON item (ordinal, item_id, fingerprint, state)",  # all that `standing_from` needs
    """CREATE TABLE blob (
        item_id TEXT NOT NULL REFERENCES item ON DELETE CASCADE,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (item_id, name)) STRICT""",
    # where the reading of given bytes is found, so that they are read once; lost with the item that holds it
    """CREATE TABLE reading (
        key TEXT PRIMARY KEY,
        item_id TEXT NOT NULL REFERENCES item ON DELETE CASCADE,
        number INTEGER NOT NULL) STRICT""",
    "CREATE INDEX reading_of_item ON reading (item_id)",
    """CREATE TABLE note (
        name TEXT PRIMARY KEY,
        payload TEXT NOT NULL CHECK (json_valid(payload)),
        seq INTEGER NOT NULL,
        salt BLOB NOT NULL) STRICT""",
)


def create_tables(store: EncryptedStore, header: JobHeader) -> None:
    """Makes the tables of a new ledger and writes its header, in one transaction."""
    with store.transaction():
        for table in _TABLES:
            store.write(table)
        store.write("INSERT INTO job VALUES (1, ?)", (header.to_json(),))
        store.schema_version = SCHEMA_VERSION


def read_header(store: EncryptedStore) -> JobHeader:
    """Reads the header of a ledger.

    Raises:
        UsageError: written by another version of this tool.
        DamagedStoreError: there is no header.
    """
    version = store.schema_version
    if version != SCHEMA_VERSION:
        raise UsageError(f"{store.path}: has schema {version}, not {SCHEMA_VERSION}; use the version that wrote it")
    row = store.row("SELECT header FROM job")
    if row is None:
        raise DamagedStoreError(f"{store.path}: has no header; restore the directory from a backup")
    return JobHeader.from_json(row[0])


def read_item(row: Row) -> ItemRecord:
    """Makes a record of a row of `ITEM_ROWS`."""
    item_id, ordinal, fingerprint, state, *rest, _salt = row
    return ItemRecord(item_id, ordinal, fingerprint, ItemState(state), *rest)
