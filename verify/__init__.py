"""verify: files go in, findings for a person come out; the machine only suggests, a named person decides."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.2.0"
