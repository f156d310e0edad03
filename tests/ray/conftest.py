"""Two raylets on 127.0.0.1 and 127.0.0.2, in a network namespace that has nothing else (scripts/test-ray makes it)."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from verify.runtime import load_card

ENGINES_BAD = Path(__file__).parents[1] / "engines_bad"
PORT = 6399
CARD = "dlib-resnet-v1"
TOLD = {
    "mrz": "fake reader 1",
    "face": "fake faces 1",
    "face_sha256": load_card(CARD).sha256,
    "face_card": CARD,
}


def processes(mark: str) -> dict[int, str]:
    """Command lines, by process, of those that name `mark`."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if mark in line and int(entry.name) != os.getpid():
                found[int(entry.name)] = line
    return found


def listening() -> set[tuple[str, str]]:
    """Local addresses and ports that processes of this network namespace listen on, as the kernel writes them."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A":
                found.add(tuple(fields[1].split(":")))
    return found


def interfaces() -> set[str]:
    lines = Path("/proc/self/net/dev").read_text().splitlines()[2:]
    return {line.split(":")[0].strip() for line in lines}


def descendants(pid: int) -> list[int]:
    """Whichever of its threads started them; Ray gives some of them names that say nothing of the folder."""
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            children += map(int, (thread / "children").read_text().split())
    return [found for child in children for found in (child, *descendants(child))]


def end_all(mark: str) -> None:
    """Ends what was started under that folder, each by its number."""
    for _ in range(50):
        left = processes(mark)
        if not left:
            return
        for pid in {one for top in left for one in (top, *descendants(top))}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


@dataclass
class Cluster:
    """Two raylets; `second` can be killed and started anew."""

    address: str
    folder: str
    environment: dict[str, str]

    def start_second(self) -> None:
        start(self.environment, f"--address={self.address}", "--node-ip-address=127.0.0.2")

    def kill_second(self) -> None:
        """The raylet and all that it started, at once, as a power cut does."""
        (raylet,) = (
            pid
            for pid, line in processes(self.folder).items()
            if line.split(" ")[0].endswith("/raylet") and "--node_ip_address=127.0.0.2 " in line
        )
        for pid in [raylet, *descendants(raylet)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def start(environment: dict[str, str], *options: str) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ray")), "start", "--num-cpus=1", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="session")
def fake_environment() -> Iterator[None]:
    """What the fake workers need to find, in this process and in all that it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ENGINES_BAD))
        patch.setenv("FAKE_CARD", CARD)
        patch.setenv("FAKE_SHA256", TOLD["face_sha256"])
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield


@pytest.fixture(scope="session")
def cluster(fake_environment: None) -> Iterator[Cluster]:
    if interfaces() != {"lo"}:
        pytest.skip("two raylets are only started where there is no interface but loopback: scripts/test-ray")
    folder = tempfile.mkdtemp(prefix="ray-test-")
    address = f"127.0.0.1:{PORT}"
    loopback = {**os.environ, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    try:
        start(
            loopback,
            "--head",
            f"--port={PORT}",
            "--node-ip-address=127.0.0.1",
            "--include-dashboard=false",
            f"--temp-dir={folder}",
        )
        found = Cluster(address, folder, dict(os.environ))
        found.start_second()
        yield found
    finally:
        end_all(folder)
        assert not processes(folder)
        shutil.rmtree(folder, ignore_errors=True)
