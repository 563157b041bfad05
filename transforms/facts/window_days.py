"""Whether the window is open on each calendar day, and if not, why."""

from datetime import timedelta

import polars as pl

from transforms.calendar import FIRST, LAST, Sessions
from transforms.policy import Policy


def window_days(windows: pl.DataFrame, reclosures: pl.DataFrame, sessions: Sessions, policy: Policy, missing: frozenset[str]) -> pl.DataFrame:
    """One row a calendar day within the calendars: `is_open` (null = not known), `reason` why it is not, and the
    opens_on and closes_on that the reason speaks of. `settles_on`: when a trade of the day usually settles.

    Only the window of the last quarter end before a day can hold it. Source: policy VI.A, IV.C.
    """
    days = pl.DataFrame({"day": pl.date_range(FIRST, LAST, timedelta(days=1), eager=True)})
    known = windows.with_columns(
        window_before_opens_on=pl.col("opens_on").shift(1),
        window_before_closed_on=pl.coalesce(pl.col("closes_on").shift(1), "quarter_ended_on"),
        _from=pl.col("quarter_ended_on") + pl.duration(days=1),
    ).sort("_from")
    held = days.join_asof(known, left_on="day", right_on="_from", strategy="backward", check_sortedness=False)
    shut = held.join_where(
        reclosures.select("reclosed_on", "reopens_on", "last_closed_on"),
        pl.col("day") >= pl.col("reclosed_on"), pl.col("day") <= pl.col("last_closed_on"),
    ).group_by("day").agg(reclosed=pl.lit(value=True).first(), reopens_on=pl.col("reopens_on").max())  # fmt: skip
    joined = held.join(shut, on="day", how="left").with_columns(reclosed=pl.col("reclosed").fill_null(value=False))
    told = joined.with_columns(reason=_reason()).with_columns(
        opens_on=pl.when(pl.col("reason") == "after_quarter_end").then("window_before_opens_on")
        .when(pl.col("reason") == "restated").then("reopens_on")
        .when(pl.col("reason").is_in(["no_announcement", "empty_window"])).then(None)
        .otherwise("opens_on"),
        closes_on=pl.when(pl.col("reason") == "after_quarter_end").then("window_before_closed_on").otherwise("closes_on"),
        settles_on=sessions.every.after(pl.col("day"), policy.parameter("settlement.sessions").on(pl.col("day"))),
        window_closes_on="closes_on",
    )  # fmt: skip
    uncertain = pl.lit("announcements" in missing) | (pl.col("reason") == "unknown")
    return told.select(
        "day", "quarter_ended_on", "announcement_id", "announced_on", "announced_at", "window_closes_on", "settles_on",
        is_open=pl.when(~uncertain.fill_null(value=False)).then(pl.col("reason").is_null()),
        reason=pl.when(~uncertain).then("reason"),
        opens_on="opens_on", closes_on="closes_on",
    ).sort("day")  # fmt: skip


def _reason() -> pl.Expr:
    """The first that holds; null = open."""
    day, announced = pl.col("day"), pl.col("announced_on")
    before = announced.is_null() | (announced > day)
    return (
        pl.when(before & (pl.col("preliminary_on") <= day)).then(pl.lit("preliminary_only"))
        .when(announced.is_null()).then(pl.lit("no_announcement"))
        .when(announced > day).then(pl.lit("after_quarter_end"))
        .when(pl.col("is_empty").is_null()).then(pl.lit("unknown"))
        .when(pl.col("is_empty")).then(pl.lit("empty_window"))
        .when(day < pl.col("opens_on")).then(pl.lit("before_open"))
        .when(day > pl.col("closes_on")).then(pl.lit("after_close"))
        .when(pl.col("reclosed")).then(pl.lit("restated"))
    )  # fmt: skip
