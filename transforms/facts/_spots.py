"""The shape of blind spots: kind, where, what, rows."""

import polars as pl

SPOT = {"kind": pl.String(), "where": pl.String(), "what": pl.String(), "rows": pl.Int64()}


def spots(frame: pl.DataFrame, kind: str, where: str, what: pl.Expr, rows: str = "") -> pl.DataFrame:
    """One blind spot a row of a frame."""
    count = pl.col(rows) if rows else pl.lit(1)
    return frame.select(kind=pl.lit(kind), where=pl.col(where).cast(pl.String), what=what, rows=count.cast(pl.Int64))
