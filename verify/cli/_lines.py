"""Lines that an operator types, waited for no longer than asked."""

from __future__ import annotations

import os
import select

__all__ = ["Lines"]

_LONGEST = 1024  # bytes of a line


class Lines:
    """The lines of a terminal or pipe. Its own buffer: one that blocks would let the camera wait."""

    def __init__(self, descriptor: int = 0) -> None:
        """Takes the descriptor; 0 is the standard input."""
        self._descriptor, self._rest, self._ended = descriptor, b"", False

    def wait(self, seconds: float) -> str | None:
        """The next line, without spaces around it and in small letters.

        Args:
            seconds: to wait at most.

        Returns:
            None when no line came; "q" when there will be no more.
        """
        if b"\n" not in self._rest and not self._ended and select.select([self._descriptor], [], [], seconds)[0]:
            chunk = os.read(self._descriptor, _LONGEST)
            self._ended = not chunk
            self._rest = (self._rest + chunk)[-_LONGEST:]
        line, found, rest = self._rest.partition(b"\n")
        if found:
            self._rest = rest
            return line.decode(errors="replace").strip().lower()
        return "q" if self._ended else None
