"""`verify trust`: whose signatures on chips and seals this site trusts."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, settings_from, today
from verify.errors import UsageError

__all__ = ["command"]


@click.group("trust")
def command() -> None:
    """Say whose signatures on chips and seals this site trusts."""


@command.command("import")
@click.argument("file", type=FILE)
@click.option("--root", type=FILE, help="certificate that vouches for FILE; FILE itself to trust it on your own word")
@click.option("--store", type=FILE, help="folder of the trust store (or VERIFY_TRUST); it is made when missing")
@click.option("--settings", "settings_file", type=FILE, help="TOML file; default ./verify.toml if there is one")
def import_command(file: Path, root: Path | None, store: Path | None, settings_file: Path | None) -> None:
    """Take FILE into the trust store: a signed master list, a certificate, or a revocation list.

    A master list and a certificate are taken when --root vouches for them. Compare the fingerprint of that
    certificate with what its authority publishes: everything that chips and seals are said to be signed by rests on
    it. A revocation list is taken when a CSCA of the store signed it.
    """
    from verify.document.trust import import_trust, trust_version

    folder = store or settings_from(settings_file).trust
    if folder is None:
        raise UsageError("name the folder of the trust store by --store, VERIFY_TRUST or the setting 'trust'")
    found = import_trust(folder, file, root, today=today())
    click.echo(f"{found.kind}: {found.source}")
    if found.kind == "revocation list":
        click.echo(f"revoked: {found.revoked}")
    else:
        click.echo(f"taken in: {found.certificates}, left out: {found.unreadable}")
        click.echo(f"of these signed by their own key or by another's in the file: {found.supported}")
    version = trust_version(folder)
    assert version is not None  # noqa: S101 - the folder is there
    click.echo(f"trust store: {version.text}, SHA-256 {version.sha256}")
