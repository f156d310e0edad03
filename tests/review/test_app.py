"""The room through its pages: the procedure, and what is refused. Attack tests bear the ids of OWASP ASVS 5.0."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from verify.ledger import Ledger
from verify.model.judgement import ReviewRole
from verify.review import Accounts, Desk, Policy, Sessions
from verify.review.locks import Locks

from .conftest import HOSTILE, PIXEL

httpx = pytest.importorskip("httpx")
pytest.importorskip("fastapi")

from verify.review.app import create_app  # noqa: E402 - after it is known to be there

HOST = "127.0.0.1:8765"
PLACE = f"http://{HOST}"
REVIEWER, SUPERVISOR, AUDITOR = ReviewRole.REVIEWER, ReviewRole.SUPERVISOR, ReviewRole.AUDITOR


class Browser:
    """One person's browser: keeps cookies, sends the origin, brings forms' tokens back."""

    def __init__(self, app: Any) -> None:
        transport = httpx.ASGITransport(app=app)
        self.http = httpx.AsyncClient(transport=transport, base_url=PLACE, follow_redirects=True)

    async def get(self, path: str, **more: Any) -> Any:
        return await self.http.get(path, **more)

    async def send(self, path: str, data: dict[str, Any], origin: str = PLACE, token: str | None = None) -> Any:
        if token is None:
            found = re.search(r'name="csrf" value="([^"]+)"', (await self.get("/")).text)
            token = found[1] if found else ""
        return await self.http.post(path, data={**data, "csrf": token}, headers={"origin": origin})


class Room:
    """The application with a way to let people in."""

    def __init__(self, job: Path, kek: bytes, policy: Policy, accounts: Path) -> None:
        self.desk, self.sessions = Desk(job, kek, policy), Sessions()
        self.app = create_app(self.desk, Accounts(accounts), self.sessions, hosts=(HOST,))

    async def enter(self, name: str, role: ReviewRole = REVIEWER) -> Browser:
        browser = Browser(self.app)
        answer = await browser.get(f"/sign-in?token={self.sessions.link(name, role)}")
        assert answer.status_code == 200
        return browser


Opened = Callable[..., Any]


@pytest.fixture
def opened(job: Path, kek: bytes, tmp_path: Path) -> Opened:
    @asynccontextmanager
    async def opened_(policy: Policy | None = None) -> AsyncIterator[Room]:
        room = Room(job, kek, policy or Policy(), tmp_path / "reviewers.json")
        try:
            yield room
        finally:
            room.desk.close()

    return opened_


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(scene(), 60)

    asyncio.run(bounded())


def refusals(job: Path, kek: bytes) -> list[str]:
    with Ledger.open(job, kek, "read") as ledger:
        events = [event.fields() for event in ledger.events()]
    return [str(one["detail"]["reason"]) for one in events if one["action"] == "access_refused"]  # type: ignore[index]


NO = {"conclusion": "No candidate", "reason": ["ears"]}
YES = {"conclusion": "Potential candidate", "reason": ["nose", "scars"], "note": "same scar"}


def test_the_whole_procedure_through_the_pages(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann, ben, sue = await room.enter("ann"), await room.enter("ben"), await room.enter("sue", SUPERVISOR)
            page = (await ann.get("/case/1")).text
            assert "Rank and score are hidden" in page
            assert "0.987" not in page
            page = (await ann.send("/case/1/0/judge", YES)).text
            assert "0.987" in page, "after the own judgement the score is shown"
            assert "same scar" in page
            busy = (await ben.get("/case/1/0")).text
            assert "ann is working on this case" in busy
            assert "same scar" not in busy
            room.app.state.house.pages._locks.release("A", "ann")
            page = (await ben.get("/case/1/0")).text
            assert "same scar" not in page, "the second reviewer must not see the first"
            assert "0.987" not in page
            page = (await ben.send("/case/1/0/judge", NO)).text
            assert "Supervisor&#39;s judgement due" in page
            room.app.state.house.pages._locks.release("A", "ben")
            page = (await sue.get("/case/1/0")).text
            assert "same scar" in page
            page = (await sue.send("/case/1/0/judge", NO)).text
            assert "<strong>Concluded</strong>: No candidate" in page
            page = (await sue.send("/case/1/0/undo", {"entry": "3"})).text
            assert "took back entry 3" in page
            assert "Supervisor&#39;s judgement due" in page

    play(scene)
    with Ledger.open(job, kek, "read") as ledger:
        assert len(list(ledger.review())) == 4


def test_a_case_is_confirmed_only_by_independent_evidence(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened(Policy(reviewers=1, legal_basis="order 7")) as room:
            ann, sue = await room.enter("ann"), await room.enter("sue", SUPERVISOR)
            early = await sue.send("/case/1/close", {"act": "confirmed", "evidence": "fingerprints agree"})
            assert (early.status_code, "still open" in early.text) == (403, True)
            for index in (1, 2):
                await ann.send(f"/case/1/{index}/judge", NO)
            await ann.send("/case/1/0/judge", YES)
            assert (await ann.send("/case/1/close", {"act": "confirmed", "evidence": "x" * 20})).status_code == 403
            bare = await sue.send("/case/1/close", {"act": "confirmed", "evidence": "yes"})
            assert (bare.status_code, "independent evidence" in bare.text) == (400, True)
            done = await sue.send("/case/1/close", {"act": "confirmed", "evidence": "fingerprints agree"})
            assert "closed, confirmed by independent evidence" in done.text
            assert (await ann.send("/case/1/0/undo", {"entry": "3"})).status_code == 403
            again = await sue.send("/case/1/close", {"act": "open again", "evidence": "the source withdrew"})
            assert "opened again" in again.text
            assert (await ann.send("/case/1/0/undo", {"entry": "3"})).status_code == 200

    play(scene)
    with Ledger.open(job, kek, "read") as ledger:
        events = [event.fields() for event in ledger.events()]
    closings = [one["detail"]["confirmed"] for one in events if one["action"] == "case_closed"]  # type: ignore[index]
    assert closings == [True, None]
    assert "fingerprints" not in str(events)


def test_what_was_typed_is_not_lost_when_something_is_missing(opened: Opened) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            answer = await ann.send("/case/1/0/judge", {**YES, "reason": [], "note": "a long thought"})
            assert answer.status_code == 400
            assert "needs at least one reason" in answer.text
            assert "a long thought" in answer.text

    play(scene)


def test_a_second_tab_cannot_judge_twice(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            assert (await ann.send("/case/1/1/judge", NO)).status_code == 200
            again = await ann.send("/case/1/1/judge", NO)
            assert again.status_code == 403
            assert "another person" in again.text

    play(scene)
    with Ledger.open(job, kek, "read") as ledger:
        assert len(list(ledger.review())) == 1


def test_names_are_harmless_on_every_page(opened: Opened) -> None:
    async def scene() -> None:
        async with opened(Policy(blind=False)) as room:
            sue = await room.enter("sue", SUPERVISOR)
            for path in ("/", "/?show=all", "/case/1/0", "/case/1/1", "/log"):
                page = (await sue.get(path)).text
                assert "<script>alert" not in page, path
                assert "\u202e" not in page, path
            assert "[U+202E]" in (await sue.get("/case/1/0")).text

    play(scene)
    assert "\u202e" in HOSTILE


def test_pictures_of_the_case_and_nothing_else(opened: Opened) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            picture = await ann.get("/case/1/picture/document.x.face0")
            assert (picture.content, picture.headers["content-type"]) == (PIXEL, "image/jpeg")
            assert (await ann.get("/case/1/picture/other")).status_code == 404
            assert (await ann.get("/case/9/0")).status_code == 400

    play(scene)


def test_v3_5_1_a_form_from_another_site_is_refused(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            for origin in ("https://evil.example", "null"):
                assert (await ann.send("/case/1/0/judge", NO, origin=origin)).status_code == 403
            assert (await ann.send("/case/1/0/judge", NO, token="made up")).status_code == 403

    play(scene)
    assert len(refusals(job, kek)) == 3


def test_v13_2_another_host_header_is_refused(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            for host in ("evil.example", "127.0.0.1:9999", ""):
                assert (await ann.get("/", headers={"host": host})).status_code == 421

    play(scene)
    assert len(refusals(job, kek)) == 3


def test_v5_3_2_no_path_leads_out_of_the_room(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            for path in ("/static/../desk.py", "/static/%2e%2e/desk.py", "/static/..%2fdesk.py", "/static//etc/passwd"):
                assert (await ann.get(path)).status_code == 404, path
            assert (await ann.get("/case/1/picture/..%2f..%2fkey.json")).status_code == 404

    play(scene)
    assert "leads out of the room" in refusals(job, kek)[0]
    assert len(refusals(job, kek)) >= 4


def test_v7_2_a_forged_or_ended_session_opens_nothing(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            token = ann.http.cookies["verify_session"]
            await ann.send("/sign-out", {})
            for cookie in (token, token[:-1] + "A", ""):
                stranger = Browser(room.app)
                stranger.http.cookies.set("verify_session", cookie)
                answer = await stranger.get("/case/1/0")
                assert answer.url.path == "/sign-in", cookie

    play(scene)
    assert refusals(job, kek) == ["a session had ended or was made up"] * 2, "no cookie is no attempt"


def test_v7_2_4_a_sign_in_link_works_once(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            link = room.sessions.link("ann", REVIEWER)
            assert (await Browser(room.app).get(f"/sign-in?token={link}")).status_code == 200
            assert (await Browser(room.app).get(f"/sign-in?token={link}")).status_code == 403

    play(scene)
    assert "used twice" in refusals(job, kek)[0]


def test_v8_2_no_role_does_what_belongs_to_another(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann, aud = await room.enter("ann"), await room.enter("aud", AUDITOR)
            assert (await ann.get("/log")).status_code == 403
            assert (await aud.get("/log")).status_code == 200
            assert (await aud.send("/case/1/0/judge", NO)).status_code == 403
            assert (await ann.send("/case/1/0/judge", {**NO, "role": "supervisor"})).status_code == 200

    play(scene)
    with Ledger.open(job, kek, "read") as ledger:
        assert '"role":"reviewer"' in next(iter(ledger.review()))
    assert len(refusals(job, kek)) == 2


def test_v5_2_1_an_oversized_request_is_refused(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            answer = await ann.send("/case/1/0/judge", {**NO, "note": "x" * (1 << 21)})
            assert answer.status_code == 413
            assert (await ann.get("/" + "a" * 5000)).status_code == 414

            async def pieces() -> AsyncIterator[bytes]:
                for _ in range(40):
                    yield b"note=" + b"x" * (1 << 16)

            form = {"origin": PLACE, "content-type": "application/x-www-form-urlencoded"}
            unannounced = await ann.http.post("/case/1/0/judge", content=pieces(), headers=form)
            assert unannounced.status_code == 413

    play(scene)
    assert len(refusals(job, kek)) == 3


def test_v6_3_1_passwords_are_not_tried_without_end(opened: Opened, job: Path, kek: bytes, tmp_path: Path) -> None:
    Accounts(tmp_path / "reviewers.json").add("ann", REVIEWER, "correct horse battery")

    async def scene() -> None:
        async with opened() as room:
            browser = Browser(room.app)
            form = {"name": "ann", "password": "wrong horse battery"}
            codes = [(await browser.send("/sign-in", form)).status_code for _ in range(6)]
            assert codes == [403] * 5 + [429]

    play(scene)
    assert len(refusals(job, kek)) == 6


def test_v3_4_every_answer_carries_the_headers(opened: Opened) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = await room.enter("ann")
            for path in ("/", "/static/review.js", "/nowhere", "/case/1/0"):
                headers = (await ann.get(path)).headers
                assert "default-src 'self'" in headers["content-security-policy"], path
                assert "unsafe" not in headers["content-security-policy"], path
                assert headers["cache-control"] == "no-store", path
            for path in ("/docs", "/redoc", "/openapi.json"):
                assert (await ann.get(path)).status_code == 404

    play(scene)


def test_a_restart_loses_no_judgement(opened: Opened) -> None:
    async def scene() -> None:
        async with opened() as room:
            await (await room.enter("ann")).send("/case/1/0/judge", NO)
        async with opened() as room:
            ann = await room.enter("ann")
            assert "No candidate" in (await ann.get("/case/1/0")).text
            assert (await ann.send("/case/1/0/judge", NO)).status_code == 403

    play(scene)


def test_a_report_is_for_who_oversees_and_is_logged(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann, sue, aud = (
                await room.enter("ann"),
                await room.enter("sue", SUPERVISOR),
                await room.enter("aud", AUDITOR),
            )
            assert (await ann.get("/case/1/report.html")).status_code == 403
            assert (await ann.get("/report.html")).status_code == 403
            kept = await sue.get("/case/1/report.html")
            assert kept.headers["content-disposition"] == 'attachment; filename="report-case-1.html"'
            assert "Investigative lead only" in kept.text
            assert (await aud.get("/case/1/report.html")).status_code == 200
            whole = await sue.get("/report.html")
            assert (whole.status_code, "has no result" in whole.text) == (400, True), "nothing is left out in silence"

    play(scene)
    with Ledger.open(job, kek, "read") as ledger:
        events = [event.fields() for event in ledger.events()]
    assert [one["actor"] for one in events if one["action"] == "personal_data_exported"] == ["sue", "aud"]


def test_pages_of_the_overseers_are_not_for_reviewers(opened: Opened) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann, sue = await room.enter("ann"), await room.enter("sue", SUPERVISOR)
            for place in ("/log", "/charts", "/reviewers"):
                assert (await ann.get(place)).status_code == 403, place
                assert place not in (await ann.get("/")).text
                assert (await sue.get(place)).status_code == 200, place

    play(scene)


def test_a_stale_lock_loses_no_judgement(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            now = [0.0]
            room.app.state.house.pages._locks = Locks(15, lambda: now[0])
            ann, ben = await room.enter("ann"), await room.enter("ben")
            await ann.get("/case/1/1")
            assert "ann is working" in (await ben.get("/case/1/1")).text
            now[0] = 15 * 60.0 + 1
            assert (await ben.send("/case/1/1/judge", NO)).status_code == 200
            late = await ann.send("/case/1/1/judge", YES)
            assert late.status_code == 403
            assert "ben is working on this case" in late.text
            assert "same scar" in late.text, "what was typed is still there"
            now[0] *= 2.5
            assert (await ann.send("/case/1/1/judge", YES)).status_code == 200

    play(scene)
    with Ledger.open(job, kek, "read") as ledger:
        assert len(list(ledger.review())) == 2


def test_a_script_that_is_signed_out_is_told_so(opened: Opened) -> None:
    async def scene() -> None:
        async with opened() as room:
            stranger = Browser(room.app)
            told = await stranger.get("/case/1/0", headers={"x-form": "kept"})
            assert (told.status_code, told.url.path) == (401, "/case/1/0")

    play(scene)
