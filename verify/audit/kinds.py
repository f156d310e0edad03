"""The kinds of events, one constructor each: what the law wants logged, and nothing that names a traveller.

Items are told by their id, contents by their SHA-256. Article 12(3) of Regulation (EU) 2024/1689 (AI Act)
asks for (a) start and end of each use: `run_started`, `run_ended`; (b) the reference database:
`gallery_searched`; (c) the input data that led to candidates: `gallery_searched`, by its probe; (d) the
persons who verified the result: `judgement_given`, whose actor is the reviewer. The end of a job,
`job_purged`, is written by `verify.ledger.purge`.
"""

from __future__ import annotations

import re

from verify.ledger import Event, ItemState

__all__ = [
    "access_refused",
    "case_closed",
    "gallery_searched",
    "item_erased",
    "item_recorded",
    "judgement_given",
    "linkage_recorded",
    "personal_data_exported",
    "personal_data_read",
    "review_started",
    "run_ended",
    "run_started",
]

_SHA256 = re.compile(r"[0-9a-f]{64}")


def _sha256(value: str) -> str:
    """Lets only a digest through, so that no name can slip in where one is due."""
    if not _SHA256.fullmatch(value):
        raise ValueError("an event takes a SHA-256 in hexadecimal here, nothing else")
    return value


def run_started(
    actor: str,
    purpose: str,
    *,
    run_id: str,
    tool_version: str,
    manifest_sha256: str,
    settings_sha256: str,
    models_sha256: str,
    items: int,
) -> Event:
    """A run begins. `models_sha256` is one digest over all model files used."""
    return Event(
        "run_started",
        actor,
        purpose,
        {
            "run_id": run_id,
            "tool_version": tool_version,
            "manifest_sha256": _sha256(manifest_sha256),
            "settings_sha256": _sha256(settings_sha256),
            "models_sha256": _sha256(models_sha256),
            "items": items,
        },
    )


def run_ended(
    actor: str,
    purpose: str,
    *,
    run_id: str,
    exit_code: int,
    done: int,
    failed: int,
    poison: int,
    skipped: int,
) -> Event:
    """A run ended, with the exit code of its command and the job's counts."""
    counts = {"done": done, "failed": failed, "poison": poison, "skipped": skipped}
    return Event("run_ended", actor, purpose, {"run_id": run_id, "exit_code": exit_code, **counts})


def item_recorded(
    actor: str, purpose: str, *, item_id: str, source_sha256: str, fingerprint: str, state: ItemState
) -> Event:
    """A result was recorded; `source_sha256` is one digest over its files. The ledger adds the commitment."""
    detail = {"item_id": item_id, "source_sha256": _sha256(source_sha256), "fingerprint": fingerprint}
    return Event("item_recorded", actor, purpose, {**detail, "state": state.value})


def gallery_searched(
    actor: str,
    purpose: str,
    *,
    item_id: str,
    probe_commitment: str,
    gallery_id: str,
    gallery_sha256: str,
    gallery_size: int,
    model_sha256: str,
    threshold: float,
    candidates: int,
) -> Event:
    """One identification (1:N): what was searched for, in which gallery and version, how many came back.

    `probe_commitment` is a keyed digest of the probe's file: whoever holds the file and the job can show that it was
    searched, and nobody else can find out by trying files.
    """
    return Event(
        "gallery_searched",
        actor,
        purpose,
        {
            "item_id": item_id,
            "probe_commitment": _sha256(probe_commitment),
            "gallery_id": gallery_id,
            "gallery_sha256": _sha256(gallery_sha256),
            "gallery_size": gallery_size,
            "model_sha256": _sha256(model_sha256),
            "threshold": threshold,
            "candidates": candidates,
        },
    )


def linkage_recorded(actor: str, purpose: str, *, items: int, findings: int) -> Event:
    """The findings between items were recorded; the ledger adds the commitment."""
    return Event("linkage_recorded", actor, purpose, {"items": items, "findings": findings})


def review_started(actor: str, purpose: str, *, reviewers: int, blind: bool, legal_basis: str, people: int) -> Event:
    """A review is opened, on which terms: how many people judge, what is hidden, and the basis for only one."""
    numbers = {"reviewers": reviewers, "people": people}
    return Event("review_started", actor, purpose, {**numbers, "blind": blind, "legal_basis": legal_basis})


def access_refused(actor: str, purpose: str, *, reason: str) -> Event:
    """A request to the review was refused; `reason` is one of our own sentences, never what was sent."""
    return Event("access_refused", actor, purpose, {"reason": reason})


def judgement_given(
    reviewer: str, purpose: str, *, item_id: str, question_sha256: str, judgement_sha256: str, position: int
) -> Event:
    """A person judged a question, or took a judgement back.

    `position` is 1 for the first reviewer, 2 for the second, 3 for a supervisor; 0 for an undo.
    """
    return Event(
        "judgement_given",
        reviewer,
        purpose,
        {
            "item_id": item_id,
            "question_sha256": _sha256(question_sha256),
            "judgement_sha256": _sha256(judgement_sha256),
            "position": position,
        },
    )


def case_closed(supervisor: str, purpose: str, *, item_id: str, closing_sha256: str, confirmed: bool | None) -> Event:
    """A supervisor closed a case, or opened it again (`confirmed` is None); what was written is told by its digest."""
    detail: dict[str, str | bool | None] = {"item_id": item_id, "closing_sha256": _sha256(closing_sha256)}
    detail["confirmed"] = confirmed
    return Event("case_closed", supervisor, purpose, detail)


def personal_data_read(actor: str, purpose: str, *, item_id: str, what: str) -> Event:
    """A person looked at an item; `what` is the kind of thing ("record", "picture"), never its content."""
    return Event("personal_data_read", actor, purpose, {"item_id": item_id, "what": what})


def personal_data_exported(actor: str, purpose: str, *, export_format: str, items: int, output_sha256: str) -> Event:
    """Results left the ledger as a file."""
    return Event(
        "personal_data_exported",
        actor,
        purpose,
        {"export_format": export_format, "items": items, "output_sha256": _sha256(output_sha256)},
    )


def item_erased(actor: str, purpose: str, *, item_id: str, ground: str) -> Event:
    """An item was erased; `ground` is the kind of ground ("retention", "request"), never a story."""
    return Event("item_erased", actor, purpose, {"item_id": item_id, "ground": ground})
