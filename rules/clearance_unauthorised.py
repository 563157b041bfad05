"""Cleared by someone without an approving role on record."""

import polars as pl

from rules import TRADE, rule
from transforms.facts.clearable_trades import EXEMPT_FROM_CLEARANCE


@rule(
    over="cleared_trades",
    severity="high",
    applies=pl.col("needs_clearance"),
    exempt=EXEMPT_FROM_CLEARANCE,
    evidence={"clearance_id": "authorised_clearance_id", "decided_by": "authorised_decided_by"},
    needs=("clearances",),
    because=f"{TRADE}; clearance {{authorised_clearance_id}} was decided by {{authorised_decided_by}}, for whom no role of a Compliance Officer is on record on the day of the decision.",
    undecided=f"{TRADE}; clearance {{authorised_clearance_id}} names nobody who decided it",
)
def clearance_unauthorised() -> pl.Expr:
    """Cleared by someone without an approving role on record.

    What counts: whoever decided held no office of a Compliance Officer on the New York date of the decision. Outside
    counsel is none.
    Not seen: a delegation that the roster of roles does not hold.
    To review: 1. look up the approver's roles on the day of decision; 2. ask for the delegation, if one is claimed.
    """
    return ~pl.col("authorised")
