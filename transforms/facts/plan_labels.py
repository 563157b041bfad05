"""Trades labelled with a Rule 10b5-1 plan that applies to them."""

import polars as pl


def plan_labels(executions: pl.DataFrame, plans: pl.DataFrame, plan_changes: pl.DataFrame, answerers: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """One row a trade and the plan that applies: same plan_id, symbol and side, adopted by then, and the plan's person
    holds the account or answers for it. `adoption_on` is the latest change of amount, price or timing by then, else
    the day of adoption (17 CFR 240.10b5-1(c)(1)(iv)); `planned_on_day` all units of the plan on that day.
    """
    named = (
        plans.join(symbols, left_on="symbol", right_on="printed", how="left", suffix="_now")
        .with_columns(symbol=pl.coalesce("symbol_now", "symbol"))
        .select(pl.exclude("symbol_now", "source_file", "source_line", "kind"))
    )
    labelled = executions.filter(pl.col("plan_id").is_not_null()).select(
        "trade_id", "root_id", "sequence", "account_id", "symbol", "side", "plan_id", "quantity", "price", "traded_on", "factor", "kind", "unit_id", "unit_root_id", "source_file", "source_line",
    )  # fmt: skip
    matched = labelled.join(named, on=["plan_id", "symbol", "side"]).filter(pl.col("adopted_on") <= pl.col("traded_on"))
    near = answerers.filter(pl.col("own") | pl.col("related").fill_null(value=False)).select("account_id", "person_id", traded_on="day")
    applied = matched.join(near, on=["account_id", "person_id", "traded_on"], how="semi")
    renewing = plan_changes.filter(pl.col("kind") != "termination").select("plan_id", "changed_on").sort("changed_on")
    dated = applied.sort("traded_on").join_asof(
        renewing.with_columns(renewed_on="changed_on"), left_on="traded_on", right_on="changed_on", by="plan_id",
        strategy="backward", check_sortedness=False,
    )  # fmt: skip
    return dated.with_columns(
        adoption_on=pl.coalesce("renewed_on", "adopted_on"),
        planned_on_day=pl.col("quantity").sum().over("plan_id", "traded_on"),
    ).sort("sequence")
