"""Trades of staff in accounts that an adviser manages."""

import polars as pl


def managed_trades(answered_trades: pl.DataFrame, account_terms: pl.DataFrame) -> pl.DataFrame:
    """`answered_trades` of accounts marked as managed, own accounts of staff alone (`is_bound`); and of accounts that nobody on the roster holds, which may be such. Source: policy VIII.A.2."""
    managed = account_terms.filter("managed")["account_id"]
    return answered_trades.filter(pl.col("account_id").is_in(managed.implode()) | pl.col("person_id").is_null()).with_columns(
        is_bound=pl.col("own") & pl.col("staff"), is_dealing=pl.col("kind").is_in(["buy", "sell", "short_sell", "cover"]), trader_id=pl.lit(None, dtype=pl.String)
    ).sort("sequence", "person_id")  # fmt: skip
