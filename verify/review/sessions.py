"""Who is signed in: random tokens kept in this process only. A restart signs everybody out and loses no judgement."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from verify.model.judgement import ReviewRole

__all__ = ["Session", "Sessions"]

_IDLE_SECONDS = 30 * 60  # ASVS 5.0, 7.3.1: inactivity timeout
_LONGEST_SECONDS = 12 * 3600  # ASVS 5.0, 7.3.2: absolute lifetime
_LINK_SECONDS = 10 * 60
_TRIES, _TRY_SECONDS = 5, 60.0  # wrong passwords a name may have a minute (ASVS 5.0, 6.3.1)


@dataclass(slots=True)
class Session:
    """One signed-in person.

    Attributes:
        name, role: of the account.
        csrf: that every form has to bring back.
        begun, touched: on the clock of `time.monotonic`.
    """

    name: str
    role: ReviewRole
    csrf: str
    begun: float
    touched: float


class Sessions:
    """The sessions, the one-time sign-in links, and the count of wrong passwords."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody is signed in."""
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._links: dict[str, tuple[str, ReviewRole, float]] = {}
        self._wrong: dict[str, list[float]] = {}

    def link(self, name: str, role: ReviewRole) -> str:
        """A token that signs this person in once, within ten minutes."""
        token = secrets.token_urlsafe(32)
        self._links[token] = name, role, self._clock() + _LINK_SECONDS
        return token

    def redeem(self, token: str) -> str | None:
        """The session that a one-time link begins; None when it was used, is too old or never was."""
        name, role, end = self._links.pop(token, ("", ReviewRole.AUDITOR, 0.0))
        return self.begin(name, role) if name and self._clock() < end else None

    def begin(self, name: str, role: ReviewRole) -> str:
        """Signs a person in; returns the token for the cookie."""
        token, now = secrets.token_urlsafe(32), self._clock()
        self._sessions[token] = Session(name, role, secrets.token_urlsafe(32), now, now)
        return token

    def get(self, token: str) -> Session | None:
        """The session of a cookie; None when there is none or it has run out."""
        session, now = self._sessions.get(token), self._clock()
        if session is None:
            return None
        if now - session.touched > _IDLE_SECONDS or now - session.begun > _LONGEST_SECONDS:
            del self._sessions[token]
            return None
        session.touched = now
        return session

    def end(self, token: str) -> None:
        """Signs out."""
        self._sessions.pop(token, None)

    def may_try(self, name: str) -> bool:
        """Whether this name may be tried now, after the wrong passwords of the last minute."""
        recent = [moment for moment in self._wrong.get(name, ()) if self._clock() - moment < _TRY_SECONDS]
        self._wrong[name] = recent
        if not recent:
            del self._wrong[name]
        return len(recent) < _TRIES

    def tried_wrong(self, name: str) -> None:
        """Counts a wrong password."""
        self._wrong.setdefault(name, []).append(self._clock())
