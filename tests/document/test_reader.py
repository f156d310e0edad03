from __future__ import annotations

import datetime as dt

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.contracts.mrz_engine import TD1, TD3, page_with
from verify.document.engines import StripReading
from verify.document.page import find_cards, rectify, turn, turns_of
from verify.document.reader import read_mrz

DAY = dt.date(2026, 6, 15)
Picture = NDArray[np.uint8]


class Scripted:
    """An engine that says what it is told to, and keeps what it was given."""

    name = "scripted 1"
    any_angle = False
    starts_programs = False

    def __init__(self, *answers: list[StripReading]) -> None:
        self.answers, self.pages = list(answers), list[Picture]()

    def read(self, page: Picture, *, seconds: float) -> list[StripReading]:
        assert seconds > 0
        self.pages.append(page)
        return self.answers.pop(0) if self.answers else []


def reading(lines: tuple[str, ...], turns: int = 0, reason: str = "") -> StripReading:
    quad = np.roll(np.array([(0, 0), (400, 0), (400, 50), (0, 50)], np.float32), turns, axis=0)
    return StripReading(lines, np.zeros((50, 400), np.uint8), quad, reason)


def colour(page: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2RGB), np.uint8)


def test_a_reading_is_parsed_and_the_page_stays() -> None:
    page = colour(page_with(TD3))
    found = read_mrz(page, Scripted([reading(TD3)]), reference_date=DAY, seconds=5)
    assert found.result is not None
    assert (list(found.result.lines), found.result.engine, found.reason, found.turns) == (
        list(TD3),
        "scripted 1",
        "",
        0,
    )
    assert np.array_equal(found.page, page)


def test_a_strip_read_upside_down_turns_the_page() -> None:
    page = colour(page_with(TD3))
    found = read_mrz(turn(page, 2), Scripted([reading(TD3, 2)]), reference_date=DAY, seconds=5)
    assert found.turns == 2
    assert np.array_equal(found.page, page)


def test_the_best_of_several_strips_is_taken() -> None:
    worse = (TD3[0], TD3[1].replace("740812", "74O8I2"))
    found = read_mrz(colour(page_with(TD3)), Scripted([reading(worse), reading(TD3)]), reference_date=DAY, seconds=5)
    assert found.result is not None
    assert found.result.forced == ()


def test_no_strip_is_a_value_with_a_reason_after_other_views() -> None:
    engine = Scripted()
    page = colour(page_with(TD3))
    found = read_mrz(page, engine, reference_date=DAY, seconds=5)
    assert (found.result, found.reason, found.strip, found.turns) == (
        None,
        "no machine readable zone was found",
        None,
        0,
    )
    assert np.array_equal(found.page, page)
    assert len(engine.pages) >= 2
    assert engine.pages[-1].shape == page.shape[1::-1]


def test_a_strip_that_fits_nothing_says_so_and_is_kept() -> None:
    found = read_mrz(
        colour(page_with(TD3)), Scripted([reading(("HELLO", "WORLD"), reason="slow")]), reference_date=DAY, seconds=5
    )
    assert found.result is None
    assert found.reason == "a strip was found, but no format fits its text; slow"
    assert found.strip is not None


def test_much_repaired_lines_with_failing_digits_are_no_result() -> None:
    noisy = ("P<UT0ER1KSS0N<<ANNA<MAR1A<<<<<<<<<<<<<<<<<<<", "L8989O2C38UT07408I2ZF1204158ZE184226B<<<<<10")
    assert read_mrz(colour(page_with(TD3)), Scripted([reading(noisy)]), reference_date=DAY, seconds=5).result is None


def test_no_time() -> None:
    found = read_mrz(colour(page_with(TD3)), Scripted(), reference_date=DAY, seconds=0)
    assert (found.result, found.reason) == (None, "no machine readable zone was found; the time for this page ran out")


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_turns_and_their_quads(turns: int) -> None:
    page = page_with(TD1)
    assert np.array_equal(turn(turn(page, turns), -turns), page)
    quad = np.array([(0, 0), (400, 0), (400, 50), (0, 50)], np.float32)
    clockwise = np.deg2rad(90 * turns)
    rotation = np.array([(np.cos(clockwise), np.sin(clockwise)), (-np.sin(clockwise), np.cos(clockwise))], np.float32)
    assert turns_of(quad @ rotation) == -turns % 4


@pytest.mark.parametrize("angle", [0, 12, -35])
def test_a_card_on_a_sheet_is_found_and_straightened(angle: float) -> None:
    sheet = np.full((1600, 1200, 3), 250, np.uint8)
    card = np.full((360, 570, 3), (200, 214, 240), np.uint8)
    card[:60] = (30, 60, 120)
    matrix = cv2.getRotationMatrix2D((285, 180), angle, 1)
    matrix[:, 2] += (300, 600)
    warped = cv2.warpAffine(card, matrix, (1200, 1600), dst=sheet, borderMode=cv2.BORDER_TRANSPARENT)
    (quad,) = find_cards(np.asarray(warped, np.uint8))
    true = cv2.transform(np.array([[(0, 0), (570, 0), (570, 360), (0, 360)]], np.float32), matrix)[0]
    distances = np.linalg.norm(true[:, None] - quad[None], axis=2).min(axis=1)
    assert distances.max() < 12
    straight = rectify(np.asarray(warped, np.uint8), quad)
    assert abs(straight.shape[1] / straight.shape[0] - 570 / 360) < 0.06


def test_an_empty_sheet_has_no_card() -> None:
    assert find_cards(np.full((900, 700, 3), 250, np.uint8)) == []
