"""The tables of the output folder, in the columns and order of the contract."""

from datetime import date

import polars as pl

from transforms.policy import Policy

FINDING_COLUMNS = [
    "finding_id", "rule", "clause", "severity", "outcome", "person_id", "trader_id", "subject", "trade_id", "symbol", "occurred_on",
    "because", "contested", "evidence", "state", "first_seen_on", "last_seen_on",
]  # fmt: skip


def findings_table(findings: pl.DataFrame) -> pl.DataFrame:
    """One row a finding, withdrawn ones included."""
    return findings.select(FINDING_COLUMNS).sort("finding_id")


def windows_table(windows: pl.DataFrame, reclosures: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """One row a quarter ended by the as-of date, from the first announced one; one more for each further re-closure."""
    announced = windows.filter(pl.col("announcement_id").is_not_null() | pl.col("preliminary_on").is_not_null())
    first = announced["quarter_ended_on"].min()
    held = windows.filter((pl.col("quarter_ended_on") <= as_of) & (pl.col("quarter_ended_on") >= (first or date.max)))
    nth = reclosures.sort("reclosed_on", "announcement_id").with_columns(turn=pl.int_range(pl.len()).over("quarter_ended_on"))
    once = nth.filter(pl.col("turn") == 0).select("quarter_ended_on", "reclosed_on", "reopens_on")
    main = held.join(once, on="quarter_ended_on", how="left")
    more = held.drop("announcement_id").join(nth.filter(pl.col("turn") > 0).drop("turn", "last_closed_on"), on="quarter_ended_on")
    columns = ["quarter_ended_on", "announcement_id", "opens_on", "closes_on", "reclosed_on", "reopens_on", "because"]
    both = pl.concat([main.with_columns(because=_because()).select(columns), more.with_columns(because=_because()).select(columns)])
    return both.select(pl.lit(policy.issuer_id).alias("issuer_id"), *columns).sort("quarter_ended_on", "reclosed_on", nulls_last=False)


def _because() -> pl.Expr:
    announced = pl.coalesce(pl.col("announced_at").dt.to_string("%Y-%m-%d %H:%M:%S"), pl.format("{} (time not known)", pl.col("announced_on").cast(pl.String)))
    opened = (
        pl.when(pl.col("announcement_id").is_null()).then(pl.lit("no final announcement is on record"))
        .when(pl.col("opens_on").is_null()).then(pl.format("announced {}, too late for a window", announced))
        .otherwise(pl.format("announced {}", announced))
    )  # fmt: skip
    again = pl.format("; closed again from {}", pl.col("reclosed_on").cast(pl.String))
    return pl.concat_str([opened, pl.when(pl.col("reclosed_on").is_null()).then(pl.lit("")).otherwise(again)])


def short_swings_table(short_swings: pl.DataFrame) -> pl.DataFrame:
    """One row a matched pair of one best allocation; units and prices on one split basis, profits not rounded."""
    return short_swings.select("person_id", "share_class", "buy_trade_id", "sell_trade_id", "quantity", "buy_price", "sell_price", "profit", "later_on").sort(
        "person_id", "share_class", "buy_trade_id", "sell_trade_id"
    )
