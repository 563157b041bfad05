"""Accounts in which Company Securities are, or may be, held on margin."""

import polars as pl

from transforms.facts.margin_positions import KEY


def margin_accounts(margin_positions: pl.DataFrame) -> pl.DataFrame:
    """One row an account and person with Company Securities in it: `on_margin` (true, false, null = not known), by the
    latest such holding, else the latest such trade (`evidence_from`), with its quantity. Source: policy V.E, VII.B.
    """
    totals = margin_positions.group_by(KEY).agg(
        is_bound=pl.col("is_bound").fill_null(value=True).any(),
        surely=pl.col("counts").fill_null(value=False).any(), perhaps=pl.col("counts").is_null().any(),
    )  # fmt: skip
    rank = pl.col("counts").fill_null(value=False)
    firm = rank & (pl.col("evidence_from") == "holding")
    latest = [firm, rank, pl.col("occurred_on"), pl.col("sequence")]
    ordered = margin_positions.sort(*latest, "symbol", "shown_as", descending=[True] * len(latest) + [False] * 2)
    summed = ordered.with_columns(day_total=pl.col("quantity").filter(rank).sum().over(*KEY, "occurred_on", "evidence_from"))
    first = summed.unique(KEY, keep="first", maintain_order=True)
    total = pl.when(firm).then("day_total").otherwise("quantity")
    joined = first.with_columns(quantity=total).join(totals, on=KEY, nulls_equal=True, suffix="_any")
    answer = pl.when("surely").then(pl.lit(value=True)).when(~pl.col("perhaps")).then(pl.lit(value=False))
    return (
        joined.with_columns(on_margin=answer, is_bound="is_bound_any")
        .select(
            *KEY,
            "trader_id",
            "symbol",
            "quantity",
            "occurred_on",
            "evidence_from",
            "shown_as",
            "trade_id",
            "is_bound",
            "on_margin",
            "source_file",
            "source_line",
        )
        .sort(KEY)
    )
