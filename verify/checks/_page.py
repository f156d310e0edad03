"""The pieces that the checks of the printed page (VIZ) against its zone share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from verify.checks._case import Case, Meta, ReadMrz, describe_field, mark_field
from verify.checks._each import Answer, NotApplicable, NotComputable, surely_read
from verify.document.viz import compare
from verify.model.finding import CheckResult, Confidence, Evidence, Finding, Mark, Severity
from verify.model.item import Role
from verify.model.mrz import MrzResult
from verify.model.result import FileReading
from verify.model.viz import VizField, VizLine, VizState

__all__ = ["Page", "difference", "each_page", "page_of", "printed_issue", "unread"]

_CARD = {Role.DOCUMENT_FRONT, Role.DOCUMENT_BACK}


@dataclass(frozen=True, slots=True)
class Page:
    """The print of one document beside its zone.

    Attributes:
        source: role of the file the zone is from.
        mrz: the zone.
        fields: printed ones held against it.
        readings: of the files the print is on.
    """

    source: str
    mrz: MrzResult
    fields: tuple[VizField, ...]
    readings: tuple[FileReading, ...]

    def field(self, name: str) -> VizField:
        """The printed field of that name; one that was not found where the page has none."""
        return next((one for one in self.fields if one.name == name), VizField(name, VizState.NOT_FOUND))

    def evidence(self, field: VizField) -> tuple[Evidence, ...]:
        """What is printed, with the picture of its page, and what the zone says."""
        name = field.name.replace("_", " ")
        return (
            Evidence(f"printed {name}", field.printed, self._picture(field)),
            *([Evidence(f"{name} in the zone", field.expected)] if field.expected else ()),
        )

    def mark(self, name: str) -> tuple[Mark, ...]:
        """The place of that field in the zone, if it has one."""
        return tuple(mark_field(self.source, one) for one in self.mrz.fields if one.name == name)

    def _picture(self, field: VizField) -> str:
        """The picture of the page that the field stands on."""
        lines = [(reading, line) for reading in self.readings if reading.viz for line in reading.viz.lines]
        if not field.lines:
            return ""
        reading, line = lines[field.lines[0]]
        ending = ".page" if line.page == 1 else f".page{line.page}"
        return next((one.name for one in reading.pictures if one.name.endswith(ending)), "")


def page_of(case: Case, one: ReadMrz) -> Page | NotComputable | NotApplicable:
    """The print that belongs to a zone; why there is none."""
    own = next((reading for reading in case.readings if reading.mrz is one.mrz), None)
    roles = _CARD if one.source in _CARD else set()
    readings = [reading for reading in case.readings if reading is own or reading.outcome.role in roles]
    read = tuple(reading for reading in readings if reading.viz is not None)
    if not read:
        reasons = "; ".join(dict.fromkeys(reading.viz_reason for reading in readings if reading.viz_reason))
        return NotComputable(reasons) if reasons else NotApplicable("the printed page was not read")
    lines = tuple(line for reading in read if reading.viz for line in reading.viz.lines)
    return Page(one.source, one.mrz, _compared(lines, one.mrz), read)


@lru_cache(maxsize=16)
def _compared(lines: tuple[VizLine, ...], mrz: MrzResult) -> tuple[VizField, ...]:
    """Every check of a page looks at the same fields."""
    return compare(lines, mrz)


def each_page(
    meta: Meta, case: Case, look: Callable[[Page], Answer | list[Finding]], *, roles: Collection[Role] | None = None
) -> CheckResult:
    """Looks at every zone with its print; a finding outweighs what could not be read, and that outweighs a pass.

    Args:
        meta: of the check.
        case: the item.
        look: findings, None for a pass, or why neither.
        roles: of files whose zone is looked at; None for all.
    """
    zones = [one for one in case.mrzs if roles is None or one.source in roles]
    if not zones and roles is not None:
        unread = "; ".join(one.mrz_reason for one in case.readings if one.outcome.role in roles and one.mrz_reason)
        return meta.not_computable(unread) if unread else meta.not_applicable("no visa")
    if not zones:
        return case.without_mrz(meta)
    answers = [page if not isinstance(page := page_of(case, one), Page) else look(page) for one in zones]
    findings = [one for one in answers if isinstance(one, Finding)]
    findings += [one for answer in answers if isinstance(answer, list) for one in answer]
    lost = "; ".join(dict.fromkeys(one.reason for one in answers if isinstance(one, NotComputable)))
    if findings:
        return meta.result(findings, reason=lost)
    if lost:
        return meta.not_computable(lost)
    if all(isinstance(one, NotApplicable) for one in answers):
        return meta.not_applicable(
            "; ".join(dict.fromkeys(one.reason for one in answers if isinstance(one, NotApplicable)))
        )
    return meta.passed()


def unread(field: VizField) -> NotComputable | None:
    """Why a printed field cannot be used; None when it can."""
    name = field.name.replace("_", " ")
    if field.state is VizState.NOT_FOUND:
        return NotComputable(f"the printed {name} was not found")
    if field.state is VizState.UNCERTAIN:
        return NotComputable(f"the printed {name} was not read with certainty")
    return None


def difference(meta: Meta, page: Page, name: str) -> Answer:
    """The way of a check that compares one printed field with the zone."""
    field = page.field(name)
    if field.state is VizState.NOT_FOUND and not field.expected:
        return NotApplicable(f"the zone has no {name.replace('_', ' ')} to compare")
    if field.state is not VizState.DIFFERS:
        return unread(field)
    zone = next((one for one in page.mrz.fields if one.name == name), None)
    sure = field.clear and zone is not None and surely_read(page.mrz, name)
    what = describe_field(zone) if zone is not None else name.replace("_", " ")
    return meta.finding(
        f"The {what} printed on the {page.source.replace('_', ' ')} is not that of its zone.",
        # the two upper severities need print that is clear in every look, under a zone that is supported
        severity=meta.severity if sure else min(meta.severity, Severity.REVIEW),
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        evidence=page.evidence(field),
        marks=page.mark(name),
    )


def printed_issue(case: Case, one: ReadMrz) -> tuple[Page, VizField, dt.date] | NotComputable | NotApplicable:
    """The day of issue, which no zone of Doc 9303 tells: page, field and the likeliest day."""
    page = page_of(case, one)
    if not isinstance(page, Page):
        return page
    if one.source == Role.VISA:
        return NotApplicable("a visa counts from the day it is valid from")
    field = page.field("issue_date")
    if (why := unread(field)) is not None:
        return why
    expiry = one.mrz.expiry_date.date or case.item.inspection_date
    fits = [day for day in field.days if day <= expiry and day <= case.item.inspection_date]
    return page, field, max(fits, default=min(field.days))
