"""Traded on a clearance that another order had used."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="medium",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "unused_clearance_id", "used_by": "used_by"},
    needs=("clearances",),
    silent=pl.col("may_be_shared"),
    because=f"{TRADE}; clearance {{unused_clearance_id}} had been drawn on by the order of {{used_by}}.",
    undecided=f"{TRADE}; whether clearance {{unused_clearance_id}} had been used is not known",
)
def clearance_reused() -> pl.Expr:
    """Traded on a clearance that another order had used.

    What counts: another order drew on the clearance before, and the clearance does not say that several trades may.
    Not seen: a new confirmation before the second order that was not logged.
    To review: 1. see which order used the clearance first; 2. ask whether a new confirmation was given.
    """
    return ~pl.col("unused") | pl.when(~pl.col("may_be_shared")).then(pl.lit(value=False))
