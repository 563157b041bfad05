"""Accounts in which Company Securities are, or may be, pledged."""

import polars as pl

KEY = ["account_id", "person_id"]


def pledged_accounts(pledged_positions: pl.DataFrame) -> pl.DataFrame:
    """One row an account and person with Company Securities in it: `is_pledged` (null = not known) and the quantity of
    the latest such holding: the units pledged, else all of it. Source: policy VII.B.
    """
    counts = pl.col("is_bound").fill_null(value=True) & pl.col("secures").fill_null(value=False)
    ordered = pledged_positions.with_columns(counts=counts).sort("counts", "held_on", "symbol", descending=[True, True, False])
    summed = ordered.with_columns(quantity=pl.when("counts").then(pl.col("units").filter("counts").sum().over(*KEY, "held_on")).otherwise("units"))
    totals = pledged_positions.group_by(KEY).agg(
        any_bound=pl.col("is_bound").fill_null(value=True).any(),
        surely=(pl.col("is_bound") & pl.col("secures")).fill_null(value=False).any(),
        perhaps=(pl.col("is_bound") & pl.col("secures")).is_null().any(),
    )  # fmt: skip
    first = summed.unique(KEY, keep="first", maintain_order=True).join(totals, on=KEY, nulls_equal=True)
    answer = pl.when("surely").then(pl.lit(value=True)).when(~pl.col("perhaps")).then(pl.lit(value=False))
    return first.select(
        *KEY,
        "symbol",
        "quantity",
        "shown_as",
        "source_file",
        "source_line",
        trader_id="related_trader_id",
        is_bound="any_bound",
        is_pledged=answer,
        occurred_on="held_on",
    ).sort(KEY)
