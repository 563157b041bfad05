"""The desk as a web application."""

import logging
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.sessions import SessionMiddleware

from desk import signin
from desk.desk import Desk
from desk.ledger import Ledger, LedgerError
from desk.nights import Calendars, NoNightError
from desk.pages import ROUTERS
from desk.settings import Settings
from desk.web import HEADERS, HERE, Headers, SignInNeededError, sorry, to

LOG = logging.getLogger("hindsight.desk")


def create_app(settings: Settings, rules: dict[str, Any], defaults: str, calendars: dict[str, Calendars]) -> FastAPI:
    """The application over a store and a ledger; `rules`, the law's `defaults` and `calendars` come from whoever starts it. Raises LedgerError."""
    app = FastAPI(title="Hindsight", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(settings, Ledger(settings.ledger), rules, defaults, calendars)
    if settings.provider:
        app.state.provider = signin.client(settings.provider)
        app.add_middleware(
            SessionMiddleware, secret_key=settings.secret, session_cookie="hindsight_signin", max_age=600, https_only=settings.is_secure, path="/signin"
        )
    app.add_middleware(Headers, is_secure=settings.is_secure)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for router in (signin.router, *ROUTERS):
        app.include_router(router)
    app.add_api_route("/healthz", _health, methods=["GET"])
    for kind in (SignInNeededError, NoNightError, LedgerError, AnyHTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _told)
    return app


def _health(request: Request) -> Response:
    """Whether ledger and reading copy answer; says nothing else."""
    desk: Desk = request.app.state.desk
    try:
        desk.ledger.last()
        desk.nights.newest()
    except Exception:  # noqa: BLE001 - whatever is wrong, it is not well
        return PlainTextResponse("not well", 503)
    return PlainTextResponse("well")


def _told(request: Request, error: Exception) -> Response:
    """Every error as a page with one sentence; what it says is the same whether a thing is hidden or not there."""
    if isinstance(error, SignInNeededError):
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={"hx-redirect": "/signin"})
        return to("/signin")
    if isinstance(error, NoNightError | LedgerError):
        return sorry(request, 503, str(error))
    if isinstance(error, AnyHTTPException | HTTPException):
        return sorry(request, error.status_code, _said(error))
    if isinstance(error, RequestValidationError):
        return sorry(request, 400, "The address or the form holds something that is not expected. Go back and correct it.")
    LOG.error("%s at %s", type(error).__name__, getattr(request.scope.get("route"), "path", "an unknown address"))
    answer = sorry(request, 500, "Something failed on the desk. Nothing was decided. Try again; if it stays so, tell whoever keeps Hindsight.")
    answer.headers.update(HEADERS)  # this answer is sent from outside the middleware that adds them
    return answer


def _said(error: AnyHTTPException) -> str:
    standing = {404: "There is no such page, or it is not open to you.", 405: "This page does not take that."}
    return standing.get(error.status_code, str(error.detail))
