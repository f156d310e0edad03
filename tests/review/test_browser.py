"""The whole procedure in Chromium, by keyboard alone; no request leaves the machine, and axe finds nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from verify.audit import verify_chain
from verify.ledger import Ledger
from verify.model.judgement import ReviewRole
from verify.review import Accounts

from .conftest import HOSTILE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: see scripts/test-browser")
axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe is not installed: see scripts/test-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: see scripts/test-browser"),
    pytest.mark.skipif(find_spec("uvicorn") is None, reason="the extra [review] is not installed"),
]

PASSWORD = "correct horse battery"
PEOPLE = {"ann": ReviewRole.REVIEWER, "ben": ReviewRole.REVIEWER, "sue": ReviewRole.SUPERVISOR}
CASE = ("/case/1/0", "/case/1/1", "/case/1/2")
SUPERVISED = ("/", "/?show=all", *CASE, "/charts", "/reviewers", "/log", "/case/99", "/nowhere")


class Server:
    """`verify review` as a process of its own."""

    def __init__(self, job: Path, kek: bytes) -> None:
        self.job, self.folder = job, job.parent
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (self.folder / "key").write_bytes(kek)
        accounts = Accounts(self.folder / "reviewers.json")
        for name, role in PEOPLE.items():
            accounts.add(name, role, PASSWORD)
        self.start()

    def start(self) -> None:
        code = (
            "import sys\nfrom pathlib import Path\nimport uvicorn\n"
            "from verify.review import Accounts, Desk, Policy, Sessions\nfrom verify.review.app import create_app\n"
            "folder, port = Path(sys.argv[1]), int(sys.argv[2])\n"
            "with Desk(folder / 'job', (folder / 'key').read_bytes(), Policy()) as desk:\n"
            "    people, hosts = Accounts(folder / 'reviewers.json'), (f'127.0.0.1:{port}',)\n"
            "    app = create_app(desk, people, Sessions(), hosts=hosts)\n"
            "    uvicorn.run(app, host='127.0.0.1', port=port, log_level='info', access_log=False)\n"
        )
        command = [sys.executable, "-c", code, str(self.folder), str(self.port)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if "Uvicorn running" in line:
                return
        raise AssertionError("the server did not start")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(30)
        assert self.process.stderr is not None
        self.process.stderr.close()

    @property
    def place(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def server(job: Path, kek: bytes) -> Iterator[Server]:
    running = Server(job, kek)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"] if os.geteuid() == 0 else ["--disable-quic"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Person:
    """One person at one browser, with a keyboard and no mouse."""

    def __init__(self, chromium: Any, server: Server, name: str, *, policy: bool = False) -> None:
        self.context = chromium.new_context(bypass_csp=not policy, accept_downloads=True)
        self.asked: list[str] = []
        self.said: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.context.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.server, self.name = server, name
        self.sign_in(self.page)

    def sign_in(self, page: Any) -> None:
        page.goto(f"{self.server.place}/sign-in")
        page.keyboard.type(self.name)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def press(self, key: str, leads: str) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        assert self.page.url == self.server.place + leads, self.page.url

    def open_first_case(self) -> None:
        self.keys("j")
        self.press("Enter", leads=CASE[0])

    def fill(self, conclusion: str, reasons: int, note: str = "") -> None:
        self.keys(conclusion, "a")
        for _ in range(reasons):
            self.keys("Space", "Tab")
        self.keys("Escape")
        if note:
            self.keys("m")
            self.page.keyboard.type(note)
            self.keys("Escape")

    def judge(self, conclusion: str, reasons: int, note: str = "") -> None:
        self.fill(conclusion, reasons, note)
        self.press("s", leads=CASE[0])

    def next(self, key: str, place: str) -> None:
        """One question on or back, without loading the page."""
        self.keys(key)
        self.page.wait_for_url(f"**{place}")
        self.page.wait_for_function(
            "place => location.pathname === place && !document.querySelector('.htmx-request')", arg=place
        )

    @property
    def turned(self) -> str:
        return str(self.page.eval_on_selector("[data-viewer] img", "image => image.style.transform"))

    def violations(self) -> list[str]:
        found = axe.Axe().run(self.page)["violations"]
        return [f"{self.page.url} {one['id']}: {one['nodes'][0]['html'][:80]}" for one in found]


Enter = Callable[..., Person]


@pytest.fixture
def enter(server: Server, chromium: Any) -> Iterator[Enter]:
    people: list[Person] = []

    def enter_(name: str, **how: bool) -> Person:
        people.append(Person(chromium, server, name, **how))
        return people[-1]

    yield enter_
    for person in people:
        asked = {re.sub(r"^(http://[^/]+).*", r"\1", url) for url in person.asked}
        person.context.close()
        assert asked == {server.place}, "no request leaves the machine"


def written(job: Path, kek: bytes) -> int:
    with Ledger.open(job, kek, "read") as ledger:
        assert verify_chain(ledger).valid
        return len(list(ledger.review()))


def test_the_whole_procedure_by_keyboard(server: Server, enter: Enter, job: Path, kek: bytes) -> None:
    ann = enter("ann")
    ann.open_first_case()
    assert "0.987" not in ann.page.content()
    ann.judge("1", 2, "same scar s n q")
    assert "0.987" in ann.page.content()
    assert "same scar s n q" in ann.page.content(), "keys do nothing inside a field"
    ann.next("n", CASE[1])
    ann.page.wait_for_function("document.getElementById('asked').textContent.includes('R02')")
    ann.next("p", CASE[0])
    server.stop(signal.SIGKILL)
    server.start()  # nothing that was saved is lost, and no lock stays behind

    ben = enter("ben")
    ben.open_first_case()
    assert "same scar" not in ben.page.content()
    assert "0.987" not in ben.page.content()
    ben.judge("2", 1)
    assert "Supervisor" in ben.page.content()
    server.stop(signal.SIGKILL)
    server.start()

    sue = enter("sue")
    sue.open_first_case()
    assert "same scar" in sue.page.content()
    sue.judge("2", 1)
    assert "Concluded" in sue.page.content()
    sue.press("u", leads=CASE[0])
    assert "took back entry 3" in sue.page.content()
    sue.judge("2", 1)
    with sue.page.expect_download() as kept:
        sue.keys("o")
    report = kept.value.path().read_text(encoding="utf-8")
    assert kept.value.suggested_filename == "report-case-1.html"
    for word in ("same scar", "No candidate", "took back entry 3", "Investigative lead only", "audit-head"):
        assert word in report
    server.stop()
    assert written(job, kek) == 5
    server.start()


def test_axe_finds_nothing_on_any_page(server: Server, enter: Enter, tmp_path: Path) -> None:
    found: list[str] = []
    ann = enter("ann")
    for place in ("/", *CASE):
        ann.page.goto(server.place + place)
        found += ann.violations()
    ann.page.goto(server.place + CASE[0])
    ann.fill("1", 0, "kept though it is not whole")
    ann.keys("s")
    ann.page.wait_for_selector("text=needs at least one reason")
    assert ann.page.input_value("#note") == "kept though it is not whole"
    found += ann.violations()
    ann.fill("1", 1)
    ann.press("s", leads=CASE[0])
    found += ann.violations()
    sue = enter("sue")
    for place in SUPERVISED:
        sue.page.goto(server.place + place)
        for folded in sue.page.query_selector_all("details:not([open]) > summary"):
            folded.press("Enter")
        found += sue.violations()
    sue.page.goto(server.place + CASE[0])
    with sue.page.expect_download() as kept:
        sue.keys("o")
    sue.page = sue.context.new_page()
    sue.page.set_content(kept.value.path().read_text(encoding="utf-8"))
    found += sue.violations()
    stranger = enter("ann")
    stranger.context.clear_cookies()
    stranger.page.goto(f"{server.place}/sign-in?token=made-up")
    found += stranger.violations()
    assert not found, "\n".join(sorted(set(found)))


def test_a_hostile_name_does_nothing_under_the_real_policy(server: Server, enter: Enter) -> None:
    sue = enter("sue", policy=True)
    for place in SUPERVISED[:-2]:
        sue.page.goto(server.place + place)
        assert HOSTILE not in sue.page.inner_text("body")
        assert "\u202e" not in sue.page.content(), place
    sue.page.goto(server.place + CASE[0])
    with sue.page.expect_download() as kept:
        sue.keys("o")
    report = kept.value.path().read_text(encoding="utf-8")
    assert "[U+202E]" in report
    assert sue.said == [], "no dialog, and nothing that the policy had to block"
    sheet = sue.context.new_page()
    sheet.set_content(report)
    assert sheet.locator("script").count() == 0
    assert sue.said == []


def test_the_view_stays_between_questions_and_cases(server: Server, enter: Enter) -> None:
    ann = enter("ann", policy=True)
    ann.open_first_case()
    ann.keys("+", "r", "r", "t", "b", "c", "Shift+ArrowRight")
    seen = ann.turned
    assert seen == "translate(20px, 0px) scale(1.25) rotate(183deg)"
    ann.next("n", CASE[1])
    ann.next("p", CASE[0])
    ann.page.wait_for_selector("[data-viewer] img")
    assert ann.turned == seen
    ann.page.reload()
    assert ann.turned == seen
    style = ann.page.eval_on_selector_all("[data-viewer] img", "all => all.map(one => one.style.filter)")
    assert style == ["grayscale(1) contrast(1.6)"] * len(style)
    assert not ann.page.is_visible(".points"), "the examiner looks before the machine points"
    ann.keys("l")
    assert ann.page.is_visible(".points")
    assert ann.page.eval_on_selector(".points", "one => one.style.transform") == seen
    ann.keys("f")
    assert "over" in ann.page.get_attribute("[data-viewer]", "class")
    ann.keys("f", "w")
    assert ann.page.input_value("[data-wipe]") == "25"
    ann.keys("0")
    assert ann.turned == "translate(0px, 0px) scale(1) rotate(0deg)"
    assert ann.said == []


def test_a_second_tab_judges_nothing_twice_and_keeps_what_was_typed(
    server: Server, enter: Enter, job: Path, kek: bytes
) -> None:
    ann = enter("ann", policy=True)
    first, second = ann.page, ann.context.new_page()
    for page in (first, second):
        page.goto(server.place + CASE[0])
    ann.judge("2", 1)
    ann.page = second
    ann.fill("1", 1, "another thought")
    ann.keys("s")
    second.wait_for_selector("text=you have judged this question")
    assert "another thought" in second.inner_text("#question")
    server.stop()
    assert written(job, kek) == 1
    server.start()


def test_a_restart_while_somebody_types_loses_nothing(server: Server, enter: Enter, job: Path, kek: bytes) -> None:
    ann = enter("ann", policy=True)
    ann.page.goto(server.place + CASE[0])
    ann.fill("1", 1, "a long thought")
    server.stop(signal.SIGKILL)
    ann.keys("s")
    ann.page.wait_for_selector("text=the server does not answer")
    server.start()
    ann.keys("s")
    ann.page.wait_for_selector("text=you are signed out")
    assert ann.page.input_value("#note") == "a long thought"
    tab = ann.context.new_page()
    ann.sign_in(tab)
    ann.press("s", leads=CASE[0])
    assert "a long thought" in ann.page.inner_text(".entries")
    server.stop()
    assert written(job, kek) == 1
    server.start()
