"""The best allocation of purchases to sales of each insider and class."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

import polars as pl

from transforms.matching import Leg, Matched, greatest_gain, lowest_in_highest_out

ALLOCATED = {
    "person_id": pl.String(), "share_class": pl.String(), "series": pl.String(), "buy_trade_id": pl.String(), "sell_trade_id": pl.String(),
    "quantity": pl.Decimal(38, 12), "buy_price": pl.Decimal(38, 12), "sell_price": pl.Decimal(38, 12), "profit": pl.Decimal(38, 12),
    "profit_parts": pl.String(), "liho_parts": pl.String(), "later_on": pl.Date(),
}  # fmt: skip

GROUP = ["person_id", "share_class", "series"]


def short_swings(swing_pairs: pl.DataFrame) -> pl.DataFrame:
    """One row a matched pair of one best allocation (15 U.S.C. 78p(b)): units, prices and profit on today's split basis.

    `profit_parts` and `liho_parts`: the series' whole profit and its lowest-in-highest-out figure as exact fractions.
    The solver takes one insider, class and series at a time.
    """
    matched = swing_pairs.filter("is_matched").sort(GROUP)
    buys = _legs(matched.select(*GROUP, "trade_id", "traded_on", "quantity", "price_paid", "factor"))
    sales = _legs(matched.select(*GROUP, **{name: f"{name}_sale" for name in ("trade_id", "traded_on", "quantity", "price_paid", "factor")}))
    pairs = groupby(matched.select(*GROUP, "trade_id", "trade_id_sale").rows(), key=lambda row: row[:3])
    allocated = [row for key, group in pairs for row in _allocate(key, buys[key], sales[key], [each[3:] for each in group])]
    return pl.DataFrame(allocated, schema=ALLOCATED, orient="row")


def _legs(frame: pl.DataFrame) -> dict[tuple[str, ...], list[Leg]]:
    """Each leg once, by insider, class and series, in order of date and id."""
    distinct = frame.unique([*GROUP, "trade_id"]).sort(*GROUP, "traded_on", "trade_id")
    return {key: [_leg(*row[3:]) for row in group] for key, group in groupby(distinct.rows(), key=lambda row: row[:3])}


def _allocate(key: tuple[str, ...], buys: list[Leg], sales: list[Leg], pairs: list[tuple[str, str]]) -> list[tuple[object, ...]]:
    buy_at, sale_at = ({leg.trade_id: n for n, leg in enumerate(legs)} for legs in (buys, sales))
    admitted = sorted((buy_at[buy], sale_at[sale]) for buy, sale in pairs)
    best = greatest_gain(buys, sales, admitted)
    total = sum((each.profit for each in best), Fraction())
    greedy = lowest_in_highest_out(buys, sales, admitted)
    return [(*key, *_row(each), str(total), str(greedy), max(each.buy.on, each.sale.on)) for each in best]


def _leg(trade_id: str, on: date, quantity: Decimal, price: Decimal, factor: Decimal) -> Leg:
    scale = Fraction(factor)
    return Leg(on, trade_id, Fraction(quantity) * scale, Fraction(price) / scale)


def _row(each: Matched) -> tuple[object, ...]:
    return each.buy.trade_id, each.sale.trade_id, *(decimal(n) for n in (each.quantity, each.buy.price, each.sale.price, each.profit))


def decimal(number: Fraction, places: int = 12) -> Decimal:
    """A fraction as a decimal, rounded half up at the last place."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((int(number < 0), tuple(map(int, str(whole))), -places))
