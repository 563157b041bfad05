"""Trades as they stand: cancels and corrections followed to the end, symbols to today's name, orders to units."""

import polars as pl

from transforms.facts.footings import on_todays_footing
from transforms.policy import Policy


def executions(
    trades: pl.DataFrame,
    amendments: pl.DataFrame,
    kinds: pl.DataFrame,
    symbols: pl.DataFrame,
    instruments: pl.DataFrame,
    footings: pl.DataFrame,
    policy: Policy,
) -> pl.DataFrame:
    """One row a trade that stands, in order of time (`sequence`).

    `root_id` is the first trade_id of its chain, `unit_id` its order, `unit_root_id` the root of the order's first
    fill. Quantities are units as printed; `factor` puts them on today's split basis.
    """
    standing = trades.join(amendments.filter("stands").select("trade_id", "root_id"), on="trade_id", how="inner")
    named = standing.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now")
    described = (
        named.with_columns(symbol=pl.coalesce("symbol_now", "symbol")).drop("symbol_now")
        .join(instruments.drop("issuer_id"), on="symbol", how="left")
        .join(kinds, on="kind", how="left")
        .with_columns(
            venue=pl.col("venue").fill_null("public"),
            is_company_security=pl.col("is_company_security").fill_null(value=False),
            is_company_derivative=pl.when(pl.col("asset").is_null()).then(pl.lit(value=False)).otherwise("is_company_derivative"),
            occurred_on="traded_on",
        )
    )  # fmt: skip
    ordered = described.sort("traded_on", pl.coalesce(pl.col("traded_at").dt.time(), pl.time()), "trade_id")
    united = ordered.with_row_index("sequence").with_columns(unit_id=_unit(policy))
    united = united.with_columns(unit_root_id=pl.col("root_id").first().over("unit_id"))
    return on_todays_footing(united, footings, "traded_on")


def _unit(policy: Policy) -> pl.Expr:
    if policy.reads("clearance.unit", "fill"):
        return pl.col("trade_id")
    side = pl.coalesce("side", "kind")
    day = pl.concat_str(["account_id", "symbol", side, pl.col("traded_on").cast(pl.String)], separator="|")
    order = pl.concat_str(["account_id", pl.lit("order"), "order_id"], separator="|")
    return pl.when(pl.col("order_id").is_null()).then(day).otherwise(order)
