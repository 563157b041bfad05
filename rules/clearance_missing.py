"""Traded without any clearance."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="high",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence=(),
    needs=("clearances",),
    speaks_for_family=True,
    because=f"{TRADE}; no clearance asked for by or covering those involved was decided within the look-back and look-ahead.",
    undecided=f"{TRADE}; whether it was cleared is not known",
)
def clearance_missing() -> pl.Expr:
    """Traded without any clearance.

    What counts: a purchase or sale of Company Securities by a designated person, a Compliance Officer or a Related Person of
    either, where no approval or denial near in time speaks of it. A clearance is dated by the day it was received.
    Not seen: an oral clearance that was never logged.
    To review: 1. ask the Compliance Officers for a record of the request near the trade, within the look-back and
    look-ahead of the policy file; 2. where there is one, have it logged with its time of receipt and run the night again.
    """
    return ~pl.col("has_candidate")
