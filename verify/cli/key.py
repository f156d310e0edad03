"""`verify key`: the key file that opens jobs and galleries."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from verify.cli._options import FILE

__all__ = ["command"]


@click.group("key")
def command() -> None:
    """Make the key file that opens jobs and galleries, and its recovery key."""


_passphrase = click.option(
    "--passphrase-file",
    type=FILE,
    envvar="VERIFY_PASSPHRASE_FILE",
    show_envvar=True,
    help="file with the passphrase that seals the key",
)


@command.command()
@click.argument("file", type=FILE)
@_passphrase
def create(file: Path, passphrase_file: Path | None) -> None:
    """Make a new random key in FILE (mode 0600). Without it nothing can be opened: keep a safe copy.

    With a passphrase the file alone opens nothing; both are then needed.
    """
    from verify.vault.keys import create_key_file

    create_key_file(file, passphrase_file=passphrase_file)
    click.echo(f"verify: wrote {file}; keep a copy in a safe place, and never beside the data", err=True)


@command.command()
@click.argument("file", type=FILE)
@_passphrase
def recovery(file: Path, passphrase_file: Path | None) -> None:
    """Show the recovery key of FILE, to be written on paper and locked away. Whoever reads it can open everything."""
    from verify.vault.keys import key_id, load_key_file
    from verify.vault.recovery import recovery_text

    key = load_key_file(file, passphrase_file=passphrase_file)
    click.echo(recovery_text(key))
    click.echo(f"verify: the recovery key of key {key_id(key)}; write it on paper, keep no file of it", err=True)


@command.command()
@click.argument("file", type=FILE)
@_passphrase
def restore(file: Path, passphrase_file: Path | None) -> None:
    """Make FILE again from a recovery key, which is read from standard input."""
    from verify.vault.keys import create_key_file, key_id
    from verify.vault.recovery import recovered_key

    key = recovered_key(sys.stdin.read(4096))
    create_key_file(file, passphrase_file=passphrase_file, key=key)
    click.echo(f"verify: wrote {file}, key {key_id(key)}", err=True)
