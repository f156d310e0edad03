"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import getpass
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from verify.errors import UsageError
from verify.model.judgement import ReviewRole
from verify.settings import Settings, load_settings
from verify.vault.keys import load_key_file

if TYPE_CHECKING:
    from verify.face import Cohort

__all__ = [
    "FILE",
    "accounts_option",
    "day",
    "key_option",
    "load_kek",
    "load_site_cohort",
    "operator_option",
    "role_option",
    "settings_from",
    "settings_options",
    "today",
]

_F = TypeVar("_F", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without an entry, as in some containers
        return f"user {os.getuid()}"


def settings_options(function: _F) -> _F:
    """--settings, --profile, --jobs: what changes how files are read."""
    for option in (
        click.option("--settings", "settings_file", type=FILE, help="TOML file; default ./verify.toml if there is one"),
        click.option("--profile", type=click.Choice(["operational", "specimen"]), help="'specimen' accepts UTO"),
        click.option("--jobs", type=click.IntRange(min=1), help="worker processes; default one for each processor"),
    ):
        function = option(function)
    return function


def key_option(function: _F) -> _F:
    """--key-file."""
    return click.option("--key-file", type=FILE, help="key that opens jobs and galleries (or VERIFY_KEY_FILE)")(
        function
    )


def operator_option(function: _F) -> _F:
    """--operator."""
    return click.option("--operator", default=_user, show_default="the user's name", help="who answers for it")(
        function
    )


def accounts_option(function: _F) -> _F:
    """--accounts."""
    return click.option(
        "--accounts", type=FILE, default=Path("reviewers.json"), show_default=True, help="who may sign in to reviews"
    )(function)


def role_option(function: _F) -> _F:
    """--role."""
    roles = click.Choice([role.value for role in ReviewRole])
    return click.option(
        "--role", type=roles, default=ReviewRole.REVIEWER.value, show_default=True, help="what the person may do"
    )(function)


def settings_from(settings_file: Path | None = None, **flags: object) -> Settings:
    """Settings from file, environment and these flags."""
    return load_settings(file=settings_file, flags=flags)


def load_kek(settings: Settings) -> bytes:
    """The key of the key file.

    Raises:
        UsageError: none is named.
        PolicyError: it cannot be used.
    """
    if settings.key_file is None:
        raise UsageError("name the key file by --key-file or VERIFY_KEY_FILE; 'verify key create FILE' makes one")
    return load_key_file(settings.key_file)


def load_site_cohort(settings: Settings, kek: bytes) -> Cohort | None:
    """The cohort that the settings name; None when they name none."""
    from verify.face import load_cohort

    return load_cohort(settings.cohort, kek) if settings.cohort is not None else None


def day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> dt.date | None:
    """A date option, ISO 8601."""
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter("give it as YYYY-MM-DD") from None


def today() -> dt.date:
    """Today, UTC."""
    return dt.datetime.now(dt.UTC).date()
