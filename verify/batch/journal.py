"""What a watched folder's jobs have taken, so that no file is run twice: digests and job names only, on disk at once.

One JSON object a line. A job is begun before it runs and ended after: one that is only begun was cut short and is gone
on with. A line that a crash tore off is dropped; what it told of had not begun.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from verify.errors import DamagedStoreError, UsageError

__all__ = ["Journal"]

SCHEMA_VERSION = 1


class Journal:
    """The journal of one jobs folder; one process writes at a time, which the caller sees to.

    Attributes:
        taken: digests of all files that a job was begun for.
        begun: digests of the jobs that have not ended, by name.
    """

    def __init__(self, path: Path) -> None:
        """Reads the journal, and makes it if there is none.

        Raises:
            UsageError: it cannot be read or written.
            DamagedStoreError: a line in it is not ours.
        """
        self._path = path
        self.taken: set[str] = set()
        self.begun: dict[str, list[str]] = {}
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            data = path.read_bytes()
            whole = data.rfind(b"\n") + 1
            os.ftruncate(self._descriptor, whole)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror}); mend its permissions") from error
        for number, line in enumerate(data[:whole].splitlines(), start=1):
            try:
                self._apply(json.loads(line))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise DamagedStoreError(f"{path}:{number}: is damaged; restore it, or files may run twice") from error

    def begin(self, job: str, digests: Sequence[str]) -> None:
        """A job takes these files."""
        self._append({"begun": job, "files": list(digests)})

    def end(self, job: str, exit_code: int) -> None:
        """A job is through, or cannot be."""
        self._append({"ended": job, "exit_code": exit_code})

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)

    def _append(self, fact: dict[str, object]) -> None:
        line = json.dumps({"schema_version": SCHEMA_VERSION, **fact}).encode("ascii") + b"\n"
        os.write(self._descriptor, line)
        os.fsync(self._descriptor)
        self._apply(json.loads(line))

    def _apply(self, fact: dict[str, object]) -> None:
        if "begun" in fact:
            files = fact["files"]
            if not isinstance(files, list):
                raise TypeError("files is no list")
            self.begun[str(fact["begun"])] = [str(one) for one in files]
            self.taken.update(self.begun[str(fact["begun"])])
        else:
            self.begun.pop(str(fact["ended"]), None)
