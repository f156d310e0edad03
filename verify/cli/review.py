"""`verify review`: the room where people decide."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from pathlib import Path

import click

from verify.cli._options import (
    FILE,
    accounts_option,
    key_option,
    load_kek,
    operator_option,
    role_option,
    settings_from,
    today,
)
from verify.errors import MissingEngineError, UsageError
from verify.model.judgement import ReviewRole

__all__ = ["command"]

_DEMO, _MAKER = Path(".cache/demo"), Path("scripts/demo")  # the script leaves its job there
_DEMO_PEOPLE = {
    "reviewer-1": ReviewRole.REVIEWER,
    "reviewer-2": ReviewRole.REVIEWER,
    "supervisor": ReviewRole.SUPERVISOR,
}


@click.command("review")
@click.argument("job_dir", metavar="JOB", type=FILE, required=False)
@click.option("--demo", is_flag=True, help="review the job of the samples as three invented people; made if missing")
@accounts_option
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="of 127.0.0.1")
@click.option("--reviewers", type=click.IntRange(1, 2), default=2, show_default=True, help="who judge a question")
@click.option("--legal-basis", default="", help="why one reviewer may do; needed with --reviewers 1")
@click.option("--show-scores", is_flag=True, help="show rank and score before the first judgement; this is logged")
@click.option("--gallery", "galleries", type=FILE, multiple=True, help="look for withdrawn entries here; repeatable")
@click.option("--memory", type=FILE, show_default="judged.db beside the accounts", help="pairs judged in other jobs")
@click.option("--ask-again", is_flag=True, help="neither keep nor use what is remembered of other jobs; this is logged")
@click.option("--known-answers", type=FILE, metavar="DIR", help="invented cases to mix in: DIR/job and DIR/answers.csv")
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
    galleries: tuple[Path, ...],
    memory: Path | None,
    ask_again: bool,
    known_answers: Path | None,
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
    from verify.review import Accounts, Desk, KnownAnswers, Memory, Policy, Sessions

    if reviewers == 1 and not legal_basis.strip():
        raise UsageError("--reviewers 1 needs --legal-basis: why one person may decide")
    if demo:
        job_dir, key_file, accounts = _DEMO / "job", _DEMO / "key", _DEMO / accounts.name
        galleries = (_DEMO / "nominals", _DEMO / "missing")
        _make_demo(job_dir)
    if job_dir is None:
        raise UsageError("name the JOB to review, or try it with --demo in the folder of the sources")
    policy = Policy(reviewers=reviewers, legal_basis=legal_basis, blind=not show_scores, remember=not ask_again)
    settings = settings_from(key_file=key_file)
    kek = load_kek(settings)
    people, sessions = Accounts(accounts), Sessions()
    signing_in = _DEMO_PEOPLE if demo else {operator: ReviewRole(role)}
    with ExitStack() as opened:
        if ask_again:
            remembered = None
        else:
            remembered = opened.enter_context(Memory.open(memory or accounts.with_name("judged.db"), kek, today()))
        known = opened.enter_context(KnownAnswers(known_answers, kek)) if known_answers else None
        desk = opened.enter_context(Desk(job_dir, kek, policy, memory=remembered, known=known, galleries=galleries))
        desk.begin(operator, len(people.roles | signing_in))
        hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        for name, theirs in signing_in.items():
            click.echo(f"{theirs:10} {name}: http://{hosts[0]}/sign-in?token={sessions.link(name, theirs)}")
        click.echo("A link works once, for ten minutes. Ctrl-C ends the review; no judgement is lost.", err=True)
        app = create_app(desk, people, sessions, hosts=hosts, settings=settings)
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)


def _make_demo(job_dir: Path) -> None:
    """Runs the samples once, in the folder of the sources; some minutes."""
    if job_dir.exists():
        return
    if not _MAKER.exists():
        raise UsageError("--demo needs the samples: run it in the folder of the sources")
    click.echo("verify: running the samples first, some minutes", err=True)
    if subprocess.run([str(_MAKER.absolute())], stdout=subprocess.DEVNULL, check=False).returncode:
        raise UsageError(f"{_MAKER} did not get through; its message is above")
