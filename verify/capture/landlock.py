"""Landlock: the kernel's own file-system sandbox for a process without privileges (Linux 5.13 and later).

Everything but reading below named folders is refused: no write, no new file, no TCP connection (Linux 6.7 and later).
System calls and structures: Linux kernel documentation, userspace-api/landlock.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

__all__ = ["abi", "restrict"]

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_ALL_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_BIND_AND_CONNECT = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3

_libc = ctypes.CDLL(None, use_errno=True)


def abi() -> int:
    """The version of Landlock that this kernel has; 0 for none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))


def restrict(readable: Iterable[Path], devices: Iterable[Path] = ()) -> int:
    """Confines this process and its children to reading and executing below `readable`, for good.

    Needs PR_SET_NO_NEW_PRIVS. Descriptors that are open keep working.

    Args:
        readable: files or folders; those that do not exist are passed over.
        devices: character devices that may be read and written, such as /dev/null.

    Returns:
        The version in force; 0 when the kernel has none or refused, and nothing has changed.
    """
    version = abi()
    if not version:
        return 0
    handled = next(rights for least, rights in sorted(_ALL_FILE_RIGHTS.items(), reverse=True) if version >= least)
    attributes = struct.pack("<Q", handled)
    if version >= 4:
        attributes += struct.pack("<Q", _TCP_BIND_AND_CONNECT)
    if version >= 6:
        attributes += struct.pack("<Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset = _libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return 0
    try:
        for path in readable:
            _allow(ruleset, path, _EXECUTE | _READ_FILE | (_READ_DIR if path.is_dir() else 0))
        for path in devices:
            _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
        return version if _libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = struct.pack("<Qi", rights, descriptor)
        _libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
