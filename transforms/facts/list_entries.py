"""Entries on restricted and project lists, each with its end."""

import polars as pl

from transforms.calendar import Sessions
from transforms.counting import available_from
from transforms.policy import Policy


def list_entries(lists: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    """One row an entry: `listed_id` (`*` = everyone), `list_kind`, `added_at`, and its end: `tradable_from_on`, the first day
    after the full days that follow publication, or `ended_at`, the removal if that came first; both null = no end.
    `ends`: the day of either. Source: policy III, V.B, V.F.
    """
    public = available_from(pl.col("public_at").dt.date(), pl.col("public_at"), "counting.unknown_announcement_time", sessions, policy, "list")
    removal_counts = pl.col("removed_at").is_not_null() & (pl.col("public_at").is_null() | (pl.col("removed_at") < pl.col("public_at")))
    if policy.reads("list.end", "removal_ignored"):
        removal_counts = pl.col("removed_at").is_not_null() & pl.col("public_at").is_null()
    dated = lists.with_columns(removal_counts=removal_counts, public_until=public)
    return dated.select(
        "list_id", "issuer_id", "added_at", listed_id="person_id", list_kind="kind",
        tradable_from_on=pl.when(~pl.col("removal_counts")).then("public_until"), ended_at=pl.when("removal_counts").then("removed_at"),
        ends=pl.when("removal_counts").then(pl.col("removed_at").dt.date()).otherwise("public_until"),
    )  # fmt: skip


def on_project(frame: pl.DataFrame, list_entries: pl.DataFrame, policy: Policy, day: str) -> pl.DataFrame:
    """The person_id and day of each row on whose day the person stands on a project list of the issuer."""
    project = list_entries.filter((pl.col("list_kind") == "project") & (pl.col("issuer_id") == policy.issuer_id))
    asked = frame.select("person_id", day).unique()
    entries = pl.concat([
        asked.join(project.filter(pl.col("listed_id") != "*"), left_on="person_id", right_on="listed_id"),
        asked.join(project.filter(pl.col("listed_id") == "*").drop("listed_id"), how="cross"),
    ], how="diagonal_relaxed")  # fmt: skip
    since = pl.col("added_at").dt.date() <= pl.col(day)
    until_news = pl.col("tradable_from_on").is_null() | (pl.col(day) < pl.col("tradable_from_on"))
    until_removal = pl.col("ended_at").is_null() | (pl.col(day) <= pl.col("ended_at").dt.date())
    return entries.filter(since & until_news & until_removal).select("person_id", day).unique()
