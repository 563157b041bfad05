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


def short_swings(swing_pairs: pl.DataFrame) -> pl.DataFrame:
    """One row a matched pair of one best allocation (15 U.S.C. 78p(b)): units, prices and profit on today's split basis.

    `profit_parts` and `liho_parts`: the series' whole profit and its lowest-in-highest-out figure as exact fractions.
    The solver takes one insider, class and series at a time.
    """
    matched = swing_pairs.filter("is_matched")
    columns = [
        "person_id",
        "share_class",
        "series",
        "trade_id",
        "traded_on",
        "quantity",
        "price_paid",
        "factor",
        "trade_id_sale",
        "traded_on_sale",
        "quantity_sale",
        "price_paid_sale",
        "factor_sale",
    ]
    rows = matched.select(columns).sort("person_id", "share_class", "series").rows()
    allocated = [row for key, group in groupby(rows, key=lambda row: row[:3]) for row in _allocate(key, [each[3:] for each in group])]
    return pl.DataFrame(allocated, schema=ALLOCATED, orient="row")


def _allocate(key: tuple[str, str, str], pairs: list[tuple]) -> list[tuple]:  # type: ignore[type-arg]  # rows of pairs
    buys = sorted({_leg(*pair[:5]) for pair in pairs}, key=_place)
    sales = sorted({_leg(*pair[5:]) for pair in pairs}, key=_place)
    buy_at, sale_at = ({leg.trade_id: n for n, leg in enumerate(legs)} for legs in (buys, sales))
    admitted = sorted((buy_at[pair[0]], sale_at[pair[5]]) for pair in pairs)
    best = greatest_gain(buys, sales, admitted)
    total = sum((each.profit for each in best), Fraction())
    greedy = lowest_in_highest_out(buys, sales, admitted)
    return [(*key, *_row(each), str(total), str(greedy), max(each.buy.on, each.sale.on)) for each in best]


def _leg(trade_id: str, on: date, quantity: object, price: object, factor: object) -> Leg:
    scale = Fraction(str(factor))
    return Leg(on, trade_id, Fraction(str(quantity)) * scale, Fraction(str(price)) / scale)


def _place(leg: Leg) -> tuple[date, str]:
    return leg.on, leg.trade_id


def _row(each: Matched) -> tuple[object, ...]:
    return each.buy.trade_id, each.sale.trade_id, *(decimal(n) for n in (each.quantity, each.buy.price, each.sale.price, each.profit))


def decimal(number: Fraction, places: int = 12) -> Decimal:
    """A fraction as a decimal, rounded half up at the last place."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = str(whole).zfill(places + 1)
    sign = "-" if number < 0 and whole else ""
    return Decimal(f"{sign}{digits[:-places]}.{digits[-places:]}")
