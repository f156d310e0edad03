"""The error tree. Every error carries the exit code of the command and says what to do next.

    VerifyError                 1   internal error, or none of the below
    ├── UsageError              2   a wrong option, manifest, setting or list
    │   └── MissingEngineError  2   an engine, model or program is not installed
    ├── NoInputsError           3   the manifest names no item
    ├── PolicyError             5   refused by policy (key, retention, foreign job directory)
    │   └── DamagedStoreError   5   an encrypted store failed its integrity check or does not open with this key
    └── LockedError            75   another run holds the job or gallery

What goes wrong with one *file* is no error but an outcome (`verify.model.outcome`): it is counted, the run goes on.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = [
    "DamagedStoreError",
    "ExitCode",
    "LockedError",
    "MissingEngineError",
    "NoInputsError",
    "PolicyError",
    "UsageError",
    "VerifyError",
]


class ExitCode(IntEnum):
    """Exit codes of every command (docs/exit-codes.md)."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    NO_INPUTS = 3
    SOME_UNREADABLE = 4
    POLICY = 5
    FINDING_INFO = 11
    FINDING_REVIEW = 12
    FINDING_STRONG = 13
    FINDING_CRITICAL = 14
    LOCKED = 75
    INTERRUPTED = 130


class VerifyError(Exception):
    """Root of all errors raised on purpose; the message says what happened and what to do."""

    exit_code: ExitCode = ExitCode.INTERNAL


class UsageError(VerifyError):
    """A wrong option, manifest, setting or list; the message names the file and line."""

    exit_code = ExitCode.USAGE


class MissingEngineError(UsageError):
    """An engine, model or program is not installed; the message says how to get it."""


class NoInputsError(VerifyError):
    """Nothing to do: the manifest has no item."""

    exit_code = ExitCode.NO_INPUTS


class PolicyError(VerifyError):
    """Refused by policy: a key, purpose, legal basis or job directory that may not be used."""

    exit_code = ExitCode.POLICY


class DamagedStoreError(PolicyError):
    """An encrypted store does not open with this key or failed its integrity check; it names the file."""


class LockedError(VerifyError):
    """Another run holds the job or gallery: try again when it has ended."""

    exit_code = ExitCode.LOCKED
