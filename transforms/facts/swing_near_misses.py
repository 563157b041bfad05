"""Purchases and sales that lie exactly one day too far apart to match."""

import polars as pl

from transforms.facts.swing_pairs import cutoff, with_legs
from transforms.policy import Policy

TOLD = ("person_id", "root_id", "trade_id", "trader_id", "symbol", "traded_on", "price_today", "source_file", "source_line")


def swing_near_misses(swing_legs: pl.DataFrame, swing_pairs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a later leg that is matched or misses by one day: `misses_by_a_day`, and the pair of the greatest gain."""
    dates = with_legs(swing_pairs, swing_legs, "traded_on")
    later_is_sale = pl.col("traded_on_sale") >= pl.col("traded_on")
    placed = dates.select("is_matched", "buy", "sale", later=pl.when(later_is_sale).then("sale").otherwise("buy"))
    missed = _told(placed.filter(~pl.col("is_matched")), swing_legs).sort("gain", "earlier_id", descending=[True, False]).unique("later", keep="first")
    matched = placed.filter("is_matched").unique("later", keep="any").join(missed, on="later", how="anti")
    one = pl.concat([missed, _told(matched, swing_legs)]).sort("later").drop("later")
    return one.with_columns(cutoff_on=cutoff(pl.col("earlier_on"), policy), occurred_on="later_on")


def _told(pairs: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    both = with_legs(pairs, legs, *TOLD)
    is_sale = pl.col("later") == pl.col("sale")
    later = {name: pl.when(is_sale).then(f"{name}_sale").otherwise(name) for name in ("root_id", "trade_id", "trader_id", "source_file", "source_line")}
    return both.select(
        "person_id", "symbol", "later", **later, misses_by_a_day=~pl.col("is_matched"), gain=pl.col("price_today_sale") - pl.col("price_today"),
        earlier_id=pl.when(is_sale).then("trade_id").otherwise("trade_id_sale"), earlier_on=pl.min_horizontal("traded_on", "traded_on_sale"),
        later_on=pl.max_horizontal("traded_on", "traded_on_sale"),
    )  # fmt: skip
