"""The DuckDB file: every table read and written here, all SQL here. One run at a time; a night is written at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import polars as pl

from rules import JUDGED
from transforms.contested import OTHERWISE
from transforms.settling import SETTLED_EXTRA
from transforms.sources import REFUSED
from transforms.tables import TABLES

FINDINGS: dict[str, pl.DataType] = {**JUDGED, **SETTLED_EXTRA}
NIGHTLY: dict[str, dict[str, pl.DataType]] = {
    "findings": FINDINGS,
    "verdicts": {"rule": pl.String(), "outcome": pl.String(), "rows": pl.Int64()},
    "blind_spots": {"kind": pl.String(), "where": pl.String(), "what": pl.String(), "rows": pl.Int64()},
    "otherwise": OTHERWISE,
    "quarantine": REFUSED,
    "runs": {"program": pl.String(), "policy": pl.String(), "record": pl.String()},
}
"""Tables that keep every night, told apart by the column `night`."""
TYPES = {pl.String: "VARCHAR", pl.Date: "DATE", pl.Datetime: "TIMESTAMPTZ", pl.Boolean: "BOOLEAN", pl.Int64: "BIGINT"}


class StoreError(Exception):
    """The store can't be used; the message is one sentence."""


class Store:
    """The store of one run. Held for as long as the run lasts, so that a second one is told to wait."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file; raises StoreError if another run holds it or it is no store."""
        self.path = path
        if read_only and not path.is_file():
            raise StoreError(f"{path}: no such store, expected a DuckDB file that a nightly run wrote. Run `hindsight nightly` first.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = duckdb.connect(str(path), read_only=read_only)
            self._database.execute("SET TimeZone = 'America/New_York'")
        except duckdb.IOException as error:
            busy = "lock" in str(error).lower()
            said = (
                "another run holds the store, expected it free. Wait for that run to end."
                if busy
                else "this is no store that can be read, expected a DuckDB file. Give another path with --store."
            )
            raise StoreError(f"{path}: {said}") from None
        except (duckdb.Error, OSError) as error:
            raise StoreError(f"{path}: {str(error).splitlines()[0]}, expected a DuckDB file. Give another path with --store.") from None
        if not read_only:
            self._prepare()

    def __enter__(self) -> Self:
        """Hold the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the store go."""
        self._database.close()

    def _prepare(self) -> None:
        for name, table in TABLES.items():
            self._database.execute(_create(name, table.schema))
        for name, schema in NIGHTLY.items():
            self._database.execute(_create(name, {"night": pl.Date(), **schema}))

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self._database.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def findings_before(self, night: date) -> pl.DataFrame:
        """Findings, withdrawn ones included, as they stood on the last night before this one."""
        query = "SELECT * EXCLUDE (night) FROM findings WHERE night = (SELECT max(night) FROM runs WHERE night < $1)"
        found = pl.DataFrame(self._database.sql(query, params=[night]).to_arrow_table())
        return found.select(list(FINDINGS)).cast(FINDINGS)  # type: ignore[arg-type]  # polars types columns only

    def keep(self, night: date, tables: dict[str, pl.DataFrame], nightly: dict[str, pl.DataFrame]) -> None:
        """Write a night, all of it or nothing: the tables as they stand, and the nightly tables under its date."""
        with self._at_once():
            for name, frame in tables.items():
                self._database.execute(f'DELETE FROM "{name}"')
                self._insert(name, frame.select(list(TABLES[name].schema)))
            for name, frame in nightly.items():
                self._database.execute(f'DELETE FROM "{name}" WHERE night = $1', [night])
                self._insert(name, frame.select(pl.lit(night).alias("night"), *NIGHTLY[name]))

    def _insert(self, name: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        self._database.register("incoming", frame.to_arrow())
        self._database.execute(f'INSERT INTO "{name}" SELECT * FROM incoming')
        self._database.unregister("incoming")

    def _first(self, query: str, values: list[object] | None = None) -> dict[str, Any] | None:
        """The only row of a query, by column; None without one."""
        cursor = self._database.execute(query, values or [])
        rows = cursor.fetchall()
        return dict(zip([column[0] for column in cursor.description or []], rows[0], strict=True)) if rows else None

    def finding(self, finding_id: str) -> dict[str, object] | None:
        """A finding as it stood on the last night that knew it."""
        query = "SELECT * FROM findings WHERE finding_id = $1 ORDER BY night DESC LIMIT 1"
        return self._first(query, [finding_id])

    def findings_like(self, part: str) -> list[str]:
        """Ids of the last night's findings that hold a text, at most five."""
        query = "SELECT finding_id FROM findings WHERE night = (SELECT max(night) FROM runs) AND finding_id ILIKE '%' || $1 || '%' ORDER BY 1 LIMIT 5"
        return [row[0] for row in self._database.execute(query, [part]).fetchall()]

    def policy_of(self, night: date) -> str:
        """The policy's text as it stood on a night."""
        row = self._first("SELECT policy FROM runs WHERE night = $1", [night])
        return str(row["policy"]) if row else ""

    def names(self, people: list[str]) -> dict[str, str]:
        """Names by person_id, as the last night knew them."""
        rows = self._database.execute("SELECT person_id, name FROM people WHERE list_contains($1, person_id)", [people]).fetchall()
        return dict(rows)

    def last_night(self) -> date | None:
        """The night whose tables the store holds."""
        row = self._first("SELECT max(night) AS night FROM runs")
        return row["night"] if row else None

    def record_of(self, night: date) -> dict[str, Any]:
        """The record of a run: what went in and what was read of it, versions and hashes; no times of day."""
        row = self._first("SELECT record FROM runs WHERE night = $1", [night])
        held: dict[str, Any] = json.loads(row["record"]) if row and row["record"] else {}
        return held

    def missing_on(self, night: date) -> frozenset[str]:
        """Tables that were not given on a night."""
        return frozenset(self.record_of(night).get("missing", ()))

    def nightly(self, name: str, night: date) -> pl.DataFrame:
        """A nightly table as it stood on a night; empty where a store of an earlier version lacks it."""
        schema = NIGHTLY[name]
        if not self._first("SELECT 1 AS found FROM information_schema.tables WHERE table_name = $1", [name]):
            return pl.DataFrame(schema=schema)
        found = pl.DataFrame(self._database.sql(f'SELECT * EXCLUDE (night) FROM "{name}" WHERE night = $1', params=[night]).to_arrow_table())
        return found.select(list(schema)).cast(schema)  # type: ignore[arg-type]  # polars types columns only

    def nights(self) -> list[date]:
        """Every night that the store keeps, in order."""
        return [row[0] for row in self._database.execute("SELECT DISTINCT night FROM runs ORDER BY night").fetchall()]

    def forget(self, nights: list[date]) -> None:
        """Erase what the store keeps of some nights, all of it or nothing; the tables as they stand are those of the last night."""
        with self._at_once():
            for name in NIGHTLY:
                self._database.execute(f'DELETE FROM "{name}" WHERE list_contains($1, night)', [nights])

    def otherwise(self, night: date, finding_id: str) -> pl.DataFrame:
        """What other readings would have given for a finding on a night."""
        if not self._first("SELECT 1 AS found FROM information_schema.tables WHERE table_name = 'otherwise'"):  # a store of an earlier version
            return pl.DataFrame(schema=OTHERWISE)
        query = "SELECT * EXCLUDE (night) FROM otherwise WHERE night = $1 AND finding_id = $2 ORDER BY key, value"
        return pl.DataFrame(self._database.sql(query, params=[night, finding_id]).to_arrow_table(), schema=OTHERWISE)

    def history(self) -> pl.DataFrame:
        """One row a night: its date, the policy's text, and how many findings were flagged, undecided, new and withdrawn."""
        query = """
            SELECT r.night, any_value(r.policy) AS policy, count(*) FILTER (f.outcome = 'flagged' AND f.state <> 'withdrawn') AS flagged,
                count(*) FILTER (f.outcome = 'undecided' AND f.state <> 'withdrawn') AS undecided, count(*) FILTER (f.state = 'new') AS new,
                count(*) FILTER (f.state = 'withdrawn' AND f.changed_on = r.night) AS withdrawn
            FROM runs r LEFT JOIN findings f USING (night) GROUP BY r.night ORDER BY r.night
        """
        return pl.DataFrame(self._database.sql(query).to_arrow_table())

    def tables(self) -> dict[str, pl.DataFrame]:
        """The canonical tables of the last night."""
        return {name: self._table(name) for name in TABLES}

    def _table(self, name: str) -> pl.DataFrame:
        schema = TABLES[name].schema
        return pl.DataFrame(self._database.sql(f'SELECT * FROM "{name}"').to_arrow_table()).select(list(schema)).cast(schema)  # type: ignore[arg-type]  # polars types columns only

    def row_at(self, file: str, line: int) -> tuple[str, dict[str, object]] | None:
        """The canonical row that was read at a file and line, with its table's name."""
        for name in TABLES:
            row = self._first(f'SELECT * FROM "{name}" WHERE source_file = $1 AND source_line = $2 LIMIT 1', [file, line])
            if row:
                return name, row
        return None


def _create(name: str, schema: dict[str, pl.DataType]) -> str:
    columns = ", ".join(f'"{column}" {_type(dtype)}' for column, dtype in schema.items())
    return f'CREATE TABLE IF NOT EXISTS "{name}" ({columns})'


def _type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    return TYPES[type(dtype)]
