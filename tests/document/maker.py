"""The maker of chips and seals of Utopia (scripts/samples/chip.py), its bench, and what tests make with them."""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from PIL import Image

from verify.document.chip import ChipDump
from verify.document.trust import Certificate, TrustStore

ROOT = Path(__file__).parents[2]
CHIPS = Path(os.environ.get("VERIFY_SHARED", ROOT.parent / "shared")) / "data" / "chip"
LINES = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
DAY = dt.date(2011, 11, 20)
ISSUED = dt.date(2007, 4, 16)
BEGIN, END = dt.date(2007, 1, 1), dt.date(2018, 1, 1)


@cache
def loaded(path: str) -> ModuleType:
    """A script as a module."""
    name = f"verify_{Path(path).stem}_script_{Path(path).parent.name}"
    spec = importlib.util.spec_from_file_location(name, ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def maker() -> ModuleType:
    """scripts/samples/chip.py."""
    return loaded("scripts/samples/chip.py")


def bench() -> ModuleType:
    """scripts/benches/chip.py."""
    return loaded("scripts/benches/chip.py")


@cache
def picture(kind: str = "JPEG") -> bytes:
    """A small portrait's worth of pixels."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((60, 80)).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def trusting(*certificates: bytes, authority: bool = True) -> TrustStore:
    """A store that trusts these."""
    store = TrustStore()
    for one in certificates:
        store.add(Certificate(one), "the tests' own word", authority=authority)
    return store


def groups(**more: object) -> dict[int, bytes]:
    """Data groups of the specimen holder."""
    make = maker()
    given: dict[str, object] = {
        "full_name": "ERIKSSON<<ANNA MARIA",
        "birth": dt.date(1974, 8, 12),
        "place": "ZENITH",
        "office": "REGISTRY",
        "issued": ISSUED,
        **more,
    }
    found: dict[int, bytes] = make.data_groups(LINES, make.portrait_group(picture(), 60, 80), **given)
    return found


def chip_of(content: dict[int, bytes], by: object) -> ChipDump:
    """A dump of these groups, signed."""
    files = maker().dump(content, by)
    return ChipDump(files["EF.COM"], files["EF.SOD"], dict(content))
