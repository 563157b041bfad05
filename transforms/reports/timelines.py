"""For each person with findings, a picture of windows, announcements, clearances and trades over time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from transforms.reports.axis import Axis, spanning
from transforms.reports.cases import Case
from transforms.reports.marks import ORDER, Bar, Mark, Overflow, Trade, bars, marks
from transforms.reports.people import Facts, People
from transforms.reports.words import anchor, day, number, plain, plural, price

SHORTEST = 190
"""Days that a timeline covers at least, so that the windows around a single trade are seen."""
LISTED = 300
"""Trades that the table under a picture lists; those with findings come first."""
GAP, TOP = 16.0, 34.0
TALLY = {"flagged": "flagged", "undecided": "undecided", "": "without findings"}


@dataclass(frozen=True)
class Shade:
    """A stretch of days on which the window was open, or closed again."""

    x: float
    width: float
    title: str
    kind: str


@dataclass(frozen=True)
class Point:
    """An announcement."""

    x: float
    kind: str
    title: str


@dataclass(frozen=True)
class Timeline:
    """One person's picture, with the same in words."""

    anchor: str
    name: str
    person_id: str
    axis: Axis
    shades: tuple[Shade, ...]
    points: tuple[Point, ...]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    overflows: tuple[Overflow, ...]
    trades: tuple[Trade, ...]
    unlisted: int
    said: str
    clearances_y: float
    baseline: float
    floor: float


def timelines(cases: list[Case], facts: Facts, issuer_id: str, people: People, as_of: date) -> list[Timeline]:
    """A picture for each person with a standing finding and a trade on record, by name."""
    of_person: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        of_person[case.person_id].append(case)
    answered = facts["answered_trades"].filter(pl.col("person_id").is_in(list(of_person)))
    by_person: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in answered.sort("sequence").iter_rows(named=True):
        by_person[row["person_id"]].append(row)
    clearances = _clearances(facts["clearance_terms"])
    scene = _Scene(facts, issuer_id, as_of)
    drawn = [_timeline(person, rows, of_person[person], clearances[person], scene, people) for person, rows in by_person.items()]
    return sorted((each for each in drawn if each), key=lambda each: (each.name.casefold(), each.person_id))


class _Scene:
    """What stands behind every person's trades: windows and announcements."""

    def __init__(self, facts: Facts, issuer_id: str, as_of: date) -> None:
        self.as_of = as_of
        windows = facts["windows"].filter(pl.col("opens_on").is_not_null())
        self.windows: list[tuple[date, date]] = windows.select("opens_on", "closes_on").sort("opens_on").rows()
        self.reclosures: list[tuple[date, date]] = facts["reclosures"].select("reclosed_on", "last_closed_on").sort("reclosed_on").rows()
        ours = facts["announcements"].filter(pl.col("issuer_id") == issuer_id).sort("announced_on", "announcement_id")
        self.announcements: list[tuple[date, str, date | None]] = ours.select("announced_on", "kind", "quarter_ended_on").rows()

    def shades(self, axis: Axis) -> tuple[Shade, ...]:
        """Open windows, and what closed them again, on an axis."""
        opened = [_shade(axis, start, end, "open", f"Window open {day(start)} to {day(end)}") for start, end in self.windows if axis.holds(start, end)]
        shut = [_shade(axis, start, end, "shut", f"Closed again {day(start)} to {day(end)}") for start, end in self.reclosures if axis.holds(start, end)]
        return (*opened, *shut)

    def points(self, axis: Axis) -> tuple[Point, ...]:
        """Announcements on an axis."""
        seen = [each for each in self.announcements if axis.holds(each[0], each[0])]
        return tuple(Point(axis.middle(on), kind, _announced(on, kind, quarter)) for on, kind, quarter in seen)


def _announced(on: date, kind: str, quarter: date | None) -> str:
    return f"{plain(kind).capitalize()} announcement on {day(on)}" + (f" for the quarter ended {day(quarter)}" if quarter else "")


def _shade(axis: Axis, start: date, end: date, kind: str, title: str) -> Shade:
    left, width = axis.whole(start, end)
    return Shade(left, width, title, kind)


def _clearances(terms: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Clearances of each person who asked or is covered."""
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in terms.filter(pl.col("decided_on").is_not_null()).sort("decided_on", "clearance_id").iter_rows(named=True):
        for person in sorted({row["person_id"], *(row["covers"] or "").split(";")} - {""}):
            held[person].append(row)
    return held


def _timeline(person: str, rows: list[dict[str, Any]], cases: list[Case], clearances: list[dict[str, Any]], scene: _Scene, people: People) -> Timeline | None:
    found = _found(cases)
    trades = [trade for trade in (_trade(row, found) for row in rows) if trade.is_ours or trade.outcome]
    if not trades:
        return None
    axis = spanning([trade.on for trade in trades], SHORTEST, scene.as_of)
    blocks, depth = bars(clearances, axis, TOP)
    top = TOP + depth + GAP
    drawn, overflows, baseline, floor = marks(trades, axis, top)
    listed = sorted(sorted(trades, key=lambda each: ORDER[each.outcome])[:LISTED], key=lambda each: (each.on, each.trade_id))
    return Timeline(
        anchor("person", person), people.name(person), person, axis, scene.shades(axis), scene.points(axis), blocks, drawn, overflows,
        tuple(listed), len(trades) - len(listed), _said(trades, blocks), TOP, baseline, floor,
    )  # fmt: skip


def _found(cases: Iterable[Case]) -> dict[str, tuple[str, str, int]]:
    """For each trade that a finding is about: the graver outcome, where its case stands, how many findings it has."""
    of_trade: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for case in cases:
        for finding in case.findings:
            for trade in {case.matter, finding.trade_id} - {""}:
                of_trade[trade].append((finding.outcome, case.anchor))
    return {trade: (*min(found, key=lambda each: ORDER[each[0]]), len(found)) for trade, found in of_trade.items()}


def _trade(row: dict[str, Any], found: dict[str, tuple[str, str, int]]) -> Trade:
    outcome, place, count = next((found[key] for key in (row["trade_id"], row["root_id"], row["unit_root_id"]) if key in found), ("", "", 0))
    at = f" at {price(row['price'])}" if row["price"] is not None else ""
    what = f"{plain(row['kind'])} of {number(row['quantity'])} {row['symbol']} on {day(row['traded_on'])}{at}"
    side = row["side"] if row["side"] in {"buy", "sell"} else ""
    return Trade(
        row["trade_id"],
        row["traded_on"],
        side,
        what,
        row["account_id"],
        outcome,
        place,
        count,
        bool(row["is_company_security"] or row["is_company_derivative"]),
    )


def _said(trades: list[Trade], clearances: tuple[Bar, ...]) -> str:
    """The picture in a sentence."""
    first, last = min(trade.on for trade in trades), max(trade.on for trade in trades)
    when = f"on {day(first)}" if first == last else f"from {day(first)} to {day(last)}"
    kept = {words: sum(trade.outcome == outcome for trade in trades) for outcome, words in TALLY.items()}
    tally = ", ".join(f"{number(count)} {words}" for words, count in kept.items() if count)
    cleared = plural(len(clearances), "clearance") if clearances else "No clearance"
    return f"{plural(len(trades), 'trade')} {when}: {tally}. {cleared} on record in this time."
