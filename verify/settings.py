"""One frozen `Settings`: defaults < verify.toml < environment (VERIFY_*) < flag.

Every field that changes a result is part of the fingerprint of a run (`result_fingerprint`), so that a
record can always say with which settings it was made.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from verify.errors import UsageError

__all__ = ["Limits", "Settings", "load_settings"]

_PREFIX = "VERIFY_"
_CODE = {"checks_folder", "allowed_checks"}


class Limits(BaseModel):
    """What one untrusted file may cost. A file over a limit is `too_large` or `resource`, never a crash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_bytes: int = Field(100_000_000, gt=0, description="size of a file")
    max_pixels: int = Field(100_000_000, gt=0, description="pixels of one page")
    max_side: int = Field(20_000, gt=0, description="pixels of one side of a page")
    max_pages: int = Field(50, gt=0, description="pages of one file")
    max_scans: int = Field(200, gt=0, description="scans of one progressive JPEG")
    seconds: float = Field(10.0, gt=0, description="wall time for one file, reading included")
    memory: int = Field(2 << 30, gt=0, description="bytes a worker may take beyond its models")


class Settings(BaseModel):
    """Everything a run can be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_file: Path | None = Field(None, description="file with the key that opens jobs and galleries")
    profile: Literal["operational", "specimen"] = Field(
        "operational", description="'specimen' accepts the codes of invented states (UTO)"
    )
    trust: Path | None = Field(None, description="folder of the trust store, made by 'verify trust import'")
    jobs: int = Field(0, ge=0, description="worker processes; 0 takes one for each processor")
    batch_engine: Literal["local", "ray"] = Field("local", description="where files are read: here, or by Ray")
    ray_address: str = Field("", description="of a Ray cluster, HOST:PORT; empty starts one on this machine only")
    mrz_engine: str = Field("own", description="engine that reads the MRZ: own, passporteye, tesseract")
    viz_engine: Literal["auto", "ppocr", "none"] = Field(
        "auto", description="engine that reads the printed page (VIZ); 'auto' takes ppocr where it is installed"
    )
    face_engine: str = Field(
        "auto",
        description="engine that compares faces: dlib, omz, onnx:CARD; 'auto' takes that of the galleries searched or "
        "of the job, otherwise omz where its files are, otherwise dlib",
    )
    models: Path | None = Field(None, description="folder of fetched models; default in the user's data folder")
    cohort: Path | None = Field(
        None, description="faces of many people to normalise searches with, made by 'verify cohort build'"
    )
    border: int = Field(0, ge=0, le=1000, description="pixels put around captures that are cut close to the face")
    fpir: float = Field(
        0.001, gt=0, lt=1, description="aimed-at false positive identification rate of a person in one gallery"
    )
    fnmr: float = Field(0.01, gt=0, lt=1, description="aimed-at false non-match rate of portrait against live capture")
    candidates: int = Field(10, gt=0, le=100, description="longest candidate list")
    retention_days: int = Field(30, gt=0, description="days a job may be kept")
    skip_checks: tuple[str, ...] = Field((), description="codes of checks that this site switches off")
    checks_folder: Path | None = Field(None, description="folder of the site's own checks; see docs/adding-a-check.md")
    allowed_checks: dict[str, str] = Field(
        default_factory=dict, description="files of that folder whose code is run, each with its SHA-256"
    )
    require_sandbox: bool = Field(False, description="refuse to run where landlock or seccomp is not in force")
    limits: Limits = Field(default_factory=lambda: Limits())

    @property
    def workers(self) -> int:
        """Worker processes to start."""
        return self.jobs or os.cpu_count() or 1

    def result_fingerprint(self) -> str:
        """SHA-256 over the fields that can change a result; keys, workers and their place, and retention cannot.

        Neither can the places of the trust store and the cohort; their versions are told beside the engines.
        """
        without = {"key_file", "trust", "cohort", "models", "jobs", "batch_engine", "ray_address", "retention_days"}
        without |= {"require_sandbox", "checks_folder"}
        text = self.model_dump_json(exclude=without)
        return hashlib.sha256(text.encode()).hexdigest()

    def reading_fingerprint(self) -> str:
        """SHA-256 over the fields that can change what is read from a file."""
        text = self.model_dump_json(include={"limits", "mrz_engine", "viz_engine", "face_engine", "border"})
        return hashlib.sha256(text.encode()).hexdigest()


def load_settings(
    *,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Settings from all their sources, the later overriding the earlier.

    Args:
        file: a TOML file; None looks for `verify.toml` in the current folder.
        environ: names such as VERIFY_KEY_FILE, and VERIFY_LIMITS_SECONDS for nested ones; None takes the process's.
        flags: from the command line; None values do not count.

    Raises:
        UsageError: naming the source, the setting and what is wrong with it.
    """
    merged: dict[str, Any] = {}
    path = file if file is not None else Path("verify.toml")
    if file is not None or path.is_file():
        found = _read_toml(path)
        if file is None and _CODE & found.keys():
            raise UsageError(
                f"{path}: {' and '.join(sorted(_CODE & found.keys()))} let code run, so they count only in a settings "
                "file that is named, never in one that happens to lie in the current folder"
            )
        _merge(merged, found)
    _merge(merged, _from_environ(os.environ if environ is None else environ))
    _merge(merged, {name: value for name, value in (flags or {}).items() if value is not None})
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting '{where}': {first['msg']}; see 'verify settings' for all of them") from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot read the settings file ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a valid settings file ({error})") from error


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in Settings.model_fields:
        if name == "limits":
            continue
        value = environ.get(_PREFIX + name.upper())
        if value is not None:
            found[name] = tuple(filter(None, value.split(","))) if name == "skip_checks" else value
    for name in Limits.model_fields:
        value = environ.get(f"{_PREFIX}LIMITS_{name.upper()}")
        if value is not None:
            found.setdefault("limits", {})[name] = value
    return found


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for name, value in other.items():
        if isinstance(value, Mapping) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = dict(value) if isinstance(value, Mapping) else value
