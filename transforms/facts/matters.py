"""Everything on record that a case can be about."""

import polars as pl


def matters(
    executions: pl.DataFrame, clearances: pl.DataFrame, plans: pl.DataFrame, orders: pl.DataFrame, accounts: pl.DataFrame, holdings: pl.DataFrame,
    filings: pl.DataFrame, instruments: pl.DataFrame, escalations: pl.DataFrame, elections: pl.DataFrame, attestations: pl.DataFrame, reviews: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """One row an id that a review names: trades by their root, orders, clearances, plans, accounts, positions, filings, classes, and the rest."""
    wanted = reviews["case_id"].str.extract(r"^[^/]+/(.+)$").unique()
    ids = [
        executions["unit_root_id"], executions["root_id"], executions["order_id"], orders["order_id"], clearances["clearance_id"], plans["plan_id"],
        accounts["account_id"], filings["accession"], instruments["share_class"], escalations["escalation_id"], reviews["review_id"],
        holdings.select(pl.concat_str("account_id", "symbol", separator=":")).to_series(),
        elections.select(pl.concat_str("program", pl.col("elected_on").cast(pl.String), "kind", separator=":")).to_series(),
        attestations["quarter_ended_on"].cast(pl.String),
    ]  # fmt: skip
    return pl.DataFrame({"matter": pl.concat([each.filter(each.is_in(wanted.implode())).alias("matter") for each in ids])}).drop_nulls().unique().sort("matter")
