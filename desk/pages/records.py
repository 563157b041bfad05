"""Records: how long each kind is kept, what is due to be erased, and the legal holds that keep it."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.deciding import MOST
from desk.desk import Visit
from desk.ledger import Event, StaleError
from desk.ledger.ledger import event_id
from desk.records import EVERYBODY, HOLD, PERIODS, RELEASED, due, holds
from desk.rights import today
from desk.web import desk_of, page, posted, to, visiting

router = APIRouter()
Visiting = Annotated[Visit, Depends(visiting)]


@router.get("/records")
def listed(request: Request, visit: Visiting) -> Response:
    """Periods, what is due, and the holds that stand."""
    return _page(request, visit, {}, {})


def _page(request: Request, visit: Visit, given: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    if not visit.reader.sees_everybody:
        raise HTTPException(404)
    register = desk_of(request).register
    register.up_to_date()
    night = visit.view.night
    found = due(register.ledger, register.events, night.policy, today(), night.findings, night.history["night"].to_list())
    counts = {**{name: len(each) for name, each in found.events.items()}, "reads": len(found.reads), "mails": len(found.mails), "nights": len(found.nights)}
    people = visit.sight.people
    stands = [
        {"hold": each, "about": "everybody" if each.person_id == EVERYBODY else people.name(each.person_id)}
        for each in holds(register.events)
        if _is_open(visit, each.person_id)
    ]
    return page(
        request, "records.html", status, visit=visit, rows=[(name, found.years[name], found.before[name], counts[name]) for name in PERIODS], holds=stands, given=given, faults=faults, may_hold=visit.reader.certifies,
        people=visit.people().sort("name").select("person_id", "name").rows(), event_id=given.get("event_id") or secrets.token_hex(16), standing=found.standing,
    )  # fmt: skip


def _is_open(visit: Visit, person_id: str) -> bool:
    return person_id == EVERYBODY or visit.may_see_person(person_id)


@router.post("/records/holds")
def hold(request: Request, visit: Visiting, form: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Put a legal hold on somebody's records, or on everybody's: nothing of them is erased until it is released."""
    _check(visit)
    person, reason = form.get("person_id", ""), form.get("reason", "").strip()
    faults = {}
    if person != EVERYBODY and person not in set(visit.people()["person_id"]):
        faults["person_id"] = "Name a person on record, or everybody."
    if not reason or len(reason) > MOST:
        faults["reason"] = f"Keep it below {MOST:,} characters." if reason else "Say why, in a sentence."
    if faults:
        return _page(request, visit, form, faults, 422)
    user, body = visit.reader.user_id, {"person_id": person, "reason": reason, "name": visit.reader.name}
    try:
        desk_of(request).ledger.add(Event(event_id(user, HOLD, person, form.get("event_id", "")), HOLD, user, body))
    except StaleError:
        said = "This form was sent before with other words. Look at the list above; send it again if it still holds."
        return _page(request, visit, {**form, "event_id": ""}, {"reason": said}, 409)
    return to("/records")


@router.post("/records/holds/{hold_id}/release")
def release(request: Request, visit: Visiting, hold_id: str, form: Annotated[dict[str, str], Depends(posted)]) -> Response:  # noqa: ARG001 - the form is checked
    """Release a hold."""
    _check(visit)
    stands = {each.hold_id: each for each in holds(desk_of(request).register.events)}
    if hold_id not in stands or not _is_open(visit, stands[hold_id].person_id):
        raise HTTPException(404)
    body = {"hold_id": hold_id, "person_id": stands[hold_id].person_id, "name": visit.reader.name}
    desk_of(request).ledger.add(Event(event_id("", RELEASED, hold_id, ""), RELEASED, visit.reader.user_id, body))
    return to("/records")


def _check(visit: Visit) -> None:
    if not visit.reader.certifies:
        raise HTTPException(403, "Holding records is for compliance officers.")
    visit.sight.desk.register.up_to_date()
