"""Model cards: complete or refused, and each figure with its birth certificate."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path

import pytest

from verify.errors import MissingEngineError, PolicyError, UsageError
from verify.runtime import cards, load_card

NAMES = sorted(path.stem for path in cards.models_folder().glob("*.toml"))
MEASURED = [name for name in NAMES if load_card(name).measured]


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_it_is_and_where_each_file_comes_from(name: str) -> None:
    card = load_card(name)
    assert all((card.name, card.licence, card.source))
    for sha256 in (card.sha256, *(file.sha256 for file in card.files)):
        assert re.fullmatch("[0-9a-f]{64}", sha256)
    for file in card.files:
        assert file.licence
        assert file.size > 0
        assert file.url.startswith("https://")
        assert Path(file.name).name == file.name, "a file lies in the folder itself"


@pytest.mark.parametrize("name", MEASURED)
def test_a_card_says_what_was_measured_where_and_when(name: str) -> None:
    points = load_card(name).operating
    assert all((points.data_set, points.note))
    assert dt.date.fromisoformat(points.measured)


@pytest.mark.parametrize("name", MEASURED)
def test_its_rates_fall_and_its_scores_follow(name: str) -> None:
    points = load_card(name).operating
    for table, rising in ((points.fmr, True), (points.fnmr, False)):
        assert len(table) >= 2
        assert all(0 < rate < 1 for rate, _score in table)
        for (high, one), (low, other) in pairwise(table):
            assert high > low
            assert (other > one) is rising


def test_the_face_engine_without_downloads_was_measured() -> None:
    assert "dlib-resnet-v1" in MEASURED


def test_a_card_of_no_name_is_told() -> None:
    with pytest.raises(MissingEngineError, match="no model card 'invented'"):
        load_card("invented")


WHOLE = """
name = "n"
licence = "CC0-1.0"
source = "s"
sha256 = "ab"
[operating]
kind = "cosine similarity"
fmr = [[1e-1, 0.5], [1e-2, 0.7]]
fnmr = [[1e-1, 0.7], [1e-2, 0.5]]
data_set = "invented"
measured = "2026-11-01"
note = "all of it"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cards, "models_folder", lambda: tmp_path)
    monkeypatch.setattr(cards, "fetched_folder", lambda: tmp_path / "fetched")
    return tmp_path


def test_a_whole_card_loads(folder: Path) -> None:
    (folder / "x.toml").write_text(WHOLE, encoding="utf-8")
    assert load_card("x").operating.fmr == ((0.1, 0.5), (0.01, 0.7))


def test_a_card_of_the_user_is_found_where_models_are_fetched_to(folder: Path) -> None:
    (folder / "fetched").mkdir()
    (folder / "fetched" / "own.toml").write_text(WHOLE, encoding="utf-8")
    assert load_card("own").name == load_card("own", folder / "fetched").name == "n"
    assert load_card(str(folder / "fetched" / "own")).name == "n"
    with pytest.raises(MissingEngineError):
        load_card("own", folder)


def test_files_and_other_tables_are_kept(folder: Path) -> None:
    file = 'part="network"\nname="n.onnx"\nlicence="MIT"\nurl=""\nsize=3\nsha256="ab"'
    (folder / "x.toml").write_text(f"{WHOLE}[[files]]\n{file}\n[input]\nside = 112\n", encoding="utf-8")
    card = load_card("x")
    assert [(one.part, one.size) for one in card.files] == [("network", 3)]
    assert card.rest == {"input": {"side": 112}}


def test_without_operating_points_there_is_no_threshold(folder: Path) -> None:
    (folder / "x.toml").write_text(WHOLE.split("[operating]")[0], encoding="utf-8")
    card = load_card("x")
    assert card.measured is None
    with pytest.raises(PolicyError, match="no threshold"):
        _ = card.operating


@pytest.mark.parametrize("line", [line for line in WHOLE.splitlines() if line and line != "[operating]"])
def test_a_card_without_one_of_its_lines_is_incomplete(line: str, folder: Path) -> None:
    (folder / "x.toml").write_text(WHOLE.replace(line + "\n", ""), encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.toml: the card is incomplete"):
        load_card("x")


@pytest.mark.parametrize("text", ["fmr = 3", 'fmr = [["a", 1]]', "fmr = [[1]]", "fmr = [1, 2]"])
def test_a_table_that_is_none_is_refused(text: str, folder: Path) -> None:
    whole = "\n".join(text if line.startswith("fmr") else line for line in WHOLE.splitlines())
    (folder / "x.toml").write_text(whole, encoding="utf-8")
    with pytest.raises(UsageError, match="incomplete"):
        load_card("x")


def test_a_card_that_is_no_toml_is_refused(folder: Path) -> None:
    (folder / "x.toml").write_text("fmr = [", encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.toml"):
        load_card("x")
