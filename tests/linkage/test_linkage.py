"""Links do not depend on the order of the batch, are those of the naive loop, and the unread is never a difference."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.face import APPEARANCE_SIDE
from verify.linkage import FaceLink, Presence, differs, faces, presence_of, same_document, same_face, same_portrait
from verify.model.face import Box, FaceQuality, FaceRole, FaceTemplate
from verify.model.item import Item, ItemFile, Role
from verify.model.mrz import CheckDigit, FieldState, MrzDate, MrzField, MrzResult
from verify.model.outcome import FileOutcome, Outcome
from verify.model.result import FileReading, ItemResult
from verify.model.score import Threshold

MODEL = "ab" * 32
THRESHOLD = Threshold(0.9, "invented engine", MODEL, "an aim", "invented", "2026-11-01")
DAY = dt.date(2026, 11, 20)
QUALITY = FaceQuality(60.0, 200.0, 120.0)


def template(person: int, view: int, role: FaceRole = FaceRole.PORTRAIT, size: int = 16) -> FaceTemplate:
    """Two views of one person have a cosine of about 0.97, two people of about 0."""
    base = np.random.default_rng(person).normal(size=size)
    noise = np.random.default_rng((person, view)).normal(size=size)
    vector = base / np.linalg.norm(base) + 0.18 * noise / np.linalg.norm(noise)
    look = random.Random(f"{person} {view}").randbytes(APPEARANCE_SIDE**2).hex()
    return FaceTemplate(tuple(vector.tolist()), "e", MODEL, role, Box(0, 0, 9, 9), QUALITY, "document", "", look)


def presence(item_id: str, *found: FaceTemplate, **facts: object) -> Presence:
    return dataclasses.replace(Presence(item_id, "", (), None, False, found), **facts)  # type: ignore[arg-type]


def pairs(links: list[FaceLink]) -> list[tuple[str, str]]:
    return [(link.one.item_id, link.other.item_id) for link in links]


def unordered(links: list[FaceLink]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in pairs(links)}


def cosine(one: FaceTemplate, other: FaceTemplate) -> float:
    a, b = np.array(one.vector), np.array(other.vector)
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def naive(batch: list[Presence]) -> set[frozenset[str]]:
    return {
        frozenset((one.item_id, other.item_id))
        for index, one in enumerate(batch)
        for other in batch[index + 1 :]
        if any(cosine(a, b) >= THRESHOLD.value for a in one.faces for b in other.faces)
    }


people = st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=3), max_size=12)


def batch_of(drawn: list[list[tuple[int, int]]]) -> list[Presence]:
    return [presence(f"i{n}", *(template(p, v) for p, v in one)) for n, one in enumerate(drawn)]


@given(people, st.randoms(use_true_random=False), st.integers(1, 5))
def test_faces_are_linked_as_by_the_naive_loop_in_any_order_and_block_size(
    drawn: list[list[tuple[int, int]]], shuffle: random.Random, block: int
) -> None:
    batch = batch_of(drawn)
    shuffled = shuffle.sample(batch, len(batch))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faces, "_BLOCK", block)
        links, other = same_face(batch, THRESHOLD), same_face(shuffled, THRESHOLD)
    assert unordered(links) == unordered(other) == naive(batch)
    assert len(links) == len(unordered(links)), "a pair is told once"


@given(people)
def test_links_come_in_the_order_of_the_batch_and_each_side_has_its_own_face(
    drawn: list[list[tuple[int, int]]],
) -> None:
    batch = batch_of(drawn)
    place = {one.item_id: index for index, one in enumerate(batch)}
    links = same_face(batch, THRESHOLD)
    places = [(place[one], place[other]) for one, other in pairs(links)]
    assert places == sorted(places)
    assert all(one < other for one, other in places)
    for link in links:
        assert link.face in link.one.faces
        assert link.other_face in link.other.faces
        best = max(cosine(a, b) for a in link.one.faces for b in link.other.faces)
        assert cosine(link.face, link.other_face) == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("size", [1, 3, 4, 5, 7, 8, 9])
@pytest.mark.parametrize("block", [1, 2, 4, 1024])
def test_pairs_across_block_borders(size: int, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "_BLOCK", block)
    matrix = faces._unit([template(0, view) for view in range(size)])
    found = [(row, column) for row, column, _score in faces._pairs(matrix, 0.9)]
    assert sorted(found) == [(i, j) for i in range(size) for j in range(i + 1, size)]
    assert all(
        score == pytest.approx(float(matrix[i] @ matrix[j]), abs=1e-6) for i, j, score in faces._pairs(matrix, -1.0)
    )


def test_the_threshold_itself_is_above_it() -> None:
    # 0.75 is exact in binary, so no rounding is at work
    one = dataclasses.replace(template(0, 0), vector=(1.0, 0.0))
    other = dataclasses.replace(one, vector=(0.75, 0.4375**0.5))
    batch = [presence("a", one), presence("b", other)]
    score = float(faces._pairs(faces._unit([one, other]), -1.0)[0][2])
    assert unordered(same_face(batch, dataclasses.replace(THRESHOLD, value=score))) == {frozenset("ab")}
    above = float(np.nextafter(np.float32(score), np.float32(1)))
    assert same_face(batch, dataclasses.replace(THRESHOLD, value=above)) == []


def test_two_faces_of_one_item_are_no_link() -> None:
    batch = [presence("a", template(1, 0), template(1, 1, FaceRole.LIVE)), presence("b", template(2, 0))]
    assert same_face(batch, THRESHOLD) == []


def test_an_empty_batch_has_no_links() -> None:
    assert same_face([], THRESHOLD) == []
    assert same_portrait([]) == []
    assert same_face([presence("a"), presence("b")], THRESHOLD) == []


def test_templates_of_different_models_are_never_compared() -> None:
    other = dataclasses.replace(template(1, 0), model_sha256="cd" * 32)
    batch = [presence("a", template(1, 0)), presence("b", other)]
    assert same_face(batch, THRESHOLD) == []
    assert same_portrait(batch) == []


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=8), st.randoms(use_true_random=False))
def test_a_portrait_is_the_same_only_when_the_picture_is(drawn: list[tuple[int, int]], shuffle: random.Random) -> None:
    batch = [presence(f"i{n}", template(*one)) for n, one in enumerate(drawn)]
    wanted = {
        frozenset((f"i{i}", f"i{j}"))
        for i in range(len(drawn))
        for j in range(i + 1, len(drawn))
        if drawn[i] == drawn[j]
    }
    assert unordered(same_portrait(batch)) == wanted
    assert unordered(same_portrait(shuffle.sample(batch, len(batch)))) == wanted


def test_only_portraits_with_an_appearance_are_compared_as_pictures() -> None:
    portrait = template(1, 0)
    live = dataclasses.replace(portrait, role=FaceRole.LIVE)
    bare = dataclasses.replace(portrait, appearance="")
    grey = dataclasses.replace(portrait, appearance="80" * APPEARANCE_SIDE**2)
    assert same_portrait([presence("a", portrait), presence("b", live)]) == []
    assert same_portrait([presence("a", portrait), presence("b", bare)]) == []
    assert same_portrait([presence("a", grey), presence("b", grey)]) == [], "an even grey is no picture"


numbers = st.sampled_from([None, ("UTO", "L898902C3"), ("UTO", "X1"), ("FRA", "X1")])


@given(st.lists(numbers, max_size=10), st.randoms(use_true_random=False))
def test_documents_are_grouped_whatever_the_order(drawn: list[tuple[str, str] | None], shuffle: random.Random) -> None:
    batch = [presence(f"i{n}", document=one) for n, one in enumerate(drawn)]

    def groups(of: list[Presence]) -> set[frozenset[str]]:
        return {frozenset(one.item_id for one in group) for group in same_document(of)}

    found = groups(batch)
    assert found == groups(shuffle.sample(batch, len(batch)))
    wanted = {
        frozenset(f"i{n}" for n, other in enumerate(drawn) if other == one)
        for one in drawn
        if one is not None and drawn.count(one) > 1
    }
    assert found == wanted
    for group in same_document(batch):
        assert list(group) == [one for one in batch if one in group], "in the order of the batch"


names = st.sampled_from(["", "ERIKSSON ANNA MARIA", "LINDQVIST BRITT", "ERIKSON ANNA"])
dates = st.lists(
    st.sampled_from([dt.date(1974, 8, 12), dt.date(1912, 2, 3), dt.date(2012, 2, 3)]), unique=True, max_size=2
)
identity = st.builds(lambda name, days: presence("x", name=name, birth_dates=tuple(days)), names, dates)


@given(identity, identity)
def test_differing_is_symmetric_and_never_from_what_was_not_read(one: Presence, other: Presence) -> None:
    found = differs(one, other)
    assert found == differs(other, one)
    if not one.name or not other.name:
        assert "name" not in found
    if not one.birth_dates or not other.birth_dates:
        assert "birth date" not in found
    assert differs(one, one) == ()


def test_what_differs_is_named() -> None:
    anna = presence("a", name="ERIKSSON ANNA MARIA", birth_dates=(dt.date(1974, 8, 12),))
    britt = presence("b", name="LINDQVIST BRITT", birth_dates=(dt.date(2012, 2, 3), dt.date(1912, 2, 3)))
    assert differs(anna, britt) == ("name", "birth date")
    assert differs(anna, dataclasses.replace(britt, name="MARIA ANNA ERIKSSON")) == ("birth date",)
    assert differs(britt, dataclasses.replace(britt, birth_dates=(dt.date(1912, 2, 3),))) == (), "either century"


def zone(*, state: str = "UTO", number: str = "L898902C3", verifies: bool | None = True) -> MrzResult:
    values = {
        "primary_identifier": "ERIKSSON",
        "secondary_identifier": "ANNA",
        "issuing_state": state,
        "document_number": number,
    }
    return MrzResult(
        format="TD3",
        lines=(),
        raw_lines=(),
        fields=tuple(MrzField(name, value, value, FieldState.READ, 0, 0, 0) for name, value in values.items()),
        check_digits=(CheckDigit("document_number_check_digit", "6", "6", verifies, 1, 9),),
        birth_date=MrzDate("740812", (dt.date(1974, 8, 12),)),
        expiry_date=MrzDate("", ()),
        engine="invented",
    )


def result(*readings: tuple[Role, MrzResult | None, tuple[FaceTemplate, ...]]) -> ItemResult:
    files = tuple(ItemFile(role, f"{role}.png") for role, _mrz, _faces in readings)
    return ItemResult(
        Item("A-1", DAY, files),
        tuple(FileReading(FileOutcome(role, "x", Outcome.OK), mrz, faces=found) for role, mrz, found in readings),
    )


def test_a_presence_is_the_travel_document_and_its_faces() -> None:
    portrait, ghost = template(1, 0), template(1, 1, FaceRole.GHOST)
    live, behind = template(1, 2, FaceRole.LIVE), template(2, 0, FaceRole.OTHER)
    found = presence_of(
        result(
            (Role.VISA, zone(number="V1"), (template(3, 0),)),
            (Role.DOCUMENT, zone(), (portrait, ghost)),
            (Role.CAPTURE, None, (live, behind)),
        )
    )
    assert found == Presence(
        "A-1", "ERIKSSON ANNA", (dt.date(1974, 8, 12),), ("UTO", "L898902C3"), True, (portrait, live), "ERIKSSON"
    )


@pytest.mark.parametrize("unread", [{"state": ""}, {"number": ""}])
def test_a_number_without_issuer_or_an_issuer_without_number_is_no_document(unread: dict[str, str]) -> None:
    assert presence_of(result((Role.DOCUMENT, zone(**unread), ()))).document is None  # type: ignore[arg-type]


@pytest.mark.parametrize("verifies", [False, None])
def test_a_number_is_supported_only_by_a_digit_that_verifies(verifies: bool | None) -> None:
    assert not presence_of(result((Role.DOCUMENT, zone(verifies=verifies), ()))).supported


def test_without_an_mrz_only_the_faces_remain() -> None:
    live = template(1, 2, FaceRole.LIVE)
    found = presence_of(result((Role.DOCUMENT, None, ()), (Role.CAPTURE, None, (live,))))
    assert found == Presence("A-1", "", (), None, False, (live,))
