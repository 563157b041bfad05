"""Cases: the list, one case with all that is on record, and the decision."""

import hashlib
import secrets
from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.changes import changes
from desk.deciding import DECISIONS, day_of, faults_of, place_of
from desk.desk import Visit, at
from desk.exports import table_file
from desk.ledger import Event, StaleError
from desk.ledger.ledger import DECISION, event_id
from desk.rights import today
from desk.web import desk_of, page, posted, to, visiting
from transforms.cases import PENDING, SEVERITIES, STANDS, STATES, judged_as

router = APIRouter()
PAGE = 50
Visiting = Annotated[Visit, Depends(visiting)]
LISTED = (
    "case_id", "name", "person_id", "subject", "occurred_on", "opened_on", "state", "severity", "findings", "undecided", "title", "because", "decision",
    "decided_by", "decided_at", "until_on",
)  # fmt: skip


@router.get("/cases")
def listed(request: Request, visit: Visiting, state: str = "pending", severity: str = "", rule: str = "", q: str = "", p: int = 1) -> Response:
    """The cases that are open to the reader, fifty a page."""
    desk_of(request).note_read(visit.reader, "list", "cases")
    found = chosen(visit, state, severity, rule, q)
    pages = max(1, -(-len(found) // PAGE))
    place = min(max(p, 1), pages)
    rows = found.slice((place - 1) * PAGE, PAGE).to_dicts()
    asked = {"state": state, "severity": severity, "rule": rule, "q": q}
    every = visit.cases()
    counts = dict(every.group_by("state").len().rows())
    tally = {"pending": sum(counts.get(name, 0) for name in PENDING), "all": len(every), **{name: counts.get(name, 0) for name in STATES}}
    rules = sorted({name for names in every["rules"].to_list() for name in names})
    titles = {name: desk_of(request).titles[name].title for name in rules if name in desk_of(request).titles}
    return page(
        request, "cases.html", visit=visit, rows=rows, total=len(found), place=place, pages=pages, asked=asked, tally=tally, severities=SEVERITIES, rules=titles,
        exports=visit.reader.exports,
    )  # fmt: skip


def chosen(visit: Visit, state: str, severity: str, rule: str, q: str) -> pl.DataFrame:
    """The cases that a filter leaves."""
    found = visit.cases()
    if state == "pending":
        found = found.filter(pl.col("state").is_in(PENDING))
    elif state in STATES:
        found = found.filter(pl.col("state") == state)
    if severity in SEVERITIES:
        found = found.filter(pl.col("severity") == severity)
    if rule:
        found = found.filter(pl.col("rules").list.contains(rule))
    for word in q.casefold().split():
        texts = [pl.col(name).fill_null("").str.to_lowercase().str.contains(word, literal=True) for name in ("name", "case_id", "title", "because")]
        found = found.filter(pl.any_horizontal(texts))
    return found


@router.get("/cases.{kind}")
def exported(request: Request, visit: Visiting, kind: str, state: str = "all", severity: str = "", rule: str = "", q: str = "") -> Response:
    """The cases of a filter as a file."""
    if not visit.reader.exports:
        raise HTTPException(404)
    desk_of(request).note_read(visit.reader, "export", f"cases.{kind}")
    return table_file(chosen(visit, state, severity, rule, q).select(LISTED), "cases", kind)


@router.get("/case/{case_id:path}")
def one(request: Request, visit: Visiting, case_id: str) -> Response:
    """One case with everything on record about it."""
    return _case(request, _open(request, visit, case_id), case_id, {}, {})


def _open(request: Request, visit: Visit, case_id: str) -> Visit:
    """The visit, where the case is open to the reader; that they looked at it is kept. What is hidden is as if it were not there."""
    if not visit.may_see(case_id):
        raise HTTPException(404)
    desk_of(request).note_read(visit.reader, "case", case_id)
    return visit


def _case(request: Request, visit: Visit, case_id: str, given: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    sight, reader = visit.sight, visit.reader
    found = visit.cases().filter(pl.col("case_id") == case_id)
    told = sight.told(case_id, found)
    if told is None or found.is_empty():
        raise HTTPException(404)
    row = found.row(0, named=True)
    events = [each for each in sight.desk.register.events if each["case_id"] == case_id]
    person = row["person_id"] or ""
    return page(
        request, "case.html", status, visit=visit, case=told, row=row, explained={each.finding_id: sight.explained(each.finding_id) for each in told.findings},
        events=[_event(each, visit) for each in reversed(events)], changed=changes(events, sight.findings(case_id), visit.view.is_plain), looked_at=_print(_known(visit, case_id)), decisions=_open_decisions(row["state"]), faults=faults,
        given=given, seen=events[-1]["sequence"] if events else 0, event_id=given.get("event_id") or secrets.token_hex(16), may_decide=may_decide(visit, row["state"]), waits=row["state"] == "escalated",
        others=visit.cases().filter((pl.col("person_id") == person) & (pl.col("case_id") != case_id)).head(12).to_dicts() if person else [],
        **_neighbours(visit, case_id), picture=_picture(person, told.occurred_on, visit.view.as_of), today=today(), reader_decides=reader.decides,
        reads=sight.desk.reads_of(case_id) if "auditor" in reader.roles else [],
    )  # fmt: skip


def _open_decisions(state: str) -> dict[str, str]:
    over = state in {"closed", "waiting", "escalated"}
    return {name: said for name, said in DECISIONS.items() if name != "reopen" or over}


def may_decide(visit: Visit, state: str) -> bool:
    """Whether the reader may decide a case that is open to them; what was escalated is for a compliance officer."""
    return visit.reader.decides and (state != "escalated" or "compliance_officer" in visit.reader.roles)


def _neighbours(visit: Visit, case_id: str) -> dict[str, str]:
    """The cases before and after, among those that want a decision."""
    ids = visit.cases().filter(pl.col("state").is_in(PENDING) | (pl.col("case_id") == case_id))["case_id"]
    place = ids.index_of(case_id)
    if place is None:
        return {"before": "", "after": ""}
    return {"before": ids[place - 1] if place else "", "after": ids[place + 1] if place + 1 < len(ids) else ""}


def _picture(person: str, occurred_on: date | None, as_of: date) -> str:
    return at("picture", person) + f"?to={min(as_of, date.fromordinal((occurred_on or as_of).toordinal() + 120))}" if person else ""


def _event(event: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """An entry of the ledger as a page shows it; words about what is reserved stay out."""
    body, plain = event["body"], visit.view.plain
    return {
        "sequence": event["sequence"], "at": event["at"], "decision": body["decision"], "by": visit.author(event), "note": plain(body.get("note")),
        "evidence": plain(body.get("evidence")), "until_on": body.get("until_on"),
    }  # fmt: skip


@router.post("/case/{case_id:path}")
def decide(request: Request, visit: Visiting, case_id: str, form: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Write a decision, then go on to the next case; what is missing is said beside its field, and nothing that was typed is lost."""
    row = _open(request, visit, case_id).cases().filter(pl.col("case_id") == case_id).row(0, named=True)
    if not may_decide(visit, row["state"]):
        raise HTTPException(403, "Deciding this case is not open to you.")
    known = _known(visit, case_id)
    if form.get("looked_at") != _print(known):
        said = "What is on record about this case changed after you opened it. Read it once more; send yours again if it still holds."
        return _case(request, visit, case_id, {**form, "event_id": ""}, {"stale": said}, 409)
    faults = faults_of(form, row["state"], today())
    if faults:
        return _case(request, visit, case_id, form, faults, 422)
    after = _neighbours(visit, case_id)["after"]
    try:
        desk_of(request).ledger.add(_event_of(visit, case_id, form, known))
    except StaleError:
        said = "Somebody decided this case after you opened it. Read what was decided below; send yours again if it still holds."
        return _case(request, visit, case_id, {**form, "event_id": ""}, {"stale": said}, 409)
    return to(at("case", case_id if form.get("then") == "stay" or not after else after))


def _event_of(visit: Visit, case_id: str, form: dict[str, str], known: list[str]) -> Event:
    """The decision as the ledger keeps it, with the findings that its author saw."""
    reader, until = visit.reader, day_of(form.get("until_on", ""))
    body = {
        "decision": form["decision"], "person_id": visit.person, "name": reader.name, "note": form.get("note", "").strip() or None, "evidence": form.get("evidence", "").strip() or None,
        "until_on": str(until) if until and form["decision"] == "wait" else None, "night": str(visit.view.as_of), "known": known,
    }  # fmt: skip
    seen = form.get("seen", "")
    return Event(
        event_id(reader.user_id, DECISION, case_id, form.get("event_id", "")), DECISION, reader.user_id, body, case_id, place_of(seen)
    )  # fmt: skip


def _known(visit: Visit, case_id: str) -> list[str]:
    """The standing findings of a case as the reader sees them judged."""
    stands = visit.sight.findings(case_id).filter(STANDS)
    return stands.select(judged_as())["known"].sort().to_list()


def _print(known: list[str]) -> str:
    """A short mark of what a page showed, by which a form says what its author looked at."""
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:24]
