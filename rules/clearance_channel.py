"""Clearance confirmed by another channel."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="clearance_uses",
    severity="info",
    applies=pl.col("confirmed"),
    evidence={"clearance_id": "unusual_clearance_id", "channel": "channel"},
    needs=("clearances",),
    because=f"{TRADE}; clearance {{unusual_clearance_id}} was confirmed by {{channel}}; the policy names oral confirmation and email.",
    undecided=f"{TRADE}; how clearance was confirmed is not known",
)
def clearance_channel() -> pl.Expr:
    """Clearance confirmed by another channel.

    What counts: a clearance that the order drew on was confirmed neither orally nor by email.
    Not seen: a second confirmation by email that was not logged.
    To review: 1. ask the officer for the message; 2. have it filed with the log.
    """
    return pl.col("unusual_clearance_id").is_not_null()
