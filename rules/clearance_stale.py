"""Traded after the clearance's last day."""

import polars as pl

from rules import TRADE, Limit, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="high",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "in_time_clearance_id", "valid_through_on": "in_time_valid_through_on"},
    needs=("clearances",),
    limits=(Limit("last day of the clearance", "drawn_until_on"),),
    because=f"{TRADE}; clearance {{in_time_clearance_id}} could be used through {{in_time_valid_through_on}}.",
    undecided=f"{TRADE}; clearance {{in_time_clearance_id}} has no date of decision, so its last day is not known",
)
def clearance_stale() -> pl.Expr:
    """Traded after the clearance's last day.

    What counts: the trade date lies after the last full trading day of the clearance, or after the day to which it was
    extended, whichever is later. The whole last day is in time.
    Not seen: an extension that was granted but not logged.
    To review: 1. count the sessions from the receipt of the clearance (half days count, the day of receipt only if it came
    before the open); 2. ask the Compliance Officer whether an extension was granted before the trade.
    """
    return ~pl.col("in_time")
