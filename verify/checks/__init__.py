"""Checks: one file each, found by folder. A check suggests; a named person decides.

A check is a module with a docstring (what it sees, why it matters, the innocent reasons), a `META`, and either
`run(case) -> CheckResult` for one item or `run_batch(batch) -> list of (item id, finding)` for what only the finished
batch can show. Nothing here is ever summed into one score.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection
from functools import cache
from types import ModuleType
from typing import NamedTuple

from verify.checks import _site
from verify.checks._batch import Batch
from verify.checks._case import Case, Meta
from verify.errors import UsageError
from verify.model.finding import CheckResult, Finding
from verify.settings import Settings

__all__ = ["Batch", "Case", "Check", "Meta", "discover", "of_site", "run_all", "run_batch"]


class Check(NamedTuple):
    """A check that was found: its facts, its one function, and its documentation."""

    meta: Meta
    doc: str
    run: Callable[[Case], CheckResult] | None
    run_batch: Callable[[Batch], list[tuple[str, Finding]]] | None


@cache
def discover() -> tuple[Check, ...]:
    """All checks of this folder, by code."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    checks = [_as_check(importlib.import_module(f"{__name__}.{name}")) for name in names]
    codes = [check.meta.code for check in checks]
    assert len(set(codes)) == len(codes), "two checks share a code"  # noqa: S101 - a defect of ours
    return tuple(sorted(checks, key=lambda check: check.meta.code))


def of_site(settings: Settings) -> tuple[Check, ...]:
    """The checks of a site's own folder that its settings allow (docs/adding-a-check.md), by code.

    Raises:
        UsageError: a file cannot be read, is no whole check, or takes a code that another check has.
        PolicyError: a file is not the one that was allowed.
    """
    checks = []
    codes = {check.meta.code for check in discover()}
    for module in _site.site_modules(settings.checks_folder, settings.allowed_checks):
        try:
            check = _as_check(module)
        except (AssertionError, AttributeError) as error:
            raise UsageError(f"{module.__name__}: is no whole check ({error}); see docs/adding-a-check.md") from error
        if check.meta.code in codes:
            raise UsageError(f"{module.__name__}: another check has the code {check.meta.code} already")
        codes.add(check.meta.code)
        checks.append(check)
    return tuple(sorted(checks, key=lambda check: check.meta.code))


def run_all(case: Case, *, skip: Collection[str] = (), more: Collection[Check] = ()) -> tuple[CheckResult, ...]:
    """Runs every check of one item that is not switched off.

    Args:
        case: the item.
        skip: codes of checks that are switched off.
        more: checks beside those of this folder, from `of_site`.

    Raises:
        UsageError: a code to skip is not the code of any check.
    """
    return tuple(check.run(case) for check in _wanted(skip, more) if check.run)


def run_batch(
    batch: Batch, *, skip: Collection[str] = (), more: Collection[Check] = ()
) -> tuple[tuple[str, Finding], ...]:
    """Runs every batch-wide check that is not switched off: (item id, finding) pairs.

    Args:
        batch: the finished batch.
        skip: as for `run_all`.
        more: likewise.

    Raises:
        UsageError: a code to skip is not the code of any check.
    """
    return tuple(found for check in _wanted(skip, more) if check.run_batch for found in check.run_batch(batch))


def _wanted(skip: Collection[str], more: Collection[Check]) -> list[Check]:
    checks = [*discover(), *more]
    unknown = set(skip) - {check.meta.code for check in checks}
    if unknown:
        raise UsageError(f"skip_checks names no check: {', '.join(sorted(unknown))}; see docs/checks.md")
    return [check for check in checks if check.meta.code not in skip]


def _as_check(module: ModuleType) -> Check:
    check = Check(module.META, module.__doc__ or "", getattr(module, "run", None), getattr(module, "run_batch", None))
    assert check.doc, f"{module.__name__} has no docstring, and the docstring is what people are shown"  # noqa: S101
    assert (check.run is None) != (check.run_batch is None), f"{module.__name__} needs one of run, run_batch"  # noqa: S101
    return check
