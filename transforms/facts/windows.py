"""The windows that earnings open, and what closes them again."""

import polars as pl

from transforms.calendar import Sessions
from transforms.counting import available_from
from transforms.policy import Policy

UNKNOWN_TIME = "counting.unknown_announcement_time"


def windows(announcements: pl.DataFrame, quarters: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    """One row a fiscal quarter: its final announcement, opens_on (null = empty or no announcement), closes_on.

    `is_empty`: announced, but would open after it closes; `opens_on` and `is_empty` are both null where a date lies
    outside the calendars. `preliminary_on`: first preliminary announcement. Source: policy VI.A, IV.C.
    """
    ours = announcements.filter(pl.col("issuer_id") == policy.issuer_id)
    order = ["announced_on", "announced_at", "announcement_id"]
    named = ours.filter(pl.col("announced_on") > pl.col("quarter_ended_on")).sort(order)
    final = named.filter(pl.col("kind") == "final").unique("quarter_ended_on", keep="first", maintain_order=True)
    preliminary = named.filter(pl.col("kind") == "preliminary").group_by("quarter_ended_on").agg(preliminary_on=pl.col("announced_on").min())
    columns = ["quarter_ended_on", "announcement_id", "announced_on", "announced_at", "source_file", "source_line"]
    dated = quarters.join(final.select(columns), on="quarter_ended_on", how="left").join(preliminary, on="quarter_ended_on", how="left")
    on, at = pl.col("announced_on"), pl.col("announced_at")
    if policy.reads("window.open_method", "literal"):
        opens = sessions.every.after(on, policy.full_trading_days("window").on(on))
    else:
        opens = available_from(on, at, UNKNOWN_TIME, sessions, policy, "window")
    early = pl.duration(days=policy.parameter("window.closes_before").on(pl.col("next_ends_on")))
    opened = dated.with_columns(would_open_on=opens, closes_on=pl.col("next_ends_on") - early)
    return opened.with_columns(
        opens_on=pl.when(pl.col("would_open_on") <= pl.col("closes_on")).then("would_open_on"),
        is_empty=pl.col("would_open_on") > pl.col("closes_on"),
    )
