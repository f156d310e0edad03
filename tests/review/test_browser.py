"""The whole procedure in Chromium, by keyboard alone; no request leaves the machine, and axe finds nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
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
            "    uvicorn.run(app, host='127.0.0.1', port=port, log_level='info')\n"
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

    def __init__(self, chromium: Any, server: Server, name: str) -> None:
        self.page = chromium.new_context(bypass_csp=True).new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.set_default_timeout(60_000)
        self.server = server
        self.page.goto(f"{server.place}/sign-in")
        self.page.keyboard.type(name)
        self.keys("Tab")
        self.page.keyboard.type(PASSWORD)
        self.press("Enter", leads="/")

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def press(self, key: str, leads: str) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        assert self.page.url == self.server.place + leads, self.page.url

    def open_first_case(self) -> None:
        self.keys("j")
        self.press("Enter", leads="/case/1/0")

    def judge(self, conclusion: str, reasons: int, note: str = "") -> None:
        self.keys(conclusion, "a")
        for _ in range(reasons):
            self.keys("Space", "Tab")
        self.keys("Escape")
        if note:
            self.keys("m")
            self.page.keyboard.type(note)
            self.keys("Escape")
        self.press("s", leads="/case/1/0")

    def violations(self) -> list[str]:
        found = axe.Axe().run(self.page)["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:80]}" for one in found]


def test_the_whole_procedure_by_keyboard(server: Server, chromium: Any, job: Path, kek: bytes) -> None:
    ann = Person(chromium, server, "ann")
    assert ann.violations() == []
    ann.open_first_case()
    assert ann.violations() == []
    assert "0.987" not in ann.page.content()
    ann.keys("+", "r", "b")
    assert "rotate(90deg)" in ann.page.eval_on_selector("[data-viewer] img", "image => image.style.transform")
    ann.judge("1", 2, "same scar s n q")
    assert "0.987" in ann.page.content()
    assert "same scar s n q" in ann.page.content(), "keys do nothing inside a field"
    ann.keys("n")
    ann.page.wait_for_url("**/case/1/1")
    assert "R02" in ann.page.text_content("#asked")
    ann.keys("p")
    ann.page.wait_for_url("**/case/1/0")
    server.stop(signal.SIGKILL)
    server.start()  # nothing that was saved is lost, and no lock stays behind

    ben = Person(chromium, server, "ben")
    ben.open_first_case()
    assert "same scar" not in ben.page.content()
    ben.judge("2", 1)
    assert "Supervisor" in ben.page.content()
    server.stop(signal.SIGKILL)
    server.start()

    sue = Person(chromium, server, "sue")
    sue.open_first_case()
    assert "same scar" in sue.page.content()
    assert sue.violations() == []
    sue.judge("2", 1)
    assert "Concluded" in sue.page.content()
    sue.press("u", leads="/case/1/0")
    assert "took back entry 3" in sue.page.content()
    sue.page.goto(f"{server.place}/log")
    assert sue.violations() == []
    for person in (ann, ben, sue):
        assert {re.sub(r"^(http://[^/]+).*", r"\1", url) for url in person.asked} == {server.place}
    server.stop()
    with Ledger.open(job, kek, "read") as ledger:
        assert len(list(ledger.review())) == 4
        assert verify_chain(ledger).valid
    server.start()


def test_a_hostile_name_does_nothing(server: Server, chromium: Any) -> None:
    sue = Person(chromium, server, "sue")
    alerts: list[str] = []
    sue.page.on("dialog", lambda dialog: alerts.append(dialog.message))
    for path in ("/?show=all", "/case/1/0", "/case/1/1", "/log"):
        sue.page.goto(server.place + path)
        assert HOSTILE not in sue.page.inner_text("body")
    assert alerts == []


def test_the_view_stays_from_one_question_to_the_next(server: Server, chromium: Any) -> None:
    ann = Person(chromium, server, "ann")
    ann.open_first_case()
    ann.keys("r", "r", "c", "n")
    ann.page.wait_for_url("**/case/1/1")
    ann.keys("p")
    ann.page.wait_for_url("**/case/1/0")
    ann.page.wait_for_selector("[data-viewer] img")
    assert "rotate(180deg)" in ann.page.eval_on_selector("[data-viewer] img", "image => image.style.transform")
