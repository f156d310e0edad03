"""Labels in lines that were read with errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.document.viz.labels import bare, labels_in


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("4. Date of birth/Geburtstag/", {"birth_date"}),
        ("Liate of expity", {"expiry_date"}),
        ("Kyn/ Sex/ Sexe", {"sex"}),
        ("Surname/Name/Nom", {"primary_identifier"}),
        ("Given names/ Prénoms", {"secondary_identifier"}),
        ("Lieu de naissance", {"place_of_birth"}),
        ("Type / Issuing state", {"other", "issuing_state"}),
        ("Sex Place of birth", {"sex", "place_of_birth"}),
        ("Duration of stay", {"duration_of_stay"}),
        ("MUSTERMANN", set()),
        ("12 AUG 1999", set()),
        ("", set()),
    ],
)
def test_labels_are_told(line: str, fields: set[str]) -> None:
    assert {label.field for label in labels_in(line)} == fields


def test_the_place_of_a_label_lets_its_value_be_cut_off() -> None:
    (label,) = labels_in("Surname: ERIKSSON")
    assert "Surname: ERIKSSON"[label.end :] == ": ERIKSSON"


@given(st.text(max_size=60))
def test_places_stay_what_they_are(text: str) -> None:
    assert len(bare(text)) == len(text)
    for label in labels_in(text):
        assert 0 <= label.start < label.end <= len(text)
