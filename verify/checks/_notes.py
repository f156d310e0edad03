"""The piece that the notes on images share: informations, for somebody who looks at a finding of another check."""

from __future__ import annotations

from collections.abc import Callable, Collection

from verify.checks._case import Case, Meta
from verify.model.finding import CheckResult, Finding
from verify.model.item import Role
from verify.model.outcome import Outcome
from verify.model.traces import Traces

__all__ = ["PAGES", "each_file"]

PAGES = frozenset({Role.DOCUMENT, Role.DOCUMENT_FRONT, Role.DOCUMENT_BACK, Role.VISA})
_PICTURES = PAGES | {Role.CAPTURE}


def each_file(
    meta: Meta, case: Case, look: Callable[[str, Traces], Finding | None], *, roles: Collection[str] = _PICTURES
) -> CheckResult:
    """Looks at the traces of every picture of these roles."""
    pictures = [one for one in case.readings if one.outcome.role in roles]
    if not pictures:
        return meta.not_applicable("no picture of such a page")
    opened = [
        (one.outcome.role, one.traces)
        for one in pictures
        if one.traces is not None and one.outcome.outcome is Outcome.OK
    ]
    findings = [found for source, traces in opened if (found := look(source, traces)) is not None]
    if findings or opened:
        return meta.result(findings)
    return meta.not_computable("no picture could be opened")
