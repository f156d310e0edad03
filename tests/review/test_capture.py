"""The camera's page: what is kept is encrypted and noted, and what must not come in is refused and logged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from verify.audit import verify_chain
from verify.capture.original import Original, original_of
from verify.cli import main
from verify.errors import DamagedStoreError, ExitCode, UsageError
from verify.ledger import Ledger, purge
from verify.model.item import Role
from verify.review import Policy
from verify.review.captures import Captures
from verify.settings import Limits, Settings
from verify.vault.keys import create_key_file

pytest.importorskip("httpx")
pytest.importorskip("fastapi")

from .test_app import AUDITOR, PLACE, Browser, Room, play, refusals

FILES = Path(__file__).parents[2] / "samples" / "checkpoint" / "files"
PERSON = (FILES / "C001_capture.jpg").read_bytes()


class Station(Browser):
    """A browser that sends what its camera took."""

    def __init__(self, browser: Browser) -> None:
        self.http = browser.http

    async def post(self, act: str, data: bytes, *, origin: str = PLACE, token: str | None = None, **more: str) -> Any:
        page = (await self.get("/capture")).text
        if token is None:
            token = page.partition('data-csrf="')[2].partition('"')[0]
        query = {"role": "capture", **more}
        return await self.http.post(
            f"/capture/{act}", params=query, content=data, headers={"origin": origin, "x-csrf": token}
        )


Opened = Callable[..., Any]


@pytest.fixture
def opened(job: Path, kek: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    @asynccontextmanager
    async def opened_() -> AsyncIterator[Room]:
        monkeypatch.setattr("verify.batch.glance._SECONDS", 60.0)  # a slow machine is no fault of the picture
        room = Room(job, kek, Policy(), tmp_path / "reviewers.json")
        room.app.state.camera.looker._settings = Settings(face_engine="dlib", limits=Limits(seconds=60))
        try:
            yield room
        finally:
            room.app.state.camera.looker.close()
            room.desk.close()

    return opened_


def kept(job: Path, kek: bytes) -> tuple[Original, ...]:
    with Ledger.open(job, kek) as ledger:
        return Captures(ledger, job).listed()


def test_a_picture_is_looked_at_and_kept(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = Station(await room.enter("ann"))
            told = (await ann.post("look", PERSON)).json()
            assert told["advice"] == []
            assert any("inter-eye distance" in fact for fact in told["facts"])
            assert not (job / "captures").exists(), "looking keeps nothing"
            answer = await ann.post("keep", PERSON, item="A1", device="Desk\u202e <camera>")
            assert (answer.status_code, answer.json()["path"]) == (201, "A1_capture.jpg")
            page = (await ann.get("/capture")).text
            assert "A1_capture.jpg" in page
            assert "<camera>" not in page
            assert "\u202e" not in page
            assert (await ann.post("keep", PERSON, item="A1")).status_code == 400

    play(scene)
    (one,) = kept(job, kek)
    assert (one.operator, one.device, one.sha256) == ("ann", "Desk <camera>", hashlib.sha256(PERSON).hexdigest())
    assert one.taken.utcoffset() is not None
    (sealed,) = (job / "captures").iterdir()
    assert PERSON[1000:1040] not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o777 == 0o600
    with Ledger.open(job, kek, "read") as ledger:
        (event,) = [one.fields() for one in ledger.events() if one.fields()["action"] == "picture_captured"]
        assert verify_chain(ledger).valid
    assert (event["actor"], event["detail"]["capture_sha256"]) == ("ann", one.sha256)  # type: ignore[index]
    purge(job, kek, "operator-7")
    assert not (job / "captures").exists(), "purged with the job"


def test_the_camera_is_allowed_on_its_page_only(opened: Opened) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann, aud = await room.enter("ann"), await room.enter("aud", AUDITOR)
            assert "camera=(self)" in (await ann.get("/capture")).headers["permissions-policy"]
            for path in ("/", "/case/1/0", "/static/capture.js"):
                assert "camera=()" in (await ann.get(path)).headers["permissions-policy"], path
            assert (await aud.get("/capture")).status_code == 403
            assert "/capture" not in (await aud.get("/")).text
            assert (await Browser(room.app).get("/capture")).url.path == "/sign-in"

    play(scene)


def test_v3_5_1_a_picture_from_another_page_is_refused(opened: Opened, job: Path, kek: bytes) -> None:
    async def scene() -> None:
        async with opened() as room:
            ann = Station(await room.enter("ann"))
            for act in ("look", "keep"):
                assert (await ann.post(act, PERSON, origin="https://evil.example")).status_code == 403
                assert (await ann.post(act, PERSON, token="made up")).status_code == 403
                stranger = Station(Browser(room.app))
                assert (await stranger.post(act, PERSON, token="x")).url.path == "/sign-in"

    play(scene)
    assert len(refusals(job, kek)) == 4
    assert kept(job, kek) == ()


def test_v5_2_1_an_oversized_picture_is_refused(opened: Opened, job: Path, kek: bytes) -> None:
    large = b"\x89PNG\r\n\x1a\n" + bytes(13 << 20)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(13):
            yield large[: 1 << 20]

    async def scene() -> None:
        async with opened() as room:
            ann = Station(await room.enter("ann"))
            assert (await ann.post("keep", large)).status_code == 413
            assert (await ann.post("keep", pieces())).status_code == 413  # type: ignore[arg-type]

    play(scene)
    assert [("too large" in reason) for reason in refusals(job, kek)] == [True, True]
    assert kept(job, kek) == ()


def test_v5_2_2_what_is_no_picture_is_refused(opened: Opened, job: Path, kek: bytes) -> None:
    wrong = [b"", b"<script>", b"%PDF-1.7", PERSON[:3000], b"\x89PNG\r\n\x1a\n" + b"x" * 99]

    async def scene() -> None:
        async with opened() as room:
            ann = Station(await room.enter("ann"))
            for data in wrong:
                assert (await ann.post("keep", data)).status_code == 400, data[:20]
            for more in ({"role": "chip"}, {"role": "x"}, {"item": "../A"}, {"item": "a b"}):
                assert (await ann.post("keep", PERSON, **more)).status_code == 400, more

    play(scene)
    assert kept(job, kek) == ()


def original(item: str, data: bytes = PERSON) -> Original:
    return original_of(data, suffix=".jpg", device="d", operator="ann", role=Role.CAPTURE, item=item)


def test_what_was_kept_is_handed_out_whole_and_noted(job: Path, kek: bytes, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Ledger.open(job, kek) as ledger:
        captures = Captures(ledger, job)
        for item in ("A1", "B2"):
            captures.keep(original(item), PERSON)
        assert [one.name for one in captures.release(out, "sue")] == ["A1_capture.jpg", "B2_capture.jpg"]
        assert list(captures.release(out, "sue")) == [], "what is there stays as it is"
        exported = [one.fields() for one in ledger.events() if one.fields()["action"] == "personal_data_exported"]
    assert [one["actor"] for one in exported] == ["sue", "sue"]
    assert (out / "A1_capture.jpg").read_bytes() == PERSON
    assert json.loads((out / "A1_capture.json").read_text())["operator"] == "ann"


def test_the_command_hands_out_what_was_kept(
    job: Path, kek: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    create_key_file(tmp_path / "key", key=kek)
    command = ["verify", "capture", "release", str(job), str(tmp_path / "out"), "--key-file", str(tmp_path / "key")]
    monkeypatch.setattr("sys.argv", [*command, "--operator", "sue"])
    with Ledger.open(job, kek) as ledger:
        Captures(ledger, job).keep(original("A1"), PERSON)
        with pytest.raises(SystemExit) as locked:
            main()
    assert locked.value.code == ExitCode.LOCKED, "while a review is open"
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == ExitCode.OK
    assert capfd.readouterr().out.split() == [str(tmp_path / "out" / "A1_capture.jpg")]
    assert (tmp_path / "out" / "A1_capture.jpg").read_bytes() == PERSON


def test_a_sealed_picture_that_was_altered_or_exchanged_is_not_used(job: Path, kek: bytes) -> None:
    with Ledger.open(job, kek) as ledger:
        captures = Captures(ledger, job)
        captures.keep(original("A1"), PERSON)
        captures.keep(original("B2", PERSON + b"x"), PERSON + b"x")
        first, second = sorted((job / "captures").iterdir())
        sound = first.read_bytes()
        first.write_bytes(second.read_bytes())
        with pytest.raises(DamagedStoreError):
            captures.listed()
        first.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
        with pytest.raises(DamagedStoreError):
            captures.listed()


def test_without_its_event_no_picture_stays(job: Path, kek: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(job, kek) as ledger:
        captures = Captures(ledger, job)

        def full(_event: object) -> None:
            raise UsageError("the disk is full")

        monkeypatch.setattr(ledger, "append", full)
        with pytest.raises(UsageError, match="full"):
            captures.keep(original("A1"), PERSON)
        assert list((job / "captures").iterdir()) == []
