"""The cases of a review: those of the job, and among them the known-answer cases that look like them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from verify.batch.codec import ITEM_RESULT, LINKAGE
from verify.errors import UsageError
from verify.ledger import Ledger
from verify.model.finding import Finding, Severity
from verify.model.judgement import Conclusion
from verify.report.data import Case
from verify.review.known import KnownAnswers
from verify.review.questions import Question, questions

__all__ = ["Cases", "Row"]

_HELD = 8  # cases that people work on now: each question of one would otherwise read all of it anew


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the queue.

    Attributes:
        number: in the order of the manifest, from 1.
        item_id: of the case.
        severity: the highest of its findings; None without any.
        keys: of its questions.
        failure: why it has no whole result; empty when it has one.
        inspected: the day of the crossing; None without a result.
        known: of the set of known answers that this case is; empty for a case of the job.
    """

    number: int
    item_id: str
    severity: Severity | None
    keys: tuple[str, ...]
    failure: str
    inspected: dt.date | None = None
    known: str = ""


class Cases:
    """What can be looked at. The ledger does not change meanwhile: the review holds its lock."""

    def __init__(self, ledger: Ledger, known: KnownAnswers | None) -> None:
        """Reads each case once, for the queue.

        Raises:
            UsageError: the known answers are of this very job.
        """
        if known is not None and known.job_id == ledger.header.job_id:
            raise UsageError("the known answers are of the job that is to be reviewed; run them as one of their own")
        self._ledger, self._known = ledger, known
        self._linked: dict[str, list[Finding]] = defaultdict(list)
        for item_id, finding in LINKAGE.validate_json(ledger.linkage() or "[]"):
            self._linked[item_id].append(finding)
        self.rows = tuple(replace(row, number=number) for number, row in enumerate(self._rows(), start=1))
        self._by_id = {row.item_id: row for row in self.rows}
        self._held = lru_cache(_HELD)(self._read)

    def row(self, item_id: str) -> Row:
        """A case as the queue has it.

        Raises:
            UsageError: there is none.
        """
        if item_id not in self._by_id:
            raise UsageError(f"there is no case {item_id!r}")
        return self._by_id[item_id]

    def number(self, item_id: str) -> int:
        """The number of a case; 0 when there is no such case."""
        return self._by_id[item_id].number if item_id in self._by_id else 0

    def case(self, item_id: str) -> Case:
        """One case with all that was found on it.

        Raises:
            UsageError: there is no such case, or it has no result.
        """
        return self._held(item_id)

    def question(self, item_id: str, key: str) -> Question:
        """One question of a case.

        Raises:
            UsageError: there is no such question.
        """
        found = next((one for one in questions(self.case(item_id)) if one.key == key), None)
        if found is None:
            raise UsageError(f"case {item_id!r} has no question {key!r}; it may have been read anew")
        return found

    def picture(self, item_id: str, name: str) -> bytes | None:
        """A stored picture of a case (JPEG); None when there is none of that name."""
        known = self.row(item_id).known
        return self._known.picture(known, name) if self._known and known else self._ledger.blob(item_id, name)

    def answer(self, item_id: str, key: str) -> Conclusion | None:
        """The true answer to a question of a known-answer case; None when it is not known."""
        known = self.row(item_id).known
        return self._known.answer(known, self.question(item_id, key)) if self._known and known else None

    def _rows(self) -> list[Row]:
        """What the queue shows of each case: nothing that names a person."""
        found = list(self._of_the_job())
        if self._known is not None:
            key = self._ledger.derive_key("known answers")
            for position, alias, case in self._known.placed([row.item_id for row in found], key):
                found.insert(position, _row(Case(0, self._known.result(case, alias)), known=case))
        return found

    def _of_the_job(self) -> Iterator[Row]:
        for record in self._ledger.items():
            if record.payload == "null":
                yield Row(0, record.item_id, None, (), record.failure or "no result")
            else:
                linked = tuple(self._linked.get(record.item_id, ()))
                yield _row(Case(0, ITEM_RESULT.validate_json(record.payload), linked), record.failure)

    def _read(self, item_id: str) -> Case:
        row = self.row(item_id)
        if self._known is not None and row.known:
            return Case(row.number, self._known.result(row.known, item_id))
        record = self._ledger.item(item_id)
        if record is None or record.payload == "null":
            raise UsageError(f"there is no case {item_id!r} with a result")
        return Case(row.number, ITEM_RESULT.validate_json(record.payload), tuple(self._linked.get(item_id, ())))


def _row(case: Case, failure: str = "", known: str = "") -> Row:
    keys = tuple(one.key for one in questions(case))
    return Row(0, case.item_id, case.severity, keys, failure, case.result.item.inspection_date, known)
