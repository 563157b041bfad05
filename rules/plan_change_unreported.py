"""A change to a plan of which no officer was told."""

import polars as pl

from rules import rule


@rule(
    over="changed_plans",
    severity="medium",
    applies=pl.lit(value=True),
    evidence=("plan_id",),
    needs=("plan_changes", "plans"),
    subject="plan_id",
    because="Plan {plan_id} was changed on {occurred_on}; no report of the change to a Compliance Officer is on record.",
    undecided="Plan {plan_id}: whether its changes were reported is not known",
)
def plan_change_unreported() -> pl.Expr:
    """A change to a plan of which no officer was told.

    What counts: a change of a plan (amount, price, timing or termination) without a day on which a Compliance Officer was told.
    Not seen: reports that were made orally and not logged.
    To review: 1. ask the person and the broker for the notice of change; 2. log its day.
    """
    return pl.col("untold_on").is_not_null()
