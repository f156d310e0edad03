"""The registry of batch engines."""

from __future__ import annotations

import os
import sys

import pytest

from verify.batch.engines import ENGINES, get_batch_engine
from verify.batch.engines.local import Pool
from verify.errors import ExitCode, MissingEngineError
from verify.settings import Settings


def test_every_engine_of_the_settings_is_there() -> None:
    assert set(ENGINES) == {"local", "ray"}
    assert isinstance(get_batch_engine(Settings()), Pool)


@pytest.mark.parametrize("address", ["", "192.0.2.1:6379"])
def test_without_ray_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for name in [name for name in os.environ if name.startswith("RAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setitem(sys.modules, "ray", None)
    engine = get_batch_engine(Settings(batch_engine="ray", ray_address=address))
    with pytest.raises(MissingEngineError, match=r"pip install 'verify-toolkit\[ray\]'") as missing, engine:
        engine.start()
    assert missing.value.exit_code == ExitCode.USAGE
