"""Page one: what is new, what is grave, and what could not be seen."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.cases import SEVERITIES
from transforms.reports.cases import Case, standing
from transforms.reports.rule_book import RuleBook
from transforms.reports.sight import Sight
from transforms.reports.words import long_day, number, plural

SHOWN = 5
"""New cases that page one lists, so that it stays one page."""
MISSING = "#blind-missing_table"


@dataclass(frozen=True)
class Row:
    """Findings of one severity."""

    severity: str
    new: int
    changed: int
    open: int
    undecided: int

    @property
    def total(self) -> int:
        """All that stand."""
        return self.new + self.changed + self.open


@dataclass(frozen=True)
class Summary:
    """What page one says."""

    night: str
    headline: tuple[str, ...]
    rows: tuple[Row, ...]
    sums: Row
    cases: int
    withdrawn: int
    fresh: tuple[Case, ...]
    fresh_total: int
    examined: str


def summary(as_of: date, findings: pl.DataFrame, cases: list[Case], book: RuleBook) -> Summary:
    """The numbers and the first cases of page one."""
    stands = standing(findings)
    rows = tuple(_row(severity, stands.filter(pl.col("severity") == severity)) for severity in SEVERITIES)
    sums = _row("all", stands)
    flagged = int((stands["outcome"] == "flagged").sum())
    examined = f"{plural(book.examined, 'row was', 'rows were')} examined by {plural(book.judged, 'rule')}."
    fresh = [case for case in cases if case.state in {"new", "changed"}]
    return Summary(
        long_day(as_of), _headline(flagged, rows, sums, len(cases)), rows, sums, len(cases), len(findings) - len(stands),
        tuple(fresh[:SHOWN]), len(fresh), examined,
    )  # fmt: skip


def _row(severity: str, found: pl.DataFrame) -> Row:
    states = found["state"]
    undecided = int((found["outcome"] == "undecided").sum())
    new, changed, still = (int((states == name).sum()) for name in ("new", "changed", "open"))
    return Row(severity, new, changed, still, undecided)


def _headline(flagged: int, rows: tuple[Row, ...], sums: Row, cases: int) -> tuple[str, ...]:
    """The night in two sentences."""
    if not flagged:
        left = (f"{plural(sums.undecided, 'finding is', 'findings are')} undecided.",) if sums.undecided else ()
        return ("Nothing was flagged.", *left)
    changed = f", {number(sums.changed)} changed" if sums.changed else ""
    fresh = f"{plural(sums.new, 'finding is', 'findings are')} new tonight{changed}." if sums.new or sums.changed else "Nothing is new tonight."
    grave = [f"{number(row.total)} {row.severity}" for row in rows[:2] if row.total]
    worst = f", {' and '.join(grave)}" if grave else ""
    return fresh, f"{plural(sums.total, 'finding stands', 'findings stand')} in {plural(cases, 'case')}{worst}."


def unseen(sums: Row, view: Sight) -> list[tuple[str, int, str]]:
    """What page one says could not be seen: words, count and the place to read on. Lines not read are refused rows."""
    said = [("Undecided findings", sums.undecided, "#index"), ("Refused rows", view.refused_total, "#quarantine")]
    kinds = [(spots.heading, spots.count, f"#{spots.anchor}") for spots in view.spots if spots.kind != "unread_line" or not view.refused_total]
    missing = [each for each in kinds if each[2] == MISSING]
    return [each for each in (*missing, *said, *(each for each in kinds if each[2] != MISSING)) if each[1]]
