"""Derivatives on Company Securities, statement by statement."""

import polars as pl


def derivative_holdings(held_securities: pl.DataFrame) -> pl.DataFrame:
    """One row a derivative on a statement and person who answers: `is_bound`, and `is_barred`, null where the derivative
    names no underlying. Exchange funds and what the company granted are never barred. Source: policy V.E, VII.B.
    """
    other = (pl.col("asset") == "exchange_fund") | pl.col("issued_by_company")
    derivative = pl.when(other).then(pl.lit(value=False)).otherwise("is_company_derivative")
    asset = pl.col("asset").is_in(["option", "warrant", "swap", "forward", "collar", "future", "exchange_fund"])
    return held_securities.filter(asset & (pl.col("quantity") != 0)).with_columns(
        is_barred=derivative, is_bound=pl.col("designated") & (pl.col("own") | pl.col("related"))
    )
