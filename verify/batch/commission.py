"""Who runs what, where and why; and what it came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from verify.batch.manifest import Manifest
from verify.errors import ExitCode
from verify.model.finding import Finding, Severity
from verify.model.outcome import Outcome
from verify.model.result import ItemResult

__all__ = ["Commission", "Summary"]


@dataclass(frozen=True, slots=True)
class Commission:
    """An order to run a batch.

    Attributes:
        manifest: what to run.
        job_dir: where the ledger is or will be.
        kek: the key that opens it.
        operator: who answers for the run.
        purpose: why, with the legal basis.
        resume: go on with the job that is there.
    """

    manifest: Manifest
    job_dir: Path
    kek: bytes
    operator: str
    purpose: str
    resume: bool = False


@dataclass(slots=True)
class Summary:
    """What a job holds after a run.

    Attributes:
        items: recorded.
        resumed: of these, done before with the same inputs, lists and settings.
        outcomes: files by outcome.
        severities: findings by severity, batch-wide ones included.
        checks: (check, state) pairs counted.
        interrupted: the run was stopped and can be resumed.
    """

    items: int = 0
    resumed: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    checks: Counter[tuple[str, str]] = field(default_factory=Counter)
    interrupted: bool = False

    def add(self, result: ItemResult) -> None:
        """Counts one item."""
        self.items += 1
        self.outcomes.update(one.outcome.outcome for one in result.readings)
        self.severities.update(finding.severity for finding in result.findings)
        self.checks.update((check.code, check.state.value) for check in result.checks)

    def add_links(self, links: tuple[tuple[str, Finding], ...]) -> None:
        """Counts the batch-wide findings."""
        self.severities.update(finding.severity for _item_id, finding in links)

    @property
    def unread(self) -> int:
        """Files whose outcome is not ok."""
        return sum(count for outcome, count in self.outcomes.items() if outcome is not Outcome.OK)

    @property
    def exit_code(self) -> ExitCode:
        """Interrupted first, then the highest severity, then what could not be read (docs/exit-codes.md)."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if self.severities:
            return ExitCode(10 + max(self.severities))
        return ExitCode.SOME_UNREADABLE if self.unread else ExitCode.OK
