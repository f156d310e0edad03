"""`verify review`: the room where people decide."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli._options import FILE, accounts_option, key_option, load_kek, operator_option, role_option, settings_from
from verify.errors import MissingEngineError, UsageError
from verify.model.judgement import ReviewRole

__all__ = ["command"]

_DEMO = Path(".cache/demo")  # where scripts/demo leaves its job
_DEMO_PEOPLE = {
    "reviewer-1": ReviewRole.REVIEWER,
    "reviewer-2": ReviewRole.REVIEWER,
    "supervisor": ReviewRole.SUPERVISOR,
}


@click.command("review")
@click.argument("job_dir", metavar="JOB", type=FILE, required=False)
@click.option("--demo", is_flag=True, help="review the job that scripts/demo made, as three invented people")
@accounts_option
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="of 127.0.0.1")
@click.option("--reviewers", type=click.IntRange(1, 2), default=2, show_default=True, help="who judge a question")
@click.option("--legal-basis", default="", help="why one reviewer may do; needed with --reviewers 1")
@click.option("--show-scores", is_flag=True, help="show rank and score before the first judgement; this is logged")
@role_option
@operator_option
@key_option
def command(
    job_dir: Path | None,
    demo: bool,
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
    if demo:
        job_dir, key_file = job_dir or _DEMO / "job", key_file or _DEMO / "key"
    if job_dir is None:
        raise UsageError("name the JOB to review, or try it with --demo after scripts/demo has run")
    policy = Policy(reviewers=reviewers, legal_basis=legal_basis, blind=not show_scores)
    people, sessions = Accounts(accounts), Sessions()
    signing_in = _DEMO_PEOPLE if demo else {operator: ReviewRole(role)}
    with Desk(job_dir, load_kek(settings_from(key_file=key_file)), policy) as desk:
        desk.begin(operator, len(people.roles | signing_in))
        hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        for name, theirs in signing_in.items():
            click.echo(f"{theirs:10} {name}: http://{hosts[0]}/sign-in?token={sessions.link(name, theirs)}")
        click.echo("A link works once, for ten minutes. Ctrl-C ends the review; no judgement is lost.", err=True)
        app = create_app(desk, people, sessions, hosts=hosts)
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)
