"""Writes docs/checks.md from the checks themselves: their facts (META) and docstrings. `--check` only compares."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable
from pathlib import Path

from verify.checks import Check, discover

__all__ = ["main", "page"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "checks.md"
_INTRO = """\
# Checks

<!-- Written by scripts/make_check_docs.py from verify/checks/. Change the check, not this page. -->

Each check looks for one thing and ends in one of four ways:

| end | means |
|---|---|
| finding | something for a person to review, with the evidence and the innocent reasons |
| pass | the one thing it looks for was not seen; **never that the document is genuine** or the person its holder |
| not computable | what it needs could not be read; counted and named on the item, never a pass |
| not applicable | there is nothing here for it to look at |

A finding carries two values that are kept apart: *severity*, how much it would matter if it is so (info, review,
strong, critical), and *confidence*, how well the evidence was read (low, medium, high). The severity below is the
highest that a check gives; it is lowered where nothing supports the reading. Findings are **never summed** into one
score: a person looks at each and decides. Most have an innocent reason, and the reasons stand beside every finding.

A check of one item sees one crossing. A batch-wide check sees the finished batch and speaks of two items at once.
A site switches a check off by its code (setting `skip_checks`).
"""


def page(checks: Iterable[Check]) -> str:
    """The whole page."""
    found = list(checks)
    parts = [_INTRO, _table(found), *(_section(check) for check in found)]
    return "\n".join(parts)


def _table(checks: list[Check]) -> str:
    rows = [
        f"| [{one.meta.code}](#{one.meta.code.lower()}) | {one.meta.name} | {one.meta.severity.name.lower()} | "
        f"{_reach(one)} |"
        for one in checks
    ]
    return "\n".join(["| code | name | severity | looks at |", "|---|---|---|---|", *rows, ""])


def _section(check: Check) -> str:
    meta = check.meta
    title, _, rest = check.doc.partition("\n\n")
    more = [part for part in rest.strip().split("\n\n") if part and not part.startswith("Innocent reasons:")]
    seen = "\n\n".join(" ".join(part.split()) for part in (title, *more))
    reasons = "\n".join(f"- {reason}" for reason in meta.innocent_reasons)
    return (
        f'<a id="{meta.code.lower()}"></a>\n\n'
        f"## {meta.code} {meta.name}\n\n"
        f"Severity {meta.severity.name.lower()}; looks at {_reach(check)}.\n\n"
        f"{seen}\n\n"
        f"It may be nothing:\n\n{reasons}\n\n"
        f"Source: {meta.source}\n"
    )


def _reach(check: Check) -> str:
    return "the whole batch" if check.run_batch else "one item"


def main(arguments: list[str] | None = None) -> int:
    """Writes the page, or says how it differs and returns 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the page is not up to date")
    wanted = page(discover())
    if not parser.parse_args(arguments).check:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    written = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(written.splitlines(True), wanted.splitlines(True), str(PAGE), "wanted"))
    return int(written != wanted)


if __name__ == "__main__":
    raise SystemExit(main())
