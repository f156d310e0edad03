"""The desk: the cases of one job, whose turn it is on each, and the only place where a judgement is written down."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from verify.audit import kinds
from verify.batch.codec import ITEM_RESULT, LINKAGE, REVIEW_ENTRY
from verify.errors import PolicyError, UsageError
from verify.ledger import Ledger
from verify.model.finding import Finding, Severity
from verify.model.judgement import Closing, Conclusion, Judgement, ReviewRole
from verify.report.data import Case
from verify.review.policy import Policy
from verify.review.procedure import (
    Standing,
    require_closable,
    require_turn,
    require_undo,
    require_whole,
    standing,
    visible,
)
from verify.review.questions import questions

__all__ = ["Desk", "Row"]


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the queue.

    Attributes:
        number: in the order of the manifest, from 1.
        item_id: of the case.
        severity: the highest of its findings; None without any.
        keys: of its questions.
        failure: why it has no whole result; empty when it has one.
    """

    number: int
    item_id: str
    severity: Severity | None
    keys: tuple[str, ...]
    failure: str


class Desk:
    """A job under review, to be used by the thread that opened it. A batch cannot write to the job meanwhile."""

    def __init__(self, job_dir: Path, kek: bytes, policy: Policy, *, now: Callable[[], dt.datetime] = _utc_now) -> None:
        """Opens the job.

        Raises:
            UsageError: there is no job.
            LockedError: a batch or another review works on it.
        """
        self.policy, self._now = policy, now
        self._ledger = Ledger.open(job_dir, kek)
        self._entries: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
        self._closings: dict[str, list[Closing]] = defaultdict(list)
        self._last = 0
        for text in self._ledger.review():
            self._keep(REVIEW_ENTRY.validate_json(text))
        self._linked: dict[str, list[Finding]] = defaultdict(list)
        for item_id, finding in LINKAGE.validate_json(self._ledger.linkage() or "[]"):
            self._linked[item_id].append(finding)
        self.rows = tuple(self._rows())
        self._numbers = {row.item_id: row.number for row in self.rows}

    def begin(self, operator: str, people: int) -> None:
        """Notes that the review is open, and on which terms."""
        terms = self.policy
        self._ledger.append(
            kinds.review_started(
                operator,
                self._purpose,
                reviewers=terms.reviewers,
                blind=terms.blind,
                legal_basis=terms.legal_basis,
                people=people,
            )
        )

    def refused(self, reason: str, person: str = "") -> None:
        """Notes that a request was refused."""
        self._ledger.append(kinds.access_refused(person or "nobody signed in", self._purpose, reason=reason))

    def close(self) -> None:
        """Lets go of the job."""
        self._ledger.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- looking ---

    @property
    def job_id(self) -> str:
        """Of the job."""
        return self._ledger.header.job_id

    def item_id(self, number: int) -> str:
        """The case of this number.

        Raises:
            UsageError: there is none.
        """
        if not 1 <= number <= len(self.rows):
            raise UsageError(f"there is no case {number}")
        return self.rows[number - 1].item_id

    def number(self, item_id: str) -> int:
        """The number of a case; 0 when there is no such case."""
        return self._numbers.get(item_id, 0)

    def events(self) -> list[dict[str, object]]:
        """The events of the job, the newest first; they name no traveller."""
        return [event.fields() for event in self._ledger.events()][::-1]

    def case(self, item_id: str, reader: str) -> Case:
        """One case with all that was found on it; that it was read is an event.

        Raises:
            UsageError: there is no such case, or it has no result.
        """
        record = self._ledger.item(item_id)
        if record is None or record.payload == "null":
            raise UsageError(f"there is no case {item_id!r} with a result")
        self._ledger.append(kinds.personal_data_read(reader, self._purpose, item_id=item_id, what="record"))
        return self._case(item_id, record.payload)

    def picture(self, item_id: str, name: str) -> bytes | None:
        """A stored picture of a case (JPEG); None when there is none of that name."""
        return self._ledger.blob(item_id, name)

    def standing(self, item_id: str, question_key: str) -> Standing:
        """Where a question stands."""
        return standing(self._entries[item_id, question_key], self.policy)

    def entries(self, item_id: str, question_key: str, reader: str, role: ReviewRole) -> tuple[Judgement, ...]:
        """The entries on a question that this person may see."""
        return visible(self._entries[item_id, question_key], self.policy, reader, role)

    def closings(self, item_id: str) -> tuple[Closing, ...]:
        """How a case was closed and opened again, in order."""
        return tuple(self._closings[item_id])

    def closed(self, item_id: str) -> bool:
        """Whether a case is closed now."""
        return bool(self._closings[item_id]) and self._closings[item_id][-1].confirmed is not None

    # --- deciding ---

    def judge(
        self,
        item_id: str,
        question_key: str,
        reviewer: str,
        role: ReviewRole,
        conclusion: Conclusion,
        *,
        reasons: Sequence[str] = (),
        note: str = "",
        saw_score: bool = False,
    ) -> Judgement:
        """Writes a judgement down, with its event, on disk when this returns.

        Raises:
            UsageError: there is no such question, or a reason or note is missing.
            PolicyError: it is not this person's turn.
        """
        entries = self._on(item_id, question_key)
        self._require_open(item_id)
        require_whole(conclusion, reasons, note)
        require_turn(standing(entries, self.policy), reviewer, role)
        chosen = tuple(dict.fromkeys(reasons))
        return self._write(item_id, question_key, reviewer, role, conclusion, chosen, note.strip(), saw_score, 0)

    def undo(self, item_id: str, question_key: str, reviewer: str, role: ReviewRole, number: int) -> Judgement:
        """Takes the own judgement back by an entry that reverses it.

        Raises:
            UsageError: there is no such judgement.
            PolicyError: it is another person's, or taken back already.
        """
        require_undo(self._on(item_id, question_key), number, reviewer)
        self._require_open(item_id)
        return self._write(item_id, question_key, reviewer, role, None, (), "", False, number)

    def close_case(self, item_id: str, reviewer: str, role: ReviewRole, *, confirmed: bool, evidence: str) -> Closing:
        """Closes a case.

        Raises:
            UsageError: there is no such case, or the evidence is not named.
            PolicyError: not by this person, not yet, or it is closed.
        """
        self._require_open(item_id)
        keys = self.rows[self._number_of(item_id) - 1].keys
        require_closable([self.standing(item_id, key) for key in keys], role, confirmed, evidence)
        return self._close(item_id, reviewer, confirmed, evidence)

    def reopen_case(self, item_id: str, reviewer: str, role: ReviewRole, *, why: str) -> Closing:
        """Opens a closed case again, by an entry that says why.

        Raises:
            PolicyError: not by this person, or it is not closed.
            UsageError: no reason is given.
        """
        if role is not ReviewRole.SUPERVISOR:
            raise PolicyError("a supervisor opens a case again")
        if not self.closed(item_id):
            raise PolicyError("this case is not closed")
        if not why.strip():
            raise UsageError("say why")
        return self._close(item_id, reviewer, None, why)

    # --- inside ---

    def _number_of(self, item_id: str) -> int:
        if item_id not in self._numbers:
            raise UsageError(f"there is no case {item_id!r}")
        return self._numbers[item_id]

    def _require_open(self, item_id: str) -> None:
        if self.closed(item_id):
            raise PolicyError("this case is closed; a supervisor may open it again")

    def _close(self, item_id: str, reviewer: str, confirmed: bool | None, evidence: str) -> Closing:
        entry = Closing(self._last + 1, item_id, reviewer, self._now(), confirmed, evidence.strip())
        text = REVIEW_ENTRY.dump_json(entry)
        digest = hashlib.sha256(text).hexdigest()
        event = kinds.case_closed(reviewer, self._purpose, item_id=item_id, closing_sha256=digest, confirmed=confirmed)
        self._ledger.record_review(entry.number, text.decode(), event)
        self._keep(entry)
        return entry

    def _rows(self) -> Iterator[Row]:
        """What the queue shows of each case: nothing that names a person."""
        for number, record in enumerate(self._ledger.items(), start=1):
            if record.payload == "null":
                yield Row(number, record.item_id, None, (), record.failure or "no result")
                continue
            linked = tuple(self._linked.get(record.item_id, ()))
            case = Case(number, ITEM_RESULT.validate_json(record.payload), linked)
            yield Row(number, record.item_id, case.severity, tuple(one.key for one in questions(case)), record.failure)

    @property
    def _purpose(self) -> str:
        return self._ledger.header.purpose

    def _case(self, item_id: str, payload: str) -> Case:
        return Case(self._numbers[item_id], ITEM_RESULT.validate_json(payload), tuple(self._linked.get(item_id, ())))

    def _on(self, item_id: str, question_key: str) -> list[Judgement]:
        record = self._ledger.item(item_id)
        if record is None or record.payload == "null":
            raise UsageError(f"there is no case {item_id!r} with a result")
        if question_key not in {one.key for one in questions(self._case(item_id, record.payload))}:
            raise UsageError(f"case {item_id!r} has no question {question_key!r}; it may have been read anew")
        return self._entries[item_id, question_key]

    def _write(
        self,
        item_id: str,
        question: str,
        reviewer: str,
        role: ReviewRole,
        conclusion: Conclusion | None,
        reasons: tuple[str, ...],
        note: str,
        saw_score: bool,
        undoes: int,
    ) -> Judgement:
        entry = Judgement(
            self._last + 1, item_id, question, reviewer, role, self._now(), conclusion, reasons, note, saw_score, undoes
        )
        text = REVIEW_ENTRY.dump_json(entry)
        earlier = standing(self._entries[item_id, question], self.policy).judgements
        event = kinds.judgement_given(
            reviewer,
            self._purpose,
            item_id=item_id,
            question_sha256=hashlib.sha256(question.encode()).hexdigest(),
            judgement_sha256=hashlib.sha256(text).hexdigest(),
            position=0 if conclusion is None else 3 if role is ReviewRole.SUPERVISOR else len(earlier) + 1,
        )
        self._ledger.record_review(entry.number, text.decode(), event)
        self._keep(entry)
        return entry

    def _keep(self, entry: Judgement | Closing) -> None:
        if entry.number != self._last + 1:
            raise PolicyError(f"entry {self._last + 1} of the review is missing; run 'verify audit check'")
        if isinstance(entry, Closing):
            self._closings[entry.item_id].append(entry)
        else:
            self._entries[entry.item_id, entry.question].append(entry)
        self._last = entry.number
