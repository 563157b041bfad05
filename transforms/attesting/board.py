"""The board page: a quarter against the four before it, a number a measure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from transforms.attesting import Known, Quarter, quarters_until
from transforms.attesting.covered import accounts_of, around, coverage, people
from transforms.attesting.packets import ASKING
from transforms.cases import CASE_ID, STANDS

SHOWN = 5
"""Quarters on the page: the one that is told, and four before it."""
LATE = r"^(internal_report|form\d+)_(late|missing)$"
"""Rules, by their names, that tell of a report that came late or not at all."""


@dataclass(frozen=True)
class Measure:
    """One measure: its name, unit, what it counts, and a value a quarter; none where it is not known."""

    name: str
    unit: str
    said: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Board:
    """The page: its quarters, the latest last, and the measures over them."""

    quarters: tuple[Quarter, ...]
    measures: tuple[Measure, ...]


def board(known: Known, quarter: Quarter) -> Board:
    """The measures of a quarter and of the four before it, all from one night."""
    every = [each for each in quarters_until(known.policy, known.as_of) if each.ends_on <= quarter.ends_on][-SHOWN:]
    told = [_numbers(known, each) for each in every]
    return Board(tuple(every), tuple(Measure(name, unit, said, tuple(each[key] for each in told)) for key, (name, unit, said) in MEASURES.items()))


MEASURES: dict[str, tuple[str, str, str]] = {
    "trades": ("Trades", "", "trades for which a designated person answers"),
    "flagged": ("Cases flagged", "", "cases with a finding flagged in the quarter"),
    "confirmed": ("Confirmed", "", "of these, cases decided as confirmed"),
    "open": ("Not closed", "", "of these, cases that are not closed on the night"),
    "days": ("Median days to decide", "days", "from the night on which a case opened to the decision that closed it"),
    "late": ("Late or missing reports", "", "reports to the company and forms to the SEC that came late, or are not on record"),
    "swing": ("Short-swing amounts", "US dollars", "greatest gains matched under Section 16(b), in the quarter of their last transaction"),
    "answered": ("Attested in time", "%", "people who answered by the due day, of those who were to answer"),
    "covered": ("Coverage", "%", "trading days of accounts that a statement covers"),
}
"""Each measure: its name, its unit, and what it counts."""


def _numbers(known: Known, quarter: Quarter) -> dict[str, Decimal | None]:
    """Each measure of a quarter; none where a table that it rests on was not given, or nothing is on record of so early a time."""
    first = min((day for day in (known.facts["trades"]["traded_on"].min(), known.facts["holdings"]["held_on"].min()) if day), default=None)  # type: ignore[type-var]
    if first is None or first > quarter.ends_on:  # type: ignore[operator]  # date columns; nothing is on record of so early a time
        return dict.fromkeys(MEASURES)
    who = people(known, quarter)
    accounts = accounts_of(known, quarter, around(known, quarter, who))
    reached = coverage(known, quarter, accounts)
    stands = known.findings.filter(STANDS & (pl.col("outcome") == "flagged") & quarter.holds("occurred_on")).with_columns(CASE_ID)
    cases = known.cases.join(stands.select("case_id").unique(), on="case_id", how="semi")
    closed = cases.filter((pl.col("state") == "closed") & pl.col("decided_at").is_not_null())
    days = closed.select(days=(pl.col("decided_at").dt.date() - pl.col("opened_on")).dt.total_days())["days"].median()
    trades = (
        known.facts["answered_trades"]
        .filter(quarter.holds("traded_on") & pl.col("trade_id").is_not_null())
        .join(who.select("person_id"), on="person_id", how="semi")
    )
    late = stands.filter(pl.col("rule").str.contains(LATE))
    told: dict[str, tuple[Any, tuple[str, ...]]] = {
        "trades": (trades["trade_id"].n_unique(), ("trades",)),
        "flagged": (len(cases), ("trades",)),
        "confirmed": (len(cases.filter(pl.col("decision") == "confirmed")), ("trades",)),
        "open": (len(cases.filter(pl.col("state").is_in(ASKING))), ("trades",)),
        "days": (days, ()),
        "late": (len(late), ("trades", "reports", "filings", "filing_lines")),
        "swing": (_swing(stands), ("trades",)),
        "answered": (_in_time(known, quarter, who), ("attestations",)),
        "covered": (_share(int(reached["covered"].sum()), int(reached["trading_days"].sum())), ("holdings",)),
    }
    return {name: None if number is None or known.missing.intersection(tables) else Decimal(str(number)) for name, (number, tables) in told.items()}


def _swing(stands: pl.DataFrame) -> Decimal:
    amounts = stands.filter(pl.col("rule") == "short_swing_profit")["evidence"].str.json_path_match("$.profit_max")
    return sum((Decimal(each) for each in amounts if each), Decimal(0))


def _in_time(known: Known, quarter: Quarter, who: pl.DataFrame) -> Decimal | None:
    """The share of those who are to answer that did so in time; none where nobody was asked."""
    duties = known.facts["attestation_duties"].filter(pl.col("quarter_ended_on") == quarter.ends_on)
    given = duties.filter(pl.col("answered_on") <= pl.col("due_on")).join(who.select("person_id"), on="person_id", how="semi").unique("person_id")
    return _share(len(given), len(who)) if len(duties) else None


def _share(part: int, whole: int) -> Decimal | None:
    """Per cent to one decimal, rounded down, so that 100 means all."""
    return Decimal(part * 1000 // whole) / 10 if whole else None
