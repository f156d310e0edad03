"""The objects of a JSON file one by one: of a list, of lines, or of a list called by some name inside an object.

A file of any length takes the memory of one value. What is not JSON costs the value it is in: reading goes on with the
next line that begins an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

__all__ = ["MAX_VALUE", "BrokenValueError", "values"]

MAX_VALUE = 1 << 20  # characters
_BLOCK = 1 << 16
_TOKEN = re.compile(r'[^\S\n]+|"(?:[^"\\\n]|\\[^\n])*"|[^\s"{}\[\],:]+|.|\n')
_OBJECT = re.compile(r"\n[^\S\n]*(?=\{)")
_OPENING = {"}": "{", "]": "["}


class BrokenValueError(Exception):
    """A value that cannot be read; the message says why."""


def values(file: IO[str], name: str) -> Iterator[tuple[int, str | BrokenValueError]]:
    """Each value as text, or why there is none, with the line it begins on.

    Args:
        file: to read, from its start.
        name: of the list in an object whose elements are wanted, e.g. "notices"; of an object without one, the object
            itself is.
    """
    return _Scanner(file, f'"{name}"').values()


class _Scanner:
    def __init__(self, file: IO[str], name: str) -> None:
        self._file, self._name = file, name
        self._text, self._place, self._line, self._ended = "", 0, 1, False
        self._open: list[str] = []  # brackets around the place
        self._base = 0  # how many of them lie around a wanted value
        self._begin, self._first = -1, 0  # of the value in hand: place and line; -1 for none
        self._before: tuple[str, str] = ("", "")  # the last two tokens
        self._over = False  # the wanted list has ended, the object around it not yet

    def values(self) -> Iterator[tuple[int, str | BrokenValueError]]:
        while mark := self._next():
            if mark.isspace():
                self._line += mark == "\n"
                continue
            try:
                done = self._take(mark)
            except BrokenValueError as error:
                begun = self._first if self._begin >= 0 else self._line
                self._resume(mark)
                yield begun, error
            else:
                if done:
                    yield self._first, done
        if self._begin >= 0 or self._open:
            yield (
                self._first if self._begin >= 0 else self._line,
                BrokenValueError("the file ends in the middle of its JSON"),
            )

    def _next(self) -> str:
        """The next token, which is whole; empty at the end."""
        while True:
            found = _TOKEN.match(self._text, self._place)
            whole = self._ended or self._held() >= MAX_VALUE
            if found and (whole or (found.end() < len(self._text) and not self._cut(found[0]))):
                self._place = found.end()
                return found[0]
            if self._ended:
                return ""
            self._more()

    def _cut(self, mark: str) -> bool:
        """Whether a quotation mark has no other one yet in what was read of its line."""
        return mark == '"' and "\n" not in self._text[self._place :]

    def _held(self) -> int:
        return len(self._text) - (self._place if self._begin < 0 else self._begin)

    def _more(self) -> None:
        start = self._place if self._begin < 0 else self._begin
        block = self._file.read(_BLOCK)
        self._ended = not block
        self._text, self._place = self._text[start:] + block, self._place - start
        if self._begin >= 0:
            self._begin = 0

    def _take(self, mark: str) -> str:
        """The text of a value that the token completes; empty while it completes none."""
        before, self._before = self._before, (self._before[1], mark)
        if self._begin >= 0 and self._place - self._begin > MAX_VALUE:
            raise BrokenValueError(f"longer than {MAX_VALUE} characters")
        if mark in ",:":
            return ""
        if mark == '"':
            raise BrokenValueError("not JSON: a text has no end on its line")
        if mark in "}]":
            return self._close(mark)
        inside = len(self._open) > self._base
        keyless = inside and mark in "{[" and self._open[-1] == "{" and before[1] != ":"
        if keyless or (inside and before[1] and before[1] not in "{[,:"):
            raise BrokenValueError("not JSON: a comma or the end of a value is missing")
        if mark == "[" and before == (self._name, ":") and self._base == 0:
            self._open.append(mark)
            self._base, self._begin, self._over = len(self._open), -1, False
            return ""
        if mark == "[" and not self._open:
            self._open.append(mark)
            self._base = 1
            return ""
        if len(self._open) == self._base and not self._over:
            self._begin, self._first = self._place - len(mark), self._line
        if mark in "{[":
            self._open.append(mark)
            return ""
        return self._end()

    def _close(self, mark: str) -> str:
        if not self._open:  # left over from a value that was broken
            return ""
        if self._open.pop() != _OPENING[mark]:
            raise BrokenValueError("not JSON: brackets do not fit")
        if self._base and len(self._open) < self._base:
            self._over = bool(self._open)
            self._base = 0
        if not self._open:
            self._over = False
        return self._end()

    def _end(self) -> str:
        if self._begin < 0 or len(self._open) != self._base:
            return ""
        text, self._begin = self._text[self._begin : self._place], -1
        return text

    def _resume(self, mark: str) -> None:
        """Goes on with this mark if it begins an object, or with the next line that does."""
        if len(self._open) < self._base:
            self._base = 0
        del self._open[self._base :]
        self._begin, self._before = -1, ("", "")
        if mark == "{":
            self._place -= 1
            return
        while not (found := _OBJECT.search(self._text, self._place)) and not self._ended:
            last = self._text.rfind("\n", self._place)
            self._go_to(last if last >= 0 else len(self._text))
            self._more()
        self._go_to(found.end() if found else len(self._text))

    def _go_to(self, place: int) -> None:
        self._line += self._text.count("\n", self._place, place)
        self._place = place
