"""Approved although the window was closed."""

import polars as pl

from rules import rule


@rule(
    over="approvals",
    severity="medium",
    applies=pl.col("side").is_in(["buy", "sell"]) & pl.col("is_company_security"),
    evidence=("clearance_id", "decided_by", "first_possible_on"),
    needs=("announcements",),
    subject="clearance_id",
    person="decided_by",
    silent=pl.col("decided_by").is_null(),
    because="{clearance_id}, {side} of {symbol}, was approved on {decided_on} by {decided_by}; on {first_possible_on}, the first day on which it could be used, the window was closed.",
    undecided="{clearance_id}, {side} of {symbol}, was approved on {decided_on}; whether the window was open on the first possible day is not known",
)
def clearance_window_unsound() -> pl.Expr:
    """Approved although the window was closed.

    What counts: on the first day on which an approval could be used the window was closed. The approver answers for it; a later
    revocation does not matter.
    Not seen: whether the window stayed open to the end of the clearance's validity.
    To review: 1. compare the day with the window of its quarter; 2. ask the approver which announcement the decision relied on.
    """
    return pl.when(pl.col("decided_by").is_not_null()).then(~pl.col("was_open"))
