"""Close to the line: what another reading would flag, and what is clear within one session, or one day, of a limit."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.readings import READINGS
from transforms.reports.people import People
from transforms.reports.words import day, value_of

CLOSE: dict[str, pl.DataType] = {
    "rule": pl.String(),
    "person_id": pl.String(),
    "subject": pl.String(),
    "on": pl.Date(),
    "limit": pl.String(),
    "limit_on": pl.Date(),
    "what": pl.String(),
}
"""What the chapter reads of a row that is close to a limit."""
LISTED = 25
"""Rows that each group lists, the latest first; the rest is counted."""


@dataclass(frozen=True)
class Near:
    """One row that is clear, and what it is near to."""

    name: str
    rule: str
    subject: str
    on: date | None
    what: str
    apart: str


@dataclass(frozen=True)
class Group:
    """Rows that are near to one thing: a reading, or a limit."""

    heading: str
    key: str
    rules: tuple[tuple[str, int], ...]
    count: int
    rows: tuple[Near, ...]

    @property
    def unlisted(self) -> int:
        """How many rows are counted but not listed."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Close:
    """The chapter: groups by reading, groups by limit."""

    readings: tuple[Group, ...]
    limits: tuple[Group, ...]


def close(otherwise: pl.DataFrame, near: pl.DataFrame, people: People) -> Close:
    """The chapter of one night; groups with the most rows come first."""
    missed = otherwise.filter(pl.col("here").is_null() & (pl.col("there") == "flagged"))
    by_reading = [_by_reading(str(key), str(value), rows, people) for (key, value), rows in missed.group_by("key", "value", maintain_order=True)]
    by_limit = [_by_limit(str(rule), str(limit), rows, people) for (rule, limit), rows in near.group_by("rule", "limit", maintain_order=True)]
    return Close(tuple(sorted(by_reading, key=_order)), tuple(sorted(by_limit, key=_order)))


def _order(group: Group) -> tuple[int, str, str]:
    return -group.count, group.heading, group.key


def _by_reading(name: str, value: str, rows: pl.DataFrame, people: People) -> Group:
    counts = tuple(rows.group_by("rule").len().sort("len", "rule", descending=[True, False]).rows())
    latest = rows.sort("occurred_on", "finding_id", descending=[True, False], nulls_last=True).head(LISTED)
    told = tuple(
        Near(people.name(row["person_id"]), row["rule"], row["subject"], row["occurred_on"], row["because"], "") for row in latest.iter_rows(named=True)
    )
    about = READINGS[name].about if name in READINGS else name
    return Group(f"{about[:1].upper()}{about[1:]}: read as {value_of(value)}", name, counts, len(rows), told)


def _by_limit(rule: str, limit: str, rows: pl.DataFrame, people: People) -> Group:
    on_the_day = pl.col("on") == pl.col("limit_on")
    latest = rows.sort(on_the_day, "on", "person_id", "subject", descending=[True, True, False, False]).head(LISTED)
    told = tuple(
        Near(people.name(row["person_id"]), rule, row["subject"], row["on"], f"{row['what']}.", _apart(limit, row["on"], row["limit_on"]))
        for row in latest.iter_rows(named=True)
    )
    return Group(f"{limit[:1].upper()}{limit[1:]}", rule, ((rule, len(rows)),), len(rows), told)


def _apart(limit: str, on: date, limit_on: date) -> str:
    if on == limit_on:
        return f"on the {limit}"
    return f"{day(on)}, {'before' if on < limit_on else 'after'} the {limit}, {day(limit_on)}"
