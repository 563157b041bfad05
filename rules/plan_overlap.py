"""A plan adopted while another was outstanding."""

import polars as pl

from rules import rule


@rule(
    over="plan_terms",
    severity="high",
    applies=pl.lit(value=True),
    evidence={"plan_id": "plan_id", "other_plan_id": "overlapped_plan_id"},
    needs=("plans",),
    subject="plan_id",
    because="Plan {plan_id} was adopted on {adopted_on}, while plan {overlapped_plan_id} of the same person was outstanding.",
    undecided="Plan {plan_id}, adopted on {adopted_on}: whether another was outstanding is not known",
)
def plan_overlap() -> pl.Expr:
    """A plan adopted while another was outstanding.

    What counts: a plan adopted since 2023-02-27 while an earlier plan of the person had not ended. Plans to cover taxes, and a later plan
    that starts after the earlier one ends, do not count.
    Not seen: whether two contracts are in truth one plan.
    To review: 1. read the dates of both plans; 2. have counsel look at the exceptions of (c)(1)(ii)(D).
    """
    return pl.col("overlapped_plan_id").is_not_null()
