"""One's own attestation: the records of a quarter, and the statements to answer. No address names a person: everybody finds their own."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from desk.deciding import place_of
from desk.desk import Sight, on_record
from desk.exports import document_file
from desk.ledger import StaleError
from desk.ledger.attesting import about, answer_of
from desk.quarterly import against, answer_event, answer_faults, is_asked, keep_packet, known_by, newest_quarters, own_packet
from desk.rights import Reader
from desk.web import desk_of, page, posted, signed_in, to
from transforms.attesting import STATEMENTS, Known, Quarter
from transforms.attesting.packets import Packet
from transforms.reports.packet import HEADINGS, packet_document, packet_sheet, record_of

router = APIRouter()
SignedIn = Annotated[Reader, Depends(signed_in)]


@dataclass(frozen=True)
class Asked:
    """A quarter that is asked of the reader, with their packet and the answers that they gave."""

    sight: Sight
    known: Known
    quarter: Quarter
    packet: Packet
    answers: list[dict[str, Any]]


def _sight(request: Request, reader: Reader) -> Sight:
    """The newest night without what is reserved: nobody is told of it through their own packet."""
    sight = desk_of(request).plain_sight()
    if on_record(reader, sight.view.facts["people"]) not in set(sight.view.facts["people"]["person_id"]):
        raise HTTPException(404)
    return sight


@router.get("/attestation")
def listed(request: Request, reader: SignedIn) -> Response:
    """The quarters that are asked of the reader, with how each stands."""
    sight = _sight(request, reader)
    known = known_by(sight, sight.desk.register)
    rows = []
    for quarter in newest_quarters(known):
        if is_asked(known, quarter, reader):
            mine = _row(known, quarter, reader)
            rows.append(
                {"quarter": quarter, "answered_on": mine.get("answered_on"), "is_late": mine.get("answered_on") is None and known.as_of > quarter.due_on}
            )
    return page(request, "attestations.html", rows=rows)


def _row(known: Known, quarter: Quarter, reader: Reader) -> dict[str, Any]:
    """What is on record of the reader's own attestation."""
    packet = own_packet(known, quarter, reader)
    duties = known.facts["attestation_duties"]
    held = duties.filter((duties["quarter_ended_on"] == quarter.ends_on) & (duties["person_id"] == (packet.person_id if packet else ""))).to_dicts()
    return held[0] if held else {}


def _asked(request: Request, reader: Reader, name: str) -> Asked:
    """A quarter of the reader's own; 404 for any other."""
    sight = _sight(request, reader)
    known = known_by(sight, sight.desk.register)
    quarter = next((each for each in newest_quarters(known) if each.name == name), None)
    packet = own_packet(known, quarter, reader) if quarter else None
    if quarter is None or packet is None:
        raise HTTPException(404)
    desk_of(request).note_read(reader, "packet", about(quarter.ends_on, packet.person_id))
    return Asked(sight, known, quarter, packet, answer_of(sight.desk.register.events, packet.person_id, quarter.ends_on))


@router.get("/attestation/{name}")
def one(request: Request, reader: SignedIn, name: str) -> Response:
    """The reader's own packet of a quarter, and the statements to answer."""
    return _page(request, _asked(request, reader, name), reader, {}, {})


def _page(request: Request, asked: Asked, reader: Reader, given: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    last = asked.answers[-1]["body"] if asked.answers else None
    held = {**_given(last), **given} if last else given
    spoken = against(asked.known, asked.quarter, asked.packet.person_id)
    return page(
        request, "attestation.html", status, asked=asked, quarter=asked.quarter, statements=STATEMENTS, parts=[(*HEADINGS[name], packet_sheet(asked.packet, name)) for name in HEADINGS],
        given=held, faults=faults, spoken=spoken if given else {}, row=_row(asked.known, asked.quarter, reader), answers=asked.answers[::-1], seen=asked.answers[-1]["sequence"] if asked.answers else 0,
        event_id=given.get("event_id") or secrets.token_hex(16), as_of=asked.known.as_of, record_of=record_of,
    )  # fmt: skip


def _given(body: dict[str, Any]) -> dict[str, str]:
    """The fields of a form as they were last answered."""
    said = {name: "yes" if value else "no" for name, value in body["statements"].items()}
    return said | {f"note_{name}": note for name, note in body["corrections"].items()}


@router.get("/attestation/{name}/packet.{kind}")
def packet(request: Request, reader: SignedIn, name: str, kind: str) -> Response:
    """The reader's own packet as a file."""
    asked = _asked(request, reader, name)
    document = packet_document(asked.packet, asked.quarter, asked.known.policy.issuer_name, asked.known.as_of)
    return document_file(document, f"attestation-{asked.quarter.name}", kind)


@router.post("/attestation/{name}")
def answer(request: Request, reader: SignedIn, name: str, form: Annotated[dict[str, str], Depends(posted)]) -> Response:
    """Answer, or answer anew: each answer stays, the last one counts. What was shown is kept with it."""
    asked = _asked(request, reader, name)
    if form.get("print") != asked.packet.print:
        said = "What is on record changed after you opened this page. Read it once more; send your answers again if they still hold."
        return _page(request, asked, reader, {**form, "event_id": ""}, {"stale": said}, 409)
    spoken = against(asked.known, asked.quarter, asked.packet.person_id)
    if faults := answer_faults(form, spoken):
        return _page(request, asked, reader, form, faults, 422)
    ledger, seen = desk_of(request).ledger, form.get("seen", "")
    keep_packet(ledger, asked.quarter, asked.packet, reader.user_id)
    try:
        ledger.add(answer_event(reader, asked.quarter, asked.packet, form, asked.known.as_of, spoken, _seen(asked, seen)))
    except StaleError:
        said = "You answered this quarter from another page meanwhile. Look at that answer below; send this one again if it is to count."
        return _page(request, asked, reader, {**form, "event_id": ""}, {"stale": said}, 409)
    return to(f"/attestation/{asked.quarter.name}")


def _seen(asked: Asked, seen: str) -> int:
    """The last event about this attestation that the form knew of: an answer, or the packet kept since."""
    register = asked.sight.desk.register
    register.up_to_date()
    key = about(asked.quarter.ends_on, asked.packet.person_id)
    packets: list[int] = [each["sequence"] for each in register.events if each["case_id"] == key and each["kind"] == "packet"]
    return max([place_of(seen), *packets])
