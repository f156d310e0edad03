"""The desk: the cases of one job, whose turn it is on each, and the only place where a judgement is written down."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from verify.audit import kinds
from verify.batch.codec import REVIEW_ENTRY
from verify.errors import PolicyError, UsageError
from verify.ledger import Ledger
from verify.model.judgement import Closing, Conclusion, Judgement, ReviewRole
from verify.report.data import Case
from verify.report.earlier import Earlier, earlier_event, earlier_of, question_digest
from verify.review.captures import Captures
from verify.review.cases import Cases, Row
from verify.review.events import Practised, judgement_of, practised, practised_event, practised_in, terms_event
from verify.review.handout import handed_out
from verify.review.known import KnownAnswers
from verify.review.lists import Lists
from verify.review.memory import Memory
from verify.review.pairs import pair_of
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
from verify.review.questions import CANDIDATE
from verify.review.recall import Judged, Recall, negative

__all__ = ["Desk", "Row"]


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Desk:
    """A job under review, to be used by the thread that opened it. A batch cannot write to the job meanwhile."""

    def __init__(
        self,
        job_dir: Path,
        kek: bytes,
        policy: Policy,
        *,
        memory: Memory | None = None,
        known: KnownAnswers | None = None,
        galleries: Sequence[Path] = (),
        now: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        """Opens the job.

        Args:
            job_dir: of the job.
            kek: the key that opens it.
            policy: the terms.
            memory: of pairs judged in other jobs; used from `begin` on.
            known: known-answer cases to mix in.
            galleries: directories to look into for entries that were withdrawn since.
            now: the clock.

        Raises:
            UsageError: there is no job.
            LockedError: a batch or another review works on it.
        """
        self.policy, self._now, self._known = policy, now, known
        self._ledger = Ledger.open(job_dir, kek)
        self._lists = Lists(self._ledger, galleries, kek)
        self.captures = Captures(self._ledger, job_dir)
        self._operator = ""
        self._recall = Recall(memory, self.job_id) if memory is not None and policy.remember else None
        self._entries: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
        self._closings: dict[str, list[Closing]] = defaultdict(list)
        self._earlier: dict[tuple[str, str], Earlier] = {}
        self._reading: dict[str, str] = {}  # by reader, the case last opened
        self._last = 0
        for text in self._ledger.review():
            self._keep(REVIEW_ENTRY.validate_json(text))
        self._cases = Cases(self._ledger, known)
        self.rows = self._cases.rows
        self._keep_practised()

    def begin(self, operator: str, people: int) -> None:
        """Notes that the review is open, and on which terms; recalls what was judged before in other jobs."""
        self._operator = operator
        self.look_at_lists()
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
        if self._recall is not None:
            noted = earlier_of(self._ledger.events())
            found, news = self._recall.begin(self._pairs(), noted)
            self._earlier = found
            for item_id, key, earlier in news:
                self._ledger.append(earlier_event(operator, self._purpose, item_id, key, earlier))
        known = self._known
        self._ledger.append(
            terms_event(
                operator,
                self._purpose,
                remember=self._recall is not None,
                judged_before=len(self._earlier),
                known_answers=len(known) if known else 0,
                known_sha256=known.sha256 if known else "",
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
        return self._cases.number(item_id)

    def events(self) -> list[dict[str, object]]:
        """The events of the job, the newest first; they name no traveller."""
        return [event.fields() for event in self._ledger.events()][::-1]

    def practised(self) -> tuple[Practised, ...]:
        """What people judged on known-answer cases, in order; also of earlier sets."""
        return tuple(practised_in(self._ledger.events()))

    def case(self, item_id: str, reader: str) -> Case:
        """One case with all that was found on it; that it was opened is an event.

        Raises:
            UsageError: there is no such case, or it has no result.
        """
        case = self._cases.case(item_id)
        if self._reading.get(reader) != item_id and not self._cases.row(item_id).known:
            self._ledger.append(kinds.personal_data_read(reader, self._purpose, item_id=item_id, what="record"))
        self._reading[reader] = item_id
        return case

    def look_at_lists(self) -> None:
        """Notes which list entries were withdrawn since the last look, some minutes ago."""
        self._lists.look(self._operator, self._now())

    def withdrawn(self, item_id: str, gallery: str, reference_id: str) -> str:
        """What has to be said beside a candidate whose entry is not in force any more; empty for the others."""
        known = self._cases.row(item_id).known
        return "" if known else self._lists.sentence(item_id, gallery, reference_id)

    def reviewed(self) -> Iterator[Case]:
        """Every case of the job with what people wrote down about it; no known-answer cases."""
        for row in self.rows:
            if row.inspected is not None and not row.known:
                entries = [one for key in row.keys for one in self._entries[row.item_id, key]]
                yield replace(self._cases.case(row.item_id), review=tuple(entries))

    def report(self, person: str, item_id: str = "") -> str:
        """The report of one case, or of the whole job, as HTML; that it was taken out is an event.

        Raises:
            UsageError: no run of the job has ended, or this is no case of the job.
        """
        if item_id and self._cases.row(item_id).known:
            raise UsageError("there is no report of this case")
        return handed_out(self._ledger, person, [item_id] if item_id else [])

    def picture(self, item_id: str, name: str) -> bytes | None:
        """A stored picture of a case (JPEG); None when there is none of that name."""
        return self._cases.picture(item_id, name)

    def standing(self, item_id: str, question_key: str) -> Standing:
        """Where a question stands."""
        place = item_id, question_key
        return standing(self._entries[place], self.policy, self._earlier.get(place))

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
        self._cases.question(item_id, question_key)
        self._require_open(item_id)
        require_whole(conclusion, reasons, note)
        require_turn(self.standing(item_id, question_key), reviewer, role)
        if self._cases.row(item_id).known and role is not ReviewRole.REVIEWER:
            raise PolicyError("a known-answer case is for reviewers")
        chosen = tuple(dict.fromkeys(reasons))
        return self._write(item_id, question_key, reviewer, role, conclusion, chosen, note.strip(), saw_score, 0)

    def undo(self, item_id: str, question_key: str, reviewer: str, role: ReviewRole, number: int) -> Judgement:
        """Takes the own judgement back by an entry that reverses it.

        Raises:
            UsageError: there is no such judgement.
            PolicyError: it is another person's, or taken back already.
        """
        self._cases.question(item_id, question_key)
        require_undo(self._entries[item_id, question_key], number, reviewer)
        self._require_open(item_id)
        return self._write(item_id, question_key, reviewer, role, None, (), "", False, number)

    def close_case(self, item_id: str, reviewer: str, role: ReviewRole, *, confirmed: bool, evidence: str) -> Closing:
        """Closes a case.

        Raises:
            UsageError: there is no such case, or the evidence is not named.
            PolicyError: not by this person, not yet, or it is closed.
        """
        self._require_open(item_id)
        row = self._cases.row(item_id)
        if row.known:
            raise PolicyError("a known-answer case is not closed")
        require_closable([self.standing(item_id, key) for key in row.keys], role, confirmed, evidence)
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

    @property
    def _purpose(self) -> str:
        return self._ledger.header.purpose

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
        if self._cases.row(item_id).known:
            return self._practise(entry)
        text = REVIEW_ENTRY.dump_json(entry)
        earlier = self.standing(item_id, question).judgements
        event = kinds.judgement_given(
            reviewer,
            self._purpose,
            item_id=item_id,
            question_sha256=question_digest(question),
            judgement_sha256=hashlib.sha256(text).hexdigest(),
            position=0 if conclusion is None else 3 if role is ReviewRole.SUPERVISOR else len(earlier) + 1,
        )
        self._ledger.record_review(entry.number, text.decode(), event)
        self._keep(entry)
        if self._recall is not None and (pair := self._pair(item_id, question)) is not None:
            self._recall.note(pair)
        return entry

    def _keep(self, entry: Judgement | Closing) -> None:
        if entry.number != self._last + 1:
            raise PolicyError(f"entry {self._last + 1} of the review is missing; run 'verify audit check'")
        if isinstance(entry, Closing):
            self._closings[entry.item_id].append(entry)
        else:
            self._entries[entry.item_id, entry.question].append(entry)
        self._last = entry.number

    # --- known answers: judged like the rest, and written as events only ---

    def _practise(self, entry: Judgement) -> Judgement:
        case = self._cases.row(entry.item_id).known
        answer = self._cases.answer(entry.item_id, entry.question)
        self._ledger.append(practised_event(self._purpose, practised(entry, case, answer)))
        told = self._entries[entry.item_id, entry.question]
        told.append(replace(entry, number=max(self._last, *(earlier.number for earlier in told), 0) + 1))
        return told[-1]

    def _keep_practised(self) -> None:
        """Finds the judgements on known-answer cases again after a restart."""
        places = {
            (row.known, question_digest(key)): (row.item_id, key) for row in self.rows if row.known for key in row.keys
        }
        for one in practised_in(self._ledger.events()) if places else ():
            place = places.get((one.case, one.question))
            if place is not None:
                self._entries[place].append(judgement_of(one, place, self._entries[place]))

    # --- pairs judged before ---

    def _pairs(self) -> Iterator[Judged]:
        """Every candidate of the job that may be carried over, and how it came out here."""
        for row in self.rows:
            for key in row.keys:
                found = self._pair(row.item_id, key)
                if found is not None:
                    yield found

    def _pair(self, item_id: str, key: str) -> Judged | None:
        if not key.startswith(CANDIDATE) or self._cases.row(item_id).known:
            return None
        asked = self._cases.question(item_id, key)
        told = pair_of(self._cases.case(item_id), asked, lambda name: self._cases.picture(item_id, name))
        if not told:
            return None
        return Judged(item_id, key, told, negative(self.standing(item_id, key), self._ledger.header))
