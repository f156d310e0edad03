"""What holds a worker in, tried out in a child process that is thrown away."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_CHILD = """
import json, os, resource, socket, sys
from pathlib import Path
from verify.capture import sandbox
from verify.settings import Limits
folder = Path(sys.argv[1])
kept = os.open(folder / "inside.txt", os.O_RDONLY)
layers = sandbox.confine(Limits(memory=200 << 20), **json.loads(sys.argv[2]))
def tried(action):
    try:
        action()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
def write():
    with (folder / "new.txt").open("w") as file:
        file.write("x" * 10)
told = {
    "layers": layers,
    "descriptor": os.read(kept, 100).decode(),
    "write": tried(write),
    "read": tried(lambda: (folder / "inside.txt").read_text()),
    "hoard": tried(lambda: bytearray(1 << 30)),
    "small": tried(lambda: bytearray(50 << 20)),
    "socket": tried(lambda: socket.socket(socket.AF_INET).close()),
    "core": resource.getrlimit(resource.RLIMIT_CORE),
}
print(json.dumps(told))
sys.stdout.flush()
sandbox.allow_seconds(0.5)
while True:
    pass
"""


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], int]:
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "inside.txt").write_text("opened before")
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(folder), json.dumps({"readable": [], "execute": False})],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=ROOT,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout), done.returncode


def test_limits_hold_and_are_named(confined: tuple[dict[str, object], int]) -> None:
    told, _status = confined
    layers = told["layers"]
    assert isinstance(layers, list)
    assert {"memory", "no files written", "no core dump", "processor time", "no new privileges"} <= set(layers)
    assert told["write"] != "done"
    assert told["hoard"] == "MemoryError"
    assert told["small"] == "done"
    assert told["core"] == [0, 0]


def test_a_descriptor_that_was_given_keeps_working(confined: tuple[dict[str, object], int]) -> None:
    assert confined[0]["descriptor"] == "opened before"


def test_each_kernel_layer_that_is_named_is_in_force(confined: tuple[dict[str, object], int]) -> None:
    told, _status = confined
    named = " ".join(told["layers"])  # type: ignore[arg-type]
    assert (told["read"] == "PermissionError") == ("landlock" in named)
    assert (told["socket"] == "PermissionError") == ("seccomp" in named)


def test_over_its_processor_time_the_kernel_ends_it(confined: tuple[dict[str, object], int]) -> None:
    assert confined[1] == -signal.SIGPROF
