"""What every request passes before a page sees it: host, origin, size; and the headers every answer carries.

Named after OWASP ASVS 5.0: host header (4.1.4 in spirit), cross-site requests (3.5.1), Content-Security-Policy (3.4.3),
sizes (5.2.1, 2.4.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "Guard"]

_MAX_BODY, _MAX_PICTURE = 1 << 20, 12 << 20
_CAMERA = "/capture"
_MAX_TARGET = 4096  # bytes of path and query
_SAFE = {"GET", "HEAD"}
_TOO_LARGE = "the request is too large"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware that refuses before anything is read, and tells of it."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], refused: Callable[[str], None]) -> None:
        """Takes the hosts (with port) that may be asked for, and who is told of a refusal."""
        self._app, self._hosts, self._refused = app, frozenset(hosts), refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status, why = self._objection(scope, headers)
        if why:
            self._refused(why)
            answer = PlainTextResponse(f"refused: {why}\n", status, headers=HEADERS)
            await answer(scope, receive, send)
            return
        await self._app(scope, self._bounded(receive, _most(scope)), _with_headers(send, _headers(scope)))

    def _objection(self, scope: Scope, headers: Headers) -> tuple[int, str]:
        if headers.get("host", "") not in self._hosts:
            return 421, "another host was asked for"
        if len(scope["path"]) + len(scope["query_string"]) > _MAX_TARGET:
            return 414, "the address is too long"
        if ".." in scope["path"].split("/") or "//" in scope["path"] or "\\" in scope["path"]:
            return 404, "the address leads out of the room"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > _most(scope):
            return 413, _TOO_LARGE
        if scope["method"] not in _SAFE and not self._same_site(headers):
            return 403, "a form was sent from another site"
        return 200, ""

    def _bounded(self, receive: Receive, most: int) -> Receive:
        """Stops reading a body that is longer than its header said, or that had none."""
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                self._refused(_TOO_LARGE)
                raise HTTPException(413, _TOO_LARGE)
            return message

        return limited

    def _same_site(self, headers: Headers) -> bool:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "same-origin")
        return origin is not None and urlsplit(origin).netloc in self._hosts and site == "same-origin"


def _most(scope: Scope) -> int:
    """Bytes that a request may have; only what the camera takes is large."""
    return _MAX_PICTURE if scope["path"].startswith(f"{_CAMERA}/") else _MAX_BODY


def _headers(scope: Scope) -> dict[str, str]:
    """The camera is allowed on its page and nowhere else."""
    allowed = {"Permissions-Policy": HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")}
    return HEADERS | (allowed if scope["path"] == _CAMERA else {})


def _with_headers(send: Send, added: dict[str, str]) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers[name] = value
        await send(message)

    return told
