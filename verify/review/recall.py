"""Carrying "No candidate" from one job to the next: what this job finds of others, and what others find of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify.ledger import JobHeader
from verify.model.judgement import Conclusion
from verify.report.earlier import Earlier, question_digest
from verify.review.memory import Memory
from verify.review.procedure import Stage, Standing

__all__ = ["Judged", "Recall", "negative"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate of this job that may be carried over.

    Attributes:
        item_id, key: of the question.
        pair: what the pair is told by, see `pair_of`.
        outcome: the "No candidate" that people came to here; None when they did not, or not yet.
    """

    item_id: str
    key: str
    pair: tuple[str, ...]
    outcome: Earlier | None


class Recall:
    """The memory as one job uses it."""

    def __init__(self, memory: Memory, job_id: str) -> None:
        """Takes the memory, and which job this is."""
        self._memory, self._job_id = memory, job_id

    def begin(
        self, pairs: Iterable[Judged], noted: Mapping[tuple[str, str], Earlier]
    ) -> tuple[dict[tuple[str, str], Earlier], list[tuple[str, str, Earlier | None]]]:
        """Looks every candidate up, and makes sure that of this job exactly its own conclusions are remembered.

        Args:
            pairs: the candidates of the job.
            noted: what its log says already of earlier judgements.

        Returns:
            The earlier judgements by item id and question, and what the log does not say yet: (item id, question, the
            earlier judgement, or None when there is none any more).
        """
        found: dict[tuple[str, str], Earlier] = {}
        news: list[tuple[str, str, Earlier | None]] = []
        mine = []
        for one in pairs:
            digest = self._memory.pair(*one.pair)
            if one.outcome is not None:
                mine.append((digest, one.item_id, one.key, one.outcome))
            earlier = self._memory.find(digest, self._job_id)
            if earlier is not None:
                found[one.item_id, one.key] = earlier
            if noted.get((one.item_id, question_digest(one.key))) != earlier:
                news.append((one.item_id, one.key, earlier))
        self._memory.renew(self._job_id, mine)
        return found, news

    def note(self, one: Judged) -> None:
        """Remembers how a question stands now: "No candidate", or nothing."""
        if one.outcome is None:
            self._memory.forget(self._job_id, one.item_id, one.key)
        else:
            self._memory.keep(self._memory.pair(*one.pair), one.item_id, one.key, one.outcome)


def negative(now: Standing, header: JobHeader) -> Earlier | None:
    """That people came to "No candidate" in the job of this header; None when they did not, or not yet."""
    if now.stage is not Stage.CONCLUDED or now.conclusion is not Conclusion.NO_CANDIDATE:
        return None
    given = (*now.judgements, *((now.supervisor,) if now.supervisor else ()))
    people = tuple(one.reviewer for one in given)
    return Earlier(header.job_id, people, max(one.given for one in given), header.retention_until)
