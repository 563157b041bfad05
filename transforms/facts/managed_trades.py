"""Trades of staff in accounts that an adviser manages."""

import polars as pl


def managed_trades(answered_trades: pl.DataFrame, account_terms: pl.DataFrame) -> pl.DataFrame:
    """`answered_trades` of accounts marked as managed, own accounts of staff alone (`is_bound`). Source: policy VIII.A.2."""
    managed = account_terms.filter("managed").select("account_id")
    return answered_trades.join(managed, on="account_id", how="semi").with_columns(
        is_bound=pl.col("own") & pl.col("staff"), is_dealing=pl.col("kind").is_in(["buy", "sell", "short_sell", "cover"]), trader_id=pl.lit(None, dtype=pl.String)
    ).sort("sequence", "person_id")  # fmt: skip
