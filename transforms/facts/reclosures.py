"""Restatements and corrections that close an open window again."""

import polars as pl

from transforms.calendar import Sessions
from transforms.counting import available_from
from transforms.facts.windows import UNKNOWN_TIME
from transforms.policy import Policy


def reclosures(announcements: pl.DataFrame, windows: pl.DataFrame, sessions: Sessions, policy: Policy) -> pl.DataFrame:
    """One row an announcement that closes the window holding its date: quarter_ended_on (of the window), announcement_id,
    reclosed_on, reopens_on (null = not before the window ends) and last_closed_on. Source: policy VI.A, IV.C.
    """
    kinds = ["restated", "correction"] if policy.reads("window.restated", "recloses") else []
    if policy.reads("window.material", "recloses"):
        kinds.append("material")
    ours = announcements.filter((pl.col("issuer_id") == policy.issuer_id) & pl.col("kind").is_in(kinds))
    held = ours.select("announcement_id", "announced_on", "announced_at").join_where(
        windows.select(window_of="quarter_ended_on", opens_on="opens_on", closes_on="closes_on"),
        pl.col("announced_on") >= pl.col("opens_on"),
        pl.col("announced_on") <= pl.col("closes_on"),
    )
    back = available_from(pl.col("announced_on"), pl.col("announced_at"), UNKNOWN_TIME, sessions, policy, "window")
    timed = held.with_columns(back_on=back).sort("announced_on", "announcement_id")
    chain = (pl.col("announced_on") > pl.col("back_on").cum_max().shift(1)).fill_null(value=True).cum_sum().over("window_of")
    merged = timed.with_columns(chain=chain).with_columns(back_on=pl.col("back_on").max().over("window_of", "chain"))
    return merged.select(
        quarter_ended_on="window_of",
        announcement_id="announcement_id",
        reclosed_on="announced_on",
        reopens_on=pl.when(pl.col("back_on") <= pl.col("closes_on")).then("back_on"),
        last_closed_on=pl.min_horizontal(pl.col("back_on") - pl.duration(days=1), "closes_on"),
    )
