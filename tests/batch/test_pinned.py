"""Templates of two engines, or of two versions of one, never meet: the galleries decide which engine takes part."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from verify.batch.lists import ReferenceList
from verify.batch.pinned import pinned, refuse_others
from verify.errors import PolicyError
from verify.face import AUTO, Description, describe_engine
from verify.gallery import references_of
from verify.settings import Settings

pytest.importorskip("face_recognition_models")


@pytest.fixture
def without_models(tmp_path: Path) -> Settings:
    """A machine where nothing was fetched."""
    return Settings(face_engine=AUTO, models=tmp_path)


def gallery(engine: Description) -> ReferenceList:
    vectors = np.eye(3, dtype=np.float32)
    references = references_of(["a", "b", "c"], vectors, engine=engine.name, model_sha256=engine.model_sha256)
    return ReferenceList("wanted", "nominal", "0" * 64, (), references)


def job(engine: str) -> Any:
    """As much of a ledger as is looked at."""
    return SimpleNamespace(header=SimpleNamespace(settings=json.dumps({"face_engine": engine})))


def test_an_engine_that_is_named_is_kept(without_models: Settings) -> None:
    named = without_models.model_copy(update={"face_engine": "omz"})
    assert pinned(named, [gallery(describe_engine("dlib"))], job("dlib")) is named


def test_without_galleries_and_job_the_usual_one_is_taken(without_models: Settings) -> None:
    assert pinned(without_models).face_engine == "dlib"
    assert pinned(without_models, [ReferenceList("names", "watchlist", "0" * 64, ())]).face_engine == "dlib"


def test_a_job_goes_on_with_its_own(without_models: Settings) -> None:
    assert pinned(without_models, ledger=job("omz")).face_engine == "omz"


def test_a_gallery_comes_before_the_job(without_models: Settings) -> None:
    assert pinned(without_models, [gallery(describe_engine("dlib"))], job("omz")).face_engine == "dlib"


@pytest.mark.parametrize("other", [{"name": "dlib 0"}, {"model_sha256": "0" * 64}])
def test_another_version_or_model_is_another_engine(without_models: Settings, other: dict[str, str]) -> None:
    ours = describe_engine("dlib")
    theirs = dataclasses.replace(ours, **other)
    with pytest.raises(PolicyError, match="not installed here"):
        pinned(without_models, [gallery(theirs)])
    with pytest.raises(PolicyError, match="different engines"):
        pinned(without_models, [gallery(ours), gallery(theirs)])
    with pytest.raises(PolicyError, match="wanted was enrolled with"):
        refuse_others(ours, [gallery(ours), gallery(theirs)])


def test_galleries_of_the_engine_and_lists_without_faces_are_not_refused() -> None:
    ours = describe_engine("dlib")
    refuse_others(ours, [gallery(ours), ReferenceList("names", "watchlist", "0" * 64, ())])
