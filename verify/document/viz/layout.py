"""Which line is the label of which value: the value stands to the right of its label, below it, or behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from verify.document.viz.labels import Label, labels_in
from verify.model.face import Box
from verify.model.viz import VizLine

__all__ = ["Sheet", "Value", "gap_between"]

_BELOW, _BESIDE = 2.6, 8.0  # heights of the higher one of both, from a label to its value
_OUT = 3.0  # heights by which a value below may begin before or after its label
_SAME_ROW = 0.5  # share of overlap


@dataclass(frozen=True, slots=True)
class Value:
    """A text that may be a field's value.

    Attributes:
        line: index of its line.
        start: of the text in the line, where the label stands before it.
        text: what it says.
        gap: from its label, in heights of the line.
    """

    line: int
    start: int
    text: str
    gap: float


class Sheet:
    """The lines of one page with what labels they hold."""

    def __init__(self, lines: Sequence[VizLine]) -> None:
        """Tells labels and values apart."""
        self.lines = lines
        self.labels = [labels_in(line.text) for line in lines]

    @cached_property
    def values(self) -> tuple[int, ...]:
        """Indices of the lines without a label."""
        return tuple(at for at, labels in enumerate(self.labels) if not labels and self.lines[at].text.strip())

    def labelled(self, field: str) -> list[Value]:
        """What may be the value of a field, the nearest to one of its labels first."""
        found: dict[int, Value] = {}
        for index, labels in enumerate(self.labels):
            for label in labels:
                if label.field != field:
                    continue
                for value in self._of(index, label):
                    if value.line not in found or value.gap < found[value.line].gap:
                        found[value.line] = value
        return sorted(found.values(), key=lambda value: value.gap)

    def nearest_label(self, line: int) -> str:
        """The field of the label that stands nearest to a line; empty where there is none."""
        best, nearest = "", float("inf")
        for index, labels in enumerate(self.labels):
            if not labels or self.lines[index].page != self.lines[line].page:
                continue
            away = gap_between(self.lines[index].box, self.lines[line].box)
            if away is not None and away < nearest:
                best, nearest = labels[-1].field, away
        return best

    def _of(self, index: int, label: Label) -> Iterator[Value]:
        line = self.lines[index]
        after = line.text[label.end :]
        told = after.lstrip(" .:/-").rstrip()
        if told and not labels_in(told):
            yield Value(index, len(line.text) - len(after.lstrip(" .:/-")), told, 0.0)
        for other in self.values:
            if self.lines[other].page != line.page:
                continue
            away = gap_between(line.box, self.lines[other].box)
            if away is not None:
                yield Value(other, 0, self.lines[other].text, away)


def gap_between(label: Box, value: Box) -> float | None:
    """How far a value is from its label, in heights; None when it stands where no value of it would.

    What stands below counts as nearer than what stands beside: that may be the next column's.
    """
    high = max(label.height, value.height)
    shared = min(label.bottom, value.bottom) - max(label.top, value.top)
    gap = value.left - label.right
    if shared > _SAME_ROW * min(label.height, value.height) and -high < gap < _BESIDE * high:
        return 1.0 + max(0.0, gap / high)
    down = (value.top - label.bottom) / high
    below = value.left < label.right and label.left < value.right
    begins = abs(value.left - label.left) < _OUT * high
    if -0.5 < down < _BELOW and (below or begins):
        return max(0.0, down) + 0.1 * min(20.0, abs(value.left - label.left) / high)
    return None
