"""Opens the ledger, adds events one at a time, and reads them as decisions and waivers."""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select, update
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from desk.ledger.chain import FIRST, NAMED, broken, canonical, hash_of
from desk.ledger.schema import EVENTS, HEAD
from transforms.cases import DECISIONS, WAIVERS
from transforms.tables import TABLES, TIME_ZONE

PATIENCE = 30
"""Seconds that a writer waits for another one."""
DECISION, WAIVER, ENDED, ERASED = "decision", "waiver", "waiver_ended", "erased"
AT_ONCE = 10_000
"""Values in one statement; SQLite takes 32,766."""
UPGRADING = threading.Lock()


class LedgerError(Exception):
    """The ledger can't be used; the message is one sentence and holds no password."""


class StaleError(Exception):
    """Somebody else added to the case after it was looked at."""


@dataclass(frozen=True)
class Event:
    """What is to be added: its id (the same id is added once), kind, case, actor and content; `seen` = the last event of the case that the actor saw."""

    event_id: str
    kind: str
    actor: str
    body: dict[str, Any]
    case_id: str | None = None
    seen: int | None = None
    at: datetime | None = None


def event_id(actor: str, kind: str, about: str, form: str) -> str:
    """The id of an event that a form adds: the same form, sent twice by the same person about the same thing, is one event."""
    return hashlib.sha256(canonical([actor, kind, about, form]).encode()).hexdigest()[:32]


def url_beside(store: Path) -> str:
    """Where the ledger is: HINDSIGHT_LEDGER, else an SQLite file beside the store."""
    return os.environ.get("HINDSIGHT_LEDGER") or f"sqlite:///{store.resolve().with_suffix('.ledger.sqlite')}"


class Ledger:
    """The ledger at a URL; safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Open it and bring its tables up to date; raises LedgerError where that can't be done."""
        self.url = url
        try:
            self.engine = _engine(url)
            self._notes = _engine(url, waits="NORMAL") if url.startswith("sqlite") else self.engine
            with UPGRADING:
                self._upgrade()
        except (SQLAlchemyError, ArgumentError, OSError, ModuleNotFoundError) as error:
            raise LedgerError(
                f"{_shown(url)}: the ledger can't be opened ({type(error).__name__}), expected a database that answers. Check HINDSIGHT_LEDGER."
            ) from None

    def _upgrade(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["engine"] = self.engine
        command.upgrade(config, "head")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; SQLite takes its file at once, so that two never find each other half-way."""
        with self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """A transaction for who looked at what: it is safe from the program's end, but does not wait for the disk as a decision does."""
        with self._notes.execution_options(writes=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield connection

    def add(self, new: Event) -> int:
        """Add an event and return its place; an id that is there already is not added again. Raises StaleError, and LedgerError."""
        try:
            with self.writing() as connection:
                connection.execute(update(HEAD).values(id=1))  # whoever adds holds the head, so that writers come one after another
                return _added(connection, new)
        except SQLAlchemyError as error:
            raise LedgerError(f"{_shown(self.url)}: the event was not written ({type(error).__name__}), expected a database that answers. Try again.") from None

    def erase(self, sequences: list[int], new: Event, beside: Callable[[Connection], None]) -> int:
        """Take the content out of events, do what else belongs to it (`beside`), and add an event that says so, in one step.

        Places and hashes of the events stay, so that the chain holds. `new` tells why; which events, of what kind and when, is added to
        it here. Returns the place of the new event. Raises LedgerError.
        """
        try:
            with self.writing() as connection:
                connection.execute(update(HEAD).values(id=1))
                beside(connection)
                named: list[dict[str, Any]] = []
                for some in chunks(sequences):
                    wanted = EVENTS.c.sequence.in_(some)
                    rows = connection.execute(select(EVENTS).where(wanted, EVENTS.c.body != "").order_by(EVENTS.c.sequence)).mappings().all()
                    named += [{name: row[name] for name in NAMED} for row in rows]
                    connection.execute(update(EVENTS).where(wanted).values(case_id=None, actor="", body=""))
                place = _added(connection, replace(new, kind=ERASED, body={**new.body, "erased": named}))
            if self.engine.dialect.name == "sqlite":
                with self.engine.connect() as connection:  # what was written before is still in the log beside the file
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.exec_driver_sql("BEGIN")
        except SQLAlchemyError as error:
            raise LedgerError(f"{_shown(self.url)}: nothing was erased ({type(error).__name__}), expected a database that answers. Try again.") from None
        return place

    def has(self, key: str) -> bool:
        """Whether an event of an id is there."""
        with self.engine.connect() as connection:
            return connection.execute(select(EVENTS.c.sequence).where(EVENTS.c.event_id == key)).first() is not None

    def last(self) -> int:
        """The place of the last event, 0 where there is none."""
        with self.engine.connect() as connection:
            return int(connection.execute(select(HEAD.c.sequence)).scalar_one())

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """Events in order, those after a place; `body` as it was given."""
        query = select(EVENTS).where(EVENTS.c.sequence > after).order_by(EVENTS.c.sequence)
        with self.engine.connect() as connection:
            return [{**row, "body": json.loads(row["body"] or "{}")} for row in connection.execute(query).mappings()]

    def rows(self) -> list[dict[str, Any]]:
        """Events in order as they stand there, to the letter that was hashed."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(EVENTS).order_by(EVENTS.c.sequence)).mappings()]

    def broken(self) -> str:
        """What is wrong with the chain, in a sentence; empty where it holds."""
        still = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**still) as connection:
            head = connection.execute(select(HEAD.c.sequence, HEAD.c.hash)).one()
            every = connection.execution_options(stream_results=True).execute(
                select(EVENTS).where(EVENTS.c.sequence <= head.sequence).order_by(EVENTS.c.sequence)
            )
            beyond = connection.execute(select(func.count()).where(EVENTS.c.sequence > head.sequence)).scalar_one()
            said = broken((dict(row) for row in every.mappings()), (head.sequence, head.hash))
        return said or ("head: events stand after the one that it names. Events were added beside the ledger." if beyond else "")


def chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Ids, so many at a time as a database takes in one statement."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _added(connection: Connection, new: Event) -> int:
    known = connection.execute(select(EVENTS).where(EVENTS.c.event_id == new.event_id)).mappings().first()
    if known is not None:
        if (known["kind"], known["case_id"], known["actor"], known["body"]) != (new.kind, new.case_id, new.actor, canonical(new.body)):
            raise StaleError(f"{new.event_id}: this was written before, with other words")
        return int(known["sequence"])
    if new.seen is not None:
        last = connection.execute(select(func.max(EVENTS.c.sequence)).where(EVENTS.c.case_id == new.case_id)).scalar_one() or 0
        if last > new.seen:
            raise StaleError(f"{new.case_id}: somebody decided after you opened it")
    head = connection.execute(select(HEAD.c.sequence, HEAD.c.hash)).one()
    at = (new.at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds")
    row = {
        "sequence": head.sequence + 1, "event_id": new.event_id, "at": at, "kind": new.kind, "case_id": new.case_id, "actor": new.actor,
        "body": canonical(new.body), "previous": head.hash or FIRST,
    }  # fmt: skip
    row["hash"] = hash_of(row)
    connection.execute(insert(EVENTS).values(row))
    connection.execute(update(HEAD).values(sequence=row["sequence"], hash=row["hash"]))
    return int(row["sequence"])


def decisions(events: list[dict[str, Any]]) -> pl.DataFrame:
    """Events as rows of DECISIONS."""
    rows = [
        {**_common(each), "case_id": each["case_id"], "decision": body["decision"], "decided_by": body.get("person_id") or body.get("name") or each["actor"],
         "until_on": body.get("until_on"), "known": body.get("known"), "note": body.get("note"), "evidence": body.get("evidence")}
        for each in events if each["kind"] == DECISION and (body := each["body"])
    ]  # fmt: skip
    return as_frame(rows, DECISIONS, "decided_at")


def reviews(events: list[dict[str, Any]]) -> pl.DataFrame:
    """Events as rows of the table of reviews, read at `ledger` and their place in it."""
    rows = [
        {**_common(each), "review_id": each["event_id"], "case_id": each["case_id"], "reviewed_by": body.get("person_id") or body.get("name") or each["actor"],
         "decision": body["decision"], "note": body.get("note"), "evidence": body.get("evidence"), "source_file": "ledger", "source_line": each["sequence"]}
        for each in events if each["kind"] == DECISION and (body := each["body"])
    ]  # fmt: skip
    return as_frame(rows, TABLES["reviews"].schema, "reviewed_at")


def waivers(events: list[dict[str, Any]]) -> pl.DataFrame:
    """Events as rows of WAIVERS."""
    ends = {each["body"]["waiver_id"]: each["at"] for each in events if each["kind"] == ENDED and each["body"]}
    rows = [
        {**each["body"], "waiver_id": each["event_id"], "at": each["at"], "given_by": each["body"].get("given_by") or each["body"].get("name") or each["actor"], "ended_at": ends.get(each["event_id"])}
        for each in events if each["kind"] == WAIVER and each["body"]
    ]  # fmt: skip
    return as_frame(rows, WAIVERS, "given_at")


def _common(each: dict[str, Any]) -> dict[str, Any]:
    return {"sequence": each["sequence"], "at": each["at"]}


def as_frame(rows: list[dict[str, Any]], schema: dict[str, pl.DataType], at: str = "") -> pl.DataFrame:
    """Rows in a schema; instants and dates come as ISO text."""
    days = [name for name, dtype in schema.items() if isinstance(dtype, pl.Date)]
    instants = [name for name, dtype in schema.items() if isinstance(dtype, pl.Datetime)]
    told = [
        {**row, **{name: _day(row.get(name)) for name in days}, **{name: _instant(row["at"] if name == at else row.get(name)) for name in instants}}
        for row in rows
    ]  # fmt: skip
    in_utc = {name: pl.Datetime("us", "UTC") if name in instants else dtype for name, dtype in schema.items()}
    return pl.DataFrame(told, schema=in_utc).with_columns(pl.col(instants).dt.convert_time_zone(TIME_ZONE)).cast(schema)  # type: ignore[arg-type]  # polars types columns only


def time_of_entry(at: str) -> datetime:
    """When an entry was written, New York."""
    return datetime.fromisoformat(at).astimezone(ZoneInfo(TIME_ZONE))


def day_of_entry(at: str) -> date:
    """The day of an entry, New York."""
    return time_of_entry(at).date()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _engine(url: str, waits: str = "FULL") -> Engine:
    """SQLite in its write-ahead mode, a writer taking the file at once; PostgreSQL through a pool."""
    if not url.startswith("sqlite"):
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_size=20, max_overflow=20, pool_pre_ping=True, pool_timeout=PATIENCE)
    engine = create_engine(url, connect_args={"timeout": PATIENCE, "check_same_thread": False}, pool_size=20, max_overflow=20, pool_timeout=PATIENCE)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", f"synchronous = {waits}", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def _shown(url: str) -> str:
    """A URL without whoever signs in, and without its query, where a password may stand too."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    return f"{scheme}://{'…@' if '@' in rest else ''}{rest.rpartition('@')[2]}"
