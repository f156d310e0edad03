"""The piece that the checks on document numbers of more than nine characters share."""

from __future__ import annotations

from verify.checks._case import Case, Meta, ReadMrz, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, each_mrz
from verify.document.formats import FORMATS, long_number
from verify.model.finding import CheckResult, Confidence, Evidence, Severity
from verify.model.mrz import FieldState

__all__ = ["announced_number"]


def announced_number(meta: Meta, case: Case, form: str) -> CheckResult:
    """A finding where a filler says that the number goes on in the optional data, and nothing goes on there."""

    def look(one: ReadMrz) -> Answer:
        if one.mrz.format != form:
            return NotApplicable(f"no card of the layout {form}")
        number, digit = one.mrz.field("document_number"), one.mrz.check_digit("document_number_check_digit")
        if number.state is FieldState.UNREADABLE or digit is None:
            return NotComputable("the document number could not be read")
        filler = one.mrz.lines[number.line][number.end] == "<" if number.end - number.start == 9 else False
        if not filler or long_number(one.mrz.lines, FORMATS[form]) is not None:
            return None
        optional = one.mrz.field("optional_data")
        return meta.finding(
            f"On the {one.source} a filler in the place of the number's check digit says that the number goes on in "
            "the optional data, but no rest with a check digit stands there.",
            severity=None if one.mrz.accepted else Severity.INFO,
            confidence=Confidence.MEDIUM if one.mrz.accepted else Confidence.LOW,
            evidence=(Evidence("document number", number.raw), Evidence("optional data", optional.raw)),
            marks=(mark_field(one.source, number), mark_field(one.source, optional)),
        )

    return each_mrz(meta, case, look)
