"""Trades after leaving office that match one made in office."""

import polars as pl

from transforms.facts.swing_pairs import cutoff
from transforms.policy import Policy


def tail_trades(swing_legs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a trade after office and person, where an opposite one in office lies less than six months before it: such
    a trade is still reported on Form 4 (17 CFR 240.16a-2(b)), whatever its price.
    """
    legs = swing_legs.filter(pl.col("way").is_in(["purchase", "sale"])).with_columns(pl.col("series").fill_null(""))
    group = ["person_id", "share_class", "series"]
    inside = legs.filter("in_office").select(*group, in_way="way", in_on="traded_on")
    outside = legs.filter(~pl.col("in_office")).select(*group, "trade_id", "way", "traded_on")
    pairs = outside.join(inside, on=group).filter((pl.col("way") != pl.col("in_way")) & (pl.col("in_on") <= pl.col("traded_on")))
    return pairs.filter(pl.col("traded_on") <= cutoff(pl.col("in_on"), policy)).select("trade_id", "person_id").unique()
