"""Company Securities that are, or may be, held on margin, row by row."""

import polars as pl

from transforms.policy import Policy

KEY = ["account_id", "person_id"]


def margin_positions(held_securities: pl.DataFrame, answered_trades: pl.DataFrame, account_terms: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row a holding or trade of Company Securities and person: `is_bound`, `on_margin` (null = not known) and `counts`,
    both together; `evidence_from` says whether a holding or a trade shows it, `shown_as` how; `sequence` is that of the trade. Source: policy V.E, VII.B.
    """
    own, around = pl.col("own"), pl.col("own") | pl.col("related")
    scopes = {"v_e": pl.col("designated") & around, "vii_b": pl.col("pledge_bound") & own, "directors": pl.col("director") & own}
    bound = scopes[str(policy.reading("margin.scope"))]
    held = held_securities.filter(pl.col("is_company_security") & (pl.col("quantity") > 0)).with_columns(is_bound=bound, on_margin=_held_on_margin())
    in_cash = held.filter(pl.col("position") == "cash").select("account_id", "symbol").unique()
    traded = answered_trades.filter(pl.col("is_company_security") & pl.col("side").is_in(["buy", "sell"])).join(
        in_cash, on=["account_id", "symbol"], how="anti"
    ).join(account_terms, on="account_id", how="left").with_columns(is_bound=bound, on_margin="is_margin")  # fmt: skip
    return pl.concat([
        held.select(*KEY, "symbol", "quantity", "is_bound", "on_margin", "source_file", "source_line", sequence=pl.lit(None, dtype=pl.UInt32), occurred_on="held_on", trader_id="related_trader_id", evidence_from=pl.lit("holding"), shown_as=pl.when(pl.col("position") == "margin").then(pl.lit("margin_position")).otherwise(pl.lit("margin_account")), trade_id=pl.lit(None, dtype=pl.String)),
        traded.select(*KEY, "symbol", "quantity", "is_bound", "on_margin", "source_file", "source_line", "sequence", "occurred_on", trader_id="related_trader_id", evidence_from=pl.lit("trade"), shown_as=pl.lit("trade"), trade_id="trade_id"),
    ], how="vertical_relaxed").with_columns(counts=pl.col("is_bound") & pl.col("on_margin"))  # fmt: skip


def _held_on_margin() -> pl.Expr:
    return (
        pl.when(pl.col("position") == "margin").then(pl.lit(value=True))
        .when(pl.col("position") == "unknown").then("is_margin")
        .otherwise(pl.lit(value=False))
    )  # fmt: skip
