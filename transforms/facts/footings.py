"""Splits as factors: how many of today's units one unit of an earlier day is."""

from itertools import accumulate
from operator import mul

import polars as pl

EXACT = pl.Decimal(38, 12)
"""Quantities on a split basis: exact for every ratio of at most 6 decimals met once."""


def footings(corporate_actions: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """One row a split: symbol, `ex_on`, and `factor`, the product of its ratio and all later ones."""
    splits = corporate_actions.filter((pl.col("kind") == "split") & pl.col("ratio").is_not_null())
    named = splits.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now")
    ordered = named.with_columns(symbol=pl.coalesce("symbol_now", "symbol")).sort("symbol", "ex_on", descending=[False, True])
    ratios = ordered.group_by("symbol", maintain_order=True).agg("ratio").rows()
    factors = [factor for _, each in ratios for factor in accumulate(each, mul)]  # few rows; Polars multiplies no decimals up
    exact = ordered.sort("symbol", "ex_on", descending=[False, True], maintain_order=True).with_columns(factor=pl.Series(factors, dtype=EXACT))
    return exact.select("symbol", "ex_on", "factor").sort("symbol", "ex_on")


def on_todays_footing(frame: pl.DataFrame, footings: pl.DataFrame, day: str, name: str = "factor") -> pl.DataFrame:
    """A frame with `symbol` and a day, and the factor from that day's basis to the latest one (1 without a later split)."""
    later = footings.with_columns((pl.col("ex_on") - pl.duration(days=1)).alias("_last")).rename({"factor": name}).drop("ex_on").sort("_last")
    dated = frame.with_row_index("_row").sort(day)
    joined = dated.join_asof(later, left_on=day, right_on="_last", by="symbol", strategy="forward", check_sortedness=False)
    return joined.sort("_row").drop("_row", "_last").with_columns(pl.col(name).fill_null(1))
