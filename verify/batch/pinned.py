"""Which face engine takes part: templates of one are never compared with those of another, so the galleries decide."""

from __future__ import annotations

import json
from collections.abc import Sequence

from verify.batch.lists import ReferenceList
from verify.errors import PolicyError
from verify.face import AUTO, Described, choose_engine
from verify.ledger import Ledger
from verify.settings import Settings

__all__ = ["pinned", "refuse_others"]


def pinned(settings: Settings, lists: Sequence[ReferenceList] = (), ledger: Ledger | None = None) -> Settings:
    """Settings that name the face engine.

    Args:
        settings: an engine they name is kept; 'auto' stands for that of the galleries, then that of the job, then the
            recommended one.
        lists: that are searched.
        ledger: of a job that was begun.

    Raises:
        PolicyError: the galleries are of different engines, or of one that is not installed.
    """
    if settings.face_engine != AUTO:
        return settings
    usual = AUTO if ledger is None else str(json.loads(ledger.header.settings).get("face_engine", AUTO))
    engine = choose_engine(settings.models, [_origin(one) for one in lists if one.references is not None], usual)
    return settings.model_copy(update={"face_engine": engine})


def refuse_others(engine: Described, lists: Sequence[ReferenceList]) -> None:
    """Refuses galleries of another engine before anything is read.

    Raises:
        PolicyError: naming the gallery.
    """
    for one in lists:
        if one.references is not None and _origin(one) != (engine.name, engine.model_sha256):
            raise PolicyError(
                f"gallery {one.name} was enrolled with {one.references.engine}, this run uses {engine.name} or another "
                "model; leave face_engine at 'auto', or enrol the gallery anew"
            )


def _origin(one: ReferenceList) -> tuple[str, str]:
    assert one.references is not None  # noqa: S101 - the callers looked
    return one.references.engine, one.references.model_sha256
