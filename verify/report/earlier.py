"""Judgements of earlier jobs on the same pair: why a candidate was shown, but not asked about again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from verify.ledger import Event, StoredEvent

__all__ = ["Earlier", "earlier_event", "earlier_of", "question_digest"]

_ACTION = "judged_before"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The conclusion "No candidate" that people came to on the same pair in another job.

    Attributes:
        job_id: of that job.
        people: who judged, in order.
        given: when the last of them did, aware UTC time.
        until: the last day this may be remembered: the retention of that job.
    """

    job_id: str
    people: tuple[str, ...]
    given: dt.datetime
    until: dt.date


def question_digest(key: str) -> str:
    """What events call a question by: SHA-256 of its key, hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def earlier_event(actor: str, purpose: str, item_id: str, question: str, earlier: Earlier | None) -> Event:
    """That a candidate is not asked about again; or, with None, that it is asked about after all."""
    told: dict[str, str] = {"item_id": item_id, "question_sha256": question_digest(question)}
    if earlier is not None:
        told |= {
            "earlier_job": earlier.job_id,
            "people": " ".join(earlier.people),
            "given": earlier.given.isoformat(),
            "until": earlier.until.isoformat(),
        }
    return Event(_ACTION, actor, purpose, told)


def earlier_of(events: Iterable[StoredEvent]) -> dict[tuple[str, str], Earlier]:
    """What the log of a job says of earlier judgements, by item id and digest of the question; the last word counts."""
    found: dict[tuple[str, str], Earlier] = {}
    for event in events:
        if _ACTION.encode() not in event.body:
            continue
        members = event.fields()
        detail = members.get("detail")
        if members.get("action") != _ACTION or not isinstance(detail, dict):
            continue
        place = str(detail["item_id"]), str(detail["question_sha256"])
        found.pop(place, None)
        if "earlier_job" in detail:
            found[place] = Earlier(
                str(detail["earlier_job"]),
                tuple(str(detail["people"]).split()),
                dt.datetime.fromisoformat(str(detail["given"])),
                dt.date.fromisoformat(str(detail["until"])),
            )
    return found
