"""Purchases and sales that lie exactly one day too far apart to match."""

import polars as pl


def swing_near_misses(swing_pairs: pl.DataFrame) -> pl.DataFrame:
    """One row a later leg that is matched or misses by one day: `misses_by_a_day`, and the pair of the greatest gain."""
    later_is_sale = pl.col("traded_on_sale") >= pl.col("traded_on")
    gain = pl.col("price_paid_sale") / pl.col("factor_sale") - pl.col("price_paid") / pl.col("factor")
    told = swing_pairs.with_columns(
        later_id=pl.when(later_is_sale).then("trade_id_sale").otherwise("trade_id"),
        later_root=pl.when(later_is_sale).then("root_id_sale").otherwise("root_id"),
        earlier_id=pl.when(later_is_sale).then("trade_id").otherwise("trade_id_sale"),
        later_trader=pl.when(later_is_sale).then("trader_id_sale").otherwise("trader_id"),
        source_file=pl.when(later_is_sale).then("source_file_sale").otherwise("source_file"),
        source_line=pl.when(later_is_sale).then("source_line_sale").otherwise("source_line"),
        misses_by_a_day=~pl.col("is_matched"), gain=gain,
    ).sort("misses_by_a_day", "gain", "earlier_id", descending=[True, True, False])  # fmt: skip
    one = told.unique(["person_id", "later_root"], keep="first", maintain_order=True)
    return one.select(
        "person_id", "symbol", "earlier_on", "cutoff_on", "misses_by_a_day", "source_file", "source_line", "earlier_id",
        root_id="later_root", trade_id="later_id", trader_id="later_trader", occurred_on="later_on", later_on="later_on",
    ).sort("person_id", "root_id")  # fmt: skip
