"""Hostile files handed to us apart from the project: opened only in a child process that is limited."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from verify.model.outcome import Outcome

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("VERIFY_SHARED", ROOT.parent / "shared")) / "data" / "bad"
SAMPLE = 150

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no hostile files at {FOLDER} (set VERIFY_SHARED)")

_CHILD = """
import json, os, sys
from pathlib import Path
from verify.capture import FileRefusedError, decode, open_untrusted, read_untrusted
from verify.settings import Limits
limits = Limits(max_pixels=20_000_000)
for line in sys.stdin:
    path = json.loads(line)
    print(json.dumps({"begun": path}), flush=True)
    pages = 0
    try:
        descriptor, _size = open_untrusted(Path(sys.argv[1]), path, limits)
        try:
            data, _sha256 = read_untrusted(descriptor, limits)
        finally:
            os.close(descriptor)
        for _page in decode(data, limits).pages:
            pages += 1
        outcome, detail = "ok", ""
    except FileRefusedError as refused:
        outcome, detail = refused.outcome.value, str(refused)
    except BaseException as error:
        outcome, detail = "ESCAPED", f"{type(error).__name__}: {error}"
    print(json.dumps({"path": path, "outcome": outcome, "detail": detail, "pages": pages}), flush=True)
"""


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def decoded(paths: list[str]) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(FOLDER)],
        input="".join(json.dumps(path) + "\n" for path in paths),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=_limit,
        cwd=ROOT,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"died on {lines[-1:]}: {done.stderr[-500:]}"
    return [line for line in lines if "path" in line]


@pytest.mark.slow
def test_every_hostile_file_ends_as_an_outcome() -> None:
    every = sorted(
        str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file() and path.name != "manifest.jsonl"
    )
    paths = random.Random(1926).sample(every, min(SAMPLE, len(every)))
    found = decoded(paths)
    assert [one["path"] for one in found] == paths
    assert [one for one in found if one["outcome"] not in set(Outcome)] == []
    assert all(bool(one["detail"]) == (one["outcome"] != "ok") for one in found)
    assert len(Counter(one["outcome"] for one in found)) >= 3  # the sample has some of each sort


@pytest.mark.parametrize("name", ["encrypted_hello_world_r3.pdf", "encrypted_hello_world_r5.pdf"])
def test_a_specimen_that_needs_a_password_is_encrypted(name: str) -> None:
    (found,) = decoded([str(Path("pdfium") / name)])
    assert found["outcome"] == Outcome.ENCRYPTED
