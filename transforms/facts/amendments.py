"""Cancels and corrections, followed to the end of each chain."""

import polars as pl

from transforms.chains import followed


def amendments(trades: pl.DataFrame) -> pl.DataFrame:
    """One row a trade line: `root_id`, the first trade_id of its chain; `stands`, whether it is the trade as it stands;
    `stands_as`, the line that stands for its root (null: cancelled); `is_unmatched`, a cancel or correction of a line
    that is not on record.
    """
    lines = trades.select("trade_id", "reported_on", action=pl.col("action").fill_null("new"), amends="amends")
    known = pl.col("amends").is_in(lines["trade_id"].implode()) & (pl.col("amends") != pl.col("trade_id"))
    amending = pl.col("action") != "new"
    marked = lines.with_columns(is_unmatched=amending & ~known.fill_null(value=False))
    parent = pl.when(amending & ~pl.col("is_unmatched")).then("amends").otherwise("trade_id")
    rooted = followed(marked.with_columns(root_id=parent), "trade_id")
    last = rooted.filter(~pl.col("is_unmatched") | (pl.col("action") == "correct")).sort("depth", "reported_on", "trade_id")
    ends = last.group_by("root_id", maintain_order=True).agg(stands_as=pl.col("trade_id").last(), ended=(pl.col("action") == "cancel").last())
    final = rooted.join(ends, on="root_id", how="left").with_columns(
        stands_as=pl.when(~pl.col("ended")).then("stands_as"),
    )
    return final.select(
        "trade_id", "root_id", "is_unmatched", "stands_as",
        stands=(pl.col("trade_id") == pl.col("stands_as")).fill_null(value=False),
    )  # fmt: skip
