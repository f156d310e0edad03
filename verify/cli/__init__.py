"""The command line: one file a command, no logic. Results go to stdout, logs and progress to stderr."""

from __future__ import annotations

import importlib
import sys

import click

from verify import __version__
from verify.errors import ExitCode, VerifyError

__all__ = ["main"]

_COMMANDS = {
    "run": "read and check a batch of crossings",
    "watch": "run what arrives in a folder",
    "read": "read the MRZ of a few files",
    "compare": "compare two faces (1:1)",
    "gallery": "enrol, list and identify",
    "cohort": "make a site's own faces to normalise searches with",
    "job": "look at, check, export and purge a job",
    "capture": "take pictures with a scanner or camera",
    "review": "open the room where people decide",
    "reviewer": "say who may sign in to a review",
    "audit": "prove that a job's audit log was not changed",
    "key": "make the key file that opens jobs and galleries",
    "trust": "say whose signatures on chips and seals are trusted",
    "evaluate": "measure this toolkit itself",
    "models": "list and fetch the networks that do not come with the toolkit",
    "doctor": "say what is installed and in force",
    "settings": "show every setting with its value",
}


class _Lazy(click.Group):
    """Imports a command's module only when it is called, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(f"verify.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - our own module
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="verify")
def _verify() -> None:
    """Batch verification of faces and identity documents.

    Files go in, findings for a person come out. The machine only suggests; a named person decides.
    """


def main() -> None:
    """Entry point: runs a command and leaves with its documented exit code (docs/exit-codes.md)."""
    try:
        code = _verify.main(prog_name="verify", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = ExitCode.USAGE
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except VerifyError as error:
        click.echo(f"verify: {error}", err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("verify: interrupted", err=True)
        code = ExitCode.INTERRUPTED
    sys.exit(int(code or 0))
