"""What could not be seen: blind spots by kind, refused rows, lines read, and what every table means."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from transforms.reports.words import anchor, plain, plural
from transforms.tables import TABLES, Column, Table

LISTED = 500
"""Blind spots of a kind, and refused rows, that the report lists; the CSV files hold all."""
FOLDED = 12
"""A kind with more blind spots than this is folded."""
KINDS = {
    "missing_table": ("Missing tables", "No file was given, so what needs the table is undecided."),
    "unread_line": ("Lines not read", "Lines of a file that could not become a row."),
    "unclaimed_file": ("Files not recognised", "Files of which nothing was read."),
    "unknown_column": ("Unknown columns", "Columns that no table has; they were set aside."),
    "failed_expectation": ("Rows out of order", "Rows that contradict what a table may hold."),
    "rule_error": ("Rules that stopped", "A rule could not finish; its rows are undecided."),
    "rule_without_clause": ("Rules without a clause", "The policy lists no clause for the rule, so it was not judged."),
    "clause_without_rule": ("Clauses without a rule", "The policy names something that no rule of this version watches."),
    "unlinked_account": ("Accounts without a holder", "Rows of an account that the roster does not know."),
    "statement_gap": ("Gaps between statements", "Positions that no statement covers for a time."),
    "non_trading_day": ("Trades on closed days", "Trades dated on a day without a session."),
    "off_hours": ("Trades off hours", "Trades timed outside the hours of any market."),
    "unmatched_cancel": ("Cancels without a trade", "Cancels and corrections whose trade is not on record."),
    "missing_announcement": ("Quarters without results", "No final announcement is on record for the quarter."),
    "beyond_calendar": ("Dates beyond the calendar", "Dates on which no session can be counted."),
    "unknown_time": ("Unknown times", "Instants that are not on record; the readings in force say how they count."),
    "stale_feed": ("Feeds gone quiet", "Accounts of which no recent statement is on record."),
    "position_break": ("Positions that do not add up", "Statements and trades that give different positions."),
}
"""Each kind of blind spot: its heading, and what it means."""
COUNTS = ("read", "loaded", "refused", "dropped", "superseded")


@dataclass(frozen=True)
class Spots:
    """Blind spots of one kind."""

    kind: str
    anchor: str
    heading: str
    meaning: str
    count: int
    rows: tuple[tuple[str, str, int], ...]
    unlisted: int
    is_folded: bool


@dataclass(frozen=True)
class Lines:
    """What became of the lines of one table."""

    table: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Sight:
    """All that this night could not see, and all that it read."""

    spots: tuple[Spots, ...]
    total: int
    refused: tuple[tuple[str, int | None, str], ...]
    refused_total: int
    refused_unlisted: int
    lines: tuple[Lines, ...]
    sums: tuple[int, ...]
    tables: tuple[Table, ...]


def sight(blind_spots: pl.DataFrame, quarantine: pl.DataFrame, counts: Mapping[str, Mapping[str, int]]) -> Sight:
    """What could not be seen on a night."""
    known = Counter(blind_spots["kind"].to_list())
    order = [kind for kind in KINDS if kind in known] + sorted(set(known) - set(KINDS))
    refused = quarantine.sort("file", "line", "reason")
    lines = [
        Lines(table if table in TABLES else "no table", tuple(each[name] for name in COUNTS))
        for table, each in counts.items()
        if any(each.values()) or table in TABLES
    ]
    return Sight(
        tuple(_spots(kind, blind_spots.filter(pl.col("kind") == kind)) for kind in order), len(blind_spots),
        tuple(_refused(*row) for row in refused.select("file", "line", "reason").head(LISTED).rows()), len(refused), max(len(refused) - LISTED, 0),
        tuple(lines), tuple(sum(each.counts[n] for each in lines) for n in range(len(COUNTS))), tuple(TABLES.values()),
    )  # fmt: skip


def _refused(file: str, line: int | None, reason: str) -> tuple[str, int | None, str]:
    """The reason without the place, which has columns of its own."""
    return file, line, reason.removeprefix(f"{file}:{line}: ")


def _spots(kind: str, spots: pl.DataFrame) -> Spots:
    heading, meaning = KINDS.get(kind, (plain(kind).capitalize(), ""))
    listed = spots.sort("where", "what").select("where", "what", "rows").head(LISTED).rows()
    rows = tuple((where, what.removeprefix(f"{where}: "), count) for where, what, count in listed)
    return Spots(kind, anchor("blind", kind), heading, meaning, len(spots), rows, max(len(spots) - LISTED, 0), len(spots) > FOLDED)


def kind_of(column: Column) -> str:
    """What a column holds, in words, for the data dictionary."""
    said = str(column.dtype).split("(", 1)[0].lower()
    named = {"string": "text", "datetime": "instant", "decimal": "number", "boolean": "true or false", "int64": "count"}.get(said, said)
    more = [f"one of {', '.join(plain(value) for value in column.values)}"] if column.values else []
    more += [f"refers to {column.refers_to}"] if column.refers_to else []
    more += ["more than 0"] if column.positive else [] if column.signed else ["0 or more"]
    more += ["may be empty"] if column.empty else []
    return "; ".join([named, *more])


def key_of(table: Table) -> str:
    """How a row of a table is told from the others."""
    return plural(len(table.columns), "column") + ", key " + " + ".join(table.key)
