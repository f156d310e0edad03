"""Which pages of a document have their print read, and what is said where it is not."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from verify.batch.codec import READING
from verify.batch.stages import Engines, read_file
from verify.model.face import Box
from verify.model.item import ItemFile, Role
from verify.model.result import FileReading
from verify.model.viz import VizLine, VizLook, VizReading
from verify.settings import Settings


class Nothing:
    """Finds neither strips nor faces."""

    any_angle = True
    name = "nothing 1"
    sure = 0.9

    def read(self, *_given: Any, **_named: Any) -> list[Any]:
        return []

    detect = read


class Reader:
    """Reads one line on every page, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def read(self, page: Any, mrz: Any, quad: Any, **named: Any) -> VizReading:
        self.given.append({"mrz": mrz, "quad": quad, **named})
        look = VizLook("ERIKSSON", (9.0,) * 8)
        return VizReading("invented 1", (VizLine((look,), Box(0, 0, 80, 12), named["number"]),))


def read(tmp_path: Path, role: Role, reader: Reader | None, *, pages: int = 1) -> FileReading:
    page = Image.fromarray(np.full((120, 180, 3), 240, np.uint8))
    path = tmp_path / "page.tif"
    page.save(path, save_all=True, append_images=[page] * (pages - 1))
    nothing: Any = Nothing()
    given: Any = reader
    descriptor = os.open(path, os.O_RDONLY)
    try:
        engines = Engines(nothing, nothing, viz=given)
        return read_file(descriptor, ItemFile(role, path.name), engines, Settings(), dt.date(2026, 6, 1))[0]
    finally:
        os.close(descriptor)


def test_the_front_of_a_card_is_read_without_a_zone(tmp_path: Path) -> None:
    reader = Reader()
    reading = read(tmp_path, Role.DOCUMENT_FRONT, reader)
    assert reading.viz is not None and [line.text for line in reading.viz.lines] == ["ERIKSSON"]
    assert not reading.viz_reason
    assert reader.given[0]["mrz"] is None and reader.given[0]["seconds"] > 0
    assert READING.validate_json(READING.dump_json(reading)) == reading


def test_a_page_without_a_zone_is_not_read_where_it_is_alone(tmp_path: Path) -> None:
    reader = Reader()
    reading = read(tmp_path, Role.DOCUMENT, reader)
    assert (reading.viz, reader.given) == (None, [])
    assert "no zone" in reading.viz_reason


def test_of_several_pages_each_is_read_as_the_zone_may_be_on_another(tmp_path: Path) -> None:
    reading = read(tmp_path, Role.DOCUMENT, Reader(), pages=2)
    assert reading.viz is not None
    assert [line.page for line in reading.viz.lines] == [1, 2]


@pytest.mark.parametrize("role", [Role.DOCUMENT_FRONT, Role.CAPTURE])
def test_without_a_reader_a_document_says_so(tmp_path: Path, role: Role) -> None:
    reading = read(tmp_path, role, None)
    assert reading.viz is None
    assert ("not installed" in reading.viz_reason) is (role is Role.DOCUMENT_FRONT)
