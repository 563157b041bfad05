"""Quarters: what stands between the records and a certificate, the certificate itself, and the board page."""

import hashlib
import json
import secrets
from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.deciding import MOST, place_of
from desk.desk import Visit
from desk.exports import board_file, document_file
from desk.ledger import StaleError
from desk.ledger.attesting import CERTIFICATE, Standing, about, of_kind, standing
from desk.multiples import multiples
from desk.quarterly import (
    as_seen,
    certificate_body,
    certificate_event,
    certificate_for,
    certified_quarters,
    gate_of,
    keep_packet,
    known_by,
    signed_at,
    since_signed,
    told_to,
)  # fmt: skip
from desk.web import desk_of, page, posted, to, visiting
from transforms.attesting import Known, Quarter
from transforms.attesting.board import board
from transforms.attesting.gate import Gate
from transforms.attesting.packets import packets
from transforms.reports.attesting import NOT_SHOWN, answer_rows, board_document, certificate_document, line_row

router = APIRouter()
Visiting = Annotated[Visit, Depends(visiting)]
MANY = 3
"""Gaps of one kind from which on one reason may be given for all of them."""
NAMED = {
    "account": "accounts that statements do not cover", "answer": "people who have not answered", "statement": "statements not confirmed", "contradicted": "contradicted answers",
    "case": "groups of open cases", "undecided": "rules with undecided findings", "table": "tables not given", "refused": "files with lines refused", "blind": "kinds of blind spots", "rule": "rules that failed",
}  # fmt: skip
"""What gaps of a kind are called."""


def _known(visit: Visit) -> Known:
    """What is known; quarters are for those who see everybody."""
    if not visit.reader.sees_everybody:
        raise HTTPException(404)
    return known_by(visit.sight, visit.sight.desk.register)


def _quarter(visit: Visit, known: Known, name: str) -> Quarter:
    found = next((each for each in certified_quarters(known, visit.sight.desk.register.events) if each.name == name), None)
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/quarters")
def listed(request: Request, visit: Visiting) -> Response:
    """The newest quarters: who answered, how many gaps there are, and how the certificate stands."""
    known = _known(visit)
    seen, events = as_seen(known, visit), visit.sight.desk.register.events
    rows = []
    for quarter in certified_quarters(known, events):
        held, stands = gate_of(seen, quarter, events), standing(events, quarter.ends_on)
        answered = sum(each["answered_on"] is not None for each in held.answers)
        is_moved = bool(since_signed(known, quarter, events, stands))
        rows.append(
            {"quarter": quarter, "answered": answered, "people": len(held.answers), "gaps": len(held.gaps), "word": "reopened" if is_moved else stands.word}
        )
    return page(request, "quarters.html", visit=visit, rows=rows)


@router.get("/quarters/{name}")
def one(request: Request, visit: Visiting, name: str) -> Response:
    """The gate of a quarter: coverage first, then each gap, then the answers, and the form to sign."""
    known = _known(visit)
    desk_of(request).note_read(visit.reader, "quarter", name)
    return _page(request, visit, known, _quarter(visit, known, name), {}, {})


def _page(request: Request, visit: Visit, known: Known, quarter: Quarter, given: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    events = visit.sight.desk.register.events
    held, stands = gate_of(as_seen(known, visit), quarter, events), standing(events, quarter.ends_on)
    since = since_signed(known, quarter, events, stands)
    many = {kind: count for kind, count in Counter(each.kind for each in held.gaps).items() if count > MANY}
    earlier = [{"at": each["at"], "name": each["body"]["name"], "gaps": len(told_to(each["body"]["gaps"], visit)), "kind": each["kind"]} for each in of_kind(events, CERTIFICATE) if each["case_id"] == about(quarter.ends_on)]  # fmt: skip
    return page(
        request, "quarter.html", status, visit=visit, quarter=quarter, gate=held, lines=[line_row(each) for each in held.lines], answers=answer_rows(held), stands=stands,
        many=many, since=told_to(since, visit), is_reopened=bool(since), may_sign=visit.reader.certifies, named=NAMED, given=given, faults=faults, reasons=_reasons(stands, held), earlier=earlier[::-1],
        event_id=given.get("event_id") or secrets.token_hex(16), print=_print(held), seen=_last(visit, quarter),
    )  # fmt: skip


def _reasons(stands: Standing, held: Gate) -> dict[str, str]:
    """The reasons of the last certificate, for gaps that are as they were then."""
    if stands.certificate is None:
        return {}
    before = {each["gap_id"]: each for each in stands.certificate["body"]["gaps"] if each["reason"] != NOT_SHOWN}
    return {
        each.gap_id: before[each.gap_id]["reason"] for each in held.gaps if each.gap_id in before and set(each.known_by) <= set(before[each.gap_id]["marks"])
    }


def _last(visit: Visit, quarter: Quarter) -> int:
    key = about(quarter.ends_on)
    return max((each["sequence"] for each in visit.sight.desk.register.events if each["case_id"] == key), default=0)


def _print(held: Gate) -> str:
    """A short mark of the gaps that a page showed, by which a form says what its author looked at."""
    return hashlib.sha256(json.dumps([each.as_row() for each in held.gaps]).encode()).hexdigest()[:24]


@router.post("/quarters/{name}")
def sign(request: Request, visit: Visiting, name: str, form: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Sign the certificate; each gap needs a written reason, and what changed since the page was opened is read once more."""
    known = _known(visit)
    quarter = _quarter(visit, known, name)
    if not visit.reader.certifies:
        raise HTTPException(403, "Signing a certificate is for compliance officers.")
    events = visit.sight.desk.register.events
    seen = gate_of(as_seen(known, visit), quarter, events)
    if form.get("print") != _print(seen):
        return _page(
            request,
            visit,
            known,
            quarter,
            {**form, "event_id": ""},
            {"stale": "The gaps changed after you opened this page. Read them once more, then sign."},
            409,
        )
    reasons = {each.gap_id: (form.get(f"reason:{each.gap_id}", "").strip() or form.get(f"all:{each.kind}", "").strip()) for each in seen.gaps}
    faults = {f"reason:{name}": "Give a reason: why may the quarter be certified over this gap?" for name, reason in reasons.items() if not reason}
    faults |= {f"reason:{name}": f"Keep it below {MOST:,} characters." for name, reason in reasons.items() if len(reason) > MOST}
    if form.get("certify") != "yes":
        faults["certify"] = "Confirm that you certify what stands here."
    if faults:
        return _page(request, visit, known, quarter, form, faults, 422)
    return _signed(request, visit, known, quarter, form, seen, reasons)


def _signed(request: Request, visit: Visit, known: Known, quarter: Quarter, form: dict[str, str], seen: Gate, reasons: dict[str, str]) -> Response:
    ledger, told = desk_of(request).ledger, packets(known, quarter)
    for packet in told.values():
        keep_packet(ledger, quarter, packet, visit.reader.user_id)
    whole = gate_of(known, quarter, visit.sight.desk.register.events)
    body = certificate_body(whole, seen, reasons, {person: each.print for person, each in told.items()})
    asked = form.get("seen", "")
    try:
        ledger.add(certificate_event(visit.reader, visit, quarter, body, form.get("event_id", ""), place_of(asked)))
    except StaleError:
        return _page(request, visit, known, quarter, {**form, "event_id": ""}, {"stale": "The certificate was signed or reopened after you opened this page. Look at it, then sign if you still want to."}, 409)  # fmt: skip
    return to(f"/quarters/{quarter.name}")


@router.get("/quarters/{name}/certificate.{kind}")
def certificate(request: Request, visit: Visiting, name: str, kind: str) -> Response:
    """The certificate as a document, as far as it is open to the reader."""
    known = _known(visit)
    quarter = _quarter(visit, known, name)
    desk_of(request).note_read(visit.reader, "export", f"certificate {name}")
    events = visit.sight.desk.register.events
    stands = standing(events, quarter.ends_on)
    raw = since_signed(known, quarter, events, stands)
    since = [each["words"] for each in told_to(raw, visit)] if raw else None
    at = signed_at(stands.certificate) if stands.certificate else None
    return document_file(
        certificate_document(
            quarter, known.policy.issuer_name, known.as_of, gate_of(as_seen(known, visit), quarter, events), certificate_for(stands, visit), since, at
        ),
        f"certificate-{name}",
        kind,
    )


@router.get("/quarters/{name}/board.{kind}")
def board_page(request: Request, visit: Visiting, name: str, kind: str) -> Response:
    """The board page as a document or a workbook; counted over what is open to the reader."""
    known = _known(visit)
    quarter = _quarter(visit, known, name)
    desk_of(request).note_read(visit.reader, "export", f"board {name}")
    told = board(as_seen(known, visit), quarter)
    if kind == "xlsx":
        return board_file(told, f"board-{name}")
    return document_file(board_document(told, known.policy.issuer_name, known.as_of, multiples(told)), f"board-{name}", kind)
