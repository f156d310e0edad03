"""`verify review`: the room where people decide."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, accounts_option, key_option, load_kek, operator_option, role_option, settings_from
from verify.errors import MissingEngineError, UsageError
from verify.model.judgement import ReviewRole

__all__ = ["command"]


@click.command("review")
@click.argument("job_dir", metavar="JOB", type=FILE)
@accounts_option
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True)
@click.option("--reviewers", type=click.IntRange(1, 2), default=2, show_default=True, help="who judge a question")
@click.option("--legal-basis", default="", help="why one reviewer may do; needed with --reviewers 1")
@click.option("--show-scores", is_flag=True, help="show rank and score before the first judgement; this is logged")
@role_option
@operator_option
@key_option
def command(
    job_dir: Path,
    accounts: Path,
    port: int,
    reviewers: int,
    legal_basis: str,
    show_scores: bool,
    role: str,
    operator: str,
    key_file: Path | None,
) -> None:
    """Open the review of JOB on this machine, for a browser on this machine.

    Prints a link that signs the operator in once. Everybody else signs in by name and password.
    """
    try:
        import uvicorn

        from verify.review.app import create_app
    except ImportError as error:
        raise MissingEngineError("the review is not installed: pip install 'verify-toolkit[review]'") from error
    from verify.review import Accounts, Desk, Policy, Sessions

    if reviewers == 1 and not legal_basis.strip():
        raise UsageError("--reviewers 1 needs --legal-basis: why one person may decide")
    policy = Policy(reviewers=reviewers, legal_basis=legal_basis, blind=not show_scores)
    people, sessions = Accounts(accounts), Sessions()
    with Desk(job_dir, load_kek(settings_from(key_file=key_file)), policy) as desk:
        desk.begin(operator, len(people.roles))
        hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        click.echo(f"http://{hosts[0]}/sign-in?token={sessions.link(operator, ReviewRole(role))}")
        click.echo("The link works once, for ten minutes. Ctrl-C ends the review; no judgement is lost.", err=True)
        app = create_app(desk, people, sessions, hosts=hosts)
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)
