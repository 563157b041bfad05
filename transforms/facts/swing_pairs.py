"""Purchases beside sales of one insider and class, with the period that would match them."""

import polars as pl

from transforms.calendar import months_later
from transforms.policy import Policy


def swing_pairs(swing_legs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a purchase and a sale at a gain that Rule 16a-2 admits, at most one day too far apart.

    `cutoff_on`: the last day on which the later one matches the earlier (Colonial Realty v. MacWilliams, 381 F. Supp. 26);
    `is_matched`: the later one is not after it. Prices and units on today's split basis.
    """
    usable = swing_legs.filter(pl.col("way").is_in(["purchase", "sale"]) & pl.col("price_paid").is_not_null()).with_columns(pl.col("series").fill_null(""))
    used = [
        "person_id",
        "share_class",
        "series",
        "trade_id",
        "root_id",
        "trader_id",
        "symbol",
        "traded_on",
        "quantity",
        "price_paid",
        "factor",
        "in_office",
        "is_tenth",
        "code",
        "source_file",
        "source_line",
    ]
    buys = usable.filter(pl.col("way") == "purchase").select(used)
    sales = usable.filter(pl.col("way") == "sale").select(used)
    both = buys.join(sales, on=["person_id", "share_class", "series"], suffix="_sale")
    gain = pl.col("price_paid_sale").cast(pl.Decimal(38, 12)) * pl.col("factor") > pl.col("price_paid").cast(pl.Decimal(38, 12)) * pl.col("factor_sale")
    first_is_buy = pl.col("traded_on") <= pl.col("traded_on_sale")
    timed = both.filter(gain).with_columns(
        earlier_on=pl.min_horizontal("traded_on", "traded_on_sale"),
        later_on=pl.max_horizontal("traded_on", "traded_on_sale"),
        first_in_office=pl.when(first_is_buy).then("in_office").otherwise("in_office_sale"),
        then_in_office=pl.when(first_is_buy).then("in_office_sale").otherwise("in_office"),
        first_is_tenth=pl.when(first_is_buy).then("is_tenth").otherwise("is_tenth_sale"),
        then_is_tenth=pl.when(first_is_buy).then("is_tenth_sale").otherwise("is_tenth"),
    )
    admitted = (pl.col("first_in_office") | pl.col("first_is_tenth")) & (pl.col("then_in_office") | pl.col("then_is_tenth") | pl.col("first_in_office"))
    cut = timed.filter(admitted & _code_i()).with_columns(cutoff_on=cutoff(pl.col("earlier_on"), policy))
    near = cut.filter(pl.col("later_on") <= pl.col("cutoff_on") + pl.duration(days=1))
    return near.with_columns(is_matched=pl.col("later_on") <= pl.col("cutoff_on")).sort(
        "person_id", "share_class", "traded_on", "trade_id", "traded_on_sale", "trade_id_sale"
    )


def cutoff(earlier: pl.Expr, policy: Policy) -> pl.Expr:
    """Last day of less than six months, both days counted whole."""
    clamp = policy.reads("section_16.month_end", "clamp")
    months = policy.parameter("section_16.period_months").values[-1][1]
    return months_later(earlier, months, clamp=clamp) - pl.duration(days=2)


def _code_i() -> pl.Expr:
    """A discretionary transaction matches an opposite-way discretionary one alone (17 CFR 240.16b-3(f))."""
    one, other = (pl.col("code") == "I").fill_null(value=False), (pl.col("code_sale") == "I").fill_null(value=False)
    return one == other
