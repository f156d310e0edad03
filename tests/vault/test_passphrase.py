from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from verify.cli.key import command
from verify.errors import PolicyError, UsageError
from verify.vault.keys import create_key_file, load_key_file, new_data_key
from verify.vault.recovery import recovered_key, recovery_text


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    return written(tmp_path / "passphrase", "correct horse battery\n")


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_a_sealed_key_needs_its_passphrase(tmp_path: Path, passphrase: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, file = new_data_key(), tmp_path / "key"
    create_key_file(file, passphrase_file=passphrase, key=key)
    assert file.stat().st_mode & 0o777 == 0o600
    assert key not in file.read_bytes() and base64.b64encode(key) not in file.read_bytes()
    assert load_key_file(file, passphrase_file=passphrase) == key
    with pytest.raises(PolicyError, match="VERIFY_PASSPHRASE_FILE"):
        load_key_file(file)
    monkeypatch.setenv("VERIFY_PASSPHRASE_FILE", str(passphrase))
    assert load_key_file(file) == key
    other = written(tmp_path / "other", "another passphrase")
    with pytest.raises(PolicyError, match="not opened by this passphrase"):
        load_key_file(file, passphrase_file=other)


def test_what_is_altered_in_a_sealed_key_is_found(tmp_path: Path, passphrase: Path) -> None:
    file = tmp_path / "key"
    create_key_file(file, passphrase_file=passphrase)
    header, body = file.read_text().splitlines()
    record = json.loads(base64.b64decode(body))
    assert (record["kdf"], record["memory"], record["passes"], record["lanes"]) == ("argon2id", 65536, 3, 4)
    for name, value in (
        ("passes", 2),  # a cheaper passphrase
        ("memory", 1 << 40),  # a file that asks for all our memory
        ("salt", "00" * 16),
        ("sealed", "00" * 48),
        ("kdf", "none"),
    ):
        line = base64.b64encode(json.dumps({**record, name: value}).encode()).decode()
        with pytest.raises(PolicyError, match="damaged"):
            load_key_file(written(file, f"{header}\n{line}\n"), passphrase_file=passphrase)


def test_a_passphrase_is_private_and_long(tmp_path: Path, passphrase: Path) -> None:
    with pytest.raises(UsageError, match="12 characters"):
        create_key_file(tmp_path / "key", passphrase_file=written(tmp_path / "short", "secret\n" + "x" * 50))
    passphrase.chmod(0o644)
    with pytest.raises(PolicyError, match="chmod 600"):
        create_key_file(tmp_path / "key", passphrase_file=passphrase)
    with pytest.raises(PolicyError, match="cannot be read"):
        create_key_file(tmp_path / "key", passphrase_file=tmp_path / "absent")
    assert not (tmp_path / "key").exists()


def test_the_recovery_key_gives_the_key_back_however_it_is_typed() -> None:
    key = new_data_key()
    text = recovery_text(key)
    assert len(text.split()) == 7 and text.count("\n") == 1
    assert recovered_key(text) == key
    assert recovered_key(text.lower().replace(" ", "-").replace("o", "0").replace("i", "1").replace("b", "8")) == key


def test_a_slip_is_told_by_its_group() -> None:
    groups = recovery_text(bytes(range(32))).split()
    slipped = "".join("A" if one != "A" else "C" for one in groups[2][:1]) + groups[2][1:]
    with pytest.raises(UsageError, match="group 3"):
        recovered_key(" ".join([*groups[:2], slipped, *groups[3:]]))
    with pytest.raises(UsageError, match="group 2"):  # a group at another place
        recovered_key(" ".join([groups[0], groups[2], groups[1], *groups[3:]]))
    for short in ("", " ".join(groups[:-1]), " ".join(groups)[:-1]):
        with pytest.raises(UsageError, match="recovery key"):
            recovered_key(short)


def test_the_commands(tmp_path: Path, passphrase: Path) -> None:
    run = CliRunner()
    first, second = tmp_path / "first", tmp_path / "second"
    assert run.invoke(command, ["create", str(first), "--passphrase-file", str(passphrase)]).exit_code == 0
    shown = run.invoke(command, ["recovery", str(first), "--passphrase-file", str(passphrase)])
    again = run.invoke(command, ["restore", str(second)], input=shown.stdout)
    assert again.exit_code == 0, again.output
    assert load_key_file(second) == load_key_file(first, passphrase_file=passphrase)
