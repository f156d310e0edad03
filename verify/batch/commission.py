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
        retry_failed: with `resume`, try the items again that failed.
        limit: stop after so many items; None for all.
    """

    manifest: Manifest
    job_dir: Path
    kek: bytes
    operator: str
    purpose: str
    resume: bool = False
    retry_failed: bool = False
    limit: int | None = None


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

    def counts(self) -> tuple[tuple[str, int], ...]:
        """All counts by name, for the record of the run."""
        named = [("items", self.items)]
        named += [(f"file {outcome.value}", count) for outcome, count in sorted(self.outcomes.items())]
        named += [(f"finding {severity.value}", count) for severity, count in sorted(self.severities.items())]
        named += [(f"check {code} {state}", count) for (code, state), count in sorted(self.checks.items())]
        return tuple(named)

    @classmethod
    def of(cls, counts: tuple[tuple[str, int], ...], *, resumed: int, interrupted: bool) -> Summary:
        """The summary whose counts these are."""
        summary = cls(resumed=resumed, interrupted=interrupted)
        for name, count in counts:
            kind, _, rest = name.partition(" ")
            if kind == "items":
                summary.items = count
            elif kind == "file":
                summary.outcomes[Outcome(rest)] = count
            elif kind == "finding":
                summary.severities[Severity(int(rest))] = count
            else:
                code, _, state = rest.partition(" ")
                summary.checks[code, state] = count
        return summary

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
