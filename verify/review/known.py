"""Known-answer cases: invented specimens, run as a job of their own, that are mixed in to see how people judge.

They look like the cases of the job, bear ids like its ids and are judged like them; nothing about them is ever a
decision of the job. Proficiency of examiners is measured, not assumed (ENFSI BPM-DI-01, 2018).
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import replace
from itertools import count
from pathlib import Path

from verify.batch.codec import ITEM_RESULT
from verify.errors import UsageError
from verify.ledger import Ledger
from verify.model.judgement import Conclusion
from verify.model.result import ItemResult
from verify.review.questions import Question

__all__ = ["KnownAnswers"]

_COLUMNS = ["item_id", "reference_id", "answer"]
_ANSWERS = {one.value: one for one in (Conclusion.POTENTIAL_CANDIDATE, Conclusion.NO_CANDIDATE)}
_TRIES_A_LENGTH = 200


class KnownAnswers:
    """A folder with `job`, the job of the specimens, and `answers.csv`: item_id, reference_id and the answer."""

    def __init__(self, folder: Path, kek: bytes) -> None:
        """Opens the set for reading.

        Raises:
            UsageError: there is no job, or the answers do not fit it.
            PolicyError: the job does not open with this key.
        """
        self._answers, self.sha256 = _read_answers(folder / "answers.csv")
        self._ledger = Ledger.open(folder / "job", kek, "read")
        try:
            self._results = {case: self._result(case) for case, _ in self._answers}
            for case, reference_id in self._answers:
                shown = {one.reference_id for found in self._results[case].candidates for one in found.candidates}
                if reference_id not in shown:
                    raise UsageError(f"{folder}: item {case!r} has no candidate {reference_id!r}; correct answers.csv")
        except UsageError:
            self._ledger.close()
            raise

    def close(self) -> None:
        """Lets go of the job."""
        self._ledger.close()

    def __enter__(self) -> KnownAnswers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def job_id(self) -> str:
        """Of the specimens' job."""
        return self._ledger.header.job_id

    def __len__(self) -> int:
        """How many cases there are."""
        return len(self._results)

    def result(self, case: str, alias: str) -> ItemResult:
        """A case under the id it bears among the others."""
        found = self._results[case]
        return replace(found, item=replace(found.item, item_id=alias))

    def picture(self, case: str, name: str) -> bytes | None:
        """A stored picture of a case (JPEG); None when there is none of that name."""
        return self._ledger.blob(case, name)

    def answer(self, case: str, question: Question) -> Conclusion | None:
        """The true conclusion on a question; None when it is not known."""
        return self._answers.get((case, question.candidate.reference_id)) if question.candidate else None

    def placed(self, item_ids: Collection[str], key: bytes) -> list[tuple[int, str, str]]:
        """Where each case goes among these: (position, id like theirs, case). The same each time with the same key."""
        taken, models = set(item_ids), sorted(item_ids) or ["1"]
        found = []
        for case in self._results:
            draw = _Draw(key, case)
            alias = _like(models[draw.below(len(models))], taken, draw)
            taken.add(alias)
            found.append((draw.below(len(models) + 1), alias, case))
        return found

    def _result(self, case: str) -> ItemResult:
        record = self._ledger.item(case)
        if record is None or record.payload == "null":
            raise UsageError(f"answers.csv names item {case!r}, of which its job has no result")
        return ITEM_RESULT.validate_json(record.payload)


class _Draw:
    """Numbers that look random and are the same each time (HMAC-SHA256 in counter mode)."""

    def __init__(self, key: bytes, case: str) -> None:
        self._key, self._case, self._at = key, case.encode(), count()

    def below(self, limit: int) -> int:
        digest = hmac.new(self._key, self._case + next(self._at).to_bytes(4, "big"), hashlib.sha256).digest()
        return int.from_bytes(digest[:8], "big") % limit


def _like(model: str, taken: Collection[str], draw: _Draw) -> str:
    """An id that nobody has, of the form of one that somebody has: its last digits are others."""
    digits = re.search(r"[0-9]+(?=[^0-9]*$)", model, re.ASCII)
    head, width, tail = (model[: digits.start()], len(digits[0]), model[digits.end() :]) if digits else (model, 1, "")
    for tried in count():
        length = width + tried // _TRIES_A_LENGTH
        alias = f"{head}{draw.below(10**length):0{length}}{tail}"
        if alias not in taken:
            break
    return alias


def _read_answers(path: Path) -> tuple[dict[tuple[str, str], Conclusion], str]:
    try:
        data = path.read_bytes()
        rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines(), strict=True))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: is no CSV file in UTF-8") from error
    if not rows or any(set(_COLUMNS) - row.keys() or row["answer"] not in _ANSWERS for row in rows):
        raise UsageError(f"{path}: needs the columns {', '.join(_COLUMNS)}; an answer is {' or '.join(_ANSWERS)}")
    return {(row["item_id"], row["reference_id"]): _ANSWERS[row["answer"]] for row in rows}, (
        hashlib.sha256(data).hexdigest()
    )
