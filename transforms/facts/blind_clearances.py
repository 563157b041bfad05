"""Decisions whose time is not known, on which a verdict rests, or whose date lies outside the calendars."""

import polars as pl

from transforms.calendar import FIRST, LAST
from transforms.facts._spots import spots


def blind_clearances(clearance_pairs: pl.DataFrame, clearance_terms: pl.DataFrame) -> pl.DataFrame:
    """unknown_time and beyond_calendar, a row a clearance."""
    asked = clearance_pairs.select("clearance_id").unique()
    untimed = clearance_terms.filter(pl.col("decided_at").is_null() & (pl.col("decision") != "pending")).join(asked, on="clearance_id", how="semi")
    outside = clearance_terms.filter(pl.col("decided_on").is_not_null() & ~pl.col("decided_on").is_between(FIRST, LAST))
    span = pl.lit(f"outside the calendars ({FIRST} to {LAST})")
    return pl.concat([
        spots(untimed, "unknown_time", "clearance_id", pl.format("{}: decided on {} at a time that is not known; it counts as received before the open unless read otherwise.", "clearance_id", pl.col("decided_on").cast(pl.String).fill_null("no date"))),
        spots(outside, "beyond_calendar", "clearance_id", pl.format("{}: decided on {}, {}.", "clearance_id", pl.col("decided_on").cast(pl.String), span)),
    ])  # fmt: skip
