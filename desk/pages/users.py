"""Users: who may sign in, as which role; for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.nights import Nights, NoNightError
from desk.rights import ROLES, Reader
from desk.users import UserError
from desk.web import desk_of, page, posted, signed_in, to

router = APIRouter()


def administering(reader: Annotated[Reader, Depends(signed_in)]) -> Reader:
    """The reader, where they keep the users; for others there is no such page."""
    if not reader.administers:
        raise HTTPException(404)
    return reader


def check_person(person_id: str, nights: Nights) -> None:
    """See that a person is on record, so that their own cases stay closed to them; raises UserError. Before the first night nobody is."""
    try:
        known = set(nights.newest().facts["people"]["person_id"])
    except NoNightError:
        return
    if person_id and person_id not in known:
        raise UserError(
            f"{person_id}: no person of that id is on record, expected one of people.csv. Correct it, or leave it empty for somebody who is not on record."
        )


Administering = Annotated[Reader, Depends(administering)]


@router.get("/users")
def listed(request: Request, _: Administering) -> Response:
    """Every user, and the form to add one."""
    return page(request, "users.html", users=desk_of(request).users.every(), roles=ROLES, fault="", given={})


@router.post("/users")
def add(request: Request, reader: Administering, form: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Make a user, or change one; their sessions end."""
    desk = desk_of(request)
    roles = frozenset(name for name in ROLES if form.get(f"role_{name}"))
    if form.get("email", "").strip().casefold() == reader.email:
        raise HTTPException(403, "Nobody changes their own rights. Ask another administrator.")
    try:
        check_person(form.get("person_id", "").strip(), desk.nights)
        desk.users.add(
            form.get("email", "").strip(),
            form.get("name", "").strip() or form.get("email", ""),
            roles,
            form.get("person_id", "").strip(),
            form.get("password") or None,
            sees_reserved=bool(form.get("sees_reserved")),
        )
    except UserError as error:
        return page(
            request,
            "users.html",
            422,
            users=desk.users.every(),
            roles=ROLES,
            fault=str(error),
            given={name: value for name, value in form.items() if name != "password"},
        )
    return to("/users")


@router.post("/users/{user_id}/{act}")
def change(request: Request, reader: Administering, user_id: str, act: str, form: Annotated[dict[str, str], Depends(posted)]) -> Response:  # noqa: ARG001 - the form is checked
    """Let a user in again, or shut them out."""
    if act not in {"open", "close"} or user_id == reader.user_id:
        raise HTTPException(404)
    desk_of(request).users.set_active(user_id, is_active=act == "open")
    return to("/users")
