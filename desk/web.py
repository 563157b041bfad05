"""What every page shares: templates that escape, headers, form tokens, who is signed in, and how errors are told."""

import contextlib
import hmac
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadData, URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.deciding import day_of
from desk.desk import REQUESTS, Desk, Visit, at
from desk.rights import Reader
from transforms.reports import sight, words
from transforms.reports.documents import breakable
from transforms.tables import TIME_ZONE

HERE = Path(__file__).parent
COOKIE, ENTRY = "hindsight_session", "hindsight_entry"
FORM_HOURS = 12
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer", "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}  # fmt: skip
SECURE = {"strict-transport-security": "max-age=31536000"}
LANES = {
    "/": "Tonight",
    "/cases": "Cases",
    "/people": "People",
    "/calendar": "Calendar",
    "/feeds": "Feeds",
    "/rules": "Rule book",
    "/policy": "Policy",
    "/ledger": "Ledger",
}
OFFICE = {"/quarters": "Quarters", "/waivers": "Waivers", "/records": "Records"}
"""Pages for those who see everybody."""


class Headers:
    """Adds the security headers to every answer; what a route says itself stands."""

    def __init__(self, app: ASGIApp, *, is_secure: bool) -> None:
        """Wrap an application."""
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in {**HEADERS, **(SECURE if is_secure else {})}.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in self._headers if each[0] not in held)]
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class Quiet:
    """Ends an error where its page has been sent: it was logged in a line, and no traceback, which may hold data, goes to a log."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever happens."""
        with contextlib.suppress(Exception):
            await self._app(scope, receive, send)


class SignInNeededError(Exception):
    """The page is for those who are signed in."""


def desk_of(request: Request) -> Desk:
    """The desk that answers."""
    desk: Desk = request.app.state.desk
    return desk


def signed_in(request: Request) -> Reader:
    """Who is signed in; raises SignInNeededError."""
    desk, token = desk_of(request), request.cookies.get(COOKIE, "")
    reader = desk.users.of_session(token) if token else None
    if reader is None:
        raise SignInNeededError
    if not desk.limiter.hit(REQUESTS, reader.user_id):
        raise HTTPException(429, "Too many requests within a minute. Wait a moment, then go on.")
    request.state.reader = reader
    return reader


def visiting(request: Request, reader: Annotated[Reader, Depends(signed_in)]) -> Visit:
    """What the reader sees of the newest night; those who see no case have no business here."""
    if not reader.reads:
        raise HTTPException(403, "Your role opens no case.")
    return desk_of(request).visit(reader)


async def posted(request: Request, _: Annotated[Reader, Depends(signed_in)]) -> dict[str, str]:
    """The fields of a form that this session was given; raises 403 for any other."""
    form = await request.form()
    if not is_ours(request, str(form.get("token", ""))):
        raise HTTPException(403, "This form was not given to you in this session, or is too old. Go back, reload the page and try again.")
    return {name: str(value) for name, value in form.items()}


def form_token(request: Request, entry: str = "") -> str:
    """The token that a form of this session carries; the one of the sign-in is bound to the cookie that came with it."""
    return _signer(request).dumps(_bound(request, entry))


def is_ours(request: Request, token: str, entry: str = "") -> bool:
    """Whether a form's token was made for this session, or for the sign-in of this browser."""
    try:
        held = _signer(request).loads(token, max_age=FORM_HOURS * 3600)
    except BadData:
        return False
    return hmac.compare_digest(str(held), _bound(request, entry))


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk_of(request).settings.secret, salt="form")


def _bound(request: Request, entry: str) -> str:
    """What a form is bound to, so that it shows nothing of it."""
    return hmac.new(desk_of(request).settings.secret.encode(), (entry or request.cookies.get(COOKIE, "")).encode(), "sha256").hexdigest()


def moment(value: datetime | None) -> str:
    """An instant as people in New York read it: `Fri 2025-02-28 10:05`."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(TIME_ZONE))
    return f"{words.day(local.date())} {local:%H:%M}"


def instant(text: str) -> str:
    """An instant that is written as ISO text, as `moment` has it."""
    return moment(datetime.fromisoformat(text))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([HERE / "templates", Path(words.__file__).parent]), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters |= {
        "day": words.day, "long_day": words.long_day, "number": words.number, "plain": words.plain, "plural": words.plural, "moment": moment, "instant": instant, "key_of": sight.key_of, "kind_of": sight.kind_of,
    }  # fmt: skip
    environment.globals |= {"at": at, "breakable": breakable, "lanes": LANES, "office": OFFICE}
    return environment


TEMPLATES = _environment()


def page(request: Request, template: str, status: int = 200, **told: Any) -> HTMLResponse:  # noqa: ANN401 - whatever a template tells
    """A page, with what all pages show."""
    reader: Reader | None = getattr(request.state, "reader", None)
    visit: Visit | None = told.get("visit")
    shared = {
        "reader": reader, "token": form_token(request) if reader else "", "path": request.url.path, "night": visit.view.as_of if visit else None,
        "issuer": visit.view.policy.issuer_name if visit else "",
    }  # fmt: skip
    return HTMLResponse(TEMPLATES.get_template(template).render(shared | told), status)


def sorry(request: Request, status: int, said: str) -> Response:
    """An error as a page with one sentence."""
    return page(request, "sorry.html", status, said=said)


def to(address: str) -> RedirectResponse:
    """See another page; the browser asks for it anew."""
    return RedirectResponse(address, 303)


def on(text: str | None, otherwise: date) -> date:
    """A day of an address, or another one where it is none."""
    return day_of(text or "") or otherwise
