"""Quarters as the desk shows them: the newest night with every answer since, one's own packet, and the gate before a certificate."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol

import polars as pl

from desk.caseload import Register
from desk.deciding import MOST
from desk.desk import Sight, Visit, on_record
from desk.ledger import Event, Ledger
from desk.ledger.attesting import ANSWER, CERTIFICATE, PACKET, REOPENED, Standing, about, attestations, corrections, packets_of, standing, with_answers
from desk.ledger.ledger import event_id, time_of_entry
from desk.rights import Reader, names_reserved, reserved, reserved_ids
from transforms.attesting import STATEMENTS, Known, Quarter, quarters_until
from transforms.attesting.covered import people
from transforms.attesting.gate import COUNTED, Gate, fresh_words, gate, grown, words_of
from transforms.attesting.packets import Packet, arrived, packets
from transforms.cases import CASE_ID
from transforms.facts import every_fact
from transforms.reports.attesting import NOT_SHOWN, answer_rows, line_row
from transforms.reports.words import number

OPEN_QUARTERS = 5
"""Quarters that can be answered: the newest, and four before it."""
Events = list[dict[str, Any]]


class Facts(Protocol):
    """Facts by name."""

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 - a derivation holds things of every type
        """The fact of that name."""
        ...


class Answered:
    """The facts of a night with what was asked and answered since."""

    def __init__(self, facts: Facts, events: Events) -> None:
        """Lay the ledger's answers over the night's table."""
        self._facts = facts
        told = attestations(events)
        self.missing = frozenset(facts["missing"]) - ({"attestations"} if len(told) else set())
        table = with_answers(facts["attestations"], told)
        made = every_fact()
        held = {name: facts[name] for name in ("contradictions", "quarters", "unheld_dealings")}
        self._own = {
            "attestations": table, "missing": self.missing,
            "attestation_duties": made["attestation_duties"](attestations=table, policy=facts["policy"]),
            "attested_statements": made["attested_statements"](attestations=table, missing=self.missing, **held),
        }  # fmt: skip

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as above
        """A fact by name."""
        return self._own[name] if name in self._own else self._facts[name]


def known_by(sight: Sight, register: Register) -> Known:
    """All that is known on the newest night, with every answer since."""
    register.up_to_date()
    view, facts = sight.view, Answered(sight.view.night.facts, register.events)
    return Known(view.as_of, view.policy, facts, view.findings, sight.caseload.cases(), view.blind_spots(), view.night.read("refused"), facts.missing)


def as_seen(known: Known, visit: Visit) -> Known:
    """The same without the cases and findings that are not open to the reader."""
    mine = sorted(visit.case_ids)
    findings = known.findings.with_columns(CASE_ID).filter(pl.col("case_id").is_in(mine))
    return replace(known, findings=findings, cases=visit.cases(), hidden=visit.kin, tied=visit.tied)


def plain(known: Known) -> Known:
    """The same without findings that tell of a denial or a project list, for packets that leave the desk."""
    ids = reserved_ids(known.facts["clearances"], known.facts["lists"])
    return replace(known, findings=known.findings.filter(~reserved() & ~names_reserved(("because", "evidence", "finding_id"), ids)))


def newest_quarters(known: Known) -> list[Quarter]:
    """The quarters that can be answered, the newest first."""
    return quarters_until(known.policy, known.as_of)[-OPEN_QUARTERS:][::-1]


def certified_quarters(known: Known, events: Events) -> list[Quarter]:
    """The newest quarters, and every older one that has a certificate, the newest first."""
    every = quarters_until(known.policy, known.as_of)
    return [each for each in every if each in every[-OPEN_QUARTERS:] or standing(events, each.ends_on).certificate][::-1]


def own_packet(known: Known, quarter: Quarter, reader: Reader) -> Packet | None:
    """The reader's own packet of a quarter; none where they have nothing to attest. There is no way to ask for another's."""
    person = on_record(reader, known.facts["people"])
    return packets(known, quarter, person).get(person) if person else None


def is_asked(known: Known, quarter: Quarter, reader: Reader) -> bool:
    """Whether a quarter is the reader's to attest."""
    return on_record(reader, known.facts["people"]) in set(people(known, quarter)["person_id"])


def against(known: Known, quarter: Quarter, person: str) -> dict[str, str]:
    """By statement, what is on record in the quarter that speaks against it."""
    rows = known.facts["contradictions"].filter((pl.col("person_id") == person) & quarter.holds("on"))
    return dict(rows.group_by("statement").agg(pl.col("shown").unique().sort().str.join("; ")).rows())


def answer_faults(form: Mapping[str, str], spoken: Mapping[str, str]) -> dict[str, str]:
    """What is missing from an answer, by field; `spoken` = by statement, what on record speaks against it."""
    faults: dict[str, str] = {}
    for name in STATEMENTS:
        said, note = form.get(name, ""), form.get(f"note_{name}", "").strip()
        if said not in {"yes", "no"}:
            faults[name] = "Answer yes or no."
        elif said == "no" and not note:
            faults[f"note_{name}"] = "Say what is missing or wrong."
        elif said == "yes" and name in spoken and not form.get(f"still_{name}"):
            faults[f"still_{name}"] = "Records speak against this. Look at them; confirm that you answer yes all the same, or answer no."
        if len(note) > MOST:
            faults[f"note_{name}"] = f"Keep it below {MOST:,} characters."
    return faults


def keep_packet(ledger: Ledger, quarter: Quarter, packet: Packet, actor: str, sent_on: date | None = None) -> None:
    """Keep the records of a packet as they were shown or sent; the same records are kept once."""
    key = event_id(packet.person_id, PACKET, str(quarter.ends_on), f"{packet.print}{'' if sent_on is None else ' sent'}")
    body = {
        "person_id": packet.person_id,
        "quarter_ended_on": str(quarter.ends_on),
        "print": packet.print,
        "records": packet.records,
        "sent_on": sent_on and str(sent_on),
    }
    if not ledger.has(key):
        ledger.add(Event(key, PACKET, actor, body, about(quarter.ends_on, packet.person_id)))


def answer_event(reader: Reader, quarter: Quarter, packet: Packet, form: Mapping[str, str], night: date, spoken: Mapping[str, str], seen: int) -> Event:
    """An answer as the ledger keeps it: each statement, what stands beside it, which records were shown, and what spoke against it then."""
    body = {
        "person_id": packet.person_id, "name": reader.name, "quarter_ended_on": str(quarter.ends_on), "statements": {name: form[name] == "yes" for name in STATEMENTS},
        "corrections": {name: note for name in STATEMENTS if (note := form.get(f"note_{name}", "").strip())}, "print": packet.print, "night": str(night),
        "contradicted": {name: said for name, said in spoken.items() if form[name] == "yes"},
    }  # fmt: skip
    key = about(quarter.ends_on, packet.person_id)
    return Event(event_id(reader.user_id, ANSWER, key, form.get("event_id") or secrets.token_hex(16)), ANSWER, reader.user_id, body, key, seen)


def gate_of(known: Known, quarter: Quarter, events: Events) -> Gate:
    """The gate of a quarter, with what stands beside each answer."""
    return gate(known, quarter, corrections(events, quarter.ends_on))


def certificate_body(whole: Gate, seen: Gate, reasons: Mapping[str, str], prints: Mapping[str, str]) -> dict[str, Any]:
    """What a certificate certifies: coverage, every gap with its reason, the answers, and the records that each packet showed.

    What the officer who signs may not see stands as a gap of its own, with the words that it was not shown to them.
    """
    shown = {each.gap_id: each for each in seen.gaps}
    gaps: list[dict[str, Any]] = []
    for each in whole.gaps:
        row, open_to = each.as_row(), shown.get(each.gap_id)
        if open_to:
            gaps.append({**open_to.as_row(), "reason": reasons[each.gap_id]})
        items = [item for item in each.items if open_to is None or item not in open_to.items]
        if items:
            marks = sorted(mark for mark, item in each.known_by.items() if item in items)
            words = words_of(each.gap_id, len(items)) if each.kind in {"case", "undecided"} else each.words
            gaps.append({**row, "items": items, "marks": marks, "words": words, "reason": NOT_SHOWN})
    answers = [{"person_id": each["person_id"], "row": list(row)} for each, row in zip(whole.answers, answer_rows(whole), strict=True)]
    return {"lines": [list(line_row(each)) for each in whole.lines], "gaps": gaps, "answers": answers, "prints": dict(prints)}


def certificate_event(reader: Reader, visit: Visit, quarter: Quarter, body: dict[str, Any], form_id: str, seen: int) -> Event:
    """A certificate as the ledger keeps it."""
    key = about(quarter.ends_on)
    told = {**body, "quarter_ended_on": str(quarter.ends_on), "night": str(visit.view.as_of), "person_id": visit.person, "name": reader.name}
    return Event(event_id(reader.user_id, CERTIFICATE, key, form_id), CERTIFICATE, reader.user_id, told, key, seen)


def since_signed(known: Known, quarter: Quarter, events: Events, held: Standing) -> list[dict[str, Any]]:
    """What came since the certificate was signed: gaps that are new or have grown, records that came, changed or went, and what was written
    down of that before, though it may have gone again. None where nothing did.
    """
    if held.certificate is None:
        return []
    noted = [reason for event in held.reopened for reason in event["body"]["reasons"]]
    known_of = {(each["gap_id"], *each["marks"]) for each in noted}
    return noted + [each for each in _live(known, quarter, events, held.certificate["body"]) if (each["gap_id"], *each["marks"]) not in known_of]


def _live(known: Known, quarter: Quarter, events: Events, body: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands against a certificate by the records as they are now."""
    found = grown(body["gaps"], gate_of(known, quarter, events).gaps)
    before, now = packets_of(events, quarter.ends_on), packets(known, quarter)
    for person in sorted({*body["prints"], *now}):
        was, packet = body["prints"].get(person), now.get(person)
        if packet is None:
            found.append(_records(person, "gone", f"{person}: no longer on record as designated in the quarter."))
        elif was != packet.print:
            parts = arrived(before.get(was or "", {}), packet)
            found.append(_records(person, packet.print, f"{packet.name}: {'; '.join(parts)}." if parts else f"{packet.name}: the records changed."))
    return found


def _records(person: str, mark: str, words: str) -> dict[str, Any]:
    return {"gap_id": f"records/{person}", "kind": "records", "words": words, "items": [mark], "marks": [mark], "person_id": person}


def note_reopening(ledger: Ledger, known: Known, quarter: Quarter, events: Events) -> list[dict[str, Any]]:
    """Write down that records reopened a certificate, once for the same records; returns what came, none where nothing did or it is written already."""
    held = standing(events, quarter.ends_on)
    if held.certificate is None:
        return []
    noted = sum(len(event["body"]["reasons"]) for event in held.reopened)
    fresh = since_signed(known, quarter, events, held)[noted:]
    if fresh:
        key = about(quarter.ends_on)
        body = {"quarter_ended_on": str(quarter.ends_on), "certificate": held.certificate["event_id"], "night": str(known.as_of), "reasons": fresh}
        names = "\n".join(sorted(f"{each['gap_id']} {' '.join(each['marks'])}" for each in fresh))
        ledger.add(Event(event_id("hindsight", REOPENED, held.certificate["event_id"], names), REOPENED, "hindsight", body, key))
    return fresh


def told_to(rows: list[dict[str, Any]], visit: Visit) -> list[dict[str, Any]]:
    """Gaps that the ledger keeps, without what is not open to the reader: their own cases, those of people tied to them, and what these answered."""
    open_to = (
        set(visit.view.findings.filter(pl.col("case_id").is_in(sorted(visit.case_ids)))["finding_id"])
        if any(each["kind"] == "undecided" for each in rows)
        else set()
    )
    found = []
    for each in rows:
        kind, items, person = each["kind"], each["items"], each.get("person_id")
        if kind == "case":
            items = [item for item in items if item in visit.case_ids]
        elif kind == "undecided":
            items = [item for item in items if item in open_to]
        elif (kind == "contradicted" and person in visit.kin) or (kind in {"answer", "statement", "records"} and person in visit.tied):
            items = []
        if items:
            words = each["words"] if len(items) == len(each["items"]) else _fewer(each, items)
            found.append({**each, "items": items, "words": words})
    return found


def _fewer(row: dict[str, Any], items: list[str]) -> str:
    return fresh_words(row["gap_id"], row["kind"], row["words"], items) if row.get("is_fresh") else words_of(row["gap_id"], len(items))


def certificate_for(held: Standing, visit: Visit) -> dict[str, Any] | None:
    """The certificate as far as it is open to the reader; what its lines count of gaps is counted over these."""
    if held.certificate is None:
        return None
    body = held.certificate["body"]
    gaps = told_to(body["gaps"], visit)
    many = {name: sum(len(each["items"]) for each in gaps if each["kind"] == kind) for name, kind in COUNTED.items()}
    lines = [[line[0], number(many[line[0]]) if line[0] in many and line[3] != "not known" else line[1], *line[2:]] for line in body["lines"]]
    return {**body, "gaps": gaps, "lines": lines, "answers": [each for each in body["answers"] if each["person_id"] not in visit.tied]}


def signed_at(event: Mapping[str, Any]) -> datetime:
    """When an event was written, as people in New York read it."""
    return time_of_entry(event["at"])
