"""The ledger: every decision and waiver in order, searched, filtered and taken along."""

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.deciding import DECISIONS
from desk.desk import Visit
from desk.exports import table_file
from desk.ledger.attesting import ANSWER, CERTIFICATE, PACKET, REOPENED
from desk.ledger.ledger import DECISION, ENDED, ERASED, WAIVER
from desk.records import EVERYBODY, HOLD, RELEASED
from desk.web import desk_of, page, visiting

router = APIRouter()
Visiting = Annotated[Visit, Depends(visiting)]
PAGE = 100
COLUMNS = ("sequence", "at", "kind", "case_id", "name", "decision", "by", "note", "evidence", "until_on", "hash")


@router.get("/ledger")
def listed(request: Request, visit: Visiting, q: str = "", decision: str = "", p: int = 1, check: str = "") -> Response:
    """What was decided, newest first, a hundred a page; asked to, the chain is checked from its first entry to its last."""
    desk_of(request).note_read(visit.reader, "list", "ledger")
    rows = entries(visit, q, decision)
    pages = max(1, -(-len(rows) // PAGE))
    place = min(max(p, 1), pages)
    may_check = visit.reader.sees_everybody
    whole = desk_of(request).ledger.broken() if check and may_check else None
    return page(
        request, "ledger.html", visit=visit, rows=rows[(place - 1) * PAGE : place * PAGE], total=len(rows), place=place, pages=pages, asked={"q": q, "decision": decision},
        decisions=list(DECISIONS), broken=whole, may_check=may_check, exports=visit.reader.exports,
    )  # fmt: skip


@router.get("/ledger.{kind}")
def exported(request: Request, visit: Visiting, kind: str, q: str = "", decision: str = "") -> Response:
    """The entries of a filter as a file."""
    if not visit.reader.exports:
        raise HTTPException(404)
    desk_of(request).note_read(visit.reader, "export", f"ledger.{kind}")
    rows = entries(visit, q, decision)
    texts = {name: [None if row[name] is None else str(row[name]) for row in rows] for name in COLUMNS}
    return table_file(pl.DataFrame(texts, schema=dict.fromkeys(COLUMNS, pl.String)), "ledger", kind)


def entries(visit: Visit, q: str, decision: str) -> list[dict[str, Any]]:
    """Entries about cases and people that are open to the reader, newest first."""
    register = visit.sight.desk.register
    register.up_to_date()
    told = [_entry(each, visit) for each in reversed(register.events) if _is_open(each, visit)]
    words = q.casefold().split()
    texts = [" ".join(str(each[name] or "") for name in ("case_id", "name", "by", "note", "evidence", "decision")).casefold() for each in told]
    return [each for each, text in zip(told, texts, strict=True) if (not decision or each["decision"] == decision) and all(word in text for word in words)]


def _is_open(event: dict[str, Any], visit: Visit) -> bool:
    """Whether an entry is open to the reader: as its case is; else to those who see everybody, as the person whom it concerns; of a certificate or an erasure, nobody."""
    if event["kind"] == DECISION:
        return bool(event["case_id"]) and event["case_id"] in visit.case_ids
    person = str(event["body"].get("person_id") or "")
    is_general = event["kind"] in {CERTIFICATE, REOPENED, ERASED} or person == EVERYBODY or not event["body"]
    return visit.reader.sees_everybody and (is_general or visit.may_see_person(person))


SAID = {
    WAIVER: "waiver given", ENDED: "waiver taken back", PACKET: "packet", ANSWER: "attestation answered", CERTIFICATE: "certificate signed", REOPENED: "certificate reopened",
    HOLD: "records held", RELEASED: "hold released", ERASED: "records erased",
}  # fmt: skip
"""What each kind of entry is called, but decisions."""


def _entry(event: dict[str, Any], visit: Visit) -> dict[str, Any]:
    body, people, kind = event["body"], visit.sight.people, event["kind"]
    case = event["case_id"] if kind == DECISION else None
    about = (case or "").partition("/")[0] or ("" if kind in {CERTIFICATE, REOPENED, ERASED} else body.get("person_id", ""))
    name = "everybody" if about == EVERYBODY else people.name(about) if about else body.get("quarter_ended_on", "")
    return {
        "sequence": event["sequence"], "at": event["at"], "kind": kind, "case_id": case, "name": name, "decision": body.get("decision") or SAID.get(kind, kind) + ("" if body else ", since erased"),
        "by": visit.author(event) if event["actor"] else "", "note": visit.view.plain(body.get("note") or body.get("reason") or body.get("because")), "evidence": visit.view.plain(body.get("evidence")) or _more(event),
        "until_on": body.get("until_on"), "hash": event["hash"],
    }  # fmt: skip


def _more(event: dict[str, Any]) -> str | None:
    """What else an entry tells in a few words."""
    body = event["body"]
    if event["kind"] == WAIVER and body:
        return f"{body['rule']}, {body['from_on']} to {body['until_on']}"
    if event["kind"] in {PACKET, ANSWER} and body:
        return f"quarter ended {body['quarter_ended_on']}, records {body['print'][:16]}"
    if event["kind"] == ERASED and body:
        return f"{len(body['erased'])} entries, {body['reads']} reads, {body['mails']} mails, {len(body['nights'])} nights"
    return None
