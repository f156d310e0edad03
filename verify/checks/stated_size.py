"""The picture has another size than its metadata say it was taken with.

So it was cropped or resampled after it was taken, by something that left the metadata as they were. Where a face or a
line of text looks too smooth or too sharp for the rest, this says one thing that may be behind it.

Innocent reasons: cropped to the document; made smaller to be sent; a device that writes its metadata carelessly.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._notes import each_file
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity
from verify.model.traces import Traces

META = Meta(
    code="I03",
    name="Picture was cropped or resampled after it was taken",
    severity=Severity.INFO,
    source="Exif 2.32, PixelXDimension and PixelYDimension against the decoded size",
    innocent_reasons=(
        "it was cropped to the document, or made smaller to be sent",
        "the device writes its metadata carelessly",
    ),
)


def run(case: Case) -> CheckResult:
    """Compares the size that each picture's metadata give with its own."""

    def look(source: str, traces: Traces) -> Finding | None:
        stated, size = traces.stated_size, traces.size
        if stated is None or size is None or sorted(stated) == sorted(size):  # turned by a quarter is no other size
            return None
        one, other = (f"{width} x {height}" for width, height in (stated, size))
        return META.finding(
            f"The metadata of the {source} speak of {one} pixels, the picture has {other}.",
            confidence=Confidence.LOW,
            evidence=(Evidence("size in the metadata", one), Evidence("size of the picture", other)),
        )

    return each_file(META, case, look)
