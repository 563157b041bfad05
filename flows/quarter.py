"""A quarter from folder to packets, certificate and board page, whoever runs the stages: Prefect, or a test."""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from desk.desk import on_record
from desk.exports import board_workbook
from desk.ledger import Ledger
from desk.ledger.attesting import asked as was_asked
from desk.ledger.attesting import standing
from desk.multiples import multiples
from desk.quarterly import OPEN_QUARTERS, Answered, gate_of, keep_packet, plain, signed_at, since_signed
from desk.reminders import invitation
from desk.rights import today
from desk.users import Users
from flows.mailbox import put, send_all, server
from flows.night import PROGRAM, Asked, Staged, Validates, judged_night
from flows.outputs import check_free, folder_at_once, write_csv
from flows.progress import Progress
from flows.stages import Night, policy_from
from flows.store import Store
from flows.users import LASTING
from transforms.attesting import Known, Quarter, QuarterError, quarter_named, quarters_until
from transforms.attesting.board import board
from transforms.attesting.gate import Gate
from transforms.attesting.packets import Packet, packets
from transforms.reports.attesting import answer_rows, board_document, certificate_document, line_row
from transforms.reports.documents import Document, as_html
from transforms.reports.packet import packet_document
from transforms.reports.pdf import as_pdf

LONGEST = 120
"""Characters of a file's name; a folder takes some 250 bytes."""


def run_quarter(asked: Asked, name: str, staged: Staged, validator: Callable[[date], Validates], *, out_is_given: bool = True) -> dict[str, Any]:
    """Judge the data as a night does, send out what was not sent yet, and write the quarter's folder. The store stays as it is. Returns a summary.

    Raises QuarterError, OutputError.
    """
    started, progress = datetime.now(UTC), Progress()
    policy = policy_from(asked.policy)
    quarter = quarter_named(policy, name, asked.as_of)
    if quarter not in quarters_until(policy, asked.as_of)[-OPEN_QUARTERS:]:
        raise QuarterError(f"--quarter {name}: it is past, expected one of the newest {OPEN_QUARTERS}, which can still be answered. Give another one.")
    out = asked.out if out_is_given else Path("out") / quarter.name
    check_free(out)
    with Store(asked.store) as store:
        night, _ = judged_night(asked, staged, validator, store, progress)
    ledger = Ledger(asked.ledger)
    known = known_of(night, ledger)
    progress.say(f"packets   {quarter.name}")
    told = packets(plain(known), quarter)
    sent = staged(send_out, "send")(known, quarter, told, ledger)
    known = known_of(night, ledger)
    held = gate_of(known, quarter, ledger.events())
    progress.say(f"write     {out}")
    staged(write_quarter, "write")(known, quarter, told, held, ledger, out, {**_record(night), "quarter": quarter.name, "started": started.isoformat()})
    answered = sum(each["answered_on"] is not None for each in held.answers)
    return {
        "quarter": quarter.name, "packets": len(told), "sent": sent, "answered": answered, "gaps": len(held.gaps), "certificate": _word(known, quarter, ledger),
        "board": str(out / "board.html"), "out": str(out),
    }  # fmt: skip


def _word(known: Known, quarter: Quarter, ledger: Ledger) -> str:
    events = ledger.events()
    stands = standing(events, quarter.ends_on)
    return "reopened" if since_signed(known, quarter, events, stands) else stands.word


def known_of(night: Night, ledger: Ledger) -> Known:
    """What a night knows, with what was asked and answered since."""
    facts = Answered(night.facts, ledger.events())
    return Known(night.as_of, night.policy, facts, night.findings, night.cases, night.blind_spots, night.loaded.refused, facts.missing)


def send_out(known: Known, quarter: Quarter, told: dict[str, Packet], ledger: Ledger) -> int:
    """Keep the packet of everybody who was not asked yet, and tell those who have a user on the desk; returns how many were asked now."""
    held = was_asked(ledger.events(), quarter.ends_on)
    duties = known.facts["attestation_duties"]
    on_file = set(duties.filter((duties["quarter_ended_on"] == quarter.ends_on) & duties["sent_on"].is_not_null())["person_id"])
    fresh = [packet for person, packet in told.items() if person not in held | on_file]
    for packet in fresh:
        keep_packet(ledger, quarter, packet, "hindsight", today())
    _invite(known, quarter, {each.person_id for each in fresh}, ledger)
    return len(fresh)


def _invite(known: Known, quarter: Quarter, people: set[str], ledger: Ledger) -> None:
    to = server()
    if not to or not people:
        return
    for user in Users(ledger, *LASTING).every():
        if user.is_active and on_record(user.reader, known.facts["people"]) in people:
            said = invitation(quarter, known.policy.issuer_name, os.environ.get("HINDSIGHT_URL", ""))
            put(ledger, known.as_of, user.reader.user_id, user.reader.email, f"attestation {quarter.name}", said)
    send_all(ledger, to, known.as_of)


def write_quarter(known: Known, quarter: Quarter, told: dict[str, Packet], held: Gate, ledger: Ledger, out: Path, record: dict[str, Any]) -> None:
    """The quarter's folder, all of it in one step."""
    issuer, events = known.policy.issuer_name, ledger.events()
    stands = standing(events, quarter.ends_on)
    signed, at = (stands.certificate["body"], signed_at(stands.certificate)) if stands.certificate else (None, None)
    since = [each["words"] for each in since_signed(known, quarter, events, stands)] or None
    numbers = board(known, quarter)
    with folder_at_once(out) as fresh:
        (fresh / "packets").mkdir()
        for number, (person, packet) in enumerate(told.items(), 1):
            _write(packet_document(packet, quarter, issuer, known.as_of), fresh / "packets" / _file_of(person, number))
        _write(certificate_document(quarter, issuer, known.as_of, held, signed, since, at), fresh / "certificate")
        _write(board_document(numbers, issuer, known.as_of, multiples(numbers)), fresh / "board")
        (fresh / "board.xlsx").write_bytes(board_workbook(numbers))
        _csv(fresh / "coverage.csv", ("what", "count", "of", "state"), [line_row(each) for each in held.lines])
        _csv(fresh / "gaps.csv", ("gap_id", "kind", "what", "items"), [(each.gap_id, each.kind, each.words, ";".join(each.items)) for each in held.gaps])
        _csv(
            fresh / "answers.csv",
            ("person", "sent_on", "answered_on", "policy_read", "accounts_complete", "trades_complete", "no_margin_or_pledge", "no_derivatives"),
            answer_rows(held),
        )
        (fresh / "run.json").write_text(
            json.dumps({**record, "finished": datetime.now(UTC).isoformat()}, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
        )


def _write(document: Document, place: Path) -> None:
    """A document as web page and as PDF."""
    place.with_name(f"{place.name}.html").write_text(as_html(document), encoding="utf-8")
    place.with_name(f"{place.name}.pdf").write_bytes(as_pdf(document))


def _file_of(person: str, number: int) -> str:
    """The name of a person's files: the id, or a number where that is no name of a file."""
    name = quote(person, safe="")
    return name if len(name) <= LONGEST and name.strip(".") else f"person-{number:04d}"


def _csv(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    write_csv(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), path)


def _record(night: Night) -> dict[str, Any]:
    return {"as_of": str(night.as_of), "inputs": night.loaded.hashes, "tables": night.loaded.counts, "program": PROGRAM}
