"""Traded without a clearance on record."""

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
    because=f"{TRADE}; no approval or denial of a request by or for those involved is on record from {{near_from_on}} to {{near_until_on}}.",
    undecided=f"{TRADE}; whether it was cleared is not known",
)
def clearance_missing() -> pl.Expr:
    """Traded without a clearance on record.

    What counts: a purchase or sale of Company Securities by a designated person, a Compliance Officer or a Related Person of
    either, where no approval or denial near in time speaks of it. A clearance is dated by the day it was received.
    Not seen: an oral clearance that was never logged.
    To review: 1. ask the Compliance Officers for a record of the request near the trade, within the look-back and
    look-ahead of the policy file; 2. where there is one, have it logged with its time of receipt and run the night again.
    """
    return ~pl.col("has_candidate")
