"""Without an address: a Ray of our own, for this machine only, gone with the run. With the real workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from verify.audit import verify_chain
from verify.errors import ExitCode
from verify.ledger import Ledger
from verify.vault.keys import load_key_file

from .conftest import CARD, ENGINES_BAD, TOLD, listening, processes

ROOT = Path(__file__).parents[2]
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
FOLDER = "/verify-ray-"  # part of every command line of a private Ray

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed; run scripts/test-ray")


@pytest.fixture
def clean() -> dict[str, str]:
    """No variable of Ray: what is in force is what the engine sets."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "VERIFY_"))}


def payloads(job: Path, key: Path) -> dict[str, str]:
    with Ledger.open(job, load_key_file(key), "read") as ledger:
        assert verify_chain(ledger).valid
        return {one.item_id: one.payload for one in ledger.items()}


@pytest.mark.skipif(not find_spec("face_recognition_models"), reason="the face engine is not installed")
def test_results_are_the_local_ones_and_only_this_machine_is_listened_to(tmp_path: Path, clean: dict[str, str]) -> None:
    script = "from verify.cli import main; import sys; sys.argv[0] = 'verify'; main()"
    verify = [sys.executable, "-c", script]
    clean |= {"PYTHONPATH": str(ROOT)}
    subprocess.run([*verify, "key", "create", str(tmp_path / "key")], env=clean, check=True)
    samples = ROOT / "samples" / "checkpoint" / "manifest.csv"
    options = ["--profile", "specimen", "--limit", "3", "--jobs", "2", "--purpose", "p", "--operator", "o", "-q"]
    run = [*verify, "run", str(samples), *options, "--key-file", str(tmp_path / "key")]
    before, seen, variables = listening(), set(), set()
    with subprocess.Popen([*run, "--engine", "ray", "--job", str(tmp_path / "ray")], env=clean) as child:
        while child.poll() is None:
            seen |= listening() - before
            for pid in processes(FOLDER):
                variables |= environment(pid)
            time.sleep(0.2)
    assert child.returncode in (ExitCode.OK, *(code for code in ExitCode if 11 <= code <= 14))
    assert seen, "or this test would see nothing"
    assert {address for address, _port in seen} <= LOOPBACK
    assert {"RAY_USAGE_STATS_ENABLED=0", "RAY_AUTH_MODE=token"} <= variables
    assert any(one.startswith("RAY_AUTH_TOKEN=") and len(one) > 60 for one in variables)
    assert not processes(FOLDER)
    assert not list(Path("/tmp").glob(f"{FOLDER[1:]}*/session_*"))
    subprocess.run([*run, "--job", str(tmp_path / "local")], env=clean, check=False)
    found = payloads(tmp_path / "ray", tmp_path / "key")
    assert len(found) == 3
    assert found == payloads(tmp_path / "local", tmp_path / "key")


def environment(pid: int) -> set[str]:
    try:
        return set(Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0"))
    except OSError:
        return set()


_CHILD = """
import json, sys
from pathlib import Path
from verify.batch import Commission, read_manifest, run, runner
from verify.batch.engines.ray import RayPool
from verify.settings import Settings
runner.get_batch_engine = lambda settings: RayPool(settings, module="worker")
runner.describe_engines = lambda settings: json.loads(sys.argv[2])
folder = Path(sys.argv[1])
commission = Commission(read_manifest(folder / "manifest.csv"), folder / "job", bytes(32), "o", "p", True)
settings = Settings(jobs=1, batch_engine="ray")
summary = run(commission, settings, (), progress=lambda done, total: print(done, flush=True))
print(json.dumps({"items": summary.items}), flush=True)
sys.exit(int(summary.exit_code))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_lets_the_items_in_flight_end(
    tmp_path: Path, clean: dict[str, str], number: signal.Signals
) -> None:
    rows = ["schema_version,item_id,role,path,inspection_date"]
    for one in range(40):
        (tmp_path / f"{one}.jpg").write_text(f"SLEEP {one}")
        rows.append(f"1,I{one},document,{one}.jpg,2026-06-15")
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    fakes = {"PYTHONPATH": f"{ROOT}:{ENGINES_BAD}", "FAKE_CARD": CARD, "FAKE_SHA256": TOLD["face_sha256"]}
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path), json.dumps(TOLD)],
        env=clean | fakes,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "1\n"
        os.killpg(child.pid, number)  # as a terminal does
        rest = child.stdout.read().splitlines()
    assert child.returncode == ExitCode.INTERRUPTED
    done = json.loads(rest[-1])["items"]
    assert 1 <= done <= 5
    with Ledger.open(tmp_path / "job", bytes(32), "read") as ledger:
        assert verify_chain(ledger).valid
        assert len(ledger.states()) == done
    assert not processes(FOLDER)
