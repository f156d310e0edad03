"""The pages of the review, as text; and what a person may do on them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verify.capture.original import Original
from verify.errors import PolicyError, UsageError
from verify.model.face import FaceTemplate
from verify.model.finding import Severity
from verify.model.judgement import Conclusion, Judgement, ReviewRole
from verify.report.charts import Charts, Node
from verify.report.data import Case
from verify.report.html import environment
from verify.report.reasons import DOCUMENT_REASONS, FACE_REASONS, REASONS
from verify.report.summary import holder_of
from verify.review.capture import ROLES
from verify.review.cases import Row
from verify.review.desk import Desk
from verify.review.locks import Locks
from verify.review.outcomes import FEWEST, outcomes
from verify.review.procedure import ANSWERED, Stage, Standing, require_turn
from verify.review.questions import Question, questions
from verify.review.sessions import Session

__all__ = ["Pages"]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A case as the queue shows it to one person."""

    row: Row
    stages: Counter[Stage]
    due: int  # questions this person can answer now
    holder: str


class Pages:
    """Renders what one person may see."""

    def __init__(self, desk: Desk, locks: Locks) -> None:
        """Takes the job and the locks on its cases."""
        self._desk, self._locks = desk, locks
        self._templates = environment("verify.review")

    # --- pages ---

    def sign_in(self, problem: str = "") -> str:
        """The door."""
        return self._render("sign_in.html.j2", None, problem=problem)

    def problem(self, what: str) -> str:
        """What could not be done, and a way back."""
        return self._render("problem.html.j2", None, problem=what)

    def queue(self, person: Session, show: str, severity: str) -> str:
        """The cases with something to judge, filtered."""
        self._desk.look_at_lists()
        rows = [row for row in self._desk.rows if person.role is ReviewRole.REVIEWER or not row.known]
        waiting = [self._waiting(row, person) for row in rows if row.keys]
        kept = [one for one in waiting if _shown(one, show) and severity in ("", _word(one.row.severity))]
        kept.sort(key=lambda one: (-(one.row.severity or 0), one.row.number))
        closed = sum(self._desk.closed(one.row.item_id) for one in waiting)
        stages: Counter[Stage] = sum((one.stages for one in waiting), Counter())
        return self._render(
            "queue.html.j2",
            person,
            here="/",
            waiting=kept,
            stages=stages,
            due=sum(one.due for one in waiting),
            closed=closed,
            show=show,
            severity=severity,
            severities=[level.name.lower() for level in reversed(Severity)],
            failed=[row for row in rows if row.failure],
            today=dt.datetime.now(dt.UTC).date(),
        )

    def case(
        self,
        person: Session,
        number: int,
        index: int,
        *,
        part: bool = False,
        problem: str = "",
        typed: Mapping[str, Any] | None = None,
    ) -> str:
        """One question of a case; with `part` only what changes from one question to the next."""
        case, asked = self._asked(person, number)
        if not 0 <= index < len(asked):
            raise UsageError(f"case {number} has no question {index + 1}")
        question, item_id = asked[index], case.item_id
        standing = self._desk.standing(item_id, question.key)
        entries = self._desk.entries(item_id, question.key, person.name, person.role)
        holder = self._locks.take(item_id, person.name) if person.role is not ReviewRole.AUDITOR else ""
        objection = self._objection(standing, person, holder, item_id)
        closed = self._desk.closed(item_id)
        return self._render(
            "question.html.j2" if part else "case.html.j2",
            person,
            case=case,
            asked=asked,
            stages=Counter(self._desk.standing(item_id, one.key).stage for one in asked),
            standings=[self._desk.standing(item_id, one.key) for one in asked],
            index=index,
            question=question,
            standing=standing,
            entries=entries,
            own=_own(entries, person),
            objection=objection,
            show_scores=self._may_see_scores(person, entries),
            picture=lambda item, name: self._address(item, name),
            probe=_probe(case, question),
            sizes=_sizes(case),
            withdrawn=self._withdrawn(item_id, question),
            reasons=(DOCUMENT_REASONS if question.candidate is None else FACE_REASONS | DOCUMENT_REASONS),
            conclusions=list(Conclusion),
            all_reasons=REASONS,
            closings=self._desk.closings(item_id),
            closed=closed,
            closable=not closed and all(self._desk.standing(item_id, one.key).stage in ANSWERED for one in asked),
            problem=problem,
            typed={"conclusion": "", "reasons": (), "note": "", **(typed or {})},
            summary={"numbers": {}},
        )

    def log(self, person: Session) -> str:
        """The events of the job."""
        return self._render("log.html.j2", person, here="/log", events=self._desk.events())

    def reviewers(self, person: Session) -> str:
        """How each reviewer judged the known-answer cases."""
        return self._render(
            "reviewers.html.j2", person, here="/reviewers", outcomes=outcomes(self._desk.practised()), fewest=FEWEST
        )

    def capture(self, person: Session, kept: Sequence[Original]) -> str:
        """The camera, and what was kept of it."""
        return self._render("capture.html.j2", person, here="/capture", kept=kept, roles=ROLES)

    def charts(self, person: Session) -> str:
        """Pictures of the whole job."""
        charts = Charts()
        for case in self._desk.reviewed():
            charts.add(case, holder_of(case))
        return self._render("charts_page.html.j2", person, here="/charts", charts=charts, address=self._case_address)

    # --- acts ---

    def first_due(self, person: Session, number: int) -> int:
        """The first question of a case that this person can answer; the first of all when there is none."""
        row = self._row(number)
        if not row.keys:
            raise UsageError(f"case {number} asks nothing; its report says what was read")
        due = (at for at, key in enumerate(row.keys) if _can(self._desk.standing(row.item_id, key), person))
        return next(due, 0)

    def judge(
        self, person: Session, number: int, index: int, conclusion: Conclusion, reasons: Sequence[str], note: str
    ) -> Judgement:
        """Writes down a person's judgement on a question."""
        row, key = self._locked(person, number, index)
        entries = self._desk.entries(row.item_id, key, person.name, person.role)
        return self._desk.judge(
            row.item_id,
            key,
            person.name,
            person.role,
            conclusion,
            reasons=reasons,
            note=note,
            saw_score=self._may_see_scores(person, entries),
        )

    def undo(self, person: Session, number: int, index: int, entry: int) -> Judgement:
        """Takes a person's own judgement back."""
        row, key = self._locked(person, number, index)
        return self._desk.undo(row.item_id, key, person.name, person.role, entry)

    def close(self, person: Session, number: int, *, confirmed: bool | None, evidence: str) -> None:
        """Closes a case, or opens it again when `confirmed` is None."""
        item_id = self._desk.item_id(number)
        if confirmed is None:
            self._desk.reopen_case(item_id, person.name, person.role, why=evidence)
        else:
            self._desk.close_case(item_id, person.name, person.role, confirmed=confirmed, evidence=evidence)

    # --- inside ---

    def _render(self, template: str, person: Session | None, *, here: str = "", **context: Any) -> str:
        return self._templates.get_template(template).render(
            person=person,
            here=here,
            job_id=self._desk.job_id,
            policy=self._desk.policy,
            rooms=_rooms,
            ReviewRole=ReviewRole,
            Stage=Stage,
            **context,
        )

    def _row(self, number: int) -> Row:
        self._desk.item_id(number)  # raises for a case that is not there
        return self._desk.rows[number - 1]

    def _asked(self, person: Session, number: int) -> tuple[Case, tuple[Question, ...]]:
        case = self._desk.case(self._desk.item_id(number), person.name)
        return case, questions(case)

    def _waiting(self, row: Row, person: Session) -> _Waiting:
        standings = [self._desk.standing(row.item_id, key) for key in row.keys]
        due = sum(_can(one, person) for one in standings)
        return _Waiting(row, Counter(one.stage for one in standings), due, self._locks.holder(row.item_id))

    def _locked(self, person: Session, number: int, index: int) -> tuple[Row, str]:
        row = self._row(number)
        if person.role is ReviewRole.AUDITOR:
            raise PolicyError("an auditor reads and does not judge")
        holder = self._locks.take(row.item_id, person.name)
        if holder != person.name:
            raise PolicyError(f"{holder} is working on this case; nothing was written")
        if not 0 <= index < len(row.keys):
            raise UsageError(f"case {number} has no question {index + 1}")
        return row, row.keys[index]

    def _objection(self, standing: Standing, person: Session, holder: str, item_id: str) -> str:
        """Why this person cannot judge now; empty when nothing stands against it."""
        if self._desk.closed(item_id):
            return "This case is closed."
        if holder and holder != person.name:
            return f"{holder} is working on this case."
        try:
            require_turn(standing, person.name, person.role)
        except PolicyError as error:
            return f"{error}."
        return ""

    def _may_see_scores(self, person: Session, entries: Sequence[Judgement]) -> bool:
        """A reviewer sees rank and score once the own first judgement is saved; others see the finished work."""
        if not self._desk.policy.blind or person.role is not ReviewRole.REVIEWER:
            return True
        return any(one.reviewer == person.name and one.conclusion is not None for one in entries)

    def _withdrawn(self, item_id: str, question: Question) -> str:
        if question.candidate is None or question.found_in is None:
            return ""
        return self._desk.withdrawn(item_id, question.found_in.gallery, question.candidate.reference_id)

    def _case_address(self, node: Node) -> str:
        number = self._desk.number(node.item_id)
        return f"/case/{number}" if number else ""

    def _address(self, item_id: str, name: str) -> str:
        number = self._desk.number(item_id)
        return f"/case/{number}/picture/{name}" if name and number else ""


def _rooms(person: Session) -> list[tuple[str, str]]:
    """Where this person may go: (address, name)."""
    overseers = [("/charts", "Charts"), ("/reviewers", "Known answers"), ("/log", "Log")]
    camera = [] if person.role is ReviewRole.AUDITOR else [("/capture", "Camera")]
    return [("/", "Queue"), *camera, *(overseers if person.role is not ReviewRole.REVIEWER else [])]


def _shown(one: _Waiting, show: str) -> bool:
    if show == "due":
        return one.due > 0
    if show == "concluded":
        return set(one.stages) <= ANSWERED
    if show == "earlier":
        return one.stages[Stage.EARLIER] > 0
    if show == "disagreement":
        return one.stages[Stage.SUPERVISOR] > 0
    return True


def _word(severity: Severity | None) -> str:
    return severity.name.lower() if severity else ""


def _can(standing: Standing, person: Session) -> bool:
    """Whether this person's judgement is due; what was judged before may be judged anew, and is due to nobody."""
    if standing.stage in ANSWERED:
        return False
    try:
        require_turn(standing, person.name, person.role)
    except PolicyError:
        return False
    return True


def _own(entries: Sequence[Judgement], person: Session) -> Judgement | None:
    """The person's own judgement that counts."""
    undone = {one.undoes for one in entries}
    own = [one for one in entries if one.reviewer == person.name and one.conclusion and one.number not in undone]
    return own[-1] if own else None


def _probe(case: Case, question: Question) -> FaceTemplate | None:
    """The face that was searched with, or failing that the item's first."""
    faces = [face for reading in case.result.readings for face in reading.faces if face.picture]
    if question.candidate is not None and question.found_in is not None:
        searched = question.candidate.faces[0].probe if question.candidate.faces else question.found_in.probe
        for face in faces:
            if str(face.role) in searched.split():
                return face
    return faces[0] if faces else None


def _sizes(case: Case) -> dict[str, tuple[int, int]]:
    """Width and height of each stored picture."""
    return {one.name: (one.width, one.height) for reading in case.result.readings for one in reading.pictures}
