from __future__ import annotations

import io
import json
from pathlib import Path

import cv2
import pytest

from tests.contracts.mrz_engine import TD1, TD3, page_with
from verify.errors import NoInputsError, UsageError
from verify.evaluate import ReadLabel, evaluate_mrz, labelled, write_reading
from verify.settings import Settings


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Two pages, one without an MRZ, one that is damaged, one that is missing, and a line."""
    folder = tmp_path / "pages"
    folder.mkdir()
    cv2.imwrite(str(folder / "td3.png"), page_with(TD3))
    cv2.imwrite(str(folder / "none.png"), page_with(("<",)))
    cv2.imwrite(str(folder / "line.png"), page_with((TD1[0],), 18)[-60:])
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    rows = [
        {"kind": "page", "path": "pages/td3.png", "lines": TD3},
        {"kind": "page", "path": "pages/none.png", "lines": []},
        {"kind": "page", "path": "pages/bad.png", "lines": TD1},
        {"kind": "page", "path": "pages/missing.png", "lines": TD1},
        {"kind": "line", "path": "pages/line.png", "lines": [TD1[0]]},
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_each_page_is_told_with_its_reason(labels: Path) -> None:
    found = {Path(one.path).stem: one for one in evaluate_mrz(labels, Settings())}
    assert list(found) == ["td3", "none", "bad", "missing"]
    assert (found["td3"].lines, found["td3"].accepted, found["td3"].right) == (TD3, True, True)
    assert (found["none"].lines, found["none"].accepted, found["none"].right) == ((), False, True)
    assert [found[name].right for name in ("bad", "missing")] == [False, False]
    assert all(found[name].reason for name in ("none", "bad", "missing"))


def test_conditions_are_prefixed_and_found_as_png(labels: Path, tmp_path: Path) -> None:
    for name in ("clean", "turned"):
        folder = tmp_path / "conditions" / name / "pages"
        folder.mkdir(parents=True)
        page = page_with(TD3)
        cv2.imwrite(str(folder / "td3.png"), cv2.rotate(page, cv2.ROTATE_180) if name == "turned" else page)
    found = [one for one in evaluate_mrz(labels, Settings(), conditions=tmp_path / "conditions") if one.lines]
    assert [(one.path, one.right) for one in found] == [("clean/pages/td3.png", True), ("turned/pages/td3.png", True)]


def test_lines_are_read_and_never_vouched_for(labels: Path) -> None:
    (one,) = evaluate_mrz(labels, Settings(), kind="line")
    assert (one.lines, one.accepted, one.right) == ((TD1[0],), False, True)


def test_what_a_scorer_reads() -> None:
    stream = io.StringIO()
    write_reading(stream, ReadLabel("a.png", TD3, True, "", True))
    assert json.loads(stream.getvalue()) == {"path": "a.png", "lines": list(TD3), "accepted": True, "reason": ""}


def test_labels_that_are_none_say_so(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    with pytest.raises(UsageError, match="no labels can be read"):
        labelled(path, "page")
    path.write_text('{"kind": "line", "path": "a", "lines": []}\n', encoding="utf-8")
    with pytest.raises(NoInputsError, match="no label of kind 'page'"):
        labelled(path, "page")
    with pytest.raises(UsageError, match="cannot be listed"):
        list(evaluate_mrz(path, Settings(), kind="line", conditions=tmp_path / "none"))
