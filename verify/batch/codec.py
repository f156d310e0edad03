"""Records to JSON and back. What comes back from a worker or a ledger is validated like any other input."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Discriminator, TypeAdapter
from pydantic.dataclasses import dataclass

from verify.model.finding import Finding
from verify.model.item import Item, ItemFile
from verify.model.judgement import Closing, Judgement
from verify.model.result import FileReading, ItemResult
from verify.model.run import RunRecord

__all__ = ["ITEM", "ITEM_RESULT", "LINKAGE", "READING", "REVIEW_ENTRY", "RUN_RECORD", "TASK", "Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is asked to read; the file itself comes as a descriptor."""

    file: ItemFile
    reference_date: dt.date


ITEM: TypeAdapter[Item] = TypeAdapter(Item)
TASK: TypeAdapter[Task] = TypeAdapter(Task)
READING: TypeAdapter[FileReading] = TypeAdapter(FileReading)
ITEM_RESULT: TypeAdapter[ItemResult] = TypeAdapter(ItemResult)
RUN_RECORD: TypeAdapter[RunRecord] = TypeAdapter(RunRecord)
REVIEW_ENTRY: TypeAdapter[Judgement | Closing] = TypeAdapter(Annotated[Judgement | Closing, Discriminator("kind")])
LINKAGE: TypeAdapter[tuple[tuple[str, Finding], ...]] = TypeAdapter(tuple[tuple[str, Finding], ...])
