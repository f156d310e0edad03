"""`verify trust import`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..document.maker import maker


def verify(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from verify.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120, check=False)


def test_an_import_says_what_it_took_in(tmp_path: Path) -> None:
    make = maker()
    above = make.authority()
    (tmp_path / "root.cer").write_bytes(above.certificate)
    (tmp_path / "list.ml").write_bytes(make.master_list([above.certificate], make.signer(above, seed="lister")))
    done = verify("trust", "import", "list.ml", "--root", "root.cer", "--store", "trust", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "master list of UT" in done.stdout and "taken in: 1, left out: 0" in done.stdout
    assert len(list((tmp_path / "trust").glob("*.json"))) == 1


def test_what_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    make = maker()
    (tmp_path / "root.cer").write_bytes(make.authority(seed="another").certificate)
    (tmp_path / "one.cer").write_bytes(make.authority().certificate)
    refused = verify("trust", "import", "one.cer", "--root", "root.cer", "--store", "trust", cwd=tmp_path)
    assert refused.returncode == 5 and "not taken in" in refused.stderr
    nowhere = verify("trust", "import", "one.cer", "--root", "one.cer", cwd=tmp_path)
    assert nowhere.returncode == 2 and "--store" in nowhere.stderr
    missing = verify("trust", "import", "none.cer", "--root", "one.cer", "--store", "trust", cwd=tmp_path)
    assert missing.returncode == 2 and "cannot be read" in missing.stderr
