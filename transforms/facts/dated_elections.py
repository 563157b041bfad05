"""Elections in purchase programmes, with the window and the project lists on their day."""

import polars as pl

from transforms.facts.list_entries import on_project
from transforms.facts.standings import standing_on
from transforms.policy import Policy


def dated_elections(elections: pl.DataFrame, list_entries: pl.DataFrame, window_days: pl.DataFrame, standings: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row an election: `is_open` (the window on its day), `is_listed` (on a project list of the issuer), `designated`."""
    placed = standing_on(elections, standings, "person_id", "elected_on", ("designated",))
    windowed = placed.join(window_days.select("day", "is_open"), left_on="elected_on", right_on="day", how="left")
    on_list = on_project(windowed, list_entries, policy, "elected_on").with_columns(is_listed=pl.lit(value=True))
    return windowed.join(on_list, on=["person_id", "elected_on"], how="left").with_columns(
        is_listed=pl.col("is_listed").fill_null(value=False),
        shown=pl.when(~pl.col("is_open")).then(pl.when("is_listed").then(pl.lit("both")).otherwise(pl.lit("window"))).otherwise(pl.lit("list")),
        occurred_on="elected_on",
        election=pl.concat_str(["program", pl.col("elected_on").cast(pl.String), "kind"], separator=":"),
    ).sort("person_id", "election")  # fmt: skip
