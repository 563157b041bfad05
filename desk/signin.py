"""Signing in: by password on a single machine, or through an OpenID Connect provider."""

import secrets
from typing import Annotated, Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool

from desk.desk import SIGN_INS
from desk.rights import Reader
from desk.settings import Provider
from desk.web import COOKIE, ENTRY, desk_of, form_token, is_ours, page, sorry, to

router = APIRouter()
REFUSED = "Address and password do not fit, or the account is locked for a while after too many attempts."


def client(provider: Provider) -> Any:  # noqa: ANN401 - Authlib has no types
    """The client of a provider: what it offers is read from the provider itself; the code is bound to this browser by PKCE."""
    oauth = OAuth()
    return oauth.register(
        "provider", client_id=provider.client_id, client_secret=provider.client_secret, server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )  # fmt: skip


@router.get("/signin")
def form(request: Request) -> Response:
    """The page to sign in."""
    return _form(request, "")


def _form(request: Request, said: str, status: int = 200, email: str = "") -> Response:
    desk, entry = desk_of(request), request.cookies.get(ENTRY) or secrets.token_urlsafe(24)
    answer = page(request, "signin.html", status, said=said, email=email, provider=desk.settings.provider is not None, form=form_token(request, entry))
    answer.set_cookie(ENTRY, entry, max_age=3600, httponly=True, secure=desk.settings.is_secure, samesite="strict", path="/signin")
    return answer


@router.post("/signin")
def by_password(request: Request, email: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "", token: Annotated[str, Form()] = "") -> Response:
    """Sign in by address and password."""
    desk = desk_of(request)
    if not request.cookies.get(ENTRY) or not is_ours(request, token, request.cookies[ENTRY]):
        return _form(request, "The page was too old. Try again.", 403, email)
    if not desk.limiter.hit(SIGN_INS, "sign-in", request.client.host if request.client else ""):
        return _form(request, "Too many attempts within a minute. Wait a moment.", 429, email)
    reader = desk.users.by_password(email.strip(), password)
    return _enter(request, reader) if reader else _form(request, REFUSED, 401, email)


@router.get("/signin/provider")
async def ask_provider(request: Request) -> Response:
    """Send the browser to the provider."""
    desk = desk_of(request)
    if desk.settings.provider is None:
        return sorry(request, 404, "There is no such page.")
    back = desk.settings.url.rstrip("/") + "/signin/callback" if desk.settings.url else str(request.url_for("from_provider"))
    try:
        answer: Response = await request.app.state.provider.authorize_redirect(request, back)
    except (HTTPError, AuthlibBaseError, ValueError):
        return sorry(request, 502, "The sign-in provider does not answer. Try again later, or sign in by password.")
    return answer


@router.get("/signin/callback")
async def from_provider(request: Request) -> Response:
    """Come back from the provider: state, nonce, signature, issuer and audience are checked, then the verified address is looked up."""
    if desk_of(request).settings.provider is None:
        return sorry(request, 404, "There is no such page.")
    try:
        told = await request.app.state.provider.authorize_access_token(request)
    except (AuthlibBaseError, JoseError, HTTPError, ValueError, KeyError):
        return sorry(request, 403, "The sign-in provider did not vouch for you. Try again.")
    claims = told.get("userinfo") or {}
    email = claims.get("email") if claims.get("email_verified") in {True, "true"} else None
    reader = await run_in_threadpool(desk_of(request).users.by_email, str(email)) if email else None
    request.session.clear()
    if reader is None:
        return sorry(request, 403, "The provider knows you, but no user of this desk has your verified address. Ask an administrator.")
    return await run_in_threadpool(_enter, request, reader)


@router.post("/signout")
def sign_out(request: Request, token: Annotated[str, Form()] = "") -> Response:
    """End the session."""
    if is_ours(request, token):
        desk_of(request).users.close_session(request.cookies.get(COOKIE, ""))
    answer = to("/signin")
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _enter(request: Request, reader: Reader) -> Response:
    """A new session, whatever cookie came along."""
    desk = desk_of(request)
    answer = to("/users" if reader.administers and not reader.reads else "/")
    settings = desk.settings
    answer.set_cookie(
        COOKIE, desk.users.open_session(reader), max_age=settings.longest_hours * 3600, httponly=True, secure=settings.is_secure, samesite="lax", path="/"
    )
    return answer
