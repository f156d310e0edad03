"""A printed page from the data of a case file: labels with their values, one below the other."""

from __future__ import annotations

from typing import Any

from verify.model.face import Box
from verify.model.viz import VizLine, VizLook, VizReading

__all__ = ["line", "page_of"]

_ROW, _HIGH = 60, 18  # pixels


def page_of(rows: list[dict[str, Any]]) -> VizReading:
    """A page of rows: "label", "value" (or "looks" that differ), and the least "margin" of a character."""
    lines: list[VizLine] = []
    for number, row in enumerate(rows):
        top = _ROW * number
        if "label" in row:
            lines.append(line(row["label"], left=0, top=top, high=11))
        looks = row.get("looks") or [row["value"]] * row.get("times", 3)
        lines.append(line(*looks, left=0, top=top + 20, margin=row.get("margin", 9.0)))
    return VizReading("invented reader 1", tuple(lines))


def line(*looks: str, left: int = 0, top: int = 0, margin: float = 9.0, high: int = _HIGH) -> VizLine:
    """A line that was looked at as often as there are texts."""
    box = Box(left, top, left + 12 * len(looks[0]), top + high)
    return VizLine(tuple(VizLook(text, (margin,) * len(text)) for text in looks), box)
