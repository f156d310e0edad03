"""The web application of a review: pages rendered here, one thread, no request to anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from verify.errors import PolicyError, UsageError
from verify.model.judgement import Conclusion, ReviewRole
from verify.review.accounts import Accounts
from verify.review.capture import CameraRoom, Looker, camera_rooms
from verify.review.desk import Desk
from verify.review.guard import Guard
from verify.review.locks import Locks
from verify.review.pages import Pages
from verify.review.sessions import Session, Sessions
from verify.settings import Settings

__all__ = ["create_app"]

_COOKIE = "verify_session"
_rooms = APIRouter()


@dataclass(frozen=True, slots=True)
class _House:
    desk: Desk
    accounts: Accounts
    sessions: Sessions
    pages: Pages


def create_app(
    desk: Desk, accounts: Accounts, sessions: Sessions, *, hosts: tuple[str, ...], settings: Settings | None = None
) -> FastAPI:
    """The application for one job.

    Args:
        desk: opened by the thread that will serve.
        accounts: who may sign in.
        sessions: of this process.
        hosts: host names with port under which it may be asked for.
        settings: of the engines that look at what the camera takes; None for the usual ones.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages(desk, Locks(desk.policy.lock_minutes))
    app.state.house = _House(desk, accounts, sessions, pages)
    app.state.camera = CameraRoom(_signed, desk.captures, Looker(settings or Settings()), pages.capture)
    app.add_middleware(Guard, hosts=hosts, refused=desk.refused)
    app.mount("/static", StaticFiles(directory=str(files("verify.review") / "static")), "static")
    app.include_router(_rooms)
    app.include_router(camera_rooms)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(PolicyError, _refused)
    app.add_exception_handler(UsageError, _objected)
    return app


# --- who asks ---


def _house(request: Request) -> _House:
    house: _House = request.app.state.house
    return house


async def _signed(request: Request) -> Session:
    token = request.cookies.get(_COOKIE, "")
    session = _house(request).sessions.get(token)
    if session is None:
        if token:
            _house(request).desk.refused("a session had ended or was made up")
        raise HTTPException(HTTPStatus.UNAUTHORIZED, "you are not signed in")
    return session


async def _sender(request: Request, session: Annotated[Session, Depends(_signed)]) -> Session:
    """Who sent a form of this very session (ASVS 5.0, 3.5.1)."""
    if (await request.form()).get("csrf") != session.csrf:
        raise PolicyError("the form is not one of this session; go back and load the page again")
    return session


async def _oversees(session: Annotated[Session, Depends(_signed)]) -> Session:
    """Who supervises or audits (ASVS 5.0, 8.2.1)."""
    if session.role is ReviewRole.REVIEWER:
        raise PolicyError("this page is for supervisors and auditors")
    return session


_House_ = Annotated[_House, Depends(_house)]
_Person = Annotated[Session, Depends(_signed)]
_Overseer = Annotated[Session, Depends(_oversees)]
_Sender = Annotated[Session, Depends(_sender)]


# --- what went wrong ---


async def _told(request: Request, error: Any) -> Response:
    if error.status_code == HTTPStatus.UNAUTHORIZED and not _by_script(request):
        return _to("/sign-in")
    return HTMLResponse(_house(request).pages.problem(str(error.detail)), error.status_code)


async def _refused(request: Request, error: Any) -> Response:
    house = _house(request)
    session = house.sessions.get(request.cookies.get(_COOKIE, ""))
    house.desk.refused(str(error), session.name if session else "")
    return HTMLResponse(house.pages.problem(str(error)), HTTPStatus.FORBIDDEN)


async def _objected(request: Request, error: Any) -> Response:
    return HTMLResponse(_house(request).pages.problem(str(error)), HTTPStatus.BAD_REQUEST)


def _by_script(request: Request) -> bool:
    """Whether our script sent the form: it keeps what was typed, and tells what to do."""
    return request.headers.get("x-form") == "kept"


def _to(place: str) -> Response:
    return RedirectResponse(place, HTTPStatus.SEE_OTHER)


def _kept(page: str, name: str) -> Response:
    """A page that has its own style inside, which the policy of this server would not allow: only as a file."""
    return HTMLResponse(page, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# --- the door ---


@_rooms.get("/sign-in")
async def door(house: _House_, token: str = "") -> Response:
    """The form, or a one-time link."""
    if not token:
        return HTMLResponse(house.pages.sign_in())
    began = house.sessions.redeem(token)
    if began is None:
        house.desk.refused("a sign-in link was used twice, too late, or made up")
        return HTMLResponse(house.pages.sign_in("This link was used already or is too old."), HTTPStatus.FORBIDDEN)
    return _signed_in(began)


@_rooms.post("/sign-in")
async def enter(house: _House_, name: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
    """Name and password."""
    if not house.sessions.may_try(name):
        house.desk.refused("too many wrong passwords for one name")
        return HTMLResponse(house.pages.sign_in("Too many tries; wait a minute."), HTTPStatus.TOO_MANY_REQUESTS)
    try:
        account = house.accounts.check(name, password)
    except PolicyError as error:
        house.sessions.tried_wrong(name)
        house.desk.refused("a name or password was wrong")
        return HTMLResponse(house.pages.sign_in(str(error)), HTTPStatus.FORBIDDEN)
    return _signed_in(house.sessions.begin(account.name, account.role))


def _signed_in(token: str) -> Response:
    answer = _to("/")
    answer.set_cookie(_COOKIE, token, httponly=True, samesite="strict", path="/")
    return answer


@_rooms.post("/sign-out")
async def leave(request: Request, house: _House_, _sender: _Sender) -> Response:
    """Ends the session."""
    house.sessions.end(request.cookies[_COOKIE])
    return _to("/sign-in")


# --- the rooms ---


@_rooms.get("/report.css")
async def style() -> Response:
    """The style that reports have too."""
    text = (files("verify.report") / "templates" / "report.css").read_text(encoding="utf-8")
    return Response(text, media_type="text/css")


@_rooms.get("/")
async def queue(house: _House_, person: _Person, show: str = "due", severity: str = "") -> Response:
    """The cases."""
    return HTMLResponse(house.pages.queue(person, show, severity))


@_rooms.get("/case/{number}")
async def case(house: _House_, person: _Person, number: int) -> Response:
    """The first question of a case that this person can answer."""
    return _to(f"/case/{number}/{house.pages.first_due(person, number)}")


@_rooms.get("/report.html")
async def whole_report(house: _House_, person: _Overseer) -> Response:
    """The report of the job, to be kept as a file."""
    return _kept(house.desk.report(person.name), "report.html")


@_rooms.get("/case/{number}/report.html")
async def case_report(house: _House_, person: _Overseer, number: int) -> Response:
    """The report of a case, to be kept as a file."""
    return _kept(house.desk.report(person.name, house.desk.item_id(number)), f"report-case-{number}.html")


@_rooms.get("/case/{number}/picture/{name}")
async def picture(house: _House_, person: _Person, number: int, name: str) -> Response:
    """A stored picture."""
    data = house.desk.picture(house.desk.item_id(number), name)
    if data is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "no picture of that name is kept")
    return Response(data, media_type="image/jpeg")


@_rooms.get("/case/{number}/{index}")
async def question(request: Request, house: _House_, person: _Person, number: int, index: int) -> Response:
    """One question of a case; only its part of the page when the page asks for it."""
    part = request.headers.get("hx-request") == "true"
    return HTMLResponse(house.pages.case(person, number, index, part=part))


@_rooms.post("/case/{number}/{index}/judge")
async def judge(
    house: _House_,
    person: _Sender,
    number: int,
    index: int,
    conclusion: Annotated[str, Form()] = "",
    reason: Annotated[tuple[str, ...], Form()] = (),
    note: Annotated[str, Form()] = "",
) -> Response:
    """Writes a judgement down."""
    try:
        house.pages.judge(person, number, index, _conclusion(conclusion), reason, note)
    except (UsageError, PolicyError) as error:  # what was typed is not lost
        refused = isinstance(error, PolicyError)
        if refused:
            house.desk.refused(str(error), person.name)
        typed = {"conclusion": conclusion, "reasons": reason, "note": note}
        page = house.pages.case(person, number, index, problem=str(error), typed=typed)
        return HTMLResponse(page, HTTPStatus.FORBIDDEN if refused else HTTPStatus.BAD_REQUEST)
    return _to(f"/case/{number}/{index}")


@_rooms.post("/case/{number}/{index}/undo")
async def undo(house: _House_, person: _Sender, number: int, index: int, entry: Annotated[int, Form()]) -> Response:
    """Takes the own judgement back."""
    house.pages.undo(person, number, index, entry)
    return _to(f"/case/{number}/{index}")


@_rooms.post("/case/{number}/close")
async def close(
    house: _House_, person: _Sender, number: int, act: Annotated[str, Form()], evidence: Annotated[str, Form()] = ""
) -> Response:
    """Closes a case, or opens it again."""
    acts = {"confirmed": True, "not confirmed": False, "open again": None}
    if act not in acts:
        raise UsageError("choose how the case ends")
    house.pages.close(person, number, confirmed=acts[act], evidence=evidence)
    return _to(f"/case/{number}/0")


@_rooms.get("/log")
async def log(house: _House_, person: _Overseer) -> Response:
    """The events of the job."""
    return HTMLResponse(house.pages.log(person))


@_rooms.get("/reviewers")
async def reviewers(house: _House_, person: _Overseer) -> Response:
    """How reviewers judged the known-answer cases."""
    return HTMLResponse(house.pages.reviewers(person))


@_rooms.get("/charts")
async def charts(house: _House_, person: _Overseer) -> Response:
    """Scores, days and links of the whole job."""
    return HTMLResponse(house.pages.charts(person))


def _conclusion(word: str) -> Conclusion:
    try:
        return Conclusion(word)
    except ValueError:
        raise UsageError("choose one of the conclusions") from None
