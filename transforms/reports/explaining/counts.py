"""The dates behind a finding, counted one by one."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from transforms.calendar import months_later
from transforms.facts import Derivation
from transforms.facts.swing_pairs import cutoff, with_legs
from transforms.reports.words import day, money, number

Row = Mapping[str, Any]
Line = tuple[date, str]


def counted(over: str, row: Row, derived: Derivation) -> list[str]:
    """One line a date, in order; none where the rule counts no dates or the row is no longer on record."""
    lines = COUNTS[over](row, derived) if row and over in COUNTS else []
    return [f"{day(on)}  {said}" for on, said in sorted((line for line in lines if line[0]), key=lambda line: line[0])]


def full_days(derived: Derivation, last: date | None, on: date | None, clause: str) -> list[date]:
    """The full trading days that a clause counts, the last of them on or before a day."""
    policy = derived["policy"]
    if last is None or on is None:
        return []
    count = policy.full_trading_days(clause).at(on) or 0
    days = derived["sessions"].full_length if policy.reads("counting.half_days", "skip") else derived["sessions"].every
    held: list[date] = days.days.to_list()
    end = bisect_right(held, last)
    return held[max(end - count, 0) : end]


def _counting(days: list[date], what: str = "full trading day") -> list[Line]:
    return [(each, f"{what} {n}") for n, each in enumerate(days, 1)]


def _at(at: datetime | None) -> str:
    return f"at {at:%H:%M:%S} New York" if at else "at a time that is not on record"


def _window(row: Row, derived: Derivation) -> list[Line]:
    """The quarter's announcement, the full days after it, and the window that they open."""
    return [*_window_on(row["traded_on"], derived), (row["traded_on"], "the trade")]


def _window_on(on: date, derived: Derivation) -> list[Line]:
    held = derived["window_days"].filter(pl.col("day") == on)
    if held.is_empty():
        return []
    quarter = held["quarter_ended_on"][0]
    window = derived["windows"].filter(pl.col("quarter_ended_on") == quarter).row(0, named=True)
    lines: list[Line] = [(quarter, "a fiscal quarter ended"), (window["next_ends_on"], "the next fiscal quarter ends")]
    if window["preliminary_on"]:
        lines.append((window["preliminary_on"], "preliminary results announced; they open nothing"))
    if window["announced_on"]:
        lines += _opening(window, derived)
    else:
        lines.append((quarter + timedelta(days=1), "no final results of that quarter are on record; the window stays closed"))
    for shut in derived["reclosures"].filter(pl.col("quarter_ended_on") == quarter).iter_rows(named=True):
        back = f"reopens on {day(shut['reopens_on'])}" if shut["reopens_on"] else "does not reopen"
        lines.append((shut["reclosed_on"], f"restated or corrected ({shut['announcement_id']}): the window is closed again and {back}"))
        reopening = shut["last_closed_on"] if shut["reopens_on"] else None
        lines += _counting(full_days(derived, reopening, shut["reclosed_on"], "window"), "full trading day after the restatement")
    return lines


def _opening(window: Row, derived: Derivation) -> list[Line]:
    sessions, opens = derived["sessions"].every.days.to_list(), window["would_open_on"]
    last = sessions[bisect_left(sessions, opens) - 1] if opens else None
    days = full_days(derived, last, window["announced_on"], "window")
    counts = "before the open, so that the day counts" if window["announced_on"] in days else "the day itself does not count"
    said = [(window["announced_on"], f"final results announced ({window['announcement_id']}) {_at(window['announced_at'])}: {counts}")]
    if window["opens_on"]:
        return [*said, *_counting(days), (window["opens_on"], "the window opens"), (window["closes_on"], "the last day of the window")]
    return [*said, *_counting(days), (opens, "the window would open, but by then it is past its last day"), (window["closes_on"], "the last day of the window")]


def _approval(row: Row, derived: Derivation) -> list[Line]:
    first = row["first_possible_on"]
    lines = _window_on(first, derived) if first else []
    return [*lines, (row["decided_on"], f"the decision on {row['clearance_id']} {_at(row['decided_at'])}"), (first, "the first day of use")]


def _form4(row: Row, derived: Derivation) -> list[Line]:
    due = row["due_on"]
    start = row["counts_from_on"]
    lines: list[Line] = [(row["traded_on"], "the transaction")]
    if due and not row["is_deemed"]:
        held = [each for each in derived["business_days"].sooner.days.to_list() if start < each <= due]
        lines += _counting(held, "SEC business day")
    elif due:
        lines.append((row["traded_on"], "the date was not chosen by the insider: the count starts from the deemed date (17 CFR 240.16a-3(g))"))
    lines.append((due, "Form 4 due, until 22:00:00 New York"))
    return [*lines, *_accepted(row)]


def _accepted(row: Row) -> list[Line]:
    return [(row["filed_on"], f"{row['accession']} accepted {_at(row['accepted_at'])}")] if row["filed_on"] else []


def _form3(row: Row, _: Derivation) -> list[Line]:
    lines: list[Line] = [(row["became_on"], "Section 16 began to apply"), (row["tenth_on"], "the tenth calendar day")]
    return [*lines, (row["due_on"], "Form 3 due, until 22:00:00 New York"), *_accepted(row)]


def _form5(row: Row, derived: Derivation) -> list[Line]:
    year = row["fiscal_year_ended_on"]
    days = derived["policy"].parameter("section_16.form5_days").at(year) if year else None
    lines: list[Line] = [(year, f"the fiscal year ended; {days} calendar days count from here")]
    return [*lines, (row["due_on"], "Form 5 due, until 22:00:00 New York"), *_accepted(row)]


def _sales(row: Row, derived: Derivation) -> list[Line]:
    """Each public sale of the seller in the period, and the notice."""
    mine = derived["rule_144_sales"].filter((pl.col("person_id") == row["person_id"]) & (pl.col("traded_on") <= row["traded_on"]))
    within = mine.filter(months_later(pl.col("traded_on"), row["months"]) > row["traded_on"]).sort("sequence")
    lines: list[Line] = [
        (each["traded_on"], f"sale of {number(each['quantity'])} at {money(each['price']) if each['price'] is not None else 'an unknown price'} ({each['root_id']})")
        for each in within.iter_rows(named=True)
    ]  # fmt: skip
    notice = [(row["notice_on"], "Form 144 accepted")] if row["notice_on"] else []
    return [*lines, *notice, (row["placed_on"], "the order, as far as is on record")]


def _report(row: Row, _: Derivation) -> list[Line]:
    lines: list[Line] = [(row["traded_on"], "the transaction"), (row["due_on"], "the report was due, the whole day long")]
    return [*lines, (row["reported_on"], f"reported {_at(row['reported_at'])}")] if row["reported_on"] else lines


def _plan(row: Row, _: Derivation) -> list[Line]:
    return [
        (row["adoption_on"], f"plan {row['plan_id']} adopted, or changed in amount, price or timing"),
        (row["first_allowed_on"], "the first session after the cooling-off"), (row["traded_on"], "the trade"),
    ]  # fmt: skip


def _list(row: Row, derived: Derivation) -> list[Line]:
    lines: list[Line] = [(row["added_at"].date(), f"put on list {row['list_id']} {_at(row['added_at'])}"), (row["traded_on"], "the trade")]
    sessions, first = derived["sessions"].every.days.to_list(), row["tradable_from_on"]
    if first:
        news = (
            derived["lists"]
            .filter((pl.col("list_id") == row["list_id"]) & pl.col("person_id").is_in([row["person_id"], "*"]) & pl.col("public_at").is_not_null())["public_at"]
            .max()
        )
        lines += [(news.date(), f"the news public {_at(news)}"), (first, "the first day allowed")]
        lines += _counting(full_days(derived, sessions[bisect_left(sessions, first) - 1], news.date(), "list"))
    if row["ended_at"]:
        lines.append((row["ended_at"].date(), f"taken off the list {_at(row['ended_at'])}"))
    return lines


def _attestation(row: Row, derived: Derivation) -> list[Line]:
    quarter = row["quarter_ended_on"]
    days = derived["policy"].parameter("attestation.due_days").at(quarter)
    lines: list[Line] = [(quarter, "the quarter ended"), (row["due_on"], f"the answer was due, {days} calendar days later")]
    return [*lines, (row["answered_on"], "answered")] if row["answered_on"] else lines


def _swing(row: Row, derived: Derivation) -> list[Line]:
    """Each matched pair by its later day."""
    same = (pl.col("person_id") == row["person_id"]) & (pl.col("share_class") == row["share_class"])
    dated = with_legs(derived["short_swings"].filter(same), derived["swing_legs"], "traded_on")
    matched = dated.with_columns(cutoff_on=cutoff(pl.min_horizontal("traded_on", "traded_on_sale"), derived["policy"]))
    return [
        (each["later_on"], f"{number(each['quantity'])} bought {day(each['traded_on'])} ({each['buy_trade_id']}) at {money(each['buy_price'])} and sold {day(each['traded_on_sale'])} ({each['sell_trade_id']}) at {money(each['sell_price'])}: {money(each['profit'])}; the last day to match was {day(each['cutoff_on'])}")
        for each in matched.sort("later_on", "buy_trade_id", "sell_trade_id").iter_rows(named=True)
    ]  # fmt: skip


COUNTS: dict[str, Callable[[Row, Derivation], list[Line]]] = {
    "window_trades": _window, "approvals": _approval, "form4_duties": _form4, "report_duties": _report, "plan_trades": _plan,
    "form3_duties": _form3, "form5_duties": _form5, "rule_144_sales": _sales, "listed_trades": _list, "attestation_duties": _attestation, "swing_totals": _swing,
}  # fmt: skip
"""How to count, by the fact that a rule reads."""
