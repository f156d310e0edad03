"""The page with the browser's camera: advice while it looks, a picture only when a person takes and keeps it.

Pictures come as the body of a request, never as a form: a form's file would lie on the disk on its way. They are opened
only by a worker as confined as that of a batch.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.requests import ClientDisconnect

from verify.batch.glance import Glance, Seen
from verify.capture.original import Original, original_of
from verify.errors import PolicyError, UsageError, VerifyError
from verify.model.item import Role
from verify.model.judgement import ReviewRole
from verify.model.outcome import Outcome
from verify.review.captures import Captures
from verify.review.sessions import Session
from verify.settings import Settings

__all__ = ["ROLES", "CameraRoom", "Looker", "camera_rooms"]

camera_rooms = APIRouter(prefix="/capture")

ROLES = {
    Role.CAPTURE: "a person",
    Role.DOCUMENT: "a page with photograph and machine readable zone",
    Role.DOCUMENT_FRONT: "the front of a card",
    Role.DOCUMENT_BACK: "the back of a card",
    Role.VISA: "a visa",
}
_SUFFIXES = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
_LONGEST_LABEL = 120
_KEPT = (Outcome.OK, Outcome.RESOURCE)  # a slow machine is no fault of the picture


class Looker:
    """The worker that looks at pictures; it starts with the first one, in a thread that is its own."""

    def __init__(self, settings: Settings) -> None:
        """Takes the settings of the engines."""
        self._settings = settings
        self._thread = ThreadPoolExecutor(1, "looker")
        self._glance: Glance | None = None

    async def look(self, data: bytes, role: Role) -> Seen:
        """Reads one picture while others wait for theirs.

        Raises:
            MissingEngineError: an engine is not installed.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._look, data, role)

    def close(self) -> None:
        """Ends the worker."""
        self._thread.submit(self._end).result()
        self._thread.shutdown()

    def _look(self, data: bytes, role: Role) -> Seen:
        if self._glance is None:
            self._glance = Glance(self._settings).__enter__()
        try:
            return self._glance.look(data, role)
        except VerifyError:
            self._end()
            raise

    def _end(self) -> None:
        if self._glance is not None:
            self._glance.__exit__(None, None, None)
            self._glance = None


@dataclass(frozen=True, slots=True)
class CameraRoom:
    """What the pages of the camera need.

    Attributes:
        signed: gives who asks.
        captures: where pictures are kept.
        looker: reads them.
        page: renders the page for a person, with what was kept.
    """

    signed: Callable[[Request], Awaitable[Session]]
    captures: Captures
    looker: Looker
    page: Callable[[Session, tuple[Original, ...]], str]


def _room(request: Request) -> CameraRoom:
    room: CameraRoom = request.app.state.camera
    return room


_Room = Annotated[CameraRoom, Depends(_room)]


async def _photographer(request: Request, room: _Room) -> Session:
    session = await room.signed(request)
    if session.role is ReviewRole.AUDITOR:
        raise PolicyError("an auditor takes no pictures")
    return session


_Person = Annotated[Session, Depends(_photographer)]


async def _sender(request: Request, session: _Person) -> Session:
    """Who sent a picture from a page of this very session (ASVS 5.0, 3.5.1)."""
    if not secrets.compare_digest(request.headers.get("x-csrf", "").encode(), session.csrf.encode()):
        raise PolicyError("the picture is not one of this session; load the page again")
    return session


_Sender = Annotated[Session, Depends(_sender)]


@camera_rooms.get("")
async def camera(room: _Room, person: _Person) -> Response:
    """The page."""
    return HTMLResponse(room.page(person, room.captures.listed()))


@camera_rooms.post("/look")
async def look(request: Request, room: _Room, _person: _Sender, role: str = "") -> Response:
    """Advice on a picture, of which nothing is kept."""
    part = _role(role)
    return JSONResponse(_told(await room.looker.look(await _body(request), part)))


@camera_rooms.post("/keep")
async def keep(
    request: Request, room: _Room, person: _Sender, role: str = "", item: str = "", device: str = ""
) -> Response:
    """Keeps a picture that a person took and looked at."""
    part, data = _role(role), await _body(request)
    suffix = next((one for head, one in _SUFFIXES.items() if data.startswith(head)), "")
    label = "".join(one for one in device if one.isprintable())[:_LONGEST_LABEL] or "a camera without a name"
    original = original_of(data, suffix=suffix, device=label, operator=person.name, role=part, item=item.strip())
    seen = await room.looker.look(data, part)
    if not suffix or seen.reading.outcome.outcome not in _KEPT:
        raise UsageError("this is no PNG or JPEG that can be read; take another picture")
    room.captures.keep(original, data)
    return JSONResponse({"path": original.path, "sha256": original.sha256, **_told(seen)}, HTTPStatus.CREATED)


async def _body(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect as error:  # by the guard, when more comes than may
        raise PolicyError("the picture is too large, or was not sent whole") from error


def _role(name: str) -> Role:
    try:
        role = Role(name)
    except ValueError:
        role = Role.CHIP
    if role not in ROLES:
        raise UsageError("choose what is in front of the camera")
    return role


def _told(seen: Seen) -> dict[str, Any]:
    lines = seen.reading.mrz.lines if seen.reading.mrz is not None else ()
    return {"facts": seen.facts, "advice": seen.advice, "lines": lines}
