"""The days on which something is on record for an account."""

import polars as pl


def account_days(executions: pl.DataFrame, holdings: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """One row an account and day with a trade, a holding or an order."""
    return pl.concat([
        executions.select("account_id", day="traded_on"),
        holdings.select("account_id", day="held_on"),
        orders.select("account_id", day=pl.col("placed_at").dt.date()),
        executions.select("account_id", day=pl.col("order_placed_at").dt.date()),
    ]).filter(pl.col("day").is_not_null()).unique()  # fmt: skip
