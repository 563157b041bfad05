"""A trade outside the recorded terms of its plan."""

import polars as pl

from rules import TRADE, rule


@rule(
    over="plan_trades",
    severity="high",
    applies=pl.lit(value=True),
    evidence=("plan_id", "fields"),
    needs=("plans", "plan_changes"),
    because=f"{TRADE} under plan {{plan_id}}; it departs from the plan in {{fields}}.",
    undecided=f"{TRADE} under plan {{plan_id}}; no price is on record to compare with the plan's limit",
)
def plan_deviation() -> pl.Expr:
    """A trade outside the recorded terms of its plan.

    What counts: a trade under a plan outside its days, after its termination, worse than its limit, or more on a day than it allows.
    Not seen: whether the plan's own formula would have called for the trade.
    To review: 1. read the plan's terms in force on that day; 2. ask the broker why it executed.
    """
    return ~pl.col("keeps_terms")
