"""Waivers: findings of one rule about one person, in a stretch of days, that nobody needs to decide."""

import secrets
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.deciding import day_of, waiver_faults
from desk.desk import Visit
from desk.ledger import Event, StaleError
from desk.ledger.ledger import ENDED, WAIVER, event_id
from desk.rights import today
from desk.web import desk_of, page, posted, to, visiting
from transforms.cases import STANDS, waived

router = APIRouter()
Visiting = Annotated[Visit, Depends(visiting)]


@router.get("/waivers")
def listed(request: Request, visit: Visiting) -> Response:
    """Every waiver about people whom the reader may see, with what it hides, and the form to give one."""
    return _page(request, visit, {}, {})


def _page(request: Request, visit: Visit, given: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    if not visit.reader.sees_everybody:
        raise HTTPException(404)
    register = visit.sight.desk.register
    register.up_to_date()
    open_to = visit.view.findings.filter(STANDS & pl.col("case_id").is_in(sorted(visit.case_ids)))
    hidden = dict(waived(open_to, register.waivers, visit.sight.caseload.barred).group_by("waiver_id").len().rows())
    people, titles, day = visit.sight.people, desk_of(request).titles, today()
    rows = [
        {**row, "name": people.name(row["person_id"]), "by": people.called(row["given_by"]), "title": titles[row["rule"]].title if row["rule"] in titles else row["rule"],
         "hides": hidden.get(row["waiver_id"], 0), "is_over": row["ended_at"] is not None or row["until_on"] < day, "given_late": row["from_on"] < row["given_at"].date()}
        for row in register.waivers.sort("given_at", descending=True).iter_rows(named=True) if visit.may_see_person(row["person_id"])
    ]  # fmt: skip
    return page(
        request, "waivers.html", status, visit=visit, rows=rows, faults=faults, given=given, event_id=given.get("event_id") or secrets.token_hex(16), may_waive=visit.reader.waives,
        people=visit.people().sort("name").select("person_id", "name").rows(), rules={name: each.title for name, each in sorted(titles.items(), key=lambda pair: pair[1].title)},
    )  # fmt: skip


@router.post("/waivers")
def give(request: Request, visit: Visiting, form: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Give a waiver."""
    _check(visit)
    people = frozenset(visit.people()["person_id"])
    faults = waiver_faults(form, people, frozenset(desk_of(request).titles), visit.kin)
    if not faults and _is_own(visit, form):
        faults = {"person_id": "This waiver is not yours to give. Ask another compliance officer."}
    if faults:
        return _page(request, visit, form, faults, 422)
    body: dict[str, Any] = {name: form[name].strip() for name in ("person_id", "rule", "reason")}
    body |= {name: str(day_of(form[name])) for name in ("from_on", "until_on")}
    body |= {"given_by": visit.person or visit.reader.name, "name": visit.reader.name}
    user = visit.reader.user_id
    try:
        desk_of(request).ledger.add(Event(event_id(user, WAIVER, body["person_id"], form.get("event_id", "")), WAIVER, user, body))
    except StaleError:
        return _page(
            request,
            visit,
            {**form, "event_id": ""},
            {"reason": "This form was sent before with other words. Look at the list above; send it again if it still holds."},
            409,
        )
    return to("/waivers")


def _is_own(visit: Visit, form: dict[str, str]) -> bool:
    """Whether a waiver would hide a finding of a case in which its giver has a part."""
    about = (
        (pl.col("person_id") == form["person_id"])
        & (pl.col("rule") == form["rule"])
        & pl.col("occurred_on").is_between(day_of(form["from_on"]), day_of(form["until_on"]))
    )
    return not visit.view.findings.filter(about & pl.col("case_id").is_in(sorted(visit.hidden))).is_empty()


@router.post("/waivers/{waiver_id}/end")
def end(request: Request, visit: Visiting, waiver_id: str, form: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Take a waiver back; its findings want a decision again."""
    _check(visit)
    held = visit.sight.desk.register.waivers.filter((pl.col("waiver_id") == waiver_id) & pl.col("ended_at").is_null()).to_dicts()
    if not held or not visit.may_see_person(held[0]["person_id"]):
        raise HTTPException(404)
    body = {"waiver_id": waiver_id, "person_id": held[0]["person_id"], "note": form.get("note", "").strip() or None, "name": visit.reader.name}
    desk_of(request).ledger.add(Event(event_id("", ENDED, waiver_id, ""), ENDED, visit.reader.user_id, body))
    return to("/waivers")


def _check(visit: Visit) -> None:
    if not visit.reader.waives:
        raise HTTPException(403, "Giving waivers is for compliance officers.")
