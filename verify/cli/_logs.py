"""--log-format and --log-level: the log goes to stderr, as text for a person or as JSON lines for a collector."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["log_options", "start_log"]

_F = TypeVar("_F", bound=Callable[..., Any])
_LEVELS = ("debug", "info", "warning", "error")


def log_options(function: _F) -> _F:
    """--log-format and --log-level."""
    for option in (
        click.option("--log-level", type=click.Choice(_LEVELS), help="default: warning for text, info for json"),
        click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="of the log on stderr"),
    ):
        function = option(function)
    return function


def start_log(log_format: str, log_level: str | None) -> None:
    """Lets the toolkit's own log out on stderr; that of other packages stays in, since it may say what they read."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text())
    logger = logging.getLogger("verify")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel((log_level or ("info" if log_format == "json" else "warning")).upper())


class _Json(logging.Formatter):
    """One JSON object a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **_facts(record),
        }
        return json.dumps(line, ensure_ascii=True, allow_nan=False)


class _Text(logging.Formatter):
    """`verify: event, name value, ...`."""

    def format(self, record: logging.LogRecord) -> str:
        parts = [f"{name} {_words(value)}" for name, value in _facts(record).items()]
        return f"verify: {', '.join([record.getMessage(), *parts])}"


def _facts(record: logging.LogRecord) -> dict[str, object]:
    facts: dict[str, object] = getattr(record, "facts", {})
    return facts


def _words(value: object) -> str:
    if isinstance(value, dict):
        return " + ".join(f"{count} {name}" for name, count in value.items()) or "none"
    return str(value)
