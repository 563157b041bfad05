"""How long records are kept: what is due to be erased, what a legal hold keeps, and the erasure, which leaves its trace in the chain."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, select

from desk.ledger import Event, Ledger
from desk.ledger.attesting import ANSWER, CERTIFICATE, PACKET, REOPENED
from desk.ledger.ledger import DECISION, ENDED, ERASED, WAIVER, chunks, day_of_entry
from desk.ledger.schema import MAILS, READS
from transforms.cases import CASE_ID, STANDS
from transforms.policy import Policy

HOLD, RELEASED = "hold", "hold_released"
EVERYBODY = "*"
KINDS = {"decisions": (DECISION, WAIVER, ENDED), "attestations": (PACKET, ANSWER, CERTIFICATE, REOPENED)}
"""Kinds of events by the period of the policy that they are kept for."""
PERIODS = ("decisions", "attestations", "reads", "mails", "nights")
Events = list[dict[str, Any]]


@dataclass(frozen=True)
class Hold:
    """A legal hold: on one person or everybody, since when, by whom and why."""

    hold_id: str
    person_id: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True)
class Due:
    """What the policy's periods make of the records on a day: how long each kind is kept, what is past that, and what a hold or a standing case keeps."""

    years: dict[str, int | None]
    before: dict[str, date]
    events: dict[str, tuple[int, ...]]
    reads: tuple[int, ...]
    mails: tuple[str, ...]
    nights: tuple[date, ...]
    held: int
    standing: int

    @property
    def count(self) -> int:
        """How many records are due to be erased."""
        return sum(map(len, self.events.values())) + len(self.reads) + len(self.mails) + len(self.nights)


def holds(events: Events) -> list[Hold]:
    """The legal holds that stand, the oldest first."""
    released = {each["body"]["hold_id"] for each in events if each["kind"] == RELEASED and each["body"]}
    return [
        Hold(each["event_id"], each["body"]["person_id"], each["body"]["reason"], each["body"]["name"], each["at"])
        for each in events if each["kind"] == HOLD and each["event_id"] not in released
    ]  # fmt: skip


def due(ledger: Ledger, events: Events, policy: Policy, as_of: date, findings: pl.DataFrame, nights: list[date]) -> Due:
    """What may be erased on a day. A period that the policy does not name is without end.

    A decision about a case that still arises stays, however old: without it the case would want one again; so does a waiver that hides
    something that still arises, or is still in force.
    """
    years = {name: policy.parameter(f"retention.{name}").at(as_of) for name in PERIODS}
    before = {name: _years_before(as_of, count) if count else date.min for name, count in years.items()}
    held = {each.person_id for each in holds(events)}
    needed = _needed(events, findings, as_of)
    old = {
        name: [each for each in events if each["kind"] in kinds and each["body"] and day_of_entry(each["at"]) < before[name]] for name, kinds in KINDS.items()
    }
    waits = [each for found in old.values() for each in found if each["sequence"] in needed]
    free = {name: [each for each in found if each["sequence"] not in needed and not _is_held(each, held)] for name, found in old.items()}
    reads = [] if held else _rows(ledger, READS.c.id, READS.c.at < str(before["reads"]))
    mails = [] if held else _rows(ledger, MAILS.c.mail_id, MAILS.c.night < before["mails"])
    past = [] if held else sorted(each for each in nights if each < before["nights"])[: max(len(nights) - 1, 0)]
    kept = sum(map(len, old.values())) - len(waits) - sum(map(len, free.values()))
    return Due(
        years,
        before,
        {name: tuple(each["sequence"] for each in found) for name, found in free.items()},
        tuple(reads),
        tuple(mails),
        tuple(past),
        kept,
        len(waits),
    )


def _needed(events: Events, findings: pl.DataFrame, as_of: date) -> set[int]:
    """Places of decisions and waivers without which a case that still arises would stand otherwise."""
    stands = findings.filter(STANDS).with_columns(CASE_ID)
    arising, about = set(stands["case_id"]), set(stands.select("person_id", "rule", "occurred_on").rows())
    waived = {each["event_id"] for each in events if each["kind"] == WAIVER and each["body"] and _is_in_use(each["body"], about, as_of)}
    return {
        each["sequence"] for each in events
        if (each["kind"] == DECISION and each["case_id"] in arising) or each["event_id"] in waived or (each["kind"] == ENDED and each["body"].get("waiver_id") in waived)
    }  # fmt: skip


def _is_in_use(waiver: dict[str, Any], about: set[tuple[Any, ...]], as_of: date) -> bool:
    if waiver["until_on"] >= str(as_of):
        return True
    return any(
        (person, rule) == (waiver["person_id"], waiver["rule"]) and day and waiver["from_on"] <= str(day) <= waiver["until_on"] for person, rule, day in about
    )


def _is_held(event: dict[str, Any], held: set[str]) -> bool:
    """Whether a hold keeps an event: one on everybody, on somebody whom it names, or on anybody where it concerns all, as a certificate does."""
    if not held:
        return False
    if EVERYBODY in held or event["kind"] in {CERTIFICATE, REOPENED}:
        return True
    body, case = event["body"], event["case_id"] or ""
    return any(person in {body.get("person_id"), body.get("given_by")} or case.startswith(f"{person}/") or case.endswith(f":{person}") for person in held)


def _rows(ledger: Ledger, key: Any, where: Any) -> list[Any]:  # noqa: ANN401 - columns and conditions of SQL
    with ledger.engine.connect() as connection:
        return [row[0] for row in connection.execute(select(key).where(where).order_by(key))]


def erase(ledger: Ledger, found: Due, actor: str, forget: Callable[[list[date]], None]) -> int:
    """Erase what is due. The ledger first, in one step with the entry that tells of all of it; then the nights: whoever is stopped in between
    erases these at the next time, and nothing is ever gone without a trace. Returns the place of the entry, 0 where nothing was due.
    """
    if not found.count:
        return 0
    told = {
        "because": "kept for as long as the policy says", "years": found.years, "reads": len(found.reads), "mails": len(found.mails), "nights": [str(each) for each in found.nights], "name": actor,
    }  # fmt: skip
    sequences = sorted(number for group in found.events.values() for number in group)

    def beside(connection: Connection) -> None:
        for table, column, ids in ((READS, READS.c.id, found.reads), (MAILS, MAILS.c.mail_id, found.mails)):
            for some in chunks(ids):
                connection.execute(delete(table).where(column.in_(some)))

    place = ledger.erase(sequences, Event(secrets.token_hex(16), ERASED, actor, told), beside)
    forget(list(found.nights))
    return place


def _years_before(day: date, years: int) -> date:
    """The same day some years earlier; 1 March for a 29 February that is not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
