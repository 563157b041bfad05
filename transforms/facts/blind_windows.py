"""Announcements about which something can't be seen or does not fit."""

from datetime import date

import polars as pl

from transforms.facts._spots import spots
from transforms.policy import Policy


def blind_windows(
    announcements: pl.DataFrame,
    windows: pl.DataFrame,
    window_trades: pl.DataFrame,
    quarters: pl.DataFrame,
    policy: Policy,
    as_of: date,
    missing: frozenset[str],
) -> pl.DataFrame:
    """missing_announcement, failed_expectation (a final of no quarter, or a second one) and unknown_time."""
    ours = announcements.filter((pl.col("issuer_id") == policy.issuer_id) & (pl.col("kind") == "final"))
    first = announcements.filter(pl.col("issuer_id") == policy.issuer_id)["quarter_ended_on"].min()
    patience = pl.duration(days=policy.parameter("window.missing_announcement_after").on(pl.col("quarter_ended_on")))
    silent = windows.filter(
        pl.col("announcement_id").is_null() & (pl.col("quarter_ended_on") + patience < as_of)
        & (pl.col("quarter_ended_on") >= pl.lit(first, dtype=pl.Date))
    )  # fmt: skip
    if "announcements" in missing:
        silent = silent.clear()
    fits = pl.col("quarter_ended_on").is_in(quarters["quarter_ended_on"].implode()) & (pl.col("announced_on") > pl.col("quarter_ended_on"))
    odd = ours.filter(~fits.fill_null(value=False))
    second = ours.filter(fits).join(windows, on="announcement_id", how="anti")
    tested = window_trades.filter(pl.col("is_bound") & pl.col("is_company_security")).select("announcement_id").unique()
    untimed = ours.filter(pl.col("announced_at").is_null()).join(tested, on="announcement_id", how="semi")
    quarter = pl.col("quarter_ended_on").cast(pl.String)
    return pl.concat([
        spots(silent, "missing_announcement", "quarter_ended_on", pl.format("No final results of the quarter ended {} are on record; its window is taken as closed.", quarter)),
        spots(odd, "failed_expectation", "announcement_id", pl.format("{}: a final announcement for {}, which is no quarter end before {}; it opens nothing.", "announcement_id", quarter.fill_null("no quarter"), pl.col("announced_on").cast(pl.String))),
        spots(second, "failed_expectation", "announcement_id", pl.format("{}: a second final announcement for the quarter ended {}; it has no effect.", "announcement_id", quarter)),
        spots(untimed, "unknown_time", "announcement_id", pl.format("{}: announced on {} at a time that is not known; it counts as after the open unless read otherwise.", "announcement_id", pl.col("announced_on").cast(pl.String))),
    ])  # fmt: skip
