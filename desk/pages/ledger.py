"""The ledger: every decision and waiver in order, searched, filtered and taken along."""

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.deciding import DECISIONS
from desk.desk import Visit
from desk.exports import table_file
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
    """Whether an entry is open to the reader: as its case is, or as the person whom a waiver concerns; of a waiver taken back, as that waiver."""
    if event["case_id"]:
        return event["case_id"] in visit.case_ids
    return visit.reader.sees_everybody and visit.may_see_person(str(event["body"].get("person_id", "")))


def _entry(event: dict[str, Any], visit: Visit) -> dict[str, Any]:
    body, people = event["body"], visit.sight.people
    about = (event["case_id"] or "").partition("/")[0] or body.get("person_id", "")
    said = {"waiver": "waiver given", "waiver_ended": "waiver taken back"}
    note = visit.view.plain(body.get("note") or body.get("reason"))
    return {
        "sequence": event["sequence"], "at": event["at"], "kind": event["kind"], "case_id": event["case_id"], "name": people.name(about), "decision": body.get("decision") or said.get(event["kind"], event["kind"]),
        "by": visit.author(event), "note": note, "evidence": visit.view.plain(body.get("evidence")) or (f"{body['rule']}, {body['from_on']} to {body['until_on']}" if event["kind"] == "waiver" else None),
        "until_on": body.get("until_on"), "hash": event["hash"],
    }  # fmt: skip
