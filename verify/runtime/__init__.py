"""The one inference runtime, the readers of other network formats, and the model cards with the files they name."""

from __future__ import annotations

from verify.runtime.cards import ModelCard, ModelFile, Operating, fetched_folder, load_card, models_folder
from verify.runtime.fetch import load_file
from verify.runtime.session import Session

__all__ = [
    "ModelCard",
    "ModelFile",
    "Operating",
    "Session",
    "fetched_folder",
    "load_card",
    "load_file",
    "models_folder",
]
