"""The runtime keeps no count of its use, and gives a clear message for what is no network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from verify.errors import MissingEngineError
from verify.runtime import Session, models_folder

NETWORK = models_folder() / "mrz-lines-v1.onnx"


def test_loading_a_network_leaves_no_file_of_its_own(tmp_path: Path) -> None:
    """In a process of its own: the runtime decides once, when it is loaded, whether it counts its use."""
    code = (
        "import sys\nfrom pathlib import Path\nimport numpy as np\nfrom verify.runtime import Session\n"
        "session = Session(Path(sys.argv[1]))\n"
        "print(session.run(np.zeros((1, 1, 32, 64), np.float32))[0].shape)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run([sys.executable, "-c", code, str(NETWORK)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_network_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(b"not a network")
    for source in (tmp_path / "x.onnx", tmp_path / "absent.onnx", b"not a network"):
        with pytest.raises(MissingEngineError, match="cannot be loaded"):
            Session(source)
