"""A site's own checks: code from a folder that it names, run only when its hash is on the site's list.

The code runs in this process with everything it may do, so the list is the gate and the folder is not: each file is
read once, and what is run is what was hashed. Nothing is searched for in the folder, nothing in it is imported
otherwise, and no compiled copy is written or read.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from verify.errors import PolicyError, UsageError

__all__ = ["site_modules"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}\.py")
_LARGEST = 1 << 20  # bytes of one file


def site_modules(folder: Path | None, allowed: Mapping[str, str]) -> tuple[ModuleType, ...]:
    """The modules of the files on the list, in the order of their names; each is loaded once in a process.

    Args:
        folder: of the site.
        allowed: file name to SHA-256, hexadecimal.

    Raises:
        UsageError: there is a list without a folder, a name that is none of a module, or a file that cannot be read.
        PolicyError: a file is not the one that was allowed.
    """
    if not allowed:
        return ()
    if folder is None:
        raise UsageError("allowed_checks lists files, but checks_folder names no folder they are in")
    return tuple(_load(folder, name, sha256.lower()) for name, sha256 in sorted(allowed.items()))


@cache
def _load(folder: Path, name: str, sha256: str) -> ModuleType:
    if not _NAME.fullmatch(name):
        raise UsageError(f"allowed_checks: {name!r} is not the name of a file such as 'our_stamp.py'")
    path = folder / name
    source = _read(path)
    found = hashlib.sha256(source).hexdigest()
    if found != sha256:
        raise PolicyError(
            f"{path}: is not the file that was allowed (its SHA-256 is {found}); read it, then change allowed_checks"
        )
    module = ModuleType(f"site_check_{name.removesuffix('.py')}")
    sys.modules[module.__name__] = module  # where dataclasses look for the module of a class
    try:
        exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - hashed above
    except SyntaxError as error:
        raise UsageError(f"{path}: is no valid Python ({error.msg}, line {error.lineno})") from error
    return module


def _read(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); allowed_checks names it") from error
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _LARGEST:
            raise UsageError(f"{path}: is no file of at most {_LARGEST} bytes")
        return file.read(_LARGEST + 1)
