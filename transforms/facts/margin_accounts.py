"""Accounts in which Company Securities are, or may be, held on margin."""

import polars as pl

from transforms.policy import Policy

KEY = ["account_id", "person_id"]


def margin_accounts(held_securities: pl.DataFrame, answered_trades: pl.DataFrame, account_terms: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row an account and person with Company Securities in it: `on_margin` (true, false, null = not known), by the
    latest such holding, else the latest such trade (`evidence_from`), with its quantity. Source: policy V.E, VII.B.
    """
    bound = pl.col("pledge_bound") & pl.col("own") if policy.reads("margin.scope", "vii_b") else pl.col("designated") & (pl.col("own") | pl.col("related"))
    held = held_securities.filter(pl.col("is_company_security") & (pl.col("quantity") > 0)).with_columns(is_bound=bound, on_margin=_held_on_margin())
    in_cash = held.filter(pl.col("position") == "cash").select("account_id", "symbol").unique()
    traded = answered_trades.filter(pl.col("is_company_security") & pl.col("side").is_in(["buy", "sell"])).join(
        in_cash, on=["account_id", "symbol"], how="anti"
    ).join(account_terms, on="account_id", how="left").with_columns(is_bound=bound, on_margin="is_margin")  # fmt: skip
    rows = pl.concat([
        held.select(*KEY, "symbol", "quantity", "is_bound", "on_margin", "source_file", "source_line", occurred_on="held_on", trader_id="related_trader_id", evidence_from=pl.lit("holding"), trade_id=pl.lit(None, dtype=pl.String)),
        traded.select(*KEY, "symbol", "quantity", "is_bound", "on_margin", "source_file", "source_line", "occurred_on", trader_id="related_trader_id", evidence_from=pl.lit("trade"), trade_id="trade_id"),
    ], how="vertical_relaxed").with_columns(counts=pl.col("is_bound") & pl.col("on_margin"))  # fmt: skip
    return _latest(rows)


def _held_on_margin() -> pl.Expr:
    return (
        pl.when(pl.col("position") == "margin").then(pl.lit(value=True))
        .when(pl.col("position") == "unknown").then("is_margin")
        .otherwise(pl.lit(value=False))
    )  # fmt: skip


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    """The latest holding that counts, else the latest trade; null where only unknown rows could count."""
    totals = rows.group_by(KEY).agg(
        is_bound=pl.col("is_bound").fill_null(value=True).any(),
        surely=pl.col("counts").fill_null(value=False).any(), perhaps=pl.col("counts").is_null().any(),
    )  # fmt: skip
    rank = pl.col("counts").fill_null(value=False)
    firm = rank & (pl.col("evidence_from") == "holding")
    ordered = rows.sort(firm, rank, "occurred_on", "symbol", "source_file", "source_line", descending=[True, True, True, False, False, False], nulls_last=True)
    summed = ordered.with_columns(day_total=pl.col("quantity").filter(rank).sum().over(*KEY, "occurred_on", "evidence_from"))
    first = summed.unique(KEY, keep="first", maintain_order=True)
    total = pl.when(rank & (pl.col("evidence_from") == "holding")).then("day_total").otherwise("quantity")
    joined = first.with_columns(quantity=total).join(totals, on=KEY, nulls_equal=True, suffix="_any")
    answer = pl.when("surely").then(pl.lit(value=True)).when(~pl.col("perhaps")).then(pl.lit(value=False))
    return (
        joined.with_columns(on_margin=answer, is_bound="is_bound_any")
        .select(*KEY, "trader_id", "symbol", "quantity", "occurred_on", "evidence_from", "trade_id", "is_bound", "on_margin", "source_file", "source_line")
        .sort(KEY)
    )
