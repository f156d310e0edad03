"""The tables of a gallery, version 2.

What is kept of a subject (record, picture, templates) is sealed by the subject's own key; `wrapped` is that key under
the gallery's. Version 1 had no keys of subjects and no tombstones; `verify gallery rotate` rewrites it.
"""

from __future__ import annotations

from verify.ledger.events import EVENT_TABLE

__all__ = ["SCHEMA_VERSION", "TABLES"]

SCHEMA_VERSION = 2
TABLES = (
    "CREATE TABLE property (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE entry (reference_id TEXT PRIMARY KEY, wrapped BLOB NOT NULL, record BLOB NOT NULL, picture BLOB,"
    " digest BLOB NOT NULL, salt BLOB NOT NULL, withdrawn TEXT) STRICT",
    "CREATE TABLE template (reference_id TEXT NOT NULL REFERENCES entry ON DELETE CASCADE,"
    " number INTEGER NOT NULL, vector BLOB NOT NULL, rest BLOB NOT NULL,"
    " PRIMARY KEY (reference_id, number)) STRICT",
    "CREATE TABLE frozen (version TEXT PRIMARY KEY, folder TEXT NOT NULL, key BLOB NOT NULL) STRICT",
    "CREATE TABLE tombstone (number INTEGER PRIMARY KEY, utc TEXT NOT NULL, reason TEXT NOT NULL,"
    " commitment BLOB NOT NULL) STRICT",
    EVENT_TABLE,
)
