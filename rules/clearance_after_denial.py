"""Approved by one officer after another had denied."""

import polars as pl

from rules import rule


@rule(
    over="approvals",
    severity="medium",
    applies=pl.lit(value=True),
    evidence=("clearance_id", "denied_clearance_id"),
    needs=("clearances",),
    clear_needs=("corporate_actions",),
    subject="clearance_id",
    because="{clearance_id}, {side} of {symbol}, was approved by {decided_by} on {decided_on}; {denied_clearance_id}, of the same side and symbol for a common person, had been denied by another officer on {denied_on}.",
    undecided="{clearance_id}, {side} of {symbol}, was approved on {decided_on}; {maybe_denied_id}, of the same side and symbol for a common person, had been denied, and not both name the officer",
)
def clearance_after_denial() -> pl.Expr:
    """Approved by one officer after another had denied.

    What counts: an approval by an officer, when a different officer had denied the same symbol and side for a common person not
    long before (the policy file says how many sessions). A second thought of the same officer is not flagged.
    Not seen: what the second officer was told; denials that were given orally and not logged.
    To review: 1. read both requests side by side; 2. ask the approving officer whether the denial was known.
    """
    return pl.when(pl.col("denied_clearance_id").is_not_null()).then(pl.lit(value=True)).when(~pl.col("maybe_denied")).then(pl.lit(value=False))
