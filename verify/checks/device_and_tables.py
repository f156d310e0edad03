"""The metadata name a camera or scanner, but the JPEG was written with the standard settings of a software library.

Quality 75 with the tables of the standard is what programs write that were told nothing else. Devices seldom write so
low a quality. So the picture was probably saved again after it was taken, by a messenger, a portal or an editor.

Innocent reasons: sent through a messenger or a portal; a simple device that uses the library as it comes.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._notes import each_file
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity
from verify.model.traces import Traces

META = Meta(
    code="I02",
    name="JPEG was not written by the device it names",
    severity=Severity.INFO,
    source="EXIF Make and Model; ITU-T T.81, annex K (quantisation tables) at the common library's default quality",
    innocent_reasons=(
        "the picture was sent through a messenger or a portal that saves it again",
        "a simple device that uses the library as it comes",
    ),
)
_DEFAULT = 75


def run(case: Case) -> CheckResult:
    """Compares the device that each picture names with its quantisation tables."""

    def look(source: str, traces: Traces) -> Finding | None:
        if not traces.device or traces.jpeg_quality != _DEFAULT:
            return None
        return META.finding(
            f"The {source} names {traces.device} as its device, but its JPEG tables are a software library's default.",
            confidence=Confidence.LOW,
            evidence=(
                Evidence("device", traces.device),
                Evidence("JPEG tables", f"standard tables at quality {traces.jpeg_quality}"),
            ),
        )

    return each_file(META, case, look)
