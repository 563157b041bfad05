"""What a trade today would match under Section 16(b), and from which day it would match nothing."""

from datetime import date
from decimal import Decimal

import polars as pl

from transforms.facts.footings import EXACT
from transforms.facts.instruments import COMPANY_SHARES
from transforms.facts.short_swings import short_swings
from transforms.facts.standings import standing_on
from transforms.facts.swing_legs import numbered
from transforms.facts.swing_pairs import cutoff, swing_pairs
from transforms.facts.swing_totals import CENTS, sums
from transforms.policy import Policy

BY = ["person_id", "share_class"]
OPPOSITE = {"sale": "purchase", "purchase": "sale"}


def swing_outlook(swing_legs: pl.DataFrame, executions: pl.DataFrame, standings: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """One row a person and class of shares with a purchase or sale that a trade today could match.

    For a sale and a purchase each: `…_free_on`, the first day on which it would match nothing; `…_units`, how many units it could
    match today at most; `…_adds`, what so many would add to the greatest gain at `price`, US dollars, null where a price is
    missing or what a leg within reach counts as is not known (such a leg holds back both ways); `price`: the last one on record of
    the class, on today's split basis, of `priced_on`. Pairs of derivatives are left out. Source: 15 U.S.C. 78p(b).
    """
    return outlook(swing_legs, last_prices(executions), standings, policy, as_of)


def last_prices(executions: pl.DataFrame) -> pl.DataFrame:
    """One row a class: the last price on record, on today's split basis."""
    shares = executions.filter(COMPANY_SHARES & (pl.col("price") > 0))
    today = (pl.col("price").cast(EXACT) / pl.col("factor")).alias("price")
    return shares.sort("sequence").group_by("share_class").agg(today.last(), priced_on=pl.col("traded_on").last())


def outlook(legs: pl.DataFrame, prices: pl.DataFrame, standings: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """The rows of `swing_outlook` at given prices."""
    shares = legs.filter(pl.col("series").is_null() & (pl.col("way").is_in(list(OPPOSITE)) | pl.col("is_undecided")) & (pl.col("traded_on") <= as_of))
    near = _near(shares.with_columns(cutoff_on=cutoff(pl.col("traded_on"), policy)), standings, as_of).join(prices, on="share_class", how="left")
    about = shares.join(near.select(BY), on=BY, how="semi")
    now = _totals(about, policy)
    for way in OPPOSITE:
        near = near.join(_added(about, near, way, now, policy, as_of), on=BY, how="left")
    return near.drop("now_in_office", "now_is_tenth", "is_whole").sort(BY)


def _near(legs: pl.DataFrame, standings: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Each person and class with the days and units of the legs that a trade today could match (17 CFR 240.16a-2)."""
    dated = legs.filter(pl.col("cutoff_on") >= as_of).rename({"in_office": "was_in_office"}).with_columns(day=pl.lit(as_of))
    placed = standing_on(dated, standings, "person_id", "day", ("in_office", "ten_percent")).rename(
        {"in_office": "now_in_office", "ten_percent": "now_is_tenth"}
    )
    admitted = pl.col("was_in_office") | (pl.col("is_tenth") & (pl.col("now_in_office") | pl.col("now_is_tenth")))
    of = {way: (pl.col("way") == opposite) | pl.col("way").is_null() for way, opposite in OPPOSITE.items()}
    return placed.filter(admitted).group_by(BY).agg(
        pl.col("now_in_office", "now_is_tenth").first(), is_whole=(pl.col("way").is_not_null() & pl.col("price_paid").is_not_null()).all(),
        **{f"{way}_free_on": pl.col("cutoff_on").filter(mask).max() + pl.duration(days=1) for way, mask in of.items()},
        **{f"{way}_units": pl.col("quantity_today").filter(mask).sum() for way, mask in of.items()},
    )  # fmt: skip


def _added(legs: pl.DataFrame, near: pl.DataFrame, way: str, now: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """What a trade of all that it could match would add."""
    asked = near.filter(pl.col(f"{way}_free_on").is_not_null() & pl.col("is_whole") & pl.col("price").is_not_null())
    nothing = {name: pl.lit(None, dtype=dtype) for name, dtype in legs.schema.items()}
    price, units = pl.col("price").round(6), pl.col(f"{way}_units")
    more = asked.select(**nothing | {
        "person_id": pl.col("person_id"), "share_class": pl.col("share_class"), "trade_id": pl.lit("a trade today"), "way": pl.lit(way), "traded_on": pl.lit(as_of),
        "in_office": pl.col("now_in_office"), "is_tenth": pl.col("now_is_tenth"), "quantity": units, "quantity_today": units,
        "price_paid": price, "price_today": price, "factor": pl.lit(Decimal(1)), "is_exact": pl.lit(value=True),
    }).cast(dict(legs.schema))  # type: ignore[arg-type]  # fmt: skip  # polars types columns only
    then = _totals(pl.concat([legs, more]), policy)
    both = asked.select(BY).join(now, on=BY, how="left").join(then, on=BY, how="left", suffix="_then")
    zero = pl.lit(Decimal(0)).cast(CENTS)
    return both.select(*BY, (pl.col("profit_max_then").fill_null(zero) - pl.col("profit_max").fill_null(zero)).alias(f"{way}_adds"))


def _totals(legs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    again = numbered(legs.drop("leg", "group"))
    return sums(short_swings(again, swing_pairs(again, policy))).select(*BY, "profit_max")
