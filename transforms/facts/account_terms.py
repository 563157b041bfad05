"""How each account is kept, whoever its holders are."""

import polars as pl


def account_terms(accounts: pl.DataFrame) -> pl.DataFrame:
    """One row an account: `is_margin` (null where kind and margin_enabled contradict), `pledged`, `managed`."""
    one = accounts.sort("account_id", "holder_id").group_by("account_id", maintain_order=True).agg(
        pl.col("kind").first(), pl.col("margin_enabled").drop_nulls().max(), pl.col("pledged").drop_nulls().max(), pl.col("managed").drop_nulls().max()
    )  # fmt: skip
    enabled, margin = pl.col("margin_enabled"), pl.col("kind") == "margin"
    return one.select(
        "account_id", "pledged", managed=pl.col("managed").fill_null(value=False),
        is_margin=pl.when(enabled.fill_null(value=False)).then(pl.lit(value=True))
        .when(margin & enabled.is_not_null()).then(None)
        .otherwise(margin),
    )  # fmt: skip
