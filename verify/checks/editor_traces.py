"""The file's metadata name a program for editing pictures.

A note and no more: metadata are written and removed at will, and most pictures that were edited honestly (turned,
cropped, made brighter, put together into a PDF) say so.

Innocent reasons: the picture was turned, cropped or exported with such a program.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._notes import each_file
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity
from verify.model.traces import Traces

META = Meta(
    code="I01",
    name="Metadata name a picture editor",
    severity=Severity.INFO,
    source="EXIF Software, XMP CreatorTool and softwareAgent, PNG text, PDF producer",
    innocent_reasons=(
        "the picture was turned, cropped, made brighter or exported with that program",
        "the scanner's own software hands its pictures to an editor",
    ),
)
_EDITORS = (
    "photoshop", "illustrator", "indesign", "gimp", "affinity", "paint.net", "pixelmator", "inkscape", "coreldraw",
    "photopaint", "photo-paint", "picsart", "canva", "snapseed", "facetune", "photopea", "lightroom", "krita",
    "paintshop", "acorn", "meitu", "faceapp", "remini",
)  # fmt: skip


def run(case: Case) -> CheckResult:
    """Looks at the names of programs that each picture's metadata give."""

    def look(source: str, traces: Traces) -> Finding | None:
        named = [name for name in traces.software if any(editor in name.lower() for editor in _EDITORS)]
        if not named:
            return None
        return META.finding(
            f"The metadata of the {source} name a program for editing pictures.",
            confidence=Confidence.LOW,
            evidence=tuple(Evidence("program", name) for name in named),
        )

    return each_file(META, case, look)
