"""Cleared only after the trade."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="high",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "decided_before_clearance_id", "decided_at": "decided_before_decided"},
    needs=("clearances",),
    because=f"{TRADE}; clearance {{decided_before_clearance_id}} was received on {{decided_before_decided_said}}, after the execution.",
    undecided=f"{TRADE}; it was executed on the day clearance {{decided_before_clearance_id}} was received, and which came first is not on record",
)
def clearance_after_trade() -> pl.Expr:
    """Cleared only after the trade.

    What counts: the approval behind the trade reached the person after the execution; equal instants are in time.
    Not seen: a decision given orally before it was logged.
    To review: 1. compare the broker's time of execution with the time of receipt in the log; 2. where a time is missing,
    ask the broker for the execution time and the officer for the time of the reply.
    """
    return ~pl.col("decided_before")
