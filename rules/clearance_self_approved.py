"""Cleared by a party to the trade, or by someone tied to one."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="critical",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "independent_clearance_id", "decided_by": "independent_decided_by"},
    needs=("clearances",),
    clear_needs=("relations",),
    because=f"{TRADE}; {{independent_decided_by}}, who decided clearance {{independent_clearance_id}}, {{part}}.",
    undecided=f"{TRADE}; whether the approver had a part in the trade is not known",
)
def clearance_self_approved() -> pl.Expr:
    """Cleared by a party to the trade, or by someone tied to one.

    What counts: the approver is the requester, the person who answers or a holder of the account, or has one of the last
    two as a Related Person on the day of decision.
    Not seen: ties that the roster of relations does not hold.
    To review: 1. name the tie between approver and trade; 2. have another Compliance Officer decide what follows.
    """
    return ~pl.col("independent")
