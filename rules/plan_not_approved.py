"""Traded under a plan without a timely approval."""

import polars as pl

from rules import rule


@rule(
    over="plan_terms",
    severity="high",
    applies=pl.col("is_used"),
    evidence=("plan_id",),
    silent=pl.col("is_used").is_null(),
    needs=("plans",),
    subject="plan_id",
    speaks_for_family=True,
    because_by="lacking",
    because={
        "approval": "Plan {plan_id}, adopted on {adopted_on}, was first used on {first_traded_on}; no approval of it is on record.",
        "time": "Plan {plan_id}, adopted on {adopted_on}, was first used on {first_traded_on}; its approval is dated {approved_on}.",
        "role": "Plan {plan_id}, adopted on {adopted_on}, was approved on {approved_on} by {approved_by}, for whom no role of a Compliance Officer is on record on that day.",
        "copy": "Plan {plan_id}, adopted on {adopted_on}, was approved on {approved_on}; the record says that no copy was received.",
    },
    undecided="Plan {plan_id}, adopted on {adopted_on}; whether a Compliance Officer received a copy is not on record",
)
def plan_not_approved() -> pl.Expr:
    """Traded under a plan without a timely approval.

    What counts: a trade is labelled with a plan that no Compliance Officer in office approved by the first such trade, or of which none
    received a copy.
    Not seen: approvals that were given and not logged.
    To review: 1. ask for the signed plan and its approval; 2. compare the approval's date with the first trade.
    """
    return pl.when(pl.col("is_used").is_not_null()).then(~pl.col("approved_in_time"))
