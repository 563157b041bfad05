"""Traded on a clearance that had been revoked."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="high",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "unrevoked_clearance_id", "revoked_at": "unrevoked_revoked_at"},
    needs=("clearances",),
    because=f"{TRADE}; clearance {{unrevoked_clearance_id}} was revoked on {{unrevoked_revoked_at}}.",
    undecided=f"{TRADE}; clearance {{unrevoked_clearance_id}} was revoked on that day, and whether the trade came first is not on record",
)
def clearance_revoked() -> pl.Expr:
    """Traded on a clearance that had been revoked.

    What counts: the clearance was revoked at or before the execution.
    Not seen: when the revocation reached the person.
    To review: 1. compare the time of execution with the time of revocation; 2. find out how and when the person was told.
    """
    return ~pl.col("unrevoked")
