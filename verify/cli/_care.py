"""`verify gallery`: looking after a gallery. The commands are part of `verify.cli.gallery`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from verify.cli._options import FILE, day, key_option, load_kek, operator_option, settings_from, today
from verify.errors import ExitCode
from verify.model.gallery import EntryKind

__all__ = ["COMMANDS"]

_directory = click.option("--gallery", "directory", type=FILE, required=True, help="folder of the gallery")
_settings = click.option("--settings", "settings_file", type=FILE, help="TOML file; default ./verify.toml if any")


@click.command()
@click.argument("reference_id", nargs=-1, required=True)
@_directory
@click.option("--reason", required=True, help="for the events; it must not name anybody")
@operator_option
@key_option
@_settings
def forget(
    reference_id: tuple[str, ...],
    directory: Path,
    reason: str,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> None:
    """Make entries unrecoverable from every file of the gallery. A tombstone that names nobody stays of each."""
    from verify.gallery import Gallery

    kek = load_kek(settings_from(settings_file, **flags))
    with Gallery.open(directory, kek, write=True, operator=operator) as gallery:
        gone = gallery.forget(reference_id, reason)
    click.echo(
        f"{gone} of {len(reference_id)} entries were there and are forgotten; copies made earlier still hold them"
    )


@click.command()
@_directory
@click.option("--date", callback=day, help="forget what is no longer in force on that day; default today")
@operator_option
@key_option
@_settings
def purge(directory: Path, date: dt.date | None, operator: str, settings_file: Path | None, **flags: object) -> None:
    """Forget all entries that are expired or withdrawn."""
    from verify.gallery import Gallery, lapsed

    kek = load_kek(settings_from(settings_file, **flags))
    with Gallery.open(directory, kek, write=True, operator=operator) as gallery:
        gone = gallery.forget(lapsed(gallery.entries(), date or today(), gallery.withdrawn()), "no longer in force")
        left = len(gallery.entries())
    click.echo(f"{gone} entries forgotten, {left} left")


@click.command()
@click.argument("reference_id")
@_directory
@click.option("--date", callback=day, help="first day on which it is no longer used; default today")
@click.option("--reason", required=True, help="of the owner, for the events; it must not name anybody")
@operator_option
@key_option
@_settings
def withdraw(
    reference_id: str,
    directory: Path,
    date: dt.date | None,
    reason: str,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> ExitCode:
    """Mark an entry as withdrawn by its owner: from that day on it yields no candidate."""
    from verify.gallery import Gallery

    kek = load_kek(settings_from(settings_file, **flags))
    with Gallery.open(directory, kek, write=True, operator=operator) as gallery:
        done = gallery.withdraw(reference_id, date or today(), reason)
    click.echo("withdrawn" if done else "no entry of that id")
    return ExitCode.OK if done else ExitCode.NO_INPUTS


@click.command("verify")
@_directory
@key_option
@_settings
def verify_(directory: Path, settings_file: Path | None, **flags: object) -> ExitCode:
    """Read and authenticate every page, entry, picture, template, event and frozen block."""
    from verify.gallery import Gallery, damage

    with Gallery.open(directory, load_kek(settings_from(settings_file, **flags))) as gallery:
        faults = damage(gallery)
        click.echo(
            f"{gallery.name}: {len(gallery.entries()) if not faults else 'not all'} entries read, "
            f"{len(gallery.tombstones())} tombstones, {len(faults)} faults"
        )
    for fault in faults:
        click.echo(f"verify: {fault}", err=True)
    return ExitCode.POLICY if faults else ExitCode.OK


@click.command()
@_directory
@operator_option
@key_option
@_settings
def freeze(directory: Path, operator: str, settings_file: Path | None, **flags: object) -> None:
    """Write the templates to encrypted block files, which a large search reads many times faster."""
    from verify.gallery import Gallery

    kek = load_kek(settings_from(settings_file, **flags))
    with Gallery.open(directory, kek, write=True, operator=operator) as gallery:
        click.echo(f"frozen as version {gallery.freeze()}")


@click.command()
@_directory
@click.option("--new-key-file", type=FILE, help="key file that is to open it; default the present one")
@operator_option
@key_option
@_settings
def rotate(
    directory: Path, new_key_file: Path | None, operator: str, settings_file: Path | None, **flags: object
) -> None:
    """Seal everything under new keys. Galleries of an earlier version of this tool are brought up to date by it."""
    from verify.gallery import rotate as rotate_gallery
    from verify.vault.keys import load_key_file

    kek = load_kek(settings_from(settings_file, **flags))
    count = rotate_gallery(directory, kek, load_key_file(new_key_file) if new_key_file else kek, operator)
    click.echo(f"{count} entries under new keys; copies made earlier open with the earlier key file only")


@click.command()
@click.argument("url")
@_directory
@operator_option
@key_option
@_settings
def share(url: str, directory: Path, operator: str, settings_file: Path | None, **flags: object) -> None:
    """Move the gallery to the PostgreSQL server at URL, for a team. Everything is sealed before it gets there.

    URL is postgresql://USER@HOST/NAME?sslmode=verify-full, without a password: PGPASSFILE names the file with it.
    """
    from verify.gallery import share_gallery

    count = share_gallery(directory, load_kek(settings_from(settings_file, **flags)), url, operator)
    click.echo(f"{count} entries on the server; a colleague needs the key file and a copy of {directory}")


@click.command()
@click.argument("copy", type=FILE)
@_directory
@operator_option
@key_option
@_settings
def backup(copy: Path, directory: Path, operator: str, settings_file: Path | None, **flags: object) -> None:
    """Copy the gallery to the folder COPY, and read the copy in full. Entries forgotten later stay in the copy."""
    from verify.gallery import copy_gallery

    copy_gallery(directory, copy, load_kek(settings_from(settings_file, **flags)), operator)
    click.echo(f"{copy}: copied and read in full; destroy it when its time is over")


@click.command()
@click.argument("copy", type=FILE)
@_directory
@operator_option
@key_option
@_settings
def restore(copy: Path, directory: Path, operator: str, settings_file: Path | None, **flags: object) -> None:
    """Restore a gallery from the folder COPY into a folder without one, and read it in full."""
    from verify.gallery import copy_gallery

    copy_gallery(copy, directory, load_kek(settings_from(settings_file, **flags)), operator)
    click.echo(f"{directory}: restored and read in full; forget again what was forgotten since the copy was made")


@click.command()
@_directory
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in EntryKind]),
    multiple=True,
    help="of lists; give none to forbid again",
)
@click.option("--reason", required=True, help="the decision and its legal basis; it is logged")
@operator_option
@key_option
@_settings
def allow(
    directory: Path,
    kind: tuple[str, ...],
    reason: str,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> None:
    """Allow that a gallery of victims or missing people is searched in one run with lists of other kinds."""
    from verify.gallery import Gallery

    kek = load_kek(settings_from(settings_file, **flags))
    with Gallery.open(directory, kek, write=True, operator=operator) as gallery:
        gallery.allow_together([EntryKind(one) for one in kind], reason)
    click.echo(f"searched together with {', '.join(kind) or 'no other kind'} from now on; the decision is logged")


@click.command()
@_directory
@operator_option
@key_option
@_settings
def reenrol(directory: Path, operator: str, settings_file: Path | None, **flags: object) -> None:
    """Enrol all entries anew with the face engine of the settings, from the reference pictures."""
    from verify.batch.reenrol import reenrol as reenrol_gallery

    settings = settings_from(settings_file, **flags)
    counts = reenrol_gallery(directory, load_kek(settings), settings, operator)
    without = [reference_id for reference_id, count in counts.items() if not count]
    click.echo(f"{len(counts)} entries enrolled anew, {len(without)} of them without a face")
    for reference_id in without:
        click.echo(f"verify: {reference_id} takes part without a face", err=True)


@click.command()
@_directory
@click.option("--against", type=FILE, required=True, help="folder of the other gallery")
@click.option("--date", callback=day, help="day on which entries have to be in force; default today")
@key_option
@_settings
def reconcile(
    directory: Path, against: Path, date: dt.date | None, settings_file: Path | None, **flags: object
) -> None:
    """Search the missing among the unidentified and the unidentified among the missing: pairs for a person."""
    from verify.face import describe_engine, identification_threshold
    from verify.gallery import Gallery
    from verify.gallery import reconcile as reconcile_galleries

    settings = settings_from(settings_file, **flags)
    kek, engine = load_kek(settings), describe_engine(settings.face_engine)
    with Gallery.open(directory, kek) as first, Gallery.open(against, kek) as second:
        found = reconcile_galleries(
            first,
            second,
            on=date or today(),
            threshold_for=lambda size, probes: identification_threshold(
                engine, fpir=settings.fpir, gallery_size=size, probes=probes
            ),
            limit=settings.candidates,
        )
        names = first.name, second.name
    for name, entries, faceless, suppressed in zip(
        names, found.compared, found.faceless, found.suppressed, strict=True
    ):
        click.echo(f"{name}: {entries} entries, {faceless} without a face, {suppressed} expired or withdrawn left out")
    for pair in found.pairs:
        face = "-" if pair.face is None else f"{pair.face:.4f}"
        others = [
            word for word, there in (("name", pair.biographic), ("document number", pair.document_number)) if there
        ]
        click.echo(f"{pair.first}\t{pair.second}\tface {face}\t{' and '.join(others) or '-'}")
    click.echo(f"{len(found.pairs)} pairs for a person to compare")


@click.command()
@click.argument("job_dirs", metavar="JOB...", type=FILE, nargs=-1, required=True)
@click.option("--gallery", "galleries", type=FILE, multiple=True, help="folder of a gallery; repeatable")
@click.option("--watchlist", "watchlists", type=FILE, multiple=True, help="list as it is now; repeatable")
@click.option("--date", callback=day, help="day on which entries have to be in force; default today")
@operator_option
@key_option
@_settings
def notify(
    job_dirs: tuple[Path, ...],
    galleries: tuple[Path, ...],
    watchlists: tuple[Path, ...],
    date: dt.date | None,
    operator: str,
    settings_file: Path | None,
    **flags: object,
) -> None:
    """Tell jobs which of the entries they found are withdrawn or gone since: an event of each JOB, shown in its cases.

    A job knows a gallery by its name, and a watchlist by its file name. A review of the job has to be closed for it.
    """
    from verify.batch.withdrawals import Holding, note_withdrawals
    from verify.ledger import Ledger

    kek = load_kek(settings_from(settings_file, **flags))
    holdings = [Holding.of(path, kek) for path in galleries] + [Holding.of_list(path) for path in watchlists]
    for job_dir in job_dirs:
        with Ledger.open(job_dir, kek) as ledger:
            told = sum(note_withdrawals(ledger, one, operator=operator, on=date or today()) for one in holdings)
        click.echo(f"{job_dir}: {told} candidates told anew")


COMMANDS = (forget, purge, withdraw, notify, verify_, freeze, rotate, share, backup, restore, allow, reenrol, reconcile)
"""To be added to the group `verify gallery`."""
