"""Trades about which something can't be seen: no session, off hours, amendments of nothing, symbols nobody knows."""

from datetime import time

import polars as pl

from transforms.calendar import FIRST, LAST, Sessions
from transforms.facts._spots import spots
from transforms.policy import Policy

MARKET = ("buy", "sell", "short_sell", "cover", "sell_to_cover")


def blind_trades(
    executions: pl.DataFrame,
    amendments: pl.DataFrame,
    trades: pl.DataFrame,
    plans: pl.DataFrame,
    sessions: Sessions,
    policy: Policy,
    missing: frozenset[str],
) -> pl.DataFrame:
    """Blind spots of trades: one row each (a symbol that is not in securities: one row a symbol)."""
    day = pl.col("traded_on").cast(pl.String)
    public = executions.filter(pl.col("kind").is_in(MARKET) & (pl.col("venue") == "public"))
    held = sessions.every.counts(pl.col("traded_on"))
    clock = pl.col("traded_at").dt.time()
    early, late = (policy.clock(f"data_quality.{name}") for name in ("day_from", "day_until"))
    timed = executions.filter(pl.col("traded_at").is_not_null())
    unmatched = trades.join(amendments.filter("is_unmatched"), on="trade_id", how="semi")
    known = executions.filter(pl.col("asset").is_null()).group_by("symbol").agg(pl.len().alias("count"))
    unplanned = executions.filter(pl.col("plan_id").is_not_null() & ~pl.col("plan_id").is_in(plans["plan_id"].implode()) & ("plans" not in missing))
    outside = executions.filter(~pl.col("traded_on").is_between(FIRST, LAST))
    return pl.concat([
        spots(public.filter(~held), "non_trading_day", "trade_id", pl.format("{}: a {} on {}, which is no session of the exchange; it is tested by that date.", "trade_id", "kind", day)),
        spots(timed.filter((clock < early) | (clock > late) | ~held), "off_hours", "trade_id", pl.format("{}: executed at {} on {}, outside {} to {} of a session.", "trade_id", clock.cast(pl.String), day, pl.lit(str(time(early.hour))), pl.lit(str(time(late.hour))))),
        spots(unmatched, "unmatched_cancel", "trade_id", pl.format("{}: a {} of {}, which is not on record; {}.", "trade_id", "action", pl.col("amends").fill_null("no line"), pl.when(pl.col("action") == "cancel").then(pl.lit("it has no effect")).otherwise(pl.lit("it counts as a new trade")))),
        spots(known, "failed_expectation", "symbol", pl.format("{}: {} trades in a symbol that is not in securities; they are taken as no Company Securities.", "symbol", "count"), rows="count"),
        spots(unplanned, "failed_expectation", "trade_id", pl.format("{}: the plan {} is not in plans, so the label has no effect.", "trade_id", "plan_id")),
        spots(outside, "beyond_calendar", "trade_id", pl.format("{}: traded on {}, outside the calendars ({} to {}).", "trade_id", day, pl.lit(str(FIRST)), pl.lit(str(LAST)))),
    ])  # fmt: skip
