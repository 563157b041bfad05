"""The best allocation of purchases to sales of each insider and class."""

from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import lcm

import numpy as np
import polars as pl

from transforms.facts.swing_pairs import with_legs
from transforms.matching import LARGEST, Market, Whole, greatest_gain

EXACT = pl.Decimal(38, 12)
ALLOCATED = {
    "person_id": pl.String(), "share_class": pl.String(), "series": pl.String(), "buy_trade_id": pl.String(), "sell_trade_id": pl.String(),
    "quantity": EXACT, "buy_price": EXACT, "sell_price": EXACT, "profit": EXACT, "profit_sum": pl.Int64(), "liho_sum": pl.Int64(), "parts": pl.Int128(),
    "group": pl.Int64(), "later_on": pl.Date(), "buy": pl.UInt32(), "sale": pl.UInt32(),
}  # fmt: skip
ASKED = ("leg", "group", "quantity", "price_paid", "factor", "quantity_today", "price_today", "is_exact")
"""Columns of a leg that set its amount and price."""
PLACES = 12
"""Decimals of an exact quantity or price."""
TENS = {n: 10**n for n in range(PLACES + 1)}
SCALED = {"leg": pl.UInt32(), "group": pl.UInt32(), "amount": pl.Int128(), "cost": pl.Int128(), "per_unit": pl.Int64(), "per_dollar": pl.Int64()}


def short_swings(swing_legs: pl.DataFrame, swing_pairs: pl.DataFrame) -> pl.DataFrame:
    """One row a matched pair of one best allocation (15 U.S.C. 78p(b)): units, prices and profit on today's split basis.

    `profit_sum` and `liho_sum`: the whole profit of the insider, class and series and its lowest-in-highest-out figure, in `parts` of
    a dollar, exact; `buy` and `sale`: the numbers of the legs; `group`: of the insider, class and series.
    """
    matched = swing_pairs.filter("is_matched").select("buy", "sale")
    if matched.is_empty():
        return pl.DataFrame(schema=ALLOCATED)
    in_pairs = np.zeros(len(swing_legs), dtype=bool)
    buy, sale = (matched[side].to_numpy().astype(np.int64) for side in ("buy", "sale"))
    in_pairs[buy] = in_pairs[sale] = True
    legs = _scaled(swing_legs.select(ASKED).filter(pl.Series(in_pairs)))
    scaled = {name: _spread(legs, name, len(swing_legs)) for name in ("amount", "cost", "group", "per_unit", "per_dollar")}
    market = Market(scaled["amount"], scaled["cost"], buy, sale, _components(buy, sale))
    best, greedy = greatest_gain(market)
    group, gain = scaled["group"][buy], market.gain
    pairs = matched.with_columns(group=pl.Series(group), units=pl.Series(best), gain=pl.Series(gain))
    sums = pairs.group_by("group").agg(profit_sum=(pl.col("units") * pl.col("gain")).sum())
    greedy_sums = pl.DataFrame({"group": group, "liho": greedy * gain}).group_by("group").agg(liho_sum=pl.col("liho").sum())
    used = (
        pairs.filter(pl.col("units") > 0)
        .join(sums, on="group", how="left", maintain_order="left")
        .join(greedy_sums, on="group", how="left", maintain_order="left")
    )
    return _told(used, swing_legs, scaled)


def _spread(legs: pl.DataFrame, name: str, count: int) -> Whole:
    """A column by the number of the leg, 0 for the legs that are left out."""
    column = np.zeros(count, dtype=np.int64)
    column[legs["leg"].to_numpy()] = legs[name].cast(pl.Int64).to_numpy()
    return column


def _told(used: pl.DataFrame, legs: pl.DataFrame, scaled: dict[str, Whole]) -> pl.DataFrame:
    """The pairs that are used, in units and dollars, with the sums of their groups."""
    buy, sale = used["buy"].to_numpy(), used["sale"].to_numpy()
    parts = {"per_unit": scaled["per_unit"][buy], "per_dollar": scaled["per_dollar"][buy], "buy_cost": scaled["cost"][buy], "sale_cost": scaled["cost"][sale]}
    whole = used.with_columns(pl.Series(name, values) for name, values in parts.items()).with_columns(pl.col("units", "gain", *parts).cast(pl.Int128))
    both = with_legs(whole.with_columns(parts=pl.col("per_unit") * pl.col("per_dollar")), legs, "trade_id", "traded_on")
    of_group = [legs[name].gather(both["buy"]) for name in ("person_id", "share_class", "series")]
    return both.with_columns(of_group).select(
        "person_id", "share_class", pl.col("series").fill_null(""), buy_trade_id="trade_id", sell_trade_id="trade_id_sale",
        quantity=rounded(pl.col("units"), pl.col("per_unit")), buy_price=rounded(pl.col("buy_cost"), pl.col("per_dollar")), sell_price=rounded(pl.col("sale_cost"), pl.col("per_dollar")),
        profit=rounded(pl.col("units") * pl.col("gain"), pl.col("parts")),
        profit_sum="profit_sum", liho_sum="liho_sum", parts="parts", group="group", later_on=pl.max_horizontal("traded_on", "traded_on_sale"), buy="buy", sale="sale",
    )  # fmt: skip


def rounded(number: pl.Expr, parts: pl.Expr, places: int = PLACES) -> pl.Expr:
    """A number of parts, not negative, as a decimal, half up at the last place."""
    whole: pl.Expr = (2 * number * 10**places + parts) // (2 * parts)
    exact: pl.Expr = whole.cast(pl.Decimal(38, places)) / 10**places
    return exact.cast(pl.Decimal(38, places))


def _scaled(legs: pl.DataFrame) -> pl.DataFrame:
    """Legs with `amount` and `cost` as whole numbers of the parts `per_unit` and `per_dollar` of their group."""
    whole = legs.with_columns(amount=_parts("quantity_today"), cost=_parts("price_today"))
    zeros = {
        name: pl.sum_horizontal(2 * (pl.col(name) % 10**n == 0).cast(pl.Int64) for n in range(2, PLACES + 1, 2)).min().over("group")
        for name in ("amount", "cost")
    }
    trimmed = whole.with_columns(**{f"scale_{name}": each.replace_strict(TENS, return_dtype=pl.Int64) for name, each in zeros.items()})
    told = trimmed.with_columns(
        *(pl.col(name) // pl.col(f"scale_{name}").cast(pl.Int128) for name in zeros),
        per_unit=10**PLACES // pl.col("scale_amount"), per_dollar=10**PLACES // pl.col("scale_cost"),
    )  # fmt: skip
    finer = told.filter(~pl.col("is_exact"))["group"].unique()
    rest = told.filter(~pl.col("group").is_in(finer.implode()))
    both = pl.concat([rest.select(*SCALED).cast(SCALED), _by_fractions(told.filter(pl.col("group").is_in(finer.implode())))])  # type: ignore[arg-type]  # polars types columns only
    size = pl.col("amount").cast(pl.Float64).sum() * (pl.col("cost").max() - pl.col("cost").min()).cast(pl.Float64)
    if both.group_by("group").agg(is_large=size > LARGEST)["is_large"].any():
        raise OverflowError("the prices and quantities of one class are too fine to be matched exactly in 64 bits")
    return both.cast({"amount": pl.Int64, "cost": pl.Int64}).sort("leg")


def _parts(name: str) -> pl.Expr:
    parts: pl.Expr = pl.col(name) * 10**PLACES
    return parts.cast(pl.Int128)


def _by_fractions(legs: pl.DataFrame) -> pl.DataFrame:
    """The few groups whose splits make decimals endless (three for one)."""
    rows: list[tuple[int, int, int, int, int, int]] = []
    told = legs.sort("group", "leg").select("group", "leg", "quantity", "price_paid", "factor").rows()
    for group, each in groupby(told, key=lambda row: row[0]):
        exact = [(leg, Fraction(quantity) * Fraction(factor), Fraction(price) / Fraction(factor)) for _, leg, quantity, price, factor in each]
        per_unit, per_dollar = lcm(*(units.denominator for _, units, _ in exact)), lcm(*(price.denominator for _, _, price in exact))
        rows += [(leg, group, int(units * per_unit), int(price * per_dollar), per_unit, per_dollar) for leg, units, price in exact]
    return pl.DataFrame(rows, schema=SCALED, orient="row")


def _components(buy: Whole, sale: Whole) -> Whole:
    """Of each pair the block of legs that no other block's pair touches: cut where no pair reaches across. Pairs are in order of
    the purchase, and thereby of the block.
    """
    low, high = np.minimum(buy, sale), np.maximum(buy, sale)
    count = high.max() + 2
    reaching = np.bincount(low, minlength=count) - np.bincount(high, minlength=count)
    block = np.concatenate([[0], np.cumsum(np.cumsum(reaching)[:-1] == 0)])
    return block[buy]


def decimal(number: Fraction, places: int = PLACES) -> Decimal:
    """A fraction as a decimal, rounded half up at the last place."""
    scaled = abs(number) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((int(number < 0), tuple(map(int, str(whole))), -places))
