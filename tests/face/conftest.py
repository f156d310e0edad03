from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def faces_folder() -> Path:
    """Rendered portraits of invented people (samples/faces/README.md)."""
    return Path(__file__).parents[2] / "samples" / "faces"
