"""Derivatives on Company Securities that someone holds."""

import polars as pl

from transforms.facts.designations import with_designation
from transforms.facts.positions import position_before


def derivative_positions(derivative_holdings: pl.DataFrame, designations: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """One row an account, symbol and person with a derivative on a statement: quantity and held_on of the latest row,
    `occurred_on` the earliest, `before_designation` the position just before the person was designated (null = no
    trace). `is_barred` is null where a derivative names no underlying. Source: policy V.E, VII.B.
    """
    key = ["account_id", "symbol", "person_id"]
    bound = derivative_holdings.sort(pl.col("is_bound").fill_null(value=True), "held_on", descending=[True, True])
    latest = bound.unique(key, keep="first", maintain_order=True)
    earliest = derivative_holdings.filter("is_bound").group_by(key).agg(first_on=pl.col("held_on").min())
    dated = latest.join(earliest, on=key, how="left", nulls_equal=True)
    placed = position_before(with_designation(dated, designations, "held_on"), positions, "designated_from_on", "before_designation")
    return placed.select(
        *key, "quantity", "held_on", "is_barred", "is_bound", "before_designation", "source_file", "source_line", trader_id="related_trader_id",
        occurred_on=pl.coalesce("first_on", "held_on"), history=pl.when(pl.col("before_designation").is_null()).then(pl.lit("untraced")).otherwise(pl.lit("traced")), account_symbol=pl.concat_str(["account_id", "symbol"], separator=":"),
    ).sort("account_symbol", "person_id")  # fmt: skip
