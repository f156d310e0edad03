"""Measurements of this toolkit itself: what it makes of inputs whose truth is told apart from it."""

from __future__ import annotations

from verify.evaluate.hostile import HostileFile, HostileReport, evaluate_hostile, write_line

__all__ = ["HostileFile", "HostileReport", "evaluate_hostile", "write_line"]
