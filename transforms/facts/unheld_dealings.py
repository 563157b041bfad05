"""Trades and holdings of accounts that nobody on the roster holds: they may be anybody's."""

import polars as pl


def unheld_dealings(executions: pl.DataFrame, holdings: pl.DataFrame, symbols: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """One row a trade or holding of an account off the roster: symbol, day, side and share_class (null for a holding)."""
    traded = executions.select("account_id", "symbol", "side", "share_class", day="traded_on", is_trade=pl.lit(value=True))
    held = holdings.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now").select(
        "account_id", pl.coalesce("symbol_now", "symbol").alias("symbol"), day="held_on", is_trade=pl.lit(value=False)
    )  # fmt: skip
    return pl.concat([traded, held], how="diagonal").join(accounts, on="account_id", how="anti").sort("account_id", "symbol", "day")
