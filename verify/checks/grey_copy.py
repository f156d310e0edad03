"""The page of a document has no colour at all.

Travel documents are printed in colour. A grey page is a copy, or was scanned without colour, and neither lets anybody
judge its print.

Innocent reasons: the scanner was set to grey; the file came by fax or from an archive.
"""

from __future__ import annotations

from verify.checks._case import Case, Meta
from verify.checks._notes import PAGES, each_file
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Severity
from verify.model.traces import Traces

META = Meta(
    code="I04",
    name="Page of a document without colour",
    severity=Severity.INFO,
    source="how far the most coloured hundredth of the page is from grey; measured on specimens",
    innocent_reasons=(
        "the scanner was set to grey",
        "the file came by fax or from an archive",
    ),
)
_GREY = 10.0  # of 255; of 54 specimen pages one in twenty is below 11, all of those grey


def run(case: Case) -> CheckResult:
    """Looks at the colour of each page of a document."""

    def look(source: str, traces: Traces) -> Finding | None:
        if traces.chroma is None or traces.chroma >= _GREY:
            return None
        return META.finding(
            f"The {source} shows a document without any colour.",
            confidence=Confidence.MEDIUM,
            evidence=(Evidence("colour", "none: a grey copy or a grey scan"),),
        )

    return each_file(META, case, look, roles=PAGES)
