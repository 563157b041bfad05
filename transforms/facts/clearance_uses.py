"""Each order with the clearances that it drew on: how early they were asked for, and how they were confirmed."""

import polars as pl


def clearance_uses(clearable_trades: pl.DataFrame, clearance_draws: pl.DataFrame, clearance_terms: pl.DataFrame) -> pl.DataFrame:
    """One row an order and person with a draw. `sooner_clearance_id`: clearances whose request allowed a first day after
    the trade, `earliest_on` the latest such day, `asked` whether any says when it was requested (policy VI.B.1);
    `unusual_clearance_id` and `channel`: those confirmed neither orally nor by email, `confirmed` whether any says how.
    """
    trades = clearable_trades.select(
        "trade_id",
        "person_id",
        "trader_id",
        "root_id",
        "unit_root_id",
        "sequence",
        "kind",
        "quantity",
        "symbol",
        "traded_on",
        "occurred_on",
        "source_file",
        "source_line",
    )
    terms = clearance_terms.select("clearance_id", "earliest_on", "channel", "requested_on")
    drawn = clearance_draws.filter(pl.col("drawn_today") > 0).select("trade_id", "person_id", "clearance_id", "unit_id", "turn")
    used = drawn.join(trades, on=["trade_id", "person_id"]).join(terms, on="clearance_id").sort("sequence", "turn", "clearance_id")
    sooner = (pl.col("traded_on") < pl.col("earliest_on")).fill_null(value=False)
    unusual = (~pl.col("channel").str.to_lowercase().str.strip_chars().is_in(["oral", "email"])).fill_null(value=False)
    marked = used.with_columns(sooner=sooner, unusual=unusual).with_columns(matters=pl.col("sooner") | pl.col("unusual"))
    return marked.sort("matters", "sequence", descending=[True, False], maintain_order=True).group_by("unit_id", "person_id", maintain_order=True).agg(
        *(pl.col(c).first() for c in trades.columns if c != "person_id"),
        sooner_clearance_id=pl.col("clearance_id").filter("sooner").unique(maintain_order=True).str.join(";").replace("", None),
        earliest_on=pl.col("earliest_on").filter("sooner").max(), asked=pl.col("requested_on").is_not_null().any(),
        unusual_clearance_id=pl.col("clearance_id").filter("unusual").unique(maintain_order=True).str.join(";").replace("", None),
        channel=pl.col("channel").filter("unusual").first(), confirmed=pl.col("channel").is_not_null().any(),
    )  # fmt: skip
