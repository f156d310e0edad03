"""What a report is made from: the run, its items, the batch-wide findings, and a way to get at pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from verify.errors import PolicyError, VerifyError
from verify.model.finding import Finding, Severity
from verify.model.judgement import Closing, Judgement
from verify.model.result import ItemResult
from verify.model.run import RunRecord
from verify.report.earlier import Earlier

__all__ = ["SCHEMA_VERSION", "Case", "Report"]

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One item with everything found on it, also what only the whole batch shows.

    Attributes:
        number: position in the run, from 1; anchors and links use it, because ids are untrusted text.
        result: the item after its stages.
        linkage: batch-wide findings that name this item.
        review: what people wrote down about it, in order.
        earlier: judgements of other jobs on the same pair, by the digest of the question that was not asked again.
    """

    number: int
    result: ItemResult
    linkage: tuple[Finding, ...] = ()
    review: tuple[Judgement | Closing, ...] = ()
    earlier: Mapping[str, Earlier] = field(default_factory=dict)

    @property
    def item_id(self) -> str:
        """As in the manifest."""
        return self.result.item.item_id

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the most severe first."""
        found = (*self.result.findings, *self.linkage)
        return tuple(sorted(found, key=lambda finding: (-finding.severity, finding.code)))

    @property
    def severity(self) -> Severity | None:
        """The highest severity found, None without findings."""
        return max((finding.severity for finding in self.findings), default=None)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the writers of this room need.

    Attributes:
        run: the facts of the run.
        items: read several times, so never an iterator; an object that reads the ledger anew will do.
        picture: gives the JPEG bytes of a stored picture by item id and name; None when it is not kept.
        linkage: batch-wide findings, each with the item id it belongs to.
        review: by item id, what people wrote down about it.
        earlier: by item id and digest of the question, judgements of other jobs on the same pair.

    Raises:
        PolicyError: a run without id or engines; its findings could not be retraced. One without thresholds is
            legal: its face engine has no measured model, so nothing was compared by face.
        VerifyError: `items` can be read only once.
    """

    run: RunRecord
    items: Iterable[ItemResult]
    picture: Callable[[str, str], bytes | None]
    linkage: tuple[tuple[str, Finding], ...] = ()
    review: Mapping[str, tuple[Judgement | Closing, ...]] = field(default_factory=dict)
    earlier: Mapping[tuple[str, str], Earlier] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = {"a run id": self.run.job_id, "engines": self.run.engines}
        missing = [name for name, value in facts.items() if not value]
        if missing:
            raise PolicyError(f"no report without {' and '.join(missing)}: complete the run's record first")
        if isinstance(self.items, Iterator):
            raise VerifyError("a report reads its items several times: pass a sequence, not an iterator")

    def cases(self) -> Iterator[Case]:
        """Each item in the order of the run, with its share of the batch-wide findings.

        Raises:
            VerifyError: at the end, when a batch-wide finding names an item that is not in the run.
        """
        linked: dict[str, list[Finding]] = {}
        for item_id, finding in self.linkage:
            linked.setdefault(item_id, []).append(finding)
        before: dict[str, dict[str, Earlier]] = {}
        for (item_id, question), earlier in self.earlier.items():
            before.setdefault(item_id, {})[question] = earlier
        for number, result in enumerate(self.items, start=1):
            item_id = result.item.item_id
            linkage, review = tuple(linked.pop(item_id, ())), self.review.get(item_id, ())
            yield Case(number, result, linkage, review, before.get(item_id, {}))
        if linked:
            raise VerifyError(f"batch-wide findings on items not in the run: {', '.join(sorted(linked))}")
