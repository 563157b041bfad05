"""Purchases beside sales of one insider and class, with the period that would match them."""

from collections.abc import Iterator

import polars as pl

from transforms.calendar import months_later
from transforms.policy import Policy

AT_ONCE = 4_000_000
"""Purchases times sales that are looked at together."""
PAIR = {"buy": pl.UInt32(), "sale": pl.UInt32(), "is_matched": pl.Boolean()}
DAY = pl.duration(days=1)


def swing_pairs(swing_legs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a purchase and a sale at a gain that Rule 16a-2 admits, at most one day too far apart: `buy` and `sale`, the
    numbers of the legs; `is_matched`: the later one is not after the last day that matches the earlier one (Colonial Realty v.
    MacWilliams, 381 F. Supp. 26). In order of the legs.
    """
    usable = swing_legs.filter(pl.col("way").is_in(["purchase", "sale"]) & pl.col("price_paid").is_not_null()).with_columns(
        cutoff_on=cutoff(pl.col("traded_on"), policy), is_discretionary=(pl.col("code") == "I").fill_null(value=False)
    )
    kept = usable.select("group", "leg", "way", "traded_on", "cutoff_on", "price_today", "in_office", "is_tenth", "is_discretionary")
    slices = [_paired(each) for each in _slices(kept)]
    return pl.concat([pl.DataFrame(schema=PAIR), *slices]).sort("buy", "sale")


def _slices(legs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Legs of whole groups in which some sale is dearer than some purchase, as many as make AT_ONCE candidates."""
    buys, sales = pl.col("way") == "purchase", pl.col("way") == "sale"
    sizes = legs.group_by("group").agg(
        pairs=buys.sum().cast(pl.Int64) * sales.sum(), lowest=pl.col("price_today").filter(buys).min(), highest=pl.col("price_today").filter(sales).max()
    )
    hopeful = sizes.filter(pl.col("lowest") < pl.col("highest")).sort("group").with_columns(part=pl.col("pairs").cum_sum() // AT_ONCE)
    for _, part in legs.join(hopeful.select("group", "part"), on="group").group_by("part", maintain_order=True):
        yield part.drop("part")


def _paired(legs: pl.DataFrame) -> pl.DataFrame:
    buys, sales = (legs.filter(pl.col("way") == way).drop("way") for way in ("purchase", "sale"))
    both = buys.lazy().join(sales.lazy(), on="group", suffix="_sale")
    first_is_buy = pl.col("traded_on") <= pl.col("traded_on_sale")
    cutoff_on = pl.when(first_is_buy).then("cutoff_on").otherwise("cutoff_on_sale")
    later_on = pl.max_horizontal("traded_on", "traded_on_sale")
    counts = [pl.col(f"{flag}{side}") for side in ("", "_sale") for flag in ("in_office", "is_tenth")]
    buy_counts, sale_counts = counts[0] | counts[1], counts[2] | counts[3]
    earlier = pl.when(first_is_buy).then(buy_counts).otherwise(sale_counts)
    later = pl.when(first_is_buy).then(sale_counts | pl.col("in_office")).otherwise(buy_counts | pl.col("in_office_sale"))
    gain = pl.col("price_today_sale") > pl.col("price_today")
    alike = pl.col("is_discretionary") == pl.col("is_discretionary_sale")  # a discretionary one matches another alone (17 CFR 240.16b-3(f))
    near = both.filter(gain & (later_on <= cutoff_on + DAY) & earlier & later & alike)
    return near.select(buy="leg", sale="leg_sale", is_matched=later_on <= cutoff_on).cast(PAIR).collect()  # type: ignore[arg-type]  # polars types columns only


def cutoff(earlier: pl.Expr, policy: Policy) -> pl.Expr:
    """Last day of less than six months, both days counted whole."""
    clamp = policy.reads("section_16.month_end", "clamp")
    months = policy.parameter("section_16.period_months").values[-1][1]
    return months_later(earlier, months, clamp=clamp) - pl.duration(days=2)


def with_legs(pairs: pl.DataFrame, legs: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Pairs with columns of both legs: of the purchase under their own names, of the sale with `_sale` after them."""
    of_buy = [legs[name].gather(pairs["buy"]) for name in columns]
    of_sale = [legs[name].gather(pairs["sale"]).alias(f"{name}_sale") for name in columns]
    return pairs.with_columns(of_buy + of_sale)


def in_time(pairs: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with `earlier` and `later`, the numbers of their legs in order of time; of one day the sale is the later one."""
    sale_is_later = legs["traded_on"].gather(pairs["sale"]) >= legs["traded_on"].gather(pairs["buy"])
    later = pl.when(sale_is_later)
    return pairs.with_columns(earlier=later.then("buy").otherwise("sale"), later=later.then("sale").otherwise("buy"))
