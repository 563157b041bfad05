"""Chains of rows that replace one another, followed to their first."""

import polars as pl


def followed(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Rows with `root_id`, at first the row that each replaces (itself where none), brought to the first of its chain;
    `depth` counts the steps to it.
    """
    step = rows.select(root_id=key, above="root_id")
    found = rows.with_columns(depth=(pl.col("root_id") != pl.col(key)).cast(pl.Int64))
    for _ in range(rows.height):
        moved = found.join(step, on="root_id", how="left", maintain_order="left")
        changed = moved["above"] != moved["root_id"]
        if not changed.any():
            break
        found = moved.with_columns(root_id=pl.coalesce("above", "root_id"), depth=pl.col("depth") + changed.cast(pl.Int64)).drop("above")
    return found
