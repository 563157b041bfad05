"""Spreads what was supplied over what was demanded, in order: which report or filing line completes which trade."""

import polars as pl

ANY = 1_000_000_000_000
"""Units; stands for a supply without a quantity, which covers all."""


def completed_by(demands: pl.DataFrame, supplies: pl.DataFrame, by: list[str], told: list[str]) -> pl.DataFrame:
    """Demands (columns `by`, `quantity`, in order of rows) with the `told` columns of the supply that completes each.

    Supplies (`by`, `quantity`, in order of rows; a null quantity covers all) are summed up; the first one that reaches
    the running sum of a group's demands completes the demand. Null where none does.
    """
    wanted = demands.with_row_index("_row").with_columns(_reach=_running(by)).sort("_reach", "_row")
    given = supplies.with_columns(_reach=_running(by)).unique([*by, "_reach"], keep="first", maintain_order=True).sort("_reach")
    joined = wanted.join_asof(given.select(*by, *told, "_reach"), on="_reach", by=by, strategy="forward", check_sortedness=False)
    return joined.sort("_row").drop("_row", "_reach")


def _running(by: list[str]) -> pl.Expr:
    """Running sum in millionths of a unit, as a whole number."""
    millionths = pl.col("quantity").fill_null(ANY).cast(pl.Decimal(38, 6)) * 1_000_000
    return millionths.cast(pl.Int128).clip(0, ANY * 1_000_000).cast(pl.Int64).cum_sum().over(by)
