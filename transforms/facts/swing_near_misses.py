"""Purchases and sales that lie exactly one day too far apart to match."""

import polars as pl

from transforms.facts.swing_pairs import cutoff, in_time
from transforms.policy import Policy

LATER = ("person_id", "root_id", "trade_id", "trader_id", "symbol", "source_file", "source_line")


def swing_near_misses(swing_legs: pl.DataFrame, swing_pairs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a later leg that is matched or misses by one day: `misses_by_a_day`, and the pair of the greatest gain."""
    placed = in_time(swing_pairs, swing_legs)
    missed = placed.filter(~pl.col("is_matched"))
    gains = missed.with_columns(
        gain=swing_legs["price_today"].gather(missed["sale"]) - swing_legs["price_today"].gather(missed["buy"]),
        id=swing_legs["trade_id"].gather(missed["earlier"]),
    )
    best = gains.sort("gain", "id", descending=[True, False]).unique("later", keep="first").select(placed.columns)
    matched = placed.filter("is_matched").unique("later", keep="any").join(best, on="later", how="anti")
    one = pl.concat([best, matched]).sort("later")
    of = {name: swing_legs[name].gather(one["later"]) for name in LATER}
    told = one.select(
        *of.values(), misses_by_a_day=~pl.col("is_matched"), earlier_id=swing_legs["trade_id"].gather(one["earlier"]),
        earlier_on=swing_legs["traded_on"].gather(one["earlier"]), later_on=swing_legs["traded_on"].gather(one["later"]),
    )  # fmt: skip
    return told.with_columns(cutoff_on=cutoff(pl.col("earlier_on"), policy), occurred_on="later_on")
