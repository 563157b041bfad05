"""How long records are kept: what is due to be erased, what a legal hold keeps, and the erasure, which leaves its trace in the chain."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Connection, delete, select

from desk.ledger import Event, Ledger
from desk.ledger.attesting import ANSWER, CERTIFICATE, PACKET, REOPENED
from desk.ledger.ledger import DECISION, ENDED, ERASED, WAIVER, chunks
from desk.ledger.schema import MAILS, READS
from transforms.cases import CASE_ID, STANDS
from transforms.policy import Policy
from transforms.tables import TIME_ZONE

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

    years: dict[str, int]
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
    """What may be erased on a day. A decision about a case that still arises stays, however old: without it the case would want one again."""
    years = {name: int(policy.parameter(f"retention.{name}").at(as_of) or 0) for name in PERIODS}
    before = {name: _years_before(as_of, count) for name, count in years.items()}
    stands = set(findings.filter(STANDS).select(CASE_ID)["case_id"])
    held = {each.person_id for each in holds(events)}
    old = {name: [each for each in events if each["kind"] in kinds and each["body"] and _day(each["at"]) < before[name]] for name, kinds in KINDS.items()}
    waits = [each for each in old["decisions"] if each["case_id"] in stands]
    free = {name: [each for each in found if each["case_id"] not in stands and not _is_held(_people(each), held)] for name, found in old.items()}
    reads = _rows(ledger, READS.c.id, READS.c.about, READS.c.at < str(before["reads"]), lambda about: _is_held(set(about.replace(":", "/").split("/")), held))
    mails = [] if held else _rows(ledger, MAILS.c.mail_id, MAILS.c.recipient, MAILS.c.night < before["mails"], lambda _: False)
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


def _people(event: dict[str, Any]) -> set[str]:
    """Everybody whom an event concerns; a certificate concerns all."""
    body = event["body"]
    named = {str(body[name]) for name in ("person_id", "given_by") if body.get(name)}
    case = event["case_id"] or ""
    return named | {case.partition("/")[0]} | ({EVERYBODY} if event["kind"] in {CERTIFICATE, REOPENED} else set())


def _is_held(people: set[str], held: set[str]) -> bool:
    return EVERYBODY in held or bool(people & held) or (EVERYBODY in people and bool(held))


def _rows(ledger: Ledger, key: Any, about: Any, where: Any, is_held: Callable[[str], bool]) -> list[Any]:  # noqa: ANN401 - columns and conditions of SQL
    with ledger.engine.connect() as connection:
        return [row[0] for row in connection.execute(select(key, about).where(where).order_by(key)) if not is_held(row[1])]


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


def _day(at: str) -> date:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(TIME_ZONE)).date()


def _years_before(day: date, years: int) -> date:
    """The same day some years earlier; 1 March for a 29 February that is not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
