"""A year of a person on one picture, by matplotlib as SVG, and the same as rows."""

import io
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import matplotlib as mpl
import polars as pl
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from desk.desk import Visit
from transforms.cases import STANDS
from transforms.facts.instruments import COMPANY_SHARES
from transforms.reports.words import day, number, plain, plural, price

INKS = {
    "light": {"ink": "#1b1f24", "muted": "#535a64", "line": "#c9ced5", "open": "#dfeaf3", "accent": "#1c4e7a", "grave": "#9a1b1b", "paper": "#ffffff"},
    "dark": {"ink": "#e8eaed", "muted": "#a9b1bb", "line": "#454c56", "open": "#22394d", "accent": "#8fbfe6", "grave": "#ff8f85", "paper": "#15181c"},
}
LANES = {"Announced": 4.0, "Cleared": 3.0, "Bought": 2.0, "Sold": 1.0, "Other": 0.3, "Filed": -0.5}
"""Lanes from top to bottom, and how high each stands."""
CROWD = 400
"""Trades that are drawn; those with findings come first."""
DRAWING = threading.Lock()
MEASURED, SHOWN = "'DejaVu Sans'", "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
"""The font that comes with the library, by which it measures, and those in which a browser shows the text."""
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "hindsight", "font.family": "DejaVu Sans", "font.size": 9}


@dataclass(frozen=True)
class Entry:
    """Something that happened on a day, in words."""

    on: date
    lane: str
    what: str
    outcome: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Scene:
    """What a picture shows: entries, windows, stretches closed again, and holdings by statement day."""

    name: str
    first: date
    last: date
    entries: tuple[Entry, ...]
    windows: tuple[tuple[date, date], ...]
    shut: tuple[tuple[date, date], ...]
    holdings: tuple[tuple[date, Decimal], ...]
    unit: str
    exposed: tuple[tuple[str, date], ...]

    @property
    def until(self) -> date:
        """Where the axis ends: the last day, or some days after the last one on which a trade could still match."""
        return max([self.last, *(on + timedelta(days=9) for _, on in self.exposed)])

    @property
    def said(self) -> str:
        """The picture in a sentence."""
        trades = [each for each in self.entries if each.lane in {"Bought", "Sold", "Other"}]
        flagged = sum(each.outcome == "flagged" for each in trades)
        undecided = sum(each.outcome == "undecided" for each in trades)
        told = [plural(len(trades), "trade"), f"{flagged} flagged", f"{undecided} undecided", plural(sum(each.lane == "Cleared" for each in self.entries), "clearance"),
                plural(sum(each.lane == "Filed" for each in self.entries), "filing"), plural(len(self.windows), "open window")]  # fmt: skip
        return f"{self.name} from {day(self.first)} to {day(self.last)}: {', '.join(told)}."


def scene(visit: Visit, person: str, first: date, last: date) -> Scene:
    """What is on record about a person between two days, as far as the reader may see it."""
    facts = visit.view.facts
    windows = facts["windows"].filter(pl.col("opens_on").is_not_null() & (pl.col("opens_on") <= last) & (pl.col("closes_on") >= first))
    shut = facts["reclosures"].filter((pl.col("reclosed_on") <= last) & (pl.col("last_closed_on") >= first))
    entries = [
        *_announced(visit, first, last),
        *_cleared(facts, person, first, last),
        *_traded(visit, person, first, last),
        *_filed(facts, person, first, last),
    ]
    held = _holdings(facts, person, first, last)
    exposed = [
        (f"from {day(row[f'{side}_free_on'])} a {side}\nof {row['share_class']} matches nothing", row[f"{side}_free_on"])
        for row in facts["swing_outlook"].filter(pl.col("person_id") == person).iter_rows(named=True) for side in ("sale", "purchase") if row[f"{side}_free_on"] and last == visit.view.as_of
    ]  # fmt: skip
    return Scene(
        visit.sight.people.name(person), first, last, tuple(sorted(entries, key=lambda each: (each.on, each.lane, each.what))), tuple(windows.select("opens_on", "closes_on").rows()),
        tuple(shut.select("reclosed_on", "last_closed_on").rows()), held, visit.view.policy.issuer_id, tuple(exposed),
    )  # fmt: skip


def _announced(visit: Visit, first: date, last: date) -> list[Entry]:
    ours = visit.view.facts["announcements"].filter((pl.col("issuer_id") == visit.view.policy.issuer_id) & pl.col("announced_on").is_between(first, last))
    return [
        Entry(row["announced_on"], "Announced", f"{plain(row['kind']).capitalize()} results {row['announcement_id']} announced", row["kind"])
        for row in ours.iter_rows(named=True)
    ]


def _cleared(facts: Any, person: str, first: date, last: date) -> list[Entry]:  # noqa: ANN401 - a derivation or a view of one
    covers = pl.col("covers").fill_null("").str.split(";").list.contains(person)
    terms = facts["clearance_terms"].filter(((pl.col("person_id") == person) | covers) & pl.col("decided_on").is_between(first, last))
    return [
        Entry(row["decided_on"], "Cleared", f"{row['clearance_id']} to {row['side']} {row['symbol']}: {row['decision']}" + (f", usable through {day(row['valid_through_on'])}" if row["valid_through_on"] and row["decision"] == "approved" else ""), row["decision"], row["valid_through_on"] if row["decision"] == "approved" else None)
        for row in terms.iter_rows(named=True)
    ]  # fmt: skip


def _traded(visit: Visit, person: str, first: date, last: date) -> list[Entry]:
    facts = visit.view.facts
    trades = facts["answered_trades"].filter((pl.col("person_id") == person) & pl.col("traded_on").is_between(first, last)).unique("trade_id")
    open_to = STANDS & pl.col("case_id").is_in(sorted(visit.case_ids))
    stands = visit.view.findings.filter(open_to & (pl.col("person_id") == person) & pl.col("trade_id").is_not_null())
    outcomes = dict(stands.sort("outcome", descending=True).select("trade_id", "outcome").rows())
    told = []
    for row in trades.iter_rows(named=True):
        at = f" at {price(row['price'])}" if row["price"] is not None else ""
        what = f"{plain(row['kind']).capitalize()} of {number(row['quantity'])} {row['symbol']}{at}, account {row['account_id']} ({row['trade_id']})"
        told.append(Entry(row["traded_on"], {"buy": "Bought", "sell": "Sold"}.get(row["side"] or "", "Other"), what, outcomes.get(row["trade_id"], "")))
    return told


def _filed(facts: Any, person: str, first: date, last: date) -> list[Entry]:  # noqa: ANN401 - as above
    filings = facts["filings"].filter((pl.col("person_id") == person) & pl.col("accepted_at").dt.date().is_between(first, last))
    return [Entry(row["accepted_at"].date(), "Filed", f"Form {row['form']} {row['accession']}") for row in filings.iter_rows(named=True)]


def _holdings(facts: Any, person: str, first: date, last: date) -> tuple[tuple[date, Decimal], ...]:  # noqa: ANN401 - as above
    """Company shares that statements of the person's accounts show, by statement day; an account counts on until its next one."""
    accounts = facts["accounts"].filter(pl.col("holder_id") == person)["account_id"].unique()
    symbols = facts["instruments"].filter(COMPANY_SHARES)["symbol"]
    rows = facts["holdings"].filter(pl.col("account_id").is_in(accounts.implode()) & pl.col("symbol").is_in(symbols.implode()) & (pl.col("held_on") <= last))
    by_day = rows.group_by("held_on", "account_id").agg(pl.col("quantity").sum()).sort("held_on")
    latest: dict[str, Decimal] = {}
    told: dict[date, Decimal] = {}
    for on, account, quantity in by_day.rows():
        latest[account] = quantity
        told[on] = sum(latest.values(), Decimal(0))
    return tuple((on, total) for on, total in told.items() if on >= first)


def drawn(held: Scene, theme: str) -> bytes:
    """The picture as SVG; one at a time, since the library's settings are shared."""
    inks = INKS[theme]
    with DRAWING, mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(10.4, 4.3), facecolor=inks["paper"])
        FigureCanvasSVG(figure)
        lanes, shares = figure.subplots(
            2, 1, sharex=True, height_ratios=(3.1, 1), gridspec_kw={"hspace": 0.2, "left": 0.082, "right": 0.985, "top": 0.97, "bottom": 0.085}
        )
        _draw_lanes(lanes, held, inks)
        _draw_shares(shares, held, inks)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Title": held.said})
        return buffer.getvalue().replace(MEASURED.encode(), SHOWN.encode())


def _draw_lanes(axes: Axes, held: Scene, inks: dict[str, str]) -> None:
    for start, end in held.windows:
        axes.axvspan(_x(max(start, held.first)), _x(min(end, held.last) + timedelta(days=1)), color=inks["open"], lw=0, zorder=0)
    for start, end in held.shut:
        axes.axvspan(_x(start), _x(end + timedelta(days=1)), color=inks["paper"], hatch="///", ec=inks["accent"], lw=0, zorder=1)
    shown = sorted(held.entries, key=lambda each: (each.outcome not in {"flagged", "undecided"}, each.on))[:CROWD]
    for each in shown:
        _draw(axes, each, inks)
    for height, (said, on) in zip((1.9, 0.4) * len(held.exposed), held.exposed, strict=False):
        axes.hlines(height, _x(held.last), _x(on), color=inks["accent"], lw=1.2, ls=":", zorder=1)
        axes.plot([_x(on)], [height], marker="|", ms=9, color=inks["accent"])
        axes.annotate(said, (_x(on), height), color=inks["accent"], fontsize=7.5, ha="right", va="bottom", xytext=(0, 3), textcoords="offset points")
    if held.until > held.last:
        axes.axvline(_x(held.last), color=inks["muted"], lw=0.9)
        axes.annotate("night", (_x(held.last), 4.6), color=inks["muted"], fontsize=7.5, xytext=(3, 0), textcoords="offset points", va="center")
    axes.set_ylim(-0.95, 4.8)
    axes.set_yticks(list(LANES.values()), list(LANES), color=inks["ink"])
    _plain(axes, inks)
    axes.tick_params(axis="x", length=0, labelbottom=False)


def _draw(axes: Axes, each: Entry, inks: dict[str, str]) -> None:
    x, y = _x(each.on), LANES[each.lane]
    if each.lane == "Cleared":
        approved = each.outcome == "approved"
        end = _x((each.until or each.on) + timedelta(days=1))
        axes.hlines(y, x, max(end, x + 1.5), color=inks["muted"] if approved else inks["grave"], lw=5 if approved else 2, zorder=3)
        return
    marker = {"Announced": "D", "Bought": "^", "Sold": "v", "Other": "o", "Filed": "s"}[each.lane]
    is_hollow = each.lane == "Announced" and each.outcome != "final"
    own = inks["accent"] if each.lane == "Announced" else inks["muted"]
    edge = inks["grave"] if each.outcome in {"flagged", "undecided"} else own
    face = inks["grave"] if each.outcome == "flagged" else inks["paper"] if each.outcome == "undecided" or is_hollow or each.lane in {"Other", "Filed"} else own
    axes.plot([x], [y], marker=marker, ms=7 if each.outcome in {"flagged", "undecided"} else 5.5, mfc=face, mec=edge, mew=1.1, ls="", zorder=4)


def _draw_shares(axes: Axes, held: Scene, inks: dict[str, str]) -> None:
    if held.holdings:
        days = [_x(on) for on, _ in held.holdings] + [_x(held.last)]
        totals = [float(total) for _, total in held.holdings]
        axes.step(days, [*totals, totals[-1]], where="post", color=inks["ink"], lw=1.4)
        axes.plot(days[:-1], totals, "o", ms=2.6, color=inks["ink"])
        axes.set_ylim(min(0, *totals), max(totals) * 1.18 or 1)
    else:
        axes.text(0.5, 0.45, "no statement shows Company shares in this time", transform=axes.transAxes, ha="center", color=inks["muted"])
        axes.set_yticks([])
    axes.set_title("Company shares on statements", loc="left", color=inks["ink"], fontsize=8.5, pad=3)
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(3, integer=True))
    _plain(axes, inks)
    axes.set_xlim(_x(held.first - timedelta(days=3)), _x(held.until + timedelta(days=3)))
    axes.xaxis.set_major_locator(mdates.MonthLocator())
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(mdates.MonthLocator(), show_offset=False))


def _plain(axes: Axes, inks: dict[str, str]) -> None:
    axes.set_facecolor("none")
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(inks["line"])
    axes.tick_params(colors=inks["muted"], length=3, color=inks["line"])
    axes.grid(axis="x", color=inks["line"], lw=0.5, alpha=0.6)
    axes.set_axisbelow(True)


def _x(on: date) -> float:
    return float(mdates.date2num(on))
