"""A picture of matched purchases and sales for each insider and class of shares."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from transforms.reports.axis import RIGHT, WIDTH, Axis, spanning
from transforms.reports.cases import Case
from transforms.reports.people import Facts, People
from transforms.reports.words import anchor, day, money, number, plural, price

HEIGHT, TOP, FLOOR = 250.0, 26.0, 214.0
"""Of a picture, and where its highest and lowest price stand."""
SHORTEST = 120
LINE, HAIR = 9.0, 1.2
"""Widest and narrowest line."""
LABEL = (92.0, 16.0)
"""Room that a label of profit takes."""


@dataclass(frozen=True)
class Leg:
    """A purchase or a sale at a place of the picture."""

    x: float
    y: float
    side: str
    title: str


@dataclass(frozen=True)
class Link:
    """A matched pair: a line from the purchase to the sale."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    title: str


@dataclass(frozen=True)
class Label:
    """A profit beside its line."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Scale:
    """A price on the upright axis."""

    y: float
    text: str


@dataclass(frozen=True)
class Swing:
    """All matched pairs of one insider and class."""

    anchor: str
    name: str
    person_id: str
    share_class: str
    axis: Axis
    scale: tuple[Scale, ...]
    links: tuple[Link, ...]
    legs: tuple[Leg, ...]
    labels: tuple[Label, ...]
    rows: tuple[dict[str, str], ...]
    total: str
    said: str


def swings(cases: list[Case], facts: Facts, people: People, as_of: date) -> list[Swing]:
    """A picture for each insider and class with a standing finding and a matched pair, by name."""
    wanted = {(case.person_id, finding.subject) for case in cases for finding in case.findings if finding.rule == "short_swing_profit"}
    matched, traded_on = facts["short_swings"], facts["swing_legs"]["traded_on"]
    dated = matched.with_columns(bought_on=traded_on.gather(matched["buy"]), sold_on=traded_on.gather(matched["sale"]))
    rows = dated.sort("person_id", "share_class", "bought_on", "buy_trade_id", "sold_on", "sell_trade_id").to_dicts()
    drawn = [
        _swing(person, name, list(each), people, as_of)
        for (person, name), each in groupby(rows, key=lambda row: (row["person_id"], row["share_class"]))
        if (person, name) in wanted
    ]
    return sorted(drawn, key=lambda each: (each.name.casefold(), each.person_id, each.share_class))


def _swing(person: str, share_class: str, rows: list[dict[str, Any]], people: People, as_of: date) -> Swing:
    axis = spanning([row[key] for row in rows for key in ("bought_on", "sold_on")], SHORTEST, as_of)
    prices = sorted({row[key] for row in rows for key in ("buy_price", "sell_price")})
    at = _Prices(prices[0], prices[-1])
    most = max(row["quantity"] for row in rows)
    links = [_link(row, axis, at, most) for row in rows]
    total = sum((row["profit"] for row in rows), Decimal(0))
    said = f"{plural(len(rows), 'matched pair')} of a purchase with a sale, together {money(total)} US dollars."
    return Swing(
        anchor("swing", f"{person}/{share_class}"), people.name(person), person, share_class, axis, at.scale, tuple(links), _legs(rows, axis, at),
        _labels(rows, links), tuple(_row(row) for row in rows), money(total), said,
    )  # fmt: skip


class _Prices:
    """The upright axis."""

    def __init__(self, lowest: Decimal, highest: Decimal) -> None:
        self._lowest, self._range = lowest, (highest - lowest) or Decimal(1)
        self.scale = tuple(Scale(self(value), money(value)) for value in sorted({lowest, (lowest + highest) / 2, highest}))

    def __call__(self, value: Decimal) -> float:
        return round(FLOOR - float((value - self._lowest) / self._range) * (FLOOR - TOP), 1)


def _link(row: dict[str, Any], axis: Axis, at: _Prices, most: Decimal) -> Link:
    width = round(max(LINE * float(row["quantity"] / most), HAIR), 1)
    title = f"{number(row['quantity'])} bought {day(row['bought_on'])} at {price(row['buy_price'])}, sold {day(row['sold_on'])} at {price(row['sell_price'])}: {money(row['profit'])} US dollars"
    return Link(axis.middle(row["bought_on"]), at(row["buy_price"]), axis.middle(row["sold_on"]), at(row["sell_price"]), width, title)


def _legs(rows: list[dict[str, Any]], axis: Axis, at: _Prices) -> tuple[Leg, ...]:
    """Each purchase and sale once."""
    legs: dict[tuple[str, str], Leg] = {}
    for row in rows:
        for side, on, cost, trade in (("buy", "bought_on", "buy_price", "buy_trade_id"), ("sell", "sold_on", "sell_price", "sell_trade_id")):
            title = f"{'Purchase' if side == 'buy' else 'Sale'} {row[trade]} on {day(row[on])} at {price(row[cost])}"
            legs[side, row[trade]] = Leg(axis.middle(row[on]), at(row[cost]), side, title)
    return tuple(legs.values())


def _labels(rows: list[dict[str, Any]], links: list[Link]) -> tuple[Label, ...]:
    """Profits beside their lines, the greatest first, as many as do not touch each other."""
    taken: list[tuple[float, float]] = []
    labels: list[Label] = []
    for row, link in sorted(zip(rows, links, strict=True), key=lambda each: -each[0]["profit"]):
        rises = (link.y1 - link.y2) * (link.x2 - link.x1) > 0
        x = round(min((link.x1 + link.x2) / 2 + 8, WIDTH - RIGHT - LABEL[0]), 1)
        y = round((link.y1 + link.y2) / 2 + (LABEL[1] if rises else -LABEL[1] / 2), 1)
        if all(abs(x - other) > LABEL[0] or abs(y - height) > LABEL[1] for other, height in taken):
            taken.append((x, y))
            labels.append(Label(x, y, money(row["profit"])))
    return tuple(labels)


def _row(row: dict[str, Any]) -> dict[str, str]:
    """The pair as cells of the table."""
    return {
        "bought": day(row["bought_on"]), "buy_trade_id": row["buy_trade_id"], "sold": day(row["sold_on"]), "sell_trade_id": row["sell_trade_id"],
        "quantity": number(row["quantity"]), "buy_price": price(row["buy_price"]), "sell_price": price(row["sell_price"]), "profit": money(row["profit"]),
    }  # fmt: skip
