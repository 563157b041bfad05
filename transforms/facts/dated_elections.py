"""Elections in purchase programmes, with the window and the project lists on their day."""

import polars as pl

from transforms.facts.standings import standing_on
from transforms.policy import Policy


def dated_elections(elections: pl.DataFrame, lists: pl.DataFrame, window_days: pl.DataFrame, standings: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """One row an election: `is_open` (the window on its day), `is_listed` (on a project list of the issuer), `designated`."""
    placed = standing_on(elections, standings, "person_id", "elected_on", ("designated",))
    windowed = placed.join(window_days.select("day", "is_open"), left_on="elected_on", right_on="day", how="left")
    project = lists.filter((pl.col("kind") == "project") & (pl.col("issuer_id") == policy.issuer_id)).select(
        listed_id="person_id", _from=pl.col("added_at").dt.date(), _until=pl.min_horizontal(pl.col("removed_at").dt.date(), pl.col("public_at").dt.date())
    )
    entries = pl.concat([
        windowed.select("person_id", "elected_on").join(project.filter(pl.col("listed_id") != "*"), left_on="person_id", right_on="listed_id"),
        windowed.select("person_id", "elected_on").join(project.filter(pl.col("listed_id") == "*").drop("listed_id"), how="cross"),
    ], how="diagonal_relaxed").filter((pl.col("_from") <= pl.col("elected_on")) & (pl.col("_until").is_null() | (pl.col("elected_on") <= pl.col("_until"))))  # fmt: skip
    on_list = entries.select("person_id", "elected_on", is_listed=pl.lit(value=True)).unique()
    return windowed.join(on_list, on=["person_id", "elected_on"], how="left").with_columns(
        is_listed=pl.col("is_listed").fill_null(value=False), occurred_on="elected_on",
        election=pl.concat_str(["program", pl.col("elected_on").cast(pl.String), "kind"], separator=":"),
    ).sort("person_id", "election")  # fmt: skip
