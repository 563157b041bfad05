"""One day after the last matching day."""

import polars as pl

from rules import rule


@rule(
    over="swing_near_misses",
    severity="info",
    applies=pl.lit(value=True),
    flag_needs=("corporate_actions",),
    clear_needs=("corporate_actions",),
    because="A transaction in {symbol} on {later_on} came one day after {cutoff_on}, the last day on which it would have matched {earlier_id} of {earlier_on} at a gain, prices on one split basis.",
    undecided="{symbol} on {later_on}: whether it matches is not known",
)
def short_swing_near_miss() -> pl.Expr:
    """One day after the last matching day.

    What counts: an opposite transaction at a gain lies exactly one day after the last day of less than six months.
    Not seen: dates that are wrong on the statement.
    To review: 1. confirm both trade dates on the broker's confirmations.
    """
    return pl.col("misses_by_a_day")
