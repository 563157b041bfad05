"""Marks and bars on a timeline: where each stands, so that none hides another."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from transforms.reports.axis import Axis
from transforms.reports.words import day, plural

STEP, COLUMN, MOST = 15.0, 16.0, 4
"""Height and width that a mark takes, and how many stand above each other before the rest is a number."""
BAR, NARROWEST, DEEPEST = 9.0, 5.0, 4
"""Height of a clearance with its gap, its least width, and how many lanes clearances take at most."""
ORDER = {"flagged": 0, "undecided": 1, "": 2}
WAYS = {"buy": -1.0, "sell": 1.0, "": 0.0}


@dataclass(frozen=True)
class Trade:
    """A trade on a timeline: which way it went, what it was in words, and the case that it is in."""

    trade_id: str
    on: date
    side: str
    what: str
    account_id: str
    outcome: str
    anchor: str
    findings: int
    is_ours: bool

    @property
    def title(self) -> str:
        """The trade in a sentence."""
        return f"{self.what}, {self.trade_id}: " + (f"{plural(self.findings, 'finding')}, {self.outcome}" if self.outcome else "no finding")


Stacks = defaultdict[tuple[str, int], list[Trade]]
"""Trades by their way and the column of the picture that they stand in."""


@dataclass(frozen=True)
class Mark:
    """A trade, or several other dealings of about one day, at a place of the picture."""

    x: float
    y: float
    side: str
    outcome: str
    anchor: str
    title: str


@dataclass(frozen=True)
class Overflow:
    """How many trades more stand at a place than can be drawn."""

    x: float
    y: float
    text: str
    title: str


@dataclass(frozen=True)
class Bar:
    """A clearance from receipt to its last valid day."""

    x: float
    y: float
    width: float
    decision: str
    title: str


def marks(trades: list[Trade], axis: Axis, top: float) -> tuple[tuple[Mark, ...], tuple[Overflow, ...], float, float]:
    """Purchases above a line and sales below it, other dealings on it; findings stand nearest to the line.

    Gives the marks, the numbers of those left out, the height of the line and the lower end of the picture.
    """
    stacks: Stacks = defaultdict(list)
    for trade in trades:
        stacks[trade.side, int(axis.middle(trade.on) // COLUMN)].append(trade)
    clear = STEP * (1.05 if any(side == "" for side, _ in stacks) else 0.75)
    baseline = top + _height(stacks, "buy", clear)
    drawn: list[Mark] = []
    overflows: list[Overflow] = []
    for (side, column), stack in sorted(stacks.items()):
        ordered = sorted(stack, key=lambda trade: (ORDER[trade.outcome], trade.on, trade.trade_id))
        crowded = len(stack) > 1 or (side, column - 1) in stacks or (side, column + 1) in stacks
        x = (column + 0.5) * COLUMN if crowded else axis.middle(stack[0].on)
        way = WAYS[side]
        shown = ordered[:MOST] if way else ordered[:1]
        drawn += [_mark(trade, x, baseline + way * (STEP * n + clear), ordered if not way else []) for n, trade in enumerate(shown)]
        if way and len(ordered) > MOST:
            overflows.append(_overflow(ordered[MOST:], x, baseline + way * (STEP * MOST + clear)))
    return tuple(drawn), tuple(overflows), baseline, baseline + _height(stacks, "sell", clear)


def _height(stacks: Stacks, side: str, clear: float) -> float:
    tallest = max((len(stack) for (way, _), stack in stacks.items() if way == side), default=0)
    return round(STEP * min(max(tallest, 1), MOST + 1) + clear - 3, 1)


def _mark(trade: Trade, x: float, y: float, together: list[Trade]) -> Mark:
    """A mark; other dealings of about one day share one."""
    title = trade.title if len(together) < 2 else f"{len(together)} other dealings: " + "; ".join(each.title for each in together)  # noqa: PLR2004 - one alone
    return Mark(x, round(y, 1), trade.side, trade.outcome, trade.anchor, title)


def _overflow(left_out: list[Trade], x: float, y: float) -> Overflow:
    flagged = sum(bool(trade.outcome) for trade in left_out)
    title = f"{plural(len(left_out), 'more trade')} here, {flagged} of them with findings; the table lists them"
    return Overflow(x, round(y, 1), f"+{len(left_out)}", title)


def bars(clearances: list[dict[str, Any]], axis: Axis, top: float) -> tuple[tuple[Bar, ...], float]:
    """Clearances as bars in as few lanes as keep them apart, and the height that they take."""
    ends: list[float] = []
    drawn: list[Bar] = []
    for row in clearances:
        start, end = row["decided_on"], row["valid_through_on"] or row["decided_on"]
        if not axis.holds(start, end):
            continue
        left, stretch = axis.whole(start, end)
        width = max(stretch, NARROWEST)
        lane = next((n for n, taken in enumerate(ends) if taken <= left), len(ends))
        if lane == len(ends) and len(ends) < DEEPEST:
            ends.append(0.0)
        lane = min(lane, DEEPEST - 1)
        ends[lane] = left + width + 2
        drawn.append(Bar(left, top + lane * BAR, width, "revoked" if row["revoked_at"] else row["decision"], _title(row, start, end)))
    return tuple(drawn), max(len(ends), 1) * BAR


def _title(row: dict[str, Any], start: date, end: date) -> str:
    revoked = f", revoked {day(row['revoked_at'].date())}" if row["revoked_at"] else ""
    usable = f", last valid day {day(end)}" if row["decision"] == "approved" else ""
    return f"Clearance {row['clearance_id']} to {row['side']} {row['symbol']}: {row['decision']} {day(start)}{usable}{revoked}"
