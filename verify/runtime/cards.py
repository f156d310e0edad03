"""Model cards: what a network is, where it may come from, and what was measured with it.

A card is a TOML file in `models/`. No number in it is a setting: every figure is a measurement with its data set and
date, and an engine whose file does not have the card's SHA-256 gets no threshold at all.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.errors import MissingEngineError, PolicyError, UsageError

__all__ = ["ModelCard", "ModelFile", "Operating", "fetched_folder", "load_card", "models_folder"]

PAIRS = ("document", "chip", "ghost")
"""A document's portrait against a live capture, the printed one against that of the chip, and against its ghost."""


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
        llr: offset and slope of the natural log-likelihood ratio over the score (logistic fit); None when not fitted.
    """

    kind: str
    fmr: tuple[tuple[float, float], ...]
    fnmr: tuple[tuple[float, float], ...]
    data_set: str
    measured: str
    note: str
    llr: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of an engine, as its publisher has it.

    Attributes:
        name: of the file.
        part: what it is for, e.g. "detector".
        licence: of the weights.
        url: where its publisher has it; empty for a file that comes with a package or from the user.
        size: bytes.
        sha256: a file with another one is refused.
    """

    name: str
    part: str
    licence: str
    url: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One engine's embedding network and what belongs to it.

    Attributes:
        name: of the network.
        licence: of the weights.
        source: where it comes from, for a reader.
        sha256: of the network's file, or of its weights where it has two.
        files: everything the engine loads, as far as the card lists it.
        measured: operating points; None when nothing was measured.
        normalised: the same for scores normalised by a cohort.
        pairs: the same for pictures of two kinds, by name: document, chip, ghost.
        rest: the other tables of the card, as TOML gives them.
    """

    name: str
    licence: str
    source: str
    sha256: str
    files: tuple[ModelFile, ...] = ()
    measured: Operating | None = None
    normalised: Operating | None = None
    pairs: Mapping[str, Operating] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def operating(self) -> Operating:
        """The operating points.

        Raises:
            PolicyError: nothing was measured with this network, so no threshold can be given for it.
        """
        if self.measured is None:
            raise PolicyError(
                f"no operating points of '{self.name}' are in its model card, so there is no threshold for its scores; "
                "measure them with 'verify evaluate faces' and write them down under [operating]"
            )
        return self.measured


def models_folder() -> Path:
    """The folder of the cards: inside an installed package, or at the root of a checkout."""
    inside = Path(__file__).parents[1] / "_models"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "models"


def fetched_folder() -> Path:
    """The usual folder of fetched models: `verify/models` in the user's data folder (XDG_DATA_HOME)."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "verify" / "models"


def load_card(name: str, folder: Path | None = None) -> ModelCard:
    """Reads a card.

    Args:
        name: of the card, or its path without the ending.
        folder: where it lies; None for the cards that come with the toolkit, and then the usual folder of fetched
        models.

    Raises:
        MissingEngineError: there is no card of that name.
        UsageError: the card is incomplete or no TOML.
    """
    path = (folder or models_folder()) / f"{name}.toml"
    if folder is None and not path.is_file():
        path = fetched_folder() / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MissingEngineError(f"no model card '{name}' in {folder or models_folder()}") from error
    try:
        raw = tomllib.loads(text)
        title, licence, source, sha256 = (str(raw.pop(key)) for key in ("name", "licence", "source", "sha256"))
        files = tuple(ModelFile(**one) for one in raw.pop("files", ()))
        measured, normalised = (
            None if (one := raw.pop(key, None)) is None else _operating(one) for key in ("operating", "normalised")
        )
        pairs = {key: _operating(raw.pop(key)) for key in PAIRS if key in raw}
        return ModelCard(title, licence, source, sha256, files, measured, normalised, pairs, raw)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: the card is incomplete or damaged ({error})") from error


def _operating(points: Mapping[str, Any]) -> Operating:
    return Operating(
        kind=points["kind"],
        fmr=tuple((float(rate), float(score)) for rate, score in points["fmr"]),
        fnmr=tuple((float(rate), float(score)) for rate, score in points["fnmr"]),
        data_set=points["data_set"],
        measured=points["measured"],
        note=points["note"],
        llr=(float(points["llr"]["offset"]), float(points["llr"]["slope"])) if "llr" in points else None,
    )
