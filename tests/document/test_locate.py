from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.contracts.mrz_engine import TD1, TD3, page_with
from verify.document.engines.ink import ink_of
from verify.document.engines.line import LineReader
from verify.document.engines.line import _told_apart as told_apart
from verify.document.engines.locate import Search
from verify.document.engines.strip import strip_of
from verify.document.engines.zone import ROW_HEIGHT, Zone, crop

Grey = NDArray[np.uint8]


def zones(page: Grey) -> list[Zone]:
    """Of the first level that has any."""
    for level in Search(page):
        found = list(level)
        if found:
            return found
    return []


@pytest.mark.parametrize(("lines", "pitch"), [(TD3, 6), (TD3, 14), (TD3, 45), (TD1, 20)])
def test_the_rows_of_a_zone_are_found_in_any_size(lines: tuple[str, ...], pitch: int) -> None:
    page = page_with(lines, pitch)
    zone = zones(page)[0]
    assert len(zone.rows) == len(lines)
    assert zone.length == pytest.approx(pitch * (len(lines[0]) - 0.4), rel=0.06)
    assert bool(zone.middle()[1] > page.shape[0] / 2)


@pytest.mark.parametrize("angle", [4.0, 45.0, 90.0, -20.0])
def test_rows_are_found_at_any_angle(angle: float) -> None:
    page = page_with(TD3, 18)
    side = int(np.hypot(*page.shape)) + 10
    matrix = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), angle, 1)
    matrix[:, 2] += (side - page.shape[1]) / 2, (side - page.shape[0]) / 2
    turned = np.asarray(cv2.warpAffine(page, matrix, (side, side), borderValue=(235,)), np.uint8)
    zone = zones(turned)[0]
    direction = np.degrees(np.arctan2(zone.frame[1, 0], zone.frame[0, 0]))
    assert abs((direction + angle + 90) % 180 - 90) < 0.7


def test_a_curled_row_is_cut_level() -> None:
    page = page_with(TD3, 18)
    height, width = page.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = np.asarray(cv2.remap(page, x, y + 8 * np.sin(np.pi * x / width), cv2.INTER_LINEAR, borderValue=(235,)))
    zone = zones(bent)[0]
    cut = crop(bent, zone, zone.rows[0])
    assert cut.shape[0] == ROW_HEIGHT
    dark = cut < 128
    middles = [np.flatnonzero(part.any(axis=1)).mean() for part in np.array_split(dark, 4, axis=1)]
    assert np.ptp(middles) < 3


def test_the_other_way_round_is_the_same_place_upside_down() -> None:
    page = page_with(TD3, 18)
    zone = zones(page)[0]
    turned = zone.upside_down()
    first, last = crop(page, zone, zone.rows[0]), crop(page, turned, turned.rows[-1])
    assert np.abs(first.astype(int) - last[::-1, ::-1]).mean() < 12
    assert np.allclose(np.sort(zone.quad().sum(axis=1)), np.sort(turned.quad().sum(axis=1)), atol=1)
    assert strip_of(page, zone.quad()).shape[1] > 40 * strip_of(page, zone.quad()).shape[0] / 9


def test_an_extended_zone_has_the_rows_that_may_have_been_missed() -> None:
    zone = zones(page_with(TD1, 18))[0]
    without = Zone((zone.rows[0], zone.rows[2]), zone.frame, zone.likeness)
    assert len(without.extended().rows) == 4
    assert len(zone.extended().rows) == 5
    between = Zone(zone.rows[:2], zone.frame, zone.likeness).extended().rows
    assert between[-1].y == pytest.approx(zone.rows[2].y, abs=1.5)


def test_a_zone_that_was_kept_is_not_given_again() -> None:
    page = page_with(TD3, 18)
    search, found = Search(page), 0
    for level in search:
        for zone in level:
            search.keep(zone)
            found += 1
    assert found == 1


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (900, 2), (13, 13)])
def test_pages_too_small_have_no_zone(size: tuple[int, int]) -> None:
    assert zones(np.zeros(size, np.uint8)) == []


def test_ink_does_not_depend_on_the_light() -> None:
    page = page_with(TD3, 10)
    shade = np.linspace(1.0, 0.3, page.shape[1])[None]
    shaded = (page * shade).astype(np.uint8)
    both = ink_of(page, 0.5) & ink_of(shaded, 0.5)
    assert both.sum() > 0.9 * ink_of(page, 0.5).sum()


@pytest.mark.parametrize("text", ["OSPELTBECK<<MARISA<<<<", "8205122F1906224LIE<<<<<<<<<<<6"])
def test_a_line_on_its_own_is_read(text: str) -> None:
    page = page_with((text,), 18)
    row = page[-60:]
    said, margin = LineReader().read(np.asarray(row, np.uint8))
    assert said == text
    assert margin > 0
    assert LineReader().read(np.full((40, 300), 255, np.uint8))[0] == ""


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("VZ0REC<<TINA", "VZOREC<<TINA"),
        ("8812O49F25<<<O", "8812049F25<<<0"),
        ("XOOOOOO<<9", "X000000<<9"),
        ("KOOIJ<<JAN", "KOOIJ<<JAN"),
        ("PO1<<A0B", "PO1<<AOB"),
        ("C01X0OT478D", "C01X0OT478D"),
    ],
)
def test_o_and_nought_go_by_their_neighbours_where_the_picture_does_not_tell(read: str, meant: str) -> None:
    even = np.zeros((len(read), 37), np.float32)
    assert told_apart(read, even) == meant
    sure = even.copy()
    sure[:, 0] = 9
    assert told_apart(read, sure) == read
