"""Company Securities that are, or may be, pledged, statement by statement."""

import polars as pl

from transforms.policy import Policy


def pledged_positions(held_securities: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a holding of Company Securities and person: `is_bound`, `secures` (null = not known) `units`, those
    pledged, else the whole holding, and `shown_as`, whether the statement or the roster says so. Source: policy VII.B.
    """
    wide = policy.reads("pledge.scope", "v_e")
    bound = pl.col("designated") & (pl.col("own") | pl.col("related")) if wide else pl.col("pledge_bound") & pl.col("own")
    secured = (pl.col("pledged_quantity") > 0).fill_null(value=False)
    return held_securities.filter(pl.col("is_company_security") & (pl.col("quantity") > 0)).with_columns(
        is_bound=bound,
        secures=secured | pl.col("pledged"),
        shown_as=pl.when(secured).then(pl.lit("units")).otherwise(pl.lit("account")),
        units=pl.when(secured).then("pledged_quantity").otherwise("quantity"),
    )
