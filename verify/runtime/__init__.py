"""The loader of model cards; the one inference runtime joins it when an engine needs it."""

from __future__ import annotations

from verify.runtime.cards import ModelCard, Operating, load_card

__all__ = ["ModelCard", "Operating", "load_card"]
