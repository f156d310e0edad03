"""The models command against a folder of copies; nothing here goes to a network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.cli.models import command
from verify.runtime import load_card

MODELS = Path(os.environ.get("VERIFY_SHARED", Path(__file__).parents[3] / "shared")) / "models"
needs_models = pytest.mark.skipif(not MODELS.is_dir(), reason=f"the models are not here: {MODELS}")
CARD = load_card("omz-reidentification-0095")


def run(*words: str, folder: Path) -> str:
    result = CliRunner().invoke(command, [*words], env={"VERIFY_MODELS": str(folder)}, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_list_says_licence_source_and_hash_and_that_they_are_not_here(tmp_path: Path) -> None:
    text = run("list", folder=tmp_path)
    assert f"not in {tmp_path}" in text
    for file in CARD.files:
        assert file.sha256 in text
        assert file.url in text
        assert file.licence in text


@needs_models
def test_from_a_mirror_all_files_come_once_and_are_checked(tmp_path: Path) -> None:
    text = run("fetch", "--mirror", str(MODELS), folder=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(file.name for file in CARD.files)
    assert text.count("as its card says") == len(CARD.files)
    assert "were in" in run("fetch", "--mirror", str(MODELS), folder=tmp_path)
    assert f"in {tmp_path}" in run("list", folder=tmp_path)


def test_a_mirror_with_another_file_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    mirror, folder = tmp_path / "mirror", tmp_path / "models"
    mirror.mkdir()
    for file in CARD.files:
        (mirror / file.name).write_bytes(bytes(file.size))
    result = CliRunner().invoke(command, ["fetch", "--mirror", str(mirror)], env={"VERIFY_MODELS": str(folder)})
    assert result.exit_code != 0
    assert result.exception is not None
    assert "SHA-256" in str(result.exception)
    assert not [path for path in folder.glob("*") if path.is_file()]
