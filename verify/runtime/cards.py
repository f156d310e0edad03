"""Model cards: what a network is, where it may come from, and what was measured with it.

A card is a TOML file in `models/`. No number in it is a setting: every figure is a measurement with its data set and
date, and an engine whose file does not have the card's SHA-256 gets no threshold at all.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from verify.errors import MissingEngineError, UsageError

__all__ = ["ModelCard", "Operating", "load_card", "models_folder"]


@dataclass(frozen=True, slots=True)
class Operating:
    """A table of measured operating points.

    Attributes:
        kind: of score, e.g. "cosine similarity".
        fmr: (false match rate, score) pairs, the rates falling.
        fnmr: (false non-match rate, score) pairs, the rates falling.
        data_set: with its size.
        measured: ISO date.
        note: what the figures do not cover.
    """

    kind: str
    fmr: tuple[tuple[float, float], ...]
    fnmr: tuple[tuple[float, float], ...]
    data_set: str
    measured: str
    note: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One network: its name, licence, origin, SHA-256 and measured operating points."""

    name: str
    licence: str
    source: str
    sha256: str
    operating: Operating


def models_folder() -> Path:
    """The folder of the cards: inside an installed package, or at the root of a checkout."""
    inside = Path(__file__).parents[1] / "_models"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "models"


def load_card(name: str) -> ModelCard:
    """Reads a card.

    Raises:
        MissingEngineError: there is no card of that name.
        UsageError: the card is incomplete or no TOML.
    """
    path = models_folder() / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MissingEngineError(f"no model card '{name}' in {path.parent}") from error
    try:
        raw = tomllib.loads(text)
        points = raw["operating"]
        operating = Operating(
            kind=points["kind"],
            fmr=tuple((float(rate), float(score)) for rate, score in points["fmr"]),
            fnmr=tuple((float(rate), float(score)) for rate, score in points["fnmr"]),
            data_set=points["data_set"],
            measured=points["measured"],
            note=points["note"],
        )
        return ModelCard(raw["name"], raw["licence"], raw["source"], raw["sha256"], operating)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: the card is incomplete or damaged ({error})") from error
