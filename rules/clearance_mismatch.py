"""The clearance was for something else."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="high",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "matches_clearance_id", "fields": "fields"},
    needs=("clearances",),
    flag_needs=("corporate_actions",),
    because=f"{TRADE}; clearance {{matches_clearance_id}} differs from the trade in {{fields}}.",
    undecided=f"{TRADE}; whether clearance {{matches_clearance_id}} was for this trade is not known",
)
def clearance_mismatch() -> pl.Expr:
    """The clearance was for something else.

    What counts: the nearest clearance differs from the trade in account, person, side or symbol. An empty account in the
    clearance means any account.
    Not seen: what was meant where the log was filled in wrongly.
    To review: 1. compare the request with the broker's line, field by field; 2. ask the approver what was requested.
    """
    return ~pl.col("matches")
